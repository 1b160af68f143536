/** Whether what hard conditions say agrees where their planes meet. */
import { ProblemError } from '../../errors.ts';
import { add, multiply } from '../../expression/build.ts';
import { differentiate } from '../../expression/differentiate.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Problem } from '../problem.ts';
import { samplesOn, sizeOf, valuesAt } from './samples.ts';
import { type PartStatement, samplesOfParts } from './shape-ansatz.ts';
import { onPlane, type PlacedCondition, type PlaneStatement } from './statement.ts';

/** Values that differ by less than this share of what is given on the two planes are the same. */
const relativeSlack = 1e-9;

function derivative(expression: Expression, axis: number, order: number): Expression {
  let result = expression;
  for (let k = 0; k < order; k++) result = differentiate(result, axis);
  return result;
}

/** What the left side of a statement is for a given function, on the statement's plane. */
export function leftSideOf({ axis, at, order, coefficients }: PlaneStatement, given: Expression): Expression {
  let result = derivative(given, axis, order);
  for (const [k, coefficient] of coefficients)
    result = add(result, multiply(coefficient, derivative(given, axis, k)));
  return onPlane(result, axis, at);
}

/** What both say something of where they meet: "u", "u_t", "u_xt". */
function commonName(statements: readonly PlaneStatement[], { coordinates }: Problem): string {
  const letters = statements.map(({ axis, order }) => coordinates[axis].name.repeat(order)).join('');
  return letters === '' ? statements[0].field : `${statements[0].field}_${letters}`;
}

/** @throws ProblemError where the values that two conditions give at the same points differ. */
function checkAgreement(
  own: { readonly condition: PlacedCondition; readonly expression: Expression },
  other: { readonly condition: PlacedCondition; readonly expression: Expression },
  points: readonly (readonly number[])[],
  leastSize: number,
  what: string,
  problem: Problem,
): void {
  const [values, others] = [own, other].map(({ expression }) => valuesAt(expression, points, problem));
  const size = Math.max(leastSize, sizeOf(values), sizeOf(others));
  const n = values.findIndex((value, k) => Math.abs(value - others[k]) > relativeSlack * size);
  if (n < 0) return;
  const point = points[n % points.length];
  const digits = (value: number): string => String(Number(value.toPrecision(6)));
  const place = problem.coordinates.map(({ name }, k) => `${name} = ${digits(point[k])}`).join(', ');
  throw new ProblemError(
    `\`${own.condition.text}\` and ${other.condition.path} (\`${other.condition.text}\`) do not agree on ${what} where they meet: ${digits(values[n])} and ${digits(others[n])} at ${place}`,
    {
      path: `${own.condition.path}.hard`,
      hint: 'both can be built in only where they agree; leave `hard` out of one of them',
    },
  );
}

/** @throws ProblemError naming two conditions and the place at which they do not agree. */
export function checkCorners(statements: readonly PlaneStatement[], problem: Problem): void {
  const { coordinates } = problem;
  const length = (axis: number): number => coordinates[axis].high - coordinates[axis].low;
  /** Size of what is given on a plane, per length of an axis across. */
  const sizeAcross = ({ value, axis, at }: PlaneStatement, across: PlaneStatement): number =>
    sizeOf(valuesAt(value, samplesOn(new Map([[axis, at]]), problem), problem)) /
    length(across.axis) ** across.order;
  statements.forEach((a, i) => {
    for (const b of statements.slice(0, i)) {
      if (b.axis === a.axis || b.field !== a.field) continue;
      const corner = new Map([a, b].map(({ axis, at }) => [axis, at]));
      checkAgreement(
        { condition: a.condition, expression: leftSideOf(b, a.value) },
        { condition: b.condition, expression: leftSideOf(a, b.value) },
        samplesOn(corner, problem),
        Math.max(sizeAcross(a, b), sizeAcross(b, a)),
        commonName([a, b], problem),
        problem,
      );
    }
  });
}

/** The same where planes cut parts of a boundary: at times, mostly. */
export function checkEdges(
  statements: readonly PlaneStatement[],
  onParts: readonly PartStatement[],
  problem: Problem,
): void {
  for (const plane of statements)
    for (const part of onParts) {
      if (part.field !== plane.field) continue;
      const points = samplesOfParts(part.parts, problem).map((point) =>
        point.map((x, i) => (i === plane.axis ? plane.at : x)),
      );
      checkAgreement(
        { condition: part.condition, expression: leftSideOf(plane, part.value) },
        { condition: plane.condition, expression: plane.value },
        points,
        sizeOf(valuesAt(plane.value, samplesOn(new Map([[plane.axis, plane.at]]), problem), problem)),
        commonName([plane], problem),
        problem,
      );
    }
}
