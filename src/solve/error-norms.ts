/** Error norms of a solution on points it was never trained on. */
import { ProblemError } from '../errors.ts';
import { evaluateProgram } from '../expression/evaluate.ts';
import { compileProgram } from '../expression/program.ts';
import { domainPoints } from '../problem/domain-points.ts';
import type { Problem } from '../problem/index.ts';
import { insideSpace } from '../problem/membership.ts';

export interface FieldError {
  /** ‖u − u*‖₂ / ‖u*‖₂ over the points; ‖u − u*‖₂/√N where u* is zero everywhere. */
  readonly relativeL2: number;
  /** max |u − u*|, in the field's unit. */
  readonly maximum: number;
}

/** Points at which the reference has no value, as sin(x)/x at 0, are left out. */
export function fieldError(values: ArrayLike<number>, reference: ArrayLike<number>): FieldError {
  let difference = 0;
  let size = 0;
  let maximum = 0;
  let count = 0;
  for (let n = 0; n < values.length; n++) {
    if (!Number.isFinite(reference[n])) continue;
    count++;
    const e = Math.abs(values[n] - reference[n]);
    difference += e * e;
    size += reference[n] * reference[n];
    maximum = Math.max(maximum, e);
    if (!Number.isFinite(e)) return { relativeL2: Number.NaN, maximum: Number.NaN };
  }
  if (count === 0) return { relativeL2: Number.NaN, maximum: Number.NaN };
  return {
    relativeL2: size > 0 ? Math.sqrt(difference / size) : Math.sqrt(difference / count),
    maximum,
  };
}

const comparisonCounts = [1001, 141 * 141, 29 ** 3, 12 ** 4, 7 ** 5, 5 ** 6];

/** In more coordinates most points of a grid would lie on faces. */
const mostGridCoordinates = 4;

/** Points inside a shape, or in many coordinates. */
const scatteredPoints = 20_000;

/** Moves the points of comparison away from those of training. */
const comparisonSeed = 52_711;

/**
 * About so many points spread over the domain: a grid of a box, faces included; else points inside. (N, d) row-major
 * in the user's coordinates.
 */
export function testPoints(problem: Problem, count: number): Float64Array {
  const d = problem.coordinates.length;
  if (problem.space !== undefined || d > mostGridCoordinates)
    return domainPoints(problem, count, comparisonSeed);
  return domainGrid(problem, new Array<number>(d).fill(Math.round(count ** (1 / d))));
}

/** The points at which solutions are compared where nothing else is said. */
export function comparisonPoints(problem: Problem): Float64Array {
  const d = problem.coordinates.length;
  if (problem.space === undefined && d <= mostGridCoordinates)
    return domainGrid(problem, comparisonSides(problem));
  return testPoints(problem, scatteredPoints);
}

/** Points per coordinate of the comparison grid. */
export function comparisonSides(problem: Problem): number[] {
  const d = problem.coordinates.length;
  const side = Math.round(comparisonCounts[d - 1] ** (1 / d));
  return new Array<number>(d).fill(side);
}

/** The rows of points (N, d) that lie in the problem's space. */
export function pointsInside(problem: Problem, points: Float64Array): Float64Array {
  const inside = insideSpace(points, problem);
  const d = problem.coordinates.length;
  return inside === undefined ? points : points.filter((_, k) => inside[Math.floor(k / d)]);
}

/** What `evaluate` gives at those of the points (N, d) that lie in the problem's space, NaN at the others; (N) each. */
export function whereInside(
  problem: Problem,
  points: Float64Array,
  evaluate: (points: Float64Array) => Readonly<Record<string, Float64Array>>,
): Readonly<Record<string, Float64Array>> {
  const inside = insideSpace(points, problem);
  if (inside === undefined) return evaluate(points);
  const values = evaluate(pointsInside(problem, points));
  return Object.fromEntries(
    Object.entries(values).map(([name, column]) => {
      let next = 0;
      return [name, Float64Array.from(inside, (holds) => (holds ? column[next++] : Number.NaN))];
    }),
  );
}

/**
 * A regular grid over the box of the coordinates, faces included; (N, d) row-major in the user's coordinates, the last
 * coordinate fastest.
 *
 * @throws ProblemError where `sides` has not one whole number for each coordinate
 */
export function domainGrid(problem: Problem, sides: readonly number[]): Float64Array {
  const d = problem.coordinates.length;
  if (sides.length !== d || !sides.every((side) => Number.isSafeInteger(side) && side > 0))
    throw new ProblemError(`[${sides.join(', ')}] are no sides of a grid over ${d} coordinates`, {
      hint: 'give a whole number above zero for each',
    });
  const total = sides.reduce((product, side) => product * side, 1);
  const points = new Float64Array(total * d);
  for (let n = 0; n < total; n++) {
    let rest = n;
    for (let i = d - 1; i >= 0; i--) {
      const { low, high } = problem.coordinates[i];
      const k = rest % sides[i];
      rest = Math.floor(rest / sides[i]);
      points[n * d + i] =
        sides[i] === 1
          ? (low + high) / 2
          : k === sides[i] - 1
            ? high
            : low + ((high - low) * k) / (sides[i] - 1);
    }
  }
  return points;
}

/**
 * The exact solution at points (N, d), for every field that has one.
 *
 * @param unknowns  values of the unknowns, where exact solutions hold them
 */
export function evaluateExact(
  problem: Problem,
  points: Float64Array,
  unknowns: Readonly<Record<string, number>>,
): Record<string, Float64Array> {
  const d = problem.coordinates.length;
  const count = points.length / d;
  const result: Record<string, Float64Array> = {};
  for (const [name, expression] of problem.exact) {
    const program = compileProgram([expression]);
    const inputs = program.inputs.map((leaf) =>
      Float64Array.from({ length: count }, (_, n) =>
        leaf.kind === 'coordinate' ? points[n * d + leaf.index] : (unknowns[leaf.name] ?? Number.NaN),
      ),
    );
    result[name] = evaluateProgram(program, inputs, count)[0];
  }
  return result;
}
