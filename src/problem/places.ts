/** Fields under integrals are known in the domain alone. */
import { ProblemError } from '../errors.ts';
import { subtract } from '../expression/build.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, placeKey } from '../expression/expression.ts';
import { placedLeaves, pointsAt } from '../expression/place.ts';
import { samplePoints } from '../geometry/point-set.ts';
import type { Condition, Equation, Problem } from './problem.ts';

const sampleCount = 64;

/** Points all over the domain, its corners among them, (N, d). */
function domainPoints({ coordinates }: Problem): Float64Array {
  const d = coordinates.length;
  const corners = Array.from(
    { length: 2 ** Math.min(d, 10) * d },
    (_, k) => (Math.floor(k / d) >> (k % d)) & 1,
  );
  const unit = [...corners, ...samplePoints('sobol', sampleCount, d, 0)];
  return Float64Array.from(unit, (share, k) => {
    const { low, high } = coordinates[k % d];
    return share === 1 ? high : low + (high - low) * share;
  });
}

function pointsOf(condition: Condition, inside: Float64Array, d: number): Float64Array {
  if (condition.kind === 'points') return condition.points;
  if (condition.kind !== 'planes') return inside;
  return Float64Array.from(
    condition.planes.flatMap(({ coordinate, value }) =>
      [...inside].map((x, k) => (k % d === coordinate ? value : x)),
    ),
  );
}

/** The points at which the equation holds. */
function pointsWhere(
  { where }: Equation,
  inside: Float64Array,
  { coordinates, unknowns }: Problem,
): Float64Array {
  const d = coordinates.length;
  if (where === undefined) return inside;
  return inside.filter((_, k) => {
    const n = Math.floor(k / d);
    return (
      evaluateScalar(where, (leaf) => {
        if (leaf.kind === 'coordinate') return inside[n * d + leaf.index];
        return unknowns.find(({ name }) => name === leaf.name)?.initial ?? 0;
      }) !== 0
    );
  });
}

function check(expression: Expression, points: Float64Array, path: string, { coordinates }: Problem): void {
  const d = coordinates.length;
  const seen = new Set<string>();
  for (const leaf of placedLeaves([expression])) {
    const key = placeKey(leaf.at);
    if (seen.has(key)) continue;
    seen.add(key);
    pointsAt(leaf.at, points).forEach((value, k) => {
      const { name, low, high } = coordinates[k % d];
      const rounding = 1e-9 * (high - low);
      if (leaf.at[k % d] === null || (value >= low - rounding && value <= high + rounding)) return;
      throw new ProblemError(
        `an integral takes \`${leaf.name}\` at ${name} = ${Number(value.toPrecision(6))}, outside the domain`,
        {
          path,
          hint: `${name} runs from ${low} to ${high}`,
        },
      );
    });
  }
}

/** @throws ProblemError where a field is taken outside the domain */
export function checkPlaces(problem: Problem): void {
  const inside = domainPoints(problem);
  const d = problem.coordinates.length;
  for (const equation of problem.equations)
    check(
      subtract(equation.left, equation.right),
      pointsWhere(equation, inside, problem),
      equation.path,
      problem,
    );
  for (const condition of problem.conditions)
    if ('left' in condition)
      check(
        subtract(condition.left, condition.right),
        pointsOf(condition, inside, d),
        `${condition.path}.equation`,
        problem,
      );
  for (const { expression, points, path } of problem.observations) check(expression, points, path, problem);
}
