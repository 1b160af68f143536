import { NotSupportedError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { insideDomain } from '../domain-points.ts';
import { LeastSquares } from '../linear/least-squares.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { type BoxForm, boxForm } from './box-form.ts';
import { PolynomialSpace } from './polynomial-space.ts';
import { ResidualRows } from './residual-rows.ts';

interface Fit {
  readonly space: PolynomialSpace;
  readonly coefficients: Float64Array;
}

/** Degrees tried in order, by the number of coordinates. */
const degrees = [
  [8, 12, 18, 27, 40, 60, 90],
  [8, 11, 15, 20, 26, 33, 41, 50],
  [5, 7, 9, 11, 13, 15, 17],
  [4, 5, 6, 7, 8],
];
/** Values of constant first guesses. */
const guesses = [0, 1, -1];
const largestMatrix = 2e7;
/** Relative to the largest, where something is left free. */
const smallestPivot = 1e-13;

/**
 * The reference of a boundary value problem on a box: polynomials in all coordinates (Fourier modes in a periodic
 * one), equations and conditions at collocation points of their own, more of them than coefficients, solved by least
 * squares and Gauss–Newton. Any order, systems and mixed conditions have a solution this way, and corners where
 * conditions meet need no care. The error is estimated by two degrees. Driscoll & Hale (2016), IMA J. Numer. Anal.
 * 36, 108–132, for rectangular collocation.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function boxReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = boxForm(problem, p);
  const dimension = problem.coordinates.length;
  const tried = degrees[dimension - 1];
  if (tried === undefined)
    throw new NotSupportedError(`there is no classical solver here for ${dimension} coordinates`);
  const sample = samplePoints(problem);
  let best: Fit | undefined;
  let bestValues: Record<string, Float64Array> = {};
  let estimate = Number.POSITIVE_INFINITY;
  let lastDifference = Number.NaN;
  let seconds = 0;
  let work = 0;
  let failure: SolveError | undefined;
  for (const degree of tried) {
    const space = new PolynomialSpace(problem, form.periodic, degree);
    const begun = performance.now();
    // Derivatives of the highest degree along one coordinate are told apart by as many points as they have.
    const rows = new ResidualRows(problem, form, space, dimension > 2 ? degree : degree + 1);
    const nextWork = rows.rows * space.size ** 2;
    if (rows.rows * space.size > largestMatrix) break;
    if (begun + (1000 * seconds * nextWork) / Math.max(1, work) > deadline) break;
    let coefficients: Float64Array | undefined;
    try {
      coefficients = gaussNewton(form, rows, best, deadline);
    } catch (error) {
      if (!(error instanceof SolveError)) throw error;
      failure = error;
      break;
    }
    seconds = (performance.now() - begun) / 1000;
    work = nextWork;
    if (coefficients === undefined) continue;
    const values = space.evaluate(coefficients, sample);
    const broken = rows.conditionError(coefficients);
    const size = Math.max(...Object.values(values).map((v) => norm(v) / Math.sqrt(v.length)));
    if (broken > 0.1 * Math.max(size, 1e-300)) {
      failure = new SolveError('no solution fulfils all conditions');
      continue;
    }
    if (best !== undefined) {
      const difference = relativeDifference(bestValues, values);
      if (difference >= lastDifference && lastDifference < 1e-7) break;
      // The difference is the error of the degree before. Where it falls fast, it goes on doing so; three is a
      // margin. Where it falls slowly, as powers of the degree do, more is left.
      const ratio = difference / lastDifference;
      estimate =
        ratio < 0.03 ? difference * Math.max(1e-2, 3 * ratio) : difference / (1 - Math.min(0.8, ratio || 0));
      lastDifference = difference;
    }
    best = { space, coefficients };
    bestValues = values;
    if (estimate <= target) break;
  }
  if (best === undefined || !(estimate < 0.1)) {
    throw (
      failure ??
      new SolveError(
        best === undefined
          ? 'Gauss–Newton found no solution of the boundary value problem'
          : 'the polynomials that the time limit allows do not resolve the solution',
      )
    );
  }
  const { space, coefficients } = best;
  return {
    available: true,
    method: `Chebyshev least squares, polynomials of degree ${space.degree}, ${space.size} coefficients`,
    errorEstimate: Math.max(1e-15, estimate),
    evaluate: (points) => {
      insideDomain(problem, points);
      return space.evaluate(coefficients, points);
    },
  };
}

/**
 * Whether equations and conditions that are affine in the fields leave something free, seen at a low degree: a square
 * collocation system need not be singular where the problem is.
 *
 * @throws SolveError where they do
 */
export function requireDetermined(problem: Problem, p: Float64Array): void {
  const form = boxForm(problem, p);
  const space = new PolynomialSpace(problem, form.periodic, 8);
  const rows = new ResidualRows(problem, form, space, 9);
  if (!rows.linear || rows.rows < space.size) return;
  const matrix = new LeastSquares(rows.rows, space.size);
  rows.evaluate(new Float64Array(space.size), new Float64Array(rows.rows), matrix);
  if (matrix.factor() < smallestPivot) throw undetermined();
}

const undetermined = () =>
  new SolveError('equations and conditions do not determine the solution: something is left free');

/** Undefined where the iteration does not converge. */
function gaussNewton(
  form: BoxForm,
  rows: ResidualRows,
  coarse: Fit | undefined,
  deadline: number,
): Float64Array | undefined {
  const { space } = rows;
  if (rows.rows < space.size)
    throw new SolveError(`${form.rows.length} equations and conditions are too few`);
  const starts =
    coarse === undefined
      ? guesses.map((guess) => {
          const start = new Float64Array(space.size);
          for (const offset of space.offsets) start[offset] = guess;
          return start;
        })
      : [space.embed(coarse.space, coarse.coefficients)];
  for (const start of starts) {
    const found = iterate(rows, start, deadline);
    if (found !== undefined) return found;
  }
  return undefined;
}

function iterate(rows: ResidualRows, start: Float64Array, deadline: number): Float64Array | undefined {
  const matrix = new LeastSquares(rows.rows, rows.space.size);
  const residual = new Float64Array(rows.rows);
  let x = start;
  for (let iteration = 0; iteration < 30; iteration++) {
    if (performance.now() > deadline) throw new SolveError('the time limit was reached');
    rows.evaluate(x, residual, matrix);
    const size = norm(residual);
    if (!Number.isFinite(size)) return undefined;
    const condition = matrix.factor();
    if (Number.isNaN(condition)) return undefined;
    if (condition < smallestPivot) throw undetermined();
    const correct = (at: Float64Array): Float64Array => {
      rows.evaluate(at, residual);
      const step = matrix.solve(residual);
      return at.map((value, i) => value - step[i]);
    };
    if (rows.linear) return correct(correct(x));
    const rotated = residual.slice();
    const full = matrix.solve(rotated);
    const reducible = norm(rotated.subarray(0, full.length));
    const length = norm(full) / Math.max(norm(x), 1e-300);
    let factor = 1;
    let next = x;
    for (; factor > 1e-4; factor /= 2) {
      next = x.map((value, i) => value - factor * full[i]);
      rows.evaluate(next, residual);
      const decrease = (size - norm(residual)) * (size + norm(residual));
      if (decrease >= 0.1 * factor * reducible ** 2) break;
      if (length <= 1e-6 && factor === 1) break;
    }
    if (factor <= 1e-4) return undefined;
    x = next;
    // Where the residual cannot vanish convergence is linear: the rest is less than what the degree leaves.
    if (length <= 1e-7 || (length <= 1e-4 && reducible <= 1e-3 * size)) return correct(x);
  }
  return undefined;
}

function norm(v: Float64Array): number {
  return Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
}

/** Inside: at a corner a pressure may be unbounded. */
function samplePoints(problem: Problem): Float64Array {
  const { coordinates } = problem;
  const side = [201, 31, 13, 7][coordinates.length - 1];
  return Float64Array.from({ length: coordinates.length * side ** coordinates.length }, (_, i) => {
    const axis = i % coordinates.length;
    const { low, high } = coordinates[axis];
    const step = Math.floor(Math.floor(i / coordinates.length) / side ** axis) % side;
    return low + ((high - low) * (step + 0.5)) / side;
  });
}
