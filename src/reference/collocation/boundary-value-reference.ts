import { NotSupportedError, ProblemError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { CollocationSystem } from './collocation-system.ts';
import { newton } from './newton.ts';
import { spaceTimeForm } from './space-time-form.ts';
import { SplineSpace } from './spline-space.ts';

interface CollocationSolution {
  readonly space: SplineSpace;
  readonly unknowns: Float64Array;
}

const mostElements = 2000;
/** Constant first guesses for Newton's method, tried in order. */
const guesses = [0, 1, -1, 0.1, 10];

/**
 * The reference of a boundary value problem of ordinary differential equations: spline collocation at Gauss
 * points on a mesh that is halved where the solution's Legendre coefficients have not decayed, Newton's
 * method; the error is estimated by two more collocation points per element. Ascher, Mattheij & Russell
 * (1995), chapters 5 and 9.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function boundaryValueReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = spaceTimeForm(problem);
  const { low, high, name } = problem.coordinates[0];
  const orders = form.fields.map(({ order }) => order);
  if (orders.every((order) => order === 0)) throw new NotSupportedError('the equations hold no derivative');
  // Conditions inside stand at ends of elements.
  const ends = [...new Set([low, ...form.boundary.map(({ x }) => x), high])].sort((a, b) => a - b);
  const mesh = ends.slice(1).flatMap((end, i) => {
    const count = Math.max(1, Math.round((4 * (end - ends[i])) / (high - low)));
    return Array.from({ length: count }, (_, j) => ends[i] + ((end - ends[i]) * j) / count);
  });
  const system = (space: SplineSpace) =>
    new CollocationSystem(
      form,
      space,
      form.equations,
      form.massFields.map(() => -1),
      p,
    );

  const solve = (
    k: number,
    tolerance: number,
    guess: CollocationSolution | undefined,
  ): CollocationSolution => {
    let space =
      guess === undefined
        ? new SplineSpace(Float64Array.from([...mesh, high]), orders, k, form.periodic)
        : new SplineSpace(guess.space.mesh, orders, k, form.periodic);
    let unknowns =
      guess === undefined
        ? undefined
        : newton(system(space), 0, space.interpolate(guess.space, guess.unknowns), deadline);
    for (;;) {
      for (const value of unknowns === undefined ? guesses : []) {
        unknowns = newton(system(space), 0, new Float64Array(space.size).fill(value), deadline);
        if (unknowns !== undefined) break;
      }
      if (performance.now() > deadline) throw new SolveError('the time limit was reached');
      if (unknowns === undefined && space.elements >= 64) {
        throw new SolveError("Newton's method found no solution of the boundary value problem");
      }
      const tails = unknowns && space.tails(unknowns, space.magnitudes(unknowns));
      if (tails?.every((tail) => tail <= tolerance)) return { space, unknowns: unknowns! };
      if (space.elements >= mostElements) {
        throw new SolveError(`${mostElements} elements do not resolve the boundary value problem`);
      }
      const refined = space.refine((e) => tails === undefined || tails[e] > tolerance);
      const start = unknowns && refined.interpolate(space, unknowns);
      space = refined;
      unknowns = start && newton(system(space), 0, start, deadline);
    }
  };
  const tolerance = Math.max(1e-12, target);
  const coarse = solve(8, tolerance, undefined);
  const fine = solve(10, tolerance, coarse);

  const evaluate = (
    { space, unknowns }: CollocationSolution,
    points: Float64Array,
  ): Record<string, Float64Array> => {
    const slack = 1e-9 * (high - low);
    for (const x of points) {
      if (x >= low - slack && x <= high + slack) continue;
      throw new ProblemError(`${name} = ${x} lies outside [${low}, ${high}]`, { path: 'points' });
    }
    return Object.fromEntries(
      form.fields.map((field, i) => [field.name, points.map((x) => space.evaluate(unknowns, i, x))]),
    );
  };
  const sample = Float64Array.from({ length: 1001 }, (_, i) => low + ((high - low) * i) / 1000);
  const difference = relativeDifference(evaluate(coarse, sample), evaluate(fine, sample));
  if (!(difference < 0.1)) {
    throw new SolveError(
      `two discretisations differ by ${difference.toPrecision(2)}: there may be no unique solution`,
    );
  }
  return {
    available: true,
    method: `spline collocation at ${fine.space.k} Gauss points on ${fine.space.elements} elements, Newton's method`,
    errorEstimate: Math.max(1e-15, difference),
    evaluate: (points) => evaluate(fine, points),
  };
}
