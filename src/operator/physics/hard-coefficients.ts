/** Hard conditions whose values depend on the input functions: û of u = g + φ û from solutions in which they are soft. */

import { gram } from '../../engine/f64/gram.ts';
import type { LinearMemory } from '../../engine/f64/linear-memory.ts';
import { SolveError } from '../../errors.ts';
import { gaussLegendre } from '../../expression/gauss-legendre.ts';
import { cholesky } from '../../optimizer/cholesky.ts';
import { domainPoints } from '../../problem/domain-points.ts';
import { fieldLeaves } from '../../problem/implied-value.ts';
import type { Condition, Problem, ProblemDefinition } from '../../problem/index.ts';
import { gridPoints } from '../../problem/sensors.ts';
import { HardPart } from '../evaluate/hard-part.ts';
import { drawInputs } from '../space/function-space.ts';
import type { SolutionBasis } from '../training/coefficient-set.ts';
import { axisBasis, periodicAxisBasis } from './axis-basis.ts';
import { compressed } from './compression.ts';
import type { Resolution } from './function-solver.ts';
import { periodicAxes } from './operator-residuals.ts';
import { productBasis } from './product-basis.ts';
import { SeparableBasis } from './separable-basis.ts';

/** Whether a hard condition is one that the solver takes as soft: of input functions, or at the start of time. */
export function isSoftened(condition: Condition, { inputs, time }: Problem): boolean {
  if (condition.kind === 'periodic' || condition.hard !== true) return false;
  const names = new Set(inputs.map(({ name }) => name));
  return (
    fieldLeaves([condition.left, condition.right]).some(({ name }) => names.has(name)) ||
    (condition.kind === 'planes' && condition.planes.some(({ coordinate }) => coordinate === time))
  );
}

/** The problem with no hard conditions at all. */
export function softened({ definition }: Problem): ProblemDefinition {
  return {
    ...definition,
    conditions: definition.conditions?.map((condition) =>
      'hard' in condition && !('periodic' in condition) ? { ...condition, hard: false } : condition,
    ),
  } as ProblemDefinition;
}

/** More functions than this are not fitted. */
const mostFunctions = 900;

/** Relative to each diagonal entry of the normal equations: û is hardly known where φ vanishes. */
const ridge = 1e-13;

/** Functions of time for so many windows of so many each. */
const timeCount = (count: number, windows: number): number => Math.ceil(count * Math.sqrt(windows));

export interface HardFit {
  readonly basis: SolutionBasis;
  /** (count, size of the basis). */
  readonly coefficients: Float64Array;
}

/**
 * û of every solution, by least squares over the domain.
 *
 * @param solution  the field's basis with the solutions' coefficients, (draws, size)
 */
export function hardFit(
  problem: Problem,
  field: string,
  solution: HardFit,
  draws: { readonly seed: number; readonly numbers: readonly number[] },
  { counts, windows }: Resolution,
  memory: LinearMemory,
): HardFit {
  const { coordinates, time } = problem;
  const { of } = problem.fields.find(({ name }) => name === field)!;
  const hard = new HardPart(problem);
  const periodic = periodicAxes(problem);
  const wanted = of.map((i) => (i === time ? timeCount(counts[i], windows) : counts[i]));
  const shrink = Math.min(1, (mostFunctions / wanted.reduce((a, b) => a * b, 1)) ** (1 / of.length));
  const axes = of.map((i, k) => {
    const count = Math.max(4, Math.floor(wanted[k] * shrink));
    return periodic.has(i) ? periodicAxisBasis(count) : axisBasis(count, i);
  });
  const basis = productBasis(of, axes);
  const identity = new Float64Array(basis.size ** 2);
  for (let p = 0; p < basis.size; p++) identity[p * basis.size + p] = 1;
  const pieces = {
    basis,
    lows: Float64Array.from(coordinates, ({ low }) => low),
    highs: Float64Array.from(coordinates, ({ high }) => high),
    time: undefined,
    windows: 1,
  };
  const whole = new SeparableBasis(pieces, identity, basis.size);
  const points = fitPoints(
    problem,
    coordinates.map((_, i) => 2 * (axes[of.indexOf(i)]?.count ?? 1) + 4),
  );
  const count = points.length / coordinates.length;
  const applied = hard.applied(field, whole, points);
  const transposed = new Float64Array(applied.length);
  for (let n = 0, at = 0; n < count; n++)
    for (let p = 0; p < basis.size; p++, at++) transposed[p * count + n] = applied[at];
  const matrix = gram(memory, transposed, basis.size, count);
  for (let p = 0; p < basis.size; p++) matrix[p * basis.size + p] *= 1 + ridge;
  const factor = cholesky(matrix, basis.size);
  if (factor === null) throw new SolveError(`the hard conditions of ${field} leave nothing to be fitted`);
  const values = solution.basis.values(points, count);
  const { size } = solution.basis;
  const rows = draws.numbers.map((draw, i) => {
    const offset = hard.offset(field, points, drawInputs(problem, draws.seed, draw));
    const rest = Float64Array.from({ length: count }, (_, n) => {
      let sum = -offset[n];
      for (let k = 0; k < size; k++) sum += values[n * size + k] * solution.coefficients[i * size + k];
      return sum;
    });
    const right = new Float64Array(basis.size);
    for (let p = 0, at = 0; p < basis.size; p++)
      for (let n = 0; n < count; n++, at++) right[p] += transposed[at] * rest[n];
    return factor.solve(right);
  });
  const few = compressed(rows, basis.size);
  return { basis: whole.combined(few.functions, few.size), coefficients: few.coefficients };
}

/** Gauss points of a box, evenly spread ones in a geometry. */
function fitPoints(problem: Problem, sides: readonly number[]): Float64Array {
  if (problem.space !== undefined) return domainPoints(problem, 2 * sides.reduce((a, b) => a * b, 1));
  return gridPoints(
    problem.coordinates.map(({ low, high }, i) =>
      [...gaussLegendre(sides[i]).nodes].map((z) => low + ((z + 1) / 2) * (high - low)),
    ),
  );
}
