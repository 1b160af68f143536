/** Values of given functions at sample points of the domain. */
import { evaluateScalar } from '../../expression/evaluate.ts';
import type { Expression } from '../../expression/expression.ts';
import { domainPoints, rowsOf } from '../domain-points.ts';
import type { Problem } from '../problem.ts';

const count = 64;

/** What an unknown is taken for in the second of two looks at an expression. */
const otherValue = (initial: number): number => 1.37 * initial + 0.1;

/** Points (d) that fill the domain. */
export function domainSamples(problem: Problem): number[][] {
  return rowsOf(domainPoints(problem, count), problem.coordinates.length);
}

/** Points of the domain with some coordinates held, the ends of the others among them. */
export function samplesOn(held: ReadonlyMap<number, number>, problem: Problem): number[][] {
  const ends = (end: 'low' | 'high'): number[] => problem.coordinates.map((c) => c[end]);
  const corners = problem.space === undefined ? [ends('low'), ends('high')] : [];
  return [...domainSamples(problem), ...corners].map((point) => point.map((x, i) => held.get(i) ?? x));
}

/** The values of an expression without fields, for two values of each unknown where it holds one. */
export function valuesAt(
  expression: Expression,
  points: readonly (readonly number[])[],
  { unknowns }: Problem,
): number[] {
  const looks = unknowns.length > 0 ? [0, 1] : [0];
  return looks.flatMap((look) =>
    points.map((point) =>
      evaluateScalar(expression, (leaf) => {
        if (leaf.kind === 'coordinate') return point[leaf.index];
        const initial = unknowns.find(({ name }) => name === leaf.name)?.initial ?? Number.NaN;
        return look === 0 ? initial : otherValue(initial);
      }),
    ),
  );
}

/** The largest of the values by size, those that are not finite left out. */
export function sizeOf(values: readonly number[]): number {
  return values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
}
