/**
 * How large things are: ranges of the fields, from conditions, data and the balance of terms in the
 * equations, and the size of an equation's largest term. The balance is the usual dimensional analysis: a
 * field without a stated magnitude takes the one at which its largest term equals the terms that drive it.
 */
import { column, subtract, termsOf } from '../expression/build.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, type FieldNode, leafKey } from '../expression/expression.ts';
import { conditionPoints } from '../problem/condition-points.ts';
import { domainPoints, rowsOf } from '../problem/domain-points.ts';
import { fieldLeaves, type ImpliedValue, impliedValue } from '../problem/implied-value.ts';
import type { Problem } from '../problem/problem.ts';
import { pureNumberFields } from './pure-numbers.ts';

export interface FieldRange {
  readonly low: number;
  readonly high: number;
}

export const sampleCount = 64;

/** Conditions are looked at more closely: what they state may be narrow. */
const conditionSampleCount = 512;

function widen(range: FieldRange | undefined, value: number): FieldRange {
  if (range === undefined) return { low: value, high: value };
  return { low: Math.min(range.low, value), high: Math.max(range.high, value) };
}

/** Of a coordinate's half width: by so much a point is moved to tell what is rounding in a stated value. */
const roundingShift = 1e-12;

/** Whether a value is zero but for rounding, as sin(pi*x) is at x = 1: then it changes as a whole nearby. */
function isRounding({ value }: ImpliedValue, moved: ImpliedValue | undefined): boolean {
  return moved !== undefined && Math.abs(moved.value - value) >= 0.5 * Math.abs(value);
}

function initialOf(problem: Problem, name: string): number {
  return problem.unknowns.find((u) => u.name === name)!.initial;
}

/** Values of fields that conditions and data state; a stated derivative counts with the domain's half width. */
function statedRanges(problem: Problem): Map<string, FieldRange> {
  const values = new Map<string, FieldRange>();
  const slopes = new Map<string, number>();
  const halfWidths = problem.coordinates.map(({ low, high }) => (high - low) / 2);
  const state = ({ leaf, value }: ImpliedValue): void => {
    if (leaf.order.every((k) => k === 0)) values.set(leaf.name, widen(values.get(leaf.name), value));
    else {
      const size = Math.abs(value) * leaf.order.reduce((factor, k, i) => factor * halfWidths[i] ** k, 1);
      slopes.set(leaf.name, Math.max(slopes.get(leaf.name) ?? 0, size));
    }
  };
  const d = problem.coordinates.length;
  const names = problem.coordinates.map((c) => `normal:${c.name}`);
  for (const condition of problem.conditions) {
    if (condition.kind === 'periodic' || condition.kind === 'interface') continue;
    const implied = impliedValue(subtract(condition.left, condition.right));
    const places = conditionPoints(condition, problem, conditionSampleCount);
    const rows = rowsOf(places.points, d);
    const directions = rowsOf(places.normals, d);
    rows.forEach((point, n) => {
      const at = (shift: number) =>
        implied((leaf) => {
          if (leaf.kind === 'coordinate') return point[leaf.index] + shift * halfWidths[leaf.index];
          if (leaf.kind === 'unknown') return initialOf(problem, leaf.name);
          return directions[n][names.indexOf(leaf.name)] ?? 0;
        });
      const found = at(0);
      if (found !== undefined) state(isRounding(found, at(roundingShift)) ? { ...found, value: 0 } : found);
    });
  }
  for (const { expression, points, before, over, values: observed, count } of problem.observations) {
    if (before !== undefined) {
      // So much comes together in all of time, as far as the spans that were observed tell.
      const { low, high } = problem.coordinates[problem.time!];
      const mean = observed.reduce((sum, value) => sum + value, 0) / count;
      for (const { name } of fieldLeaves([expression]))
        values.set(name, widen(widen(values.get(name), 0), (mean * (high - low)) / over!));
      continue;
    }
    const implied = impliedValue(subtract(expression, column('value')));
    for (let n = 0; n < count; n++) {
      const found = implied((leaf) => {
        if (leaf.kind === 'coordinate') return points[n * d + leaf.index];
        if (leaf.kind === 'unknown') return initialOf(problem, leaf.name);
        return observed[n];
      });
      if (found !== undefined) state(found);
    }
  }
  // Slopes count last and where they are larger than all values: the order of the conditions must not matter.
  for (const [name, size] of slopes) {
    const range = values.get(name);
    if (size > (range === undefined ? 0 : sizeOfRange(range))) values.set(name, { low: -size, high: size });
  }
  return values;
}

