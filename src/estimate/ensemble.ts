import { ProblemError, SolveError } from '../errors.ts';
import type { SolveSettings } from '../problem/index.ts';
import type { Problem } from '../problem/problem.ts';
import type { Solution } from '../solve/solution.ts';
import { trainMembers } from './member/member-pool.ts';
import { type SampleSummary, summarize } from './quantiles.ts';

/** Settings of `solve()` hold for every member; `threads` is 1 by default. */
export interface EnsembleOptions extends Omit<SolveSettings, 'seed'> {
  /** Networks trained; default 5, at least 2. */
  readonly members?: number;
  /** Of the first member; the others take the seeds that follow. Default 0. */
  readonly seed?: number;
  /** Between which quantiles `low` and `high` lie; default 0.95. */
  readonly level?: number;
  /**
   * Members trained at a time, each in a worker of its own; 1: one after the other in this thread. Default: as many
   * as there are cores. Only the f64 engine runs in workers.
   */
  readonly parallel?: number;
  /** Ends the training of the whole ensemble. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EnsembleProgress) => void;
}

export interface EnsembleProgress {
  /** Members trained, those that failed among them. */
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  /** Share of all the training that is done, in [0, 1]. */
  readonly share: number;
}

/** Spread of the fields over the members, each column of as many entries as there are points. */
export interface FieldSpread {
  readonly mean: Float64Array;
  readonly standardDeviation: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** What the members of an ensemble agree on, and how far they differ. */
export interface Ensemble {
  /** Those that reached a usable answer. */
  readonly members: readonly Solution[];
  /** Of the unknowns. */
  readonly parameters: Readonly<Record<string, SampleSummary>>;
  readonly derived: Readonly<Record<string, SampleSummary>>;
  /** Why members failed, one reason for each. */
  readonly failures: readonly string[];
  readonly level: number;
  /**
   * Mean and spread of every field at points (N, d), row-major.
   *
   * @throws ProblemError for points outside the domain
   */
  spreadAt(points: Float64Array): Record<string, FieldSpread>;
}

/**
 * Trains the same problem from several seeds: each member differs in its initial weights
 * and collocation points. All see the same data, so their spread says how far training determines the answer,
 * not how far the data do: it is no confidence interval (Lakshminarayanan, Pritzel & Blundell, NeurIPS 2017,
 * on ensembles as a measure of what a network does not know). For intervals see `profileLikelihood` and
 * `bootstrap`.
 *
 * @throws ProblemError for bad options; SolveError where fewer than two members reach a usable answer;
 * InterruptedError once the signal is aborted
 */
export async function ensemble(problem: Problem, options: EnsembleOptions = {}): Promise<Ensemble> {
  const { members: total = 5, seed = 0, level = 0.95, parallel, signal, onProgress, ...settings } = options;
  if (!Number.isSafeInteger(total) || total < 2) {
    throw new ProblemError(`an ensemble of ${total} members has no spread`, {
      path: 'members',
      hint: 'use a whole number of at least 2',
    });
  }
  if (!(level > 0 && level < 1)) {
    throw new ProblemError(`${level} is no level`, { path: 'level', hint: 'use a number between 0 and 1' });
  }
  const setup = { problem, settings: { threads: 1, ...settings } };
  const seeds = Array.from({ length: total }, (_, i) => seed + i);
  const outcomes = await trainMembers(setup, seeds, {
    parallel,
    signal,
    onProgress: (shares, reached) => {
      const done = reached.filter((member) => member !== undefined);
      const failed = done.filter((member) => 'failure' in member).length;
      const share = shares.reduce((sum, part) => sum + part, 0) / total;
      onProgress?.({ done: done.length, failed, total, share });
    },
  });
  const members = outcomes.flatMap((member) => ('solution' in member ? [member.solution] : []));
  const failures = outcomes.flatMap((member) => ('failure' in member ? [member.failure] : []));
  if (members.length < 2) {
    throw new SolveError(`${failures.length} of ${total} members reached no usable answer: ${failures[0]}`);
  }
  const summaries = (all: readonly Record<string, number>[]): Record<string, SampleSummary> =>
    Object.fromEntries(
      Object.keys(all[0]).map((name) => [
        name,
        summarize(
          all.map((values) => values[name]),
          level,
        ),
      ]),
    );
  return {
    members,
    parameters: summaries(members.map(({ unknowns }) => unknowns)),
    derived: summaries(members.map(({ derived }) => derived)),
    failures,
    level,
    spreadAt: (points) => {
      const fields = members.map((member) => member.evaluateFields(points));
      return Object.fromEntries(
        problem.fields.map(({ name }) => [
          name,
          columnSpread(
            fields.map((columns) => columns[name]),
            level,
          ),
        ]),
      );
    },
  };
}

function columnSpread(columns: readonly Float64Array[], level: number): FieldSpread {
  const rows = Array.from(columns[0], (_, n) =>
    summarize(
      columns.map((column) => column[n]),
      level,
    ),
  );
  return {
    mean: Float64Array.from(rows, ({ mean }) => mean),
    standardDeviation: Float64Array.from(rows, ({ standardDeviation }) => standardDeviation),
    low: Float64Array.from(rows, ({ low }) => low),
    high: Float64Array.from(rows, ({ high }) => high),
  };
}
