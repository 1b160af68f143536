import { ProblemError, SolveError } from '../errors.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import type { Problem } from '../problem/problem.ts';
import { randomGenerator } from '../random/generator.ts';
import type { Band } from './band.ts';
import { type PredictionGrid, type PredictionGridOptions, predictionGrid } from './prediction-grid.ts';
import { quantileOfSorted, type SampleSummary, summarize } from './quantiles.ts';
import { fittedReplicate, type Replicate, type ReplicateOutcome } from './replicate/replicate.ts';
import { runReplicates } from './replicate/replicate-pool.ts';

export interface BootstrapOptions extends PredictionGridOptions {
  /** Data sets simulated and refitted; default 200. */
  readonly replicates?: number;
  /** Default 0. The same seed gives the same result, whatever the number of threads. */
  readonly seed?: number;
  /** Confidence level; default 0.95. */
  readonly level?: number;
  /** 1: in this thread. Default: as many as there are cores, where there is work enough for them. */
  readonly threads?: number;
  /** Starting values for the fit of the data themselves; default: the unknowns' `initial`. */
  readonly fit?: { readonly estimates: Readonly<Record<string, { readonly value: number }>> };
  /** Further numbers to be computed from the unknowns of every replicate: a reproduction number, a final size. */
  readonly quantities?: Readonly<Record<string, (unknowns: Readonly<Record<string, number>>) => number>>;
  /** Relative tolerance of the integration; default 1e-9. */
  readonly rtol?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BootstrapProgress) => void;
}

export interface BootstrapProgress {
  /** Replicates done, those that failed among them. */
  readonly done: number;
  readonly failed: number;
  readonly total: number;
}

export interface Bootstrap {
  /** The fit of the data themselves. */
  readonly estimates: Readonly<Record<string, number>>;
  /** Unknowns, derived expressions, noise parameters and further quantities, over the replicates that succeeded. */
  readonly replicates: Readonly<Record<string, Float64Array>>;
  /** Percentile intervals, with the replicates' mean, median and standard deviation (the standard error). */
  readonly intervals: Readonly<Record<string, SampleSummary>>;
  /** How many replicates could not be refitted, from neither of two starts. */
  readonly failed: number;
  /** Their reasons, with how often each came up. */
  readonly failures: Readonly<Record<string, number>>;
  readonly level: number;
  /**
   * Of every observed expression, every other field and the further expressions the quantiles over the replicates; of observed ones also those
   * of values drawn with noise.
   */
  readonly bands: readonly Band[];
}

/** Values drawn per replicate and time for the bands of what will be observed. */
const DRAWS = 10;

/**
 * Parametric bootstrap: data sets are simulated from the fitted model with its noise, each is refitted from the
 * estimates, and where that fails from a second start. Efron & Tibshirani (1993), An Introduction to the Bootstrap,
 * section 6.5 and chapter 13 on percentile intervals.
 *
 * @throws NotSupportedError where the problem cannot be shot at; ProblemError for bad options; SolveError where
 * the data cannot be fitted or fewer than two replicates can; InterruptedError once the signal is aborted
 */
export async function bootstrap(problem: Problem, options: BootstrapOptions = {}): Promise<Bootstrap> {
  const { replicates: total = 200, seed = 0, level = 0.95, rtol = 1e-9 } = options;
  if (!Number.isSafeInteger(total) || total < 2) {
    throw new ProblemError(`${total} is no number of replicates`, {
      path: 'replicates',
      hint: 'use a whole number of at least 2',
    });
  }
  if (!(level > 0 && level < 1)) {
    throw new ProblemError(`${level} is no confidence level`, {
      path: 'level',
      hint: 'use a number between 0 and 1',
    });
  }
  const grid = predictionGrid(problem, options);
  const { setup, best } = fittedReplicate(problem, {
    grid,
    draws: DRAWS,
    rtol,
    fit: options.fit,
    signal: options.signal,
  });
  const random = randomGenerator(seed);
  const seeds = Array.from({ length: total }, () => random.integer(2 ** 53));
  let done = 0;
  let failed = 0;
  const outcomes = await runReplicates(setup, seeds, {
    threads: options.threads,
    signal: options.signal,
    onOutcome: (outcome) => {
      done++;
      if ('failure' in outcome) failed++;
      options.onProgress?.({ done, failed, total });
    },
  });
  const succeeded = outcomes.flatMap((outcome) => ('replicate' in outcome ? [outcome.replicate] : []));
  const failures = countReasons(outcomes);
  if (succeeded.length < 2) {
    throw new SolveError(
      `${failed} of ${total} replicates could not be refitted: ${Object.keys(failures).join('; ')}`,
    );
  }
  const numbers = (replicate: Replicate) => numbersOf(problem, replicate, options.quantities);
  const rows = succeeded.map(numbers);
  const estimates = numbers(best);
  const replicates = Object.fromEntries(
    Object.keys(estimates).map((name) => [name, Float64Array.from(rows, (row) => row[name])]),
  );
  return {
    estimates,
    replicates,
    intervals: Object.fromEntries(
      Object.entries(replicates).map(([name, values]) => [name, summarize(values, level)]),
    ),
    failed,
    failures,
    level,
    bands: bandsOf(grid, best, succeeded, level),
  };
}

function countReasons(outcomes: readonly ReplicateOutcome[]): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const outcome of outcomes) {
    if ('failure' in outcome) reasons[outcome.failure] = (reasons[outcome.failure] ?? 0) + 1;
  }
  return reasons;
}

function numbersOf(
  problem: Problem,
  { unknowns: values, noise }: Replicate,
  quantities: BootstrapOptions['quantities'] = {},
): Record<string, number> {
  const unknowns = Object.fromEntries(problem.unknowns.map(({ name }, i) => [name, values[i]]));
  const derived = problem.derived.map(({ name, expression }) => [
    name,
    evaluateScalar(expression, (leaf) => unknowns[leaf.name]),
  ]);
  const further = Object.entries(quantities).map(([name, quantity]) => [name, quantity(unknowns)]);
  return { ...unknowns, ...Object.fromEntries(derived), ...noise, ...Object.fromEntries(further) };
}

function bandsOf(
  { quantities }: PredictionGrid,
  best: Replicate,
  replicates: readonly Replicate[],
  level: number,
): Band[] {
  return quantities.flatMap(({ name, noise, times: t }, q): Band[] => {
    const value = best.predicted[q];
    const means = replicates.map(({ predicted }) => predicted[q]);
    const mean = columnQuantiles(t.length, level, (i) => Float64Array.from(means, (values) => values[i]));
    const bands: Band[] = [{ name, t, value, ...mean, kind: 'mean' }];
    if (noise !== undefined) {
      const sample = new Float64Array(replicates.length * DRAWS);
      const drawn = columnQuantiles(t.length, level, (i) => {
        replicates.forEach((replicate, r) => {
          sample.set(replicate.drawn[q].subarray(i * DRAWS, (i + 1) * DRAWS), r * DRAWS);
        });
        return sample;
      });
      bands.push({ name, t, value, ...drawn, kind: 'prediction' });
    }
    return bands;
  });
}

function columnQuantiles(
  count: number,
  level: number,
  column: (i: number) => Float64Array,
): { low: Float64Array; high: Float64Array } {
  const low = new Float64Array(count);
  const high = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const sorted = column(i).sort();
    low[i] = quantileOfSorted(sorted, (1 - level) / 2);
    high[i] = quantileOfSorted(sorted, (1 + level) / 2);
  }
  return { low, high };
}