/**
 * Root mean square of a term over points, every field leaf taken with the size that `sizeOf` gives and
 * alternating signs.
 *
 * @param unknownOf  value of an unknown, in the variables of the term
 */
export function termMagnitude(
  term: Expression,
  points: readonly (readonly number[])[],
  sizeOf: (leaf: FieldNode) => number,
  unknownOf: (name: string) => number,
): number {
  let total = 0;
  let counted = 0;
  points.forEach((point, n) => {
    const signs = new Map<string, number>();
    const value = evaluateScalar(term, (leaf) => {
      switch (leaf.kind) {
        case 'coordinate':
          return point[leaf.index];
        case 'unknown':
          return unknownOf(leaf.name);
        case 'column':
          return 1;
        case 'field': {
          const key = leafKey(leaf);
          if (!signs.has(key)) signs.set(key, ((n >> (signs.size % 6)) & 1) === 0 ? 1 : -1);
          return signs.get(key)! * sizeOf(leaf);
        }
      }
    });
    if (!Number.isFinite(value)) return;
    total += value * value;
    counted++;
  });
  return counted === 0 ? 0 : Math.sqrt(total / counted);
}

function sizeOfRange({ low, high }: FieldRange): number {
  return Math.max(Math.abs(low), Math.abs(high));
}

/** The size of a derivative of a field of given size that varies over the whole domain. */
function derivativeSize(problem: Problem, leaf: FieldNode, size: number): number {
  return leaf.order.reduce(
    (result, k, i) => result / ((problem.coordinates[i].high - problem.coordinates[i].low) / 2) ** k,
    size,
  );
}

/**
 * The range of every field; never of size zero.
 *
 * @param hints  ranges known from elsewhere (a coarse classical march), joined with what the problem states
 */
export function fieldRanges(
  problem: Problem,
  hints: ReadonlyMap<string, FieldRange> = new Map(),
): Map<string, FieldRange> {
  const ranges = statedRanges(problem);
  for (const [name, hint] of hints) ranges.set(name, widen(widen(ranges.get(name), hint.low), hint.high));
  const sizes = new Map(
    [...ranges].map(([name, range]) => [name, sizeOfRange(range)] as const).filter(([, size]) => size > 0),
  );
  for (const name of pureNumberFields(problem)) if (!sizes.has(name)) sizes.set(name, 1);
  const equations = problem.equations.map(({ left, right }) => termsOf(subtract(left, right)));

  const points = rowsOf(domainPoints(problem, sampleCount), problem.coordinates.length);
  const magnitude = (term: Expression, sizeOf: (leaf: FieldNode) => number): number =>
    termMagnitude(term, points, sizeOf, (name) => initialOf(problem, name));

  /** The size at which the field's own terms balance those that drive it, if every other size is known. */
  const balance = (name: string): number => {
    let best = 0;
    for (const terms of equations) {
      const leaves = fieldLeaves(terms);
      if (!leaves.some((leaf) => leaf.name === name)) continue;
      if (leaves.some((leaf) => leaf.name !== name && !sizes.has(leaf.name))) continue;
      const size = (leaf: FieldNode): number =>
        derivativeSize(problem, leaf, leaf.name === name ? 1 : sizes.get(leaf.name)!);
      const own = (term: Expression): boolean => fieldLeaves([term]).some((leaf) => leaf.name === name);
      const ownSize = Math.max(...terms.filter(own).map((term) => magnitude(term, size)));
      const driving = Math.max(0, ...terms.filter((t) => !own(t)).map((term) => magnitude(term, size)));
      if (ownSize > 0) best = Math.max(best, driving / ownSize);
    }
    return best;
  };
  for (let progress = true; progress; ) {
    progress = false;
    for (const { name } of problem.fields) {
      if (sizes.has(name)) continue;
      const size = balance(name);
      if (size > 0) {
        sizes.set(name, size);
        progress = true;
      }
    }
  }
  // A value at the start alone says little of how large a field gets; where nothing is unknown a march has told.
  if (problem.coordinates.length === 1 && problem.unknowns.length > 0)
    for (const [name, { low, high }] of ranges) {
      if (low !== high || high === 0) continue;
      const size = balance(name);
      if (size > Math.abs(high)) ranges.set(name, { low: Math.min(0, low), high: Math.max(size, high) });
    }
  const fallback = Math.max(0, ...sizes.values()) || 1;
  return new Map(
    problem.fields.map(({ name }) => {
      const range = ranges.get(name);
      if (range !== undefined && sizeOfRange(range) > 0) return [name, range];
      const size = sizes.get(name) ?? fallback;
      return [name, { low: -size, high: size }];
    }),
  );
}
