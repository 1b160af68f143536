/** Whether what hard conditions say agrees where their planes meet. */
import { ProblemError } from '../../errors.ts';
import { add, multiply } from '../../expression/build.ts';
import { differentiate } from '../../expression/differentiate.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Problem } from '../problem.ts';
import { samplesOn, sizeOf, valuesAt } from './samples.ts';
import { onPlane, type PlaneStatement } from './statement.ts';

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

/** @throws ProblemError naming two conditions and the place at which they do not agree. */
export function checkCorners(statements: readonly PlaneStatement[], problem: Problem): void {
  const { coordinates } = problem;
  const length = (axis: number): number => coordinates[axis].high - coordinates[axis].low;
  statements.forEach((a, i) => {
    for (const b of statements.slice(0, i)) {
      if (b.axis === a.axis || b.field !== a.field) continue;
      const points = samplesOn(
        new Map([
          [a.axis, a.at],
          [b.axis, b.at],
        ]),
        problem,
      );
      const own = valuesAt(leftSideOf(b, a.value), points, problem);
      const other = valuesAt(leftSideOf(a, b.value), points, problem);
      const sizes = [a, b].map((statement, k) => {
        const across = k === 0 ? b : a;
        const size = sizeOf(
          valuesAt(statement.value, samplesOn(new Map([[statement.axis, statement.at]]), problem), problem),
        );
        return size / length(across.axis) ** across.order;
      });
      const size = Math.max(...sizes, sizeOf(own), sizeOf(other));
      const n = own.findIndex((value, k) => Math.abs(value - other[k]) > relativeSlack * size);
      if (n < 0) continue;
      const point = points[n % points.length];
      const place = coordinates
        .map(({ name }, k) => `${name} = ${Number(point[k].toPrecision(6))}`)
        .join(', ');
      const digits = (value: number): string => String(Number(value.toPrecision(6)));
      throw new ProblemError(
        `\`${a.condition.text}\` and ${b.condition.path} (\`${b.condition.text}\`) do not agree on ${commonName([a, b], problem)} where they meet: ${digits(own[n])} and ${digits(other[n])} at ${place}`,
        {
          path: `${a.condition.path}.hard`,
          hint: 'both can be built in only where they agree; leave `hard` out of one of them',
        },
      );
    }
  });
}
