/** A network trained until its unknowns are near: near enough for shooting to begin from them. */
import { AnsatzError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import type { TrainingCallback } from '../solve/callbacks.ts';
import { type SolveOptions, solve } from '../solve/solve.ts';
import type { UnknownValues } from './starting-values.ts';

/** The trajectory of such unknowns follows the data: what is left is a matter of least squares. */
const nearEnough = 0.9;

/** A trajectory costs less than a step of training, but not nothing. */
const stepsBetweenLooks = 5;

export interface NetworkSearch {
  /** Where the classical trajectory came nearest to the data; undefined where there was none. */
  readonly values: UnknownValues | undefined;
  readonly iterations: number;
  readonly stopped: string;
  readonly failure: string | undefined;
}

/**
 * Trains a network as `solve` would and looks, every few steps, at the classical trajectory that starts from the
 * initial conditions with the network's unknowns. The training ends as soon as that explains most of what the data
 * vary by.
 *
 * @param explained  share of the data's variance that the classical trajectory at such values explains; at most 1
 */
export async function searchByNetwork(
  problem: Problem,
  explained: (values: UnknownValues) => number,
  options: SolveOptions,
): Promise<NetworkSearch> {
  const names = problem.unknowns.map(({ name }) => name);
  let best: { values: UnknownValues; share: number } | undefined;
  let iterations = 0;
  let phase = '';
  const look: TrainingCallback = (state) => {
    iterations = state.iteration;
    if (state.phase === phase && iterations % stepsBetweenLooks !== 0) return undefined;
    phase = state.phase;
    const { unknowns } = state.entry();
    const values = Object.fromEntries(names.map((name, i) => [name, unknowns[i]]));
    const share = explained(values);
    if (best === undefined || share >= best.share) best = { values, share };
    return share > nearEnough ? 'stop' : undefined;
  };
  try {
    const { run } = await solve(problem, { ...options, callbacks: [...(options.callbacks ?? []), look] });
    const stopped = run.stopped === 'callback' ? 'the trajectory follows the data' : run.stopped;
    return { values: best?.values, iterations, stopped, failure: undefined };
  } catch (error) {
    if (!(error instanceof AnsatzError)) throw error;
    // What is no usable solution may hold usable unknowns.
    return { values: best?.values, iterations, stopped: 'failed', failure: error.message };
  }
}
