/**
 * Ranges of the fields of an initial value problem by a coarse classical march. It serves scaling alone: how
 * large a field gets cannot be read off its initial value. Problems with unknowns are not marched: at a guess
 * of the unknowns the fields may have nothing of their true size.
 */
import type { Problem } from '../problem/index.ts';
import { reference } from '../reference/index.ts';
import type { FieldRange } from '../residual/index.ts';
import { domainGrid } from './error-norms.ts';

const marchSeconds = 2;

export async function coarseRanges(problem: Problem): Promise<Map<string, FieldRange>> {
  const ranges = new Map<string, FieldRange>();
  const forward = problem.unknowns.length === 0 && !problem.fields.some((f) => f.unknown);
  if (problem.coordinates.length !== 1 || problem.time === null || !forward) return ranges;
  const march = await reference(problem, { timeLimit: marchSeconds });
  if (!march.available) return ranges;
  const values = march.evaluate(domainGrid(problem, [401]));
  for (const { name } of problem.fields) {
    if (values[name] === undefined) continue;
    const finite = [...values[name]].filter(Number.isFinite);
    if (finite.length > 0) ranges.set(name, { low: Math.min(...finite), high: Math.max(...finite) });
  }
  return ranges;
}
