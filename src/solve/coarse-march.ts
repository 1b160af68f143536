/**
 * Ranges of the fields of an initial value problem by a coarse classical march. It serves scaling alone: how
 * large a field gets cannot be read off its initial value. Problems with unknowns have ranges from trials, see
 * `trialRanges`.
 */
import type { Problem } from '../problem/index.ts';
import { type AvailableReference, reference } from '../reference/index.ts';
import type { FieldRange } from '../residual/index.ts';
import { domainGrid } from './error-norms.ts';
import { trialRanges } from './trial-ranges.ts';

const marchSeconds = 2;

/** Gives the ranges over the whole time or over a part of it; no ranges where there is no march. */
export type MarchedRanges = (part?: {
  readonly low: number;
  readonly high: number;
}) => Map<string, FieldRange>;

/** The march itself; undefined where there is none. */
export async function coarseReference(problem: Problem): Promise<AvailableReference | undefined> {
  const forward = problem.unknowns.length === 0 && !problem.fields.some((f) => f.unknown);
  if (problem.coordinates.length !== 1 || problem.time === null || !forward) return undefined;
  const march = await reference(problem, { timeLimit: marchSeconds });
  return march.available ? march : undefined;
}

export function rangesOf(problem: Problem, march: AvailableReference | undefined): MarchedRanges {
  if (march === undefined) return () => new Map();
  return (part) => {
    const coordinates = [{ ...problem.coordinates[0], ...part }];
    const values = march.evaluate(domainGrid({ ...problem, coordinates }, [401]));
    const ranges = new Map<string, FieldRange>();
    for (const { name } of problem.fields) {
      if (values[name] === undefined) continue;
      const finite = [...values[name]].filter(Number.isFinite);
      if (finite.length > 0) ranges.set(name, { low: Math.min(...finite), high: Math.max(...finite) });
    }
    return ranges;
  };
}

/** @param march  where it is known already */
export function coarseRanges(
  problem: Problem,
  march: AvailableReference | undefined,
): Map<string, FieldRange> {
  return problem.unknowns.length > 0 ? trialRanges(problem) : rangesOf(problem, march)();
}
