/** The error watched while training, on fewer points than in the final comparison. */
import type { Problem } from '../problem/index.ts';
import { reference } from '../reference/index.ts';
import { evaluateExact, fieldError, testPoints } from './error-norms.ts';

const watchedPoints = 1500;

/** What a solution is held against: fields at points (N, d), given the values of the unknowns. */
export type Truth = (
  points: Float64Array,
  unknowns: Readonly<Record<string, number>>,
) => Record<string, Float64Array>;

/** The exact solution where every field has one, else a classical reference; undefined where there is neither. */
export async function truthOf(problem: Problem): Promise<Truth | undefined> {
  if (problem.fields.every(({ name }) => problem.exact.has(name)))
    return (points, unknowns) => evaluateExact(problem, points, unknowns);
  if (problem.unknowns.length > 0 || problem.fields.some((f) => f.unknown)) return undefined;
  const classical = await reference(problem);
  return classical.available ? (points) => classical.evaluate(points) : undefined;
}

/** What is watched at parameters: the fields at points, and the unknowns. */
export interface Watched {
  readonly unknowns: Record<string, number>;
  evaluateFields(points: Float64Array): Record<string, Float64Array>;
}

/** The largest relative L2 error over the fields at θ, at points all over the problem's domain. */
export function errorWatch(
  problem: Problem,
  truth: Truth,
  make: (theta: Float64Array) => Watched,
): (theta: Float64Array) => number {
  // Of time alone as many as are compared in the end.
  const points = testPoints(problem, problem.coordinates.length === 1 ? 1001 : watchedPoints);
  let fixed: Record<string, Float64Array> | undefined;
  return (theta) => {
    const solution = make(theta);
    const values = solution.evaluateFields(points);
    const known = fixed ?? truth(points, solution.unknowns);
    if (problem.unknowns.length === 0) fixed = known;
    return Math.max(...Object.keys(known).map((name) => fieldError(values[name], known[name]).relativeL2));
  };
}
