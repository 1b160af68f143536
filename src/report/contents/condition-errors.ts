/** How well each condition holds, on each of its places, at points never trained on. */
import { field, subtract } from '../../expression/build.ts';
import { type Expression, leavesOf } from '../../expression/expression.ts';
import {
  domainPoints,
  normalColumns,
  type PointsOnBoundary,
  pointsOnParts,
} from '../../problem/domain-points.ts';
import type { Condition, PeriodicCondition, PlaneCondition, Problem } from '../../problem/index.ts';
import { conditionBetween } from '../../residual/index.ts';
import { pointsInside } from '../../solve/error-norms.ts';
import type { Solution } from '../../solve/solution.ts';
import type { ConditionError } from '../report-data.ts';
import { placeOf } from './problem-statements.ts';
import { problemTex } from './problem-tex.ts';

/** Points on a part of the boundary, and on a plane. */
const count = 400;

/** Apart from the points of training. */
const seed = 40_487;

interface Misfit {
  readonly squares: number;
  readonly maximum: number;
  readonly count: number;
}

function misfit(values: Float64Array): Misfit {
  return {
    squares: values.reduce((sum, value) => sum + value * value, 0),
    maximum: values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
    count: values.length,
  };
}

function together(parts: readonly Misfit[]): { mean: number; maximum: number } {
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  const squares = parts.reduce((sum, part) => sum + part.squares, 0);
  return { mean: Math.sqrt(squares / total), maximum: Math.max(...parts.map(({ maximum }) => maximum)) };
}

/** Points with one coordinate held. */
function onPlane(problem: Problem, coordinate: number, value: number): Float64Array {
  const d = problem.coordinates.length;
  const points = domainPoints(problem, d === 1 ? 1 : count, seed);
  for (let n = 0; n < points.length; n += d) points[n + coordinate] = value;
  return pointsInside(problem, points);
}

function planeMisfit(solution: Solution, condition: PlaneCondition): Misfit[] {
  const { problem } = solution;
  const d = problem.coordinates.length;
  const difference = subtract(condition.left, condition.right);
  return condition.planes.map(({ coordinate, value, outward }) => {
    const points = onPlane(problem, coordinate, value);
    const normals = points.map((_, k) => (k % d === coordinate ? outward : 0));
    const places = { points, normals, count: points.length / d };
    return misfit(valuesOn(solution, difference, places));
  });
}

function valuesOn(
  solution: Solution,
  difference: Expression,
  places: PointsOnBoundary,
  columns = normalColumns(places, solution.problem),
): Float64Array {
  return solution.evaluateExpression(difference, places.points, undefined, columns);
}

/** Values and derivatives on one face minus those on the other; one misfit for all fields and orders. */
function periodicMisfit(solution: Solution, condition: PeriodicCondition): Misfit[] {
  const { problem } = solution;
  const { coordinate, order } = condition;
  const { low, high } = problem.coordinates[coordinate];
  const [one, other] = [low, high].map((value) => onPlane(problem, coordinate, value));
  const along = (k: number): number[] => problem.coordinates.map((_, i) => (i === coordinate ? k : 0));
  return problem.fields
    .filter(({ of, accumulated }) => of.includes(coordinate) && accumulated !== true)
    .flatMap(({ name, of }) =>
      Array.from({ length: Math.min(order, 4) + 1 }, (_, k) => {
        const derivative = field(name, along(k), of);
        const [a, b] = [one, other].map((points) => solution.evaluateExpression(derivative, points));
        return misfit(a.map((value, n) => value - b[n]));
      }),
    );
}

function misfits(solution: Solution, condition: Condition): Misfit[] {
  const { problem } = solution;
  if (condition.kind === 'planes') return planeMisfit(solution, condition);
  if (condition.kind === 'periodic') return periodicMisfit(solution, condition);
  const difference = subtract(condition.left, condition.right);
  if (condition.kind === 'points') return [misfit(solution.evaluateExpression(difference, condition.points))];
  if (condition.kind === 'parts') {
    const { coordinates } = problem.space!;
    const places = pointsOnParts(condition.parts, coordinates, problem, 'sobol', () => count, seed);
    return [misfit(valuesOn(solution, difference, places))];
  }
  const { coordinates } = condition.region;
  const places = pointsOnParts(condition.parts, coordinates, problem, 'sobol', () => count, seed);
  return conditionBetween(condition, places, problem).map((part) =>
    misfit(valuesOn(solution, part.difference, part.places, part.columns)),
  );
}

/** Where a condition is to hold, in a word or two. */
function placeWords(problem: Problem, condition: Condition): string {
  if (condition.kind === 'points') return `${condition.count} point${condition.count === 1 ? '' : 's'}`;
  if (condition.kind === 'periodic') {
    const { name, low, high } = problem.coordinates[condition.coordinate];
    return `${name} = ${low} and ${name} = ${high}`;
  }
  return placeOf(problem, condition) ?? 'boundary';
}

/**
 * Nothing for problems of one coordinate, whose conditions are a few numbers.
 *
 * @param builtIn  paths of conditions that hold by construction
 */
export function conditionErrors(solution: Solution, builtIn: ReadonlySet<string>): ConditionError[] {
  const { problem } = solution;
  if (problem.coordinates.length === 1) return [];
  const tex = problemTex(problem);
  return problem.conditions.flatMap((condition): ConditionError[] => {
    // What an observation accumulates was not written as a condition.
    const own = leavesOf(condition.kind === 'periodic' ? [] : [condition.left, condition.right]).some(
      (leaf) => problem.fields.some((f) => leaf.name === f.name && f.accumulated === true),
    );
    if (own) return [];
    const { mean, maximum } = together(misfits(solution, condition));
    const label =
      condition.kind === 'periodic'
        ? { name: `${problem.coordinates[condition.coordinate].name} periodic` }
        : { name: condition.text.trim(), tex: tex.text(condition.text) };
    return [
      {
        ...label,
        place: placeWords(problem, condition),
        builtIn: builtIn.has(condition.path),
        mean,
        maximum,
      },
    ];
  });
}
