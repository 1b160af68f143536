/**
 * Ranges of the fields of an initial value problem by a coarse classical march at the unknowns' initial
 * values. It serves scaling alone: how large a field gets cannot be read off its initial value.
 */
import type { Problem } from '../problem/index.ts';
import { reference } from '../reference/index.ts';
import type { FieldRange } from '../residual/index.ts';
import { domainGrid } from './error-norms.ts';

const marchSeconds = 2;

export async function coarseRanges(problem: Problem): Promise<Map<string, FieldRange>> {
  const ranges = new Map<string, FieldRange>();
  if (problem.coordinates.length !== 1 || problem.time === null || problem.fields.some((f) => f.unknown))
    return ranges;
  const observed = new Set(problem.observations.map((o) => o.text));
  const unknowns = Object.fromEntries(problem.unknowns.map((u) => [u.name, u.initial]));
  const march = await reference(problem, { unknowns, timeLimit: marchSeconds });
  if (!march.available) return ranges;
  const values = march.evaluate(domainGrid(problem, [401]));
  for (const { name } of problem.fields) {
    // What was observed tells more than a march at a guess.
    if (observed.has(name) || values[name] === undefined) continue;
    const finite = [...values[name]].filter(Number.isFinite);
    if (finite.length > 0) ranges.set(name, { low: Math.min(...finite), high: Math.max(...finite) });
  }
  return ranges;
}
