import { AnsatzError, InterruptedError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { randomGenerator } from '../../random/generator.ts';
import { maximizeLikelihood } from '../maximum-likelihood.ts';
import { noiseDistribution, statedParameter } from '../noise/index.ts';
import { noiseParameters } from '../noise-parameters.ts';
import { ObservedTrajectory } from '../observed-trajectory.ts';
import type { PredictionGrid } from '../prediction-grid.ts';
import { simulateObservations } from '../simulate.ts';
import { type LikelihoodPoint, TrajectoryLikelihood } from '../trajectory-likelihood.ts';
import { withObservedValues } from '../with-values.ts';

/** All that a replicate needs, as plain data. */
export interface ReplicateSetup {
  readonly problem: Problem;
  readonly rtol: number;
  /** The likelihood's parameters at the best fit. */
  readonly fit: Float64Array;
  /** What the observations would be without noise, at the best fit. */
  readonly predicted: readonly Float64Array[];
  /** Noise parameters at the best fit, by name. */
  readonly noise: Readonly<Record<string, number>>;
  readonly grid: PredictionGrid;
  /** Values drawn at every time of the grid for the bands of what will be observed. */
  readonly draws: number;
}

export interface Replicate {
  /** The problem's unknowns refitted. */
  readonly unknowns: Float64Array;
  /** The noise parameters refitted, by name. */
  readonly noise: Readonly<Record<string, number>>;
  /** For each quantity of the grid, at its times. */
  readonly predicted: readonly Float64Array[];
  /** For each quantity, (times, draws) row-major; empty for a field. */
  readonly drawn: readonly Float64Array[];
}

/** A replicate, or why there is none. */
export type ReplicateOutcome = { readonly replicate: Replicate } | { readonly failure: string };

export interface ReplicateOptions extends Pick<ReplicateSetup, 'grid' | 'draws' | 'rtol'> {
  readonly fit?: { readonly estimates: Readonly<Record<string, { readonly value: number }>> };
  readonly signal?: Pick<AbortSignal, 'aborted'>;
}

/** Relative reduction of −2ℓ at which a refit ends: what it leaves is far below the spread of replicates. */
const TOLERANCE = 1e-10;
/** Relative size of the changes that give the second start. */
const SECOND_START = 0.3;

/** The fit of the data themselves, and what its replicates begin with. */
export function fittedReplicate(
  problem: Problem,
  { grid, draws, rtol, fit, signal }: ReplicateOptions,
): { setup: ReplicateSetup; best: Replicate } {
  const likelihood = new TrajectoryLikelihood(problem, { rtol });
  const start = Float64Array.from(
    likelihood.names,
    (name, i) => fit?.estimates[name]?.value ?? likelihood.start[i],
  );
  const { x, point } = maximizeLikelihood(likelihood, { start, signal });
  const noise = unbiasedNoise(likelihood, point);
  const setup = { problem, rtol, fit: x, predicted: point.predicted, noise, grid, draws };
  const unknowns = x.slice(0, likelihood.unknowns);
  const { predicted } = ObservedTrajectory.of(grid.problem, rtol).predict(unknowns, false);
  return { setup, best: { unknowns, noise, predicted, drawn: [] } };
}

/** Simulates and refits, one data set after the other. */
export class ReplicateRunner {
  private readonly grid: ObservedTrajectory;
  private readonly trajectory: ObservedTrajectory;

  constructor(private readonly setup: ReplicateSetup) {
    this.grid = ObservedTrajectory.of(setup.grid.problem, setup.rtol);
    this.trajectory = ObservedTrajectory.of(setup.problem, setup.rtol);
  }

  run(seed: number): ReplicateOutcome {
    const { problem, predicted, noise, rtol, fit } = this.setup;
    const random = randomGenerator(seed);
    let failure = 'the refit did not converge';
    try {
      const values = simulateObservations(problem, predicted, noise, random.integer(2 ** 53));
      const likelihood = new TrajectoryLikelihood(withObservedValues(problem, values), {
        rtol,
        trajectory: this.trajectory,
      });
      const drawSeed = random.integer(2 ** 53);
      for (const start of [
        fit,
        fit.map((value) => value * (1 + SECOND_START * (2 * random.uniform() - 1))),
      ]) {
        try {
          const { point, stopped } = maximizeLikelihood(likelihood, { start, tolerance: TOLERANCE });
          if (stopped === 'converged') return { replicate: this.replicateOf(likelihood, point, drawSeed) };
        } catch (error) {
          failure = reasonOf(error);
        }
      }
    } catch (error) {
      failure = reasonOf(error);
    }
    return { failure };
  }

  private replicateOf(likelihood: TrajectoryLikelihood, point: LikelihoodPoint, seed: number): Replicate {
    const { grid, draws } = this.setup;
    const unknowns = point.x.slice(0, likelihood.unknowns);
    const noise = unbiasedNoise(likelihood, point);
    const { predicted } = this.grid.predict(unknowns, false);
    const random = randomGenerator(seed);
    const { observations } = likelihood.problem;
    const estimated = noiseParameters(likelihood.problem);
    const drawn = grid.quantities.map(({ observation: o, times }, q): Float64Array => {
      if (o < 0) return new Float64Array(0);
      const distribution = noiseDistribution(observations[o].noise);
      const parameter = estimated.find((candidate) => candidate.observations.includes(o));
      const size =
        parameter === undefined ? (statedParameter(observations[o].noise) ?? 1) : noise[parameter.name];
      const gaussian = observations[o].noise.distribution === 'gaussian';
      const a = gaussian ? size / Math.sqrt(observations[o].weight) : size;
      return Float64Array.from({ length: times.length * draws }, (_, i) => {
        const mean = predicted[q][Math.floor(i / draws)];
        return distribution.sample(
          distribution.positive ? Math.max(mean, Number.MIN_VALUE) : mean,
          a,
          random,
        );
      });
    });
    return { unknowns, noise, predicted, drawn };
  }
}

/** Noise parameters with standard deviations by degrees of freedom, not at their smaller maximum likelihood. */
function unbiasedNoise(
  { noiseParameters, count, unknowns }: TrajectoryLikelihood,
  { noise }: LikelihoodPoint,
): Record<string, number> {
  const factor = count > unknowns ? Math.sqrt(count / (count - unknowns)) : 1;
  return Object.fromEntries(
    noiseParameters.map(({ name, kind }) => [name, noise[name] * (kind === 'dispersion' ? 1 : factor)]),
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof AnsatzError) || error instanceof InterruptedError) throw error;
  // Numbers differ from one replicate to the next; the reason does not.
  return error.message.replace(/-?\d+(\.\d+)?(e[-+]?\d+)?/g, '…');
}
