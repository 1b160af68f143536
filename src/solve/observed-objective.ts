/** What optimizers see of an engine, with a memory of the losses by terms. */
import type { LoadedEngine } from '../engine/create-engine.ts';
import type { Objective } from '../optimizer/index.ts';

/** Residuals in a sample: their JJᵀ costs about as much as their Jacobian. */
const sampleSize = 256;

/** An objective over the engine that remembers the terms of the losses it has seen last. */
export class ObservedObjective {
  private readonly recent: { loss: number; terms: Float64Array }[] = [];
  readonly objective: Objective;

  constructor(engine: LoadedEngine, seed: number) {
    const note = <T extends { readonly loss: number; readonly terms: Float64Array }>(result: T): T => {
      this.recent.unshift({ loss: result.loss, terms: result.terms });
      if (this.recent.length > 64) this.recent.pop();
      return result;
    };
    this.objective = {
      loss: async (theta) => note(await engine.loss(theta)),
      lossAndGradient: async (theta) => note(await engine.lossAndGradient(theta)),
      ...(engine.gaussNewton === undefined
        ? {}
        : { gaussNewton: async (theta: Float64Array) => note(await engine.gaussNewton!(theta)) }),
      ...(engine.orthogonalFactor === undefined
        ? {}
        : { orthogonalFactor: async (theta: Float64Array) => note(await engine.orthogonalFactor!(theta)) }),
      ...(engine.crossGradient === undefined
        ? {}
        : {
            crossGradient: async (theta: Float64Array, elsewhere: Float64Array) =>
              note(await engine.crossGradient!(theta, elsewhere)),
          }),
      ...(engine.sampledJacobian === undefined
        ? {}
        : {
            sample: (theta: Float64Array, draw: number) =>
              engine.sampledJacobian!(theta, sampleSize, seed + draw),
          }),
    };
  }

  termsOf(loss: number): Float64Array | undefined {
    return this.recent.find((entry) => entry.loss === loss)?.terms;
  }
}
