import type { Objective, OptimizerState } from './optimizer.ts';
import { checkOption, type StateReader } from './optimizer-state.ts';
import {
  type CurvaturePair,
  type InverseHessian,
  QuasiNewton,
  type QuasiNewtonOptions,
} from './quasi-newton.ts';
import { dot } from './vector.ts';

export interface LbfgsOptions extends QuasiNewtonOptions {
  /** How many curvature pairs are kept. Default 50. */
  readonly memory?: number;
}

/** H as the last few curvature pairs imply it, applied by the two-loop recursion; never formed. */
class LimitedMemory implements InverseHessian {
  private readonly size: number;
  private readonly memory: number;
  /** Oldest first. */
  private pairs: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = [];

  constructor(size: number, memory: number) {
    this.size = size;
    this.memory = memory;
  }

  get fresh(): boolean {
    return this.pairs.length === 0;
  }

  apply(vector: Float64Array): Float64Array {
    const q = vector.slice();
    const weights = new Float64Array(this.pairs.length);
    for (let k = this.pairs.length - 1; k >= 0; k--) {
      const { s, y, rho } = this.pairs[k];
      const weight = rho * dot(s, q);
      weights[k] = weight;
      for (let i = 0; i < q.length; i++) q[i] -= weight * y[i];
    }
    const last = this.pairs.at(-1);
    if (last !== undefined) {
      const scale = 1 / (last.rho * dot(last.y, last.y));
      for (let i = 0; i < q.length; i++) q[i] *= scale;
    }
    for (let k = 0; k < this.pairs.length; k++) {
      const { s, y, rho } = this.pairs[k];
      const weight = weights[k] - rho * dot(y, q);
      for (let i = 0; i < q.length; i++) q[i] += weight * s[i];
    }
    return q;
  }

  update({ displacement: s, gradientChange: y }: CurvaturePair): void {
    if (this.pairs.length === this.memory) this.pairs.shift();
    this.pairs.push({ s, y, rho: 1 / dot(s, y) });
  }

  reset(): void {
    this.pairs = [];
  }

  store(): Pick<OptimizerState, 'numbers' | 'vectors'> {
    const displacements = new Float64Array(this.pairs.length * this.size);
    const gradientChanges = new Float64Array(this.pairs.length * this.size);
    for (const [k, { s, y }] of this.pairs.entries()) {
      displacements.set(s, k * this.size);
      gradientChanges.set(y, k * this.size);
    }
    return { numbers: { pairs: this.pairs.length }, vectors: { displacements, gradientChanges } };
  }

  restore(stored: StateReader): void {
    const count = stored.number('pairs');
    const displacements = stored.vector('displacements', count * this.size);
    const gradientChanges = stored.vector('gradientChanges', count * this.size);
    for (let k = Math.max(0, count - this.memory); k < count; k++) {
      const s = displacements.slice(k * this.size, (k + 1) * this.size);
      const y = gradientChanges.slice(k * this.size, (k + 1) * this.size);
      this.pairs.push({ s, y, rho: 1 / dot(s, y) });
    }
  }
}

/**
 * Limited-memory BFGS (Liu and Nocedal, Math. Program. 45, 1989), scaled by sᵀy / yᵀy of the latest pair,
 * with a strong-Wolfe line search.
 */
export class Lbfgs extends QuasiNewton {
  /** @throws ProblemError for an option out of its range, or a state that does not fit. */
  constructor(
    objective: Objective,
    theta0: Float64Array,
    options: LbfgsOptions = {},
    state?: OptimizerState,
  ) {
    const memory = options.memory ?? 50;
    checkOption(
      'lbfgs',
      'memory',
      memory,
      (value) => Number.isInteger(value) && value >= 1,
      'a whole number of at least 1',
    );
    super('lbfgs', new LimitedMemory(theta0.length, memory), objective, theta0, options, state);
  }
}
