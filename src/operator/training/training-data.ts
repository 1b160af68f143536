/** Data made while training: as many functions as are solved in time. */
import { InterruptedError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { makeOperatorData, type OperatorDataOptions } from '../data/make-operator-data.ts';
import type { OperatorData } from '../data/operator-data.ts';

export interface TimedDataOptions extends Omit<OperatorDataOptions, 'onPart' | 'timeLimit'> {
  /** Seconds; what is not solved by then is left out. */
  readonly timeLimit: number;
}

/** Seconds that a single draw may take, whatever is left. */
const leastDraw = 5;

/**
 * Data of the functions that are solved within the time limit, undefined where none is.
 *
 * @throws InterruptedError once the caller's signal is aborted; SolveError where the reference fails for too many draws
 */
export async function timedData(
  problem: Problem,
  { timeLimit, signal, ...options }: TimedDataOptions,
): Promise<OperatorData | undefined> {
  const own = new AbortController();
  const stop = (): void => own.abort();
  if (signal?.aborted) throw new InterruptedError('the training was interrupted');
  signal?.addEventListener('abort', stop);
  const timer = Number.isFinite(timeLimit) ? setTimeout(stop, 1000 * Math.max(0, timeLimit)) : undefined;
  let part: OperatorData | undefined = options.resume;
  try {
    return await makeOperatorData(problem, {
      ...options,
      timeLimit: Number.isFinite(timeLimit) ? Math.min(60, Math.max(leastDraw, timeLimit)) : undefined,
      signal: own.signal,
      onPart: (found) => {
        part = found;
      },
    });
  } catch (error) {
    if (signal?.aborted) throw new InterruptedError('the training was interrupted');
    if (!(error instanceof InterruptedError)) throw error;
    return part;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** @throws SolveError where there are too few functions to train on */
export function requireEnough(
  data: OperatorData | undefined,
  least: number,
  timeLimit: number,
): OperatorData {
  const count = data?.count ?? 0;
  if (count >= least) return data!;
  throw new SolveError(
    `${count} training function${count === 1 ? ' was' : 's were'} solved within ${timeLimit} s, ${least} are needed; give more time (--time-limit), or make the data beforehand (ansatz data)`,
  );
}

/** Those functions of a set whose numbers are chosen. */
export function selected(data: OperatorData, chosen: readonly number[]): OperatorData {
  const rows = (all: Float64Array): Float64Array => {
    const width = all.length / data.count;
    const own = new Float64Array(chosen.length * width);
    chosen.forEach((n, i) => void own.set(all.subarray(n * width, (n + 1) * width), i * width));
    return own;
  };
  const byName = (all: Readonly<Record<string, Float64Array>>): Record<string, Float64Array> =>
    Object.fromEntries(Object.entries(all).map(([name, values]) => [name, rows(values)]));
  return {
    ...data,
    count: chosen.length,
    wanted: chosen.length,
    inputs: byName(data.inputs),
    fields: byName(data.fields),
    points: data.aligned ? data.points : rows(data.points),
    errorEstimates: rows(data.errorEstimates),
    ...(data.draws === undefined ? {} : { draws: rows(data.draws) }),
  };
}
