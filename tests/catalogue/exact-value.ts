/** Both sides of equations and conditions where every field is its exact solution. */
import { apply } from '../../src/expression/build.ts';
import { differentiate } from '../../src/expression/differentiate.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import { type Expression, leavesOf, substitute } from '../../src/expression/expression.ts';
import type { Condition, Problem } from '../../src/problem/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';

/** A point of the domain, with the outward normal where it lies on the boundary. */
export interface PlaceOfCheck {
  readonly point: readonly number[];
  readonly normal?: readonly number[];
}

/** Whether every field that stands in the expressions has an exact solution. */
export const isKnown = (expressions: readonly Expression[], problem: Problem): boolean =>
  leavesOf(expressions).every((leaf) => leaf.kind !== 'field' || problem.exact.has(leaf.name));

/** The expression with exact solutions in place of the fields, those of side 1 taken at `opposite`. */
function withExact(expression: Expression, problem: Problem): Expression {
  return substitute(
    expression,
    (leaf) => {
      if (leaf.kind !== 'field') return leaf;
      let result = problem.exact.get(leaf.name)!;
      leaf.order.forEach((times, coordinate) => {
        for (let k = 0; k < times; k++) result = differentiate(result, coordinate);
      });
      const { at } = leaf;
      if (at === undefined) return result;
      return substitute(
        result,
        (other) => (other.kind === 'coordinate' ? (at[other.index] ?? other) : other),
        apply,
      );
    },
    apply,
  );
}

/** Evaluates an expression where every field is its exact solution. */
export function exactValue(
  expression: Expression,
  problem: Problem,
  { point, normal }: PlaceOfCheck,
  unknowns: Readonly<Record<string, number>>,
): number {
  return evaluateScalar(withExact(expression, problem), (leaf) => {
    if (leaf.kind === 'coordinate') return point[leaf.index];
    if (leaf.kind === 'unknown' && leaf.name in unknowns) return unknowns[leaf.name];
    const axis = problem.coordinates.findIndex((c) => leaf.name === `normal:${c.name}`);
    if (leaf.kind === 'column' && axis >= 0) return normal![axis];
    throw new Error(`no value for ${leaf.name}`);
  });
}

/** Random points inside the domain. */
export function insidePoints(problem: Problem, count: number, seed: number): number[][] {
  const random = randomGenerator(seed);
  const { space, coordinates } = problem;
  const inSpace = space?.shape.sample('uniform', count, seed);
  const k = space?.coordinates.length ?? 0;
  return Array.from({ length: count }, (_, n) => {
    const point = coordinates.map(({ low, high }) => low + (high - low) * random.uniform());
    space?.coordinates.forEach((c, i) => {
      point[c] = inSpace![n * k + i];
    });
    return point;
  });
}

const perPlace = 10;

/** Random points of a condition, with the outward normal there. */
export function placesOf(condition: Condition, problem: Problem, seed: number): PlaceOfCheck[] {
  const d = problem.coordinates.length;
  const random = randomGenerator(seed);
  const anywhere = () => problem.coordinates.map(({ low, high }) => low + (high - low) * random.uniform());
  switch (condition.kind) {
    case 'periodic':
    case 'interface':
      return [];
    case 'points':
      return Array.from({ length: condition.count }, (_, n) => ({
        point: [...condition.points.subarray(n * d, (n + 1) * d)],
      }));
    case 'planes':
      return condition.planes.flatMap(({ coordinate, value, outward }) =>
        insidePoints(problem, perPlace, seed).map((inside) => ({
          point: inside.map((x, i) => (i === coordinate ? value : x)),
          normal: inside.map((_, i) => (i === coordinate ? outward : 0)),
        })),
      );
    case 'parts': {
      const { coordinates } = problem.space!;
      const k = coordinates.length;
      return condition.parts.flatMap((part) => {
        const { points, normals, count } = part.sample('uniform', perPlace, seed);
        return Array.from({ length: count }, (_, n) => {
          const point = anywhere();
          const normal = point.map(() => 0);
          coordinates.forEach((c, i) => {
            point[c] = points[n * k + i];
            normal[c] = normals[n * k + i];
          });
          return { point, normal };
        });
      });
    }
  }
}

/** By how much exact solutions and their derivatives up to the condition's order differ on both faces. */
export function periodicGap(
  condition: Condition & { readonly kind: 'periodic' },
  problem: Problem,
  unknowns: Readonly<Record<string, number>>,
): number {
  const { coordinate, order } = condition;
  const { low, high } = problem.coordinates[coordinate];
  let worst = 0;
  for (let expression of problem.exact.values())
    for (let k = 0; k <= order; k++) {
      for (const inside of insidePoints(problem, perPlace, 3)) {
        const [a, b] = [low, high].map((value) =>
          exactValue(
            expression,
            problem,
            { point: inside.map((x, i) => (i === coordinate ? value : x)) },
            unknowns,
          ),
        );
        worst = Math.max(worst, Math.abs(a - b) / (1 + Math.abs(a)));
      }
      expression = differentiate(expression, coordinate);
    }
  return worst;
}
