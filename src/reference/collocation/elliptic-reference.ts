import { ProblemError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { EllipticSystem, ellipticForm } from './elliptic-system.ts';
import { newton } from './newton.ts';
import { barycentricWeights, chebyshevLobattoPoints, lagrangeValues } from './polynomial.ts';

interface GridSolution {
  readonly count: number;
  readonly unknowns: Float64Array;
}

/** Points in each coordinate, tried in order; the last is what a dense matrix allows. */
const counts = [12, 17, 24, 32, 40, 48];
const mostUnknowns = 4000;
const guesses = [0, 1, -1, 0.1];

/**
 * The reference of a boundary value problem of second order on a rectangle: tensor Chebyshev collocation with
 * Newton's method, the number of points raised until two of them agree. Trefethen (2000), Spectral Methods in
 * MATLAB.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function ellipticReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = ellipticForm(problem);
  const sample = new Float64Array(2 * 41 * 41);
  for (let i = 0; i < 41 * 41; i++) {
    [Math.floor(i / 41), i % 41].forEach((step, axis) => {
      const { low, high } = problem.coordinates[axis];
      sample[2 * i + axis] = low + ((high - low) * step) / 40;
    });
  }
  let best: GridSolution | undefined;
  let bestValues: Record<string, Float64Array> = {};
  let estimate = Number.POSITIVE_INFINITY;
  let seconds = 0;
  for (const count of counts) {
    const size = problem.fields.length * count * count;
    // Factoring takes time in proportion to the cube of the unknowns.
    const growth = best === undefined ? 0 : (size / best.unknowns.length) ** 3;
    if (size > mostUnknowns || performance.now() + 1000 * growth * seconds > deadline) break;
    const begun = performance.now();
    const system = new EllipticSystem(problem, form, count, p);
    const starts =
      best === undefined
        ? guesses.map((guess) => new Float64Array(system.n).fill(guess))
        : [interpolate(problem, best, system)];
    let unknowns: Float64Array | undefined;
    for (const start of starts) unknowns ??= newton(system, 0, start, deadline);
    seconds = (performance.now() - begun) / 1000;
    if (unknowns === undefined) {
      if (best !== undefined) break;
      continue;
    }
    const next = { count, unknowns };
    const values = evaluateGrid(problem, next, sample);
    const difference = best === undefined ? estimate : relativeDifference(bestValues, values);
    // Beyond what rounding allows, more points do not help.
    if (best !== undefined && difference >= estimate && estimate < 1e-6) break;
    estimate = difference;
    best = next;
    bestValues = values;
    if (estimate <= target) break;
  }
  if (best === undefined)
    throw new SolveError("Newton's method found no solution of the boundary value problem");
  if (!(estimate < 0.1))
    throw new SolveError('the grids that the time limit allows do not resolve the solution');
  const found = best;
  return {
    available: true,
    method: `Chebyshev collocation on ${found.count} by ${found.count} points, Newton's method`,
    errorEstimate: Math.max(1e-15, estimate),
    evaluate: (points) => evaluateGrid(problem, found, points),
  };
}

function interpolate(problem: Problem, from: GridSolution, to: EllipticSystem): Float64Array {
  const points = new Float64Array(2 * to.points * to.points);
  for (let a = 0; a < to.points; a++) {
    for (let b = 0; b < to.points; b++) points.set([to.axes[0][a], to.axes[1][b]], 2 * (a * to.points + b));
  }
  const values = evaluateGrid(problem, from, points);
  const result = new Float64Array(to.n);
  problem.fields.forEach(({ name }, field) => {
    result.set(values[name], field * to.points * to.points);
  });
  return result;
}

function evaluateGrid(
  problem: Problem,
  { count, unknowns }: GridSolution,
  points: Float64Array,
): Record<string, Float64Array> {
  const nodes = chebyshevLobattoPoints(count);
  const weights = barycentricWeights(nodes);
  const size = count * count;
  const total = points.length / 2;
  const result = Object.fromEntries(problem.fields.map(({ name }) => [name, new Float64Array(total)]));
  for (let i = 0; i < total; i++) {
    const [inX, inY] = problem.coordinates.map(({ name, low, high }, axis) => {
      const value = points[2 * i + axis];
      const slack = 1e-9 * (high - low);
      if (!(value >= low - slack && value <= high + slack)) {
        throw new ProblemError(`${name} = ${value} lies outside [${low}, ${high}]`, { path: 'points' });
      }
      return lagrangeValues(nodes, weights, (2 * (value - low)) / (high - low) - 1);
    });
    problem.fields.forEach(({ name }, field) => {
      let sum = 0;
      for (let a = 0; a < count; a++) {
        let row = 0;
        for (let b = 0; b < count; b++) row += inY[b] * unknowns[field * size + a * count + b];
        sum += inX[a] * row;
      }
      result[name][i] = sum;
    });
  }
  return result;
}
