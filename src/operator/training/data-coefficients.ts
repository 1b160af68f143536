/** From solutions at points to functions and coefficients: the first of the two steps of training on data. */
import { InterruptedError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import type { OperatorData } from '../data/operator-data.ts';
import { HardPart } from '../evaluate/hard-part.ts';
import { LeastSquares } from '../linear/feature-least-squares.ts';
import { principalParts } from '../linear/principal-parts.ts';
import type { CoefficientSet, SolutionBasis } from './coefficient-set.ts';
import { dataSamples } from './data-samples.ts';
import { type FitOptions, fitFeatures } from './feature-fit.ts';
import { pointWeights } from './quadrature.ts';
import { scatteredCoefficients } from './scattered-coefficients.ts';

const mostParts = 100;
const tolerance = 1e-12;

export interface DataCoefficientOptions {
  readonly seed: number;
  /** Seconds for the search for features; default: no limit. */
  readonly timeLimit?: number;
  readonly signal?: AbortSignal;
  /** Of the output points, in L2 of the domain; default: those of an equidistant grid, else all the same. */
  readonly weights?: Float64Array;
}

/** Coefficients and how well they hold the data. */
export interface FittedData extends CoefficientSet {
  /** By field the relative error at points that were left out of the fit. */
  readonly heldOut: Readonly<Record<string, number>>;
}

/**
 * Solutions in functions of their own. Where all have the same output points, in the principal parts of the
 * solutions (Lu et al., Comput. Methods Appl. Mech. Eng. 393, 2022, POD-DeepONet), as sums over random features; else
 * in the features themselves.
 *
 * @throws InterruptedError once the signal is aborted
 */
export async function dataCoefficients(
  problem: Problem,
  data: OperatorData,
  { seed, timeLimit = Number.POSITIVE_INFINITY, signal, weights }: DataCoefficientOptions,
): Promise<FittedData> {
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const hard = new HardPart(problem);
  const squares = await LeastSquares.create();
  const periodic = problem.conditions.flatMap((c) => (c.kind === 'periodic' ? [c.coordinate] : []));
  const bases: Record<string, SolutionBasis> = {};
  const coefficients: Record<string, Float64Array> = {};
  const heldOut: Record<string, number> = {};
  for (const [k, { name: field }] of problem.fields.entries()) {
    if (signal?.aborted) throw new InterruptedError('the training was interrupted');
    const share = ((k + 1) / problem.fields.length) * timeLimit;
    const options: FitOptions = {
      field,
      seed,
      periodic,
      ended: () => signal?.aborted === true || seconds() > share,
    };
    const values = withoutOffset(problem, data, hard, field);
    const found = data.aligned
      ? alignedCoefficients(problem, data, hard, values, squares, options, weights)
      : scatteredCoefficients(problem, data, hard, values, squares, options);
    bases[field] = found.basis;
    coefficients[field] = found.coefficients;
    heldOut[field] = found.heldOut;
  }
  return { inputs: data.inputs, count: data.count, bases, coefficients, heldOut, seconds: seconds() };
}

/** u − g at the output points, (functions, points). */
export function withoutOffset(
  problem: Problem,
  data: OperatorData,
  hard: HardPart,
  field: string,
): Float64Array {
  const values = data.fields[field];
  if (!hard.has(field)) return values;
  const { aligned, count, pointCount, points } = data;
  const d = problem.coordinates.length;
  const samples = dataSamples(problem, data);
  const result = values.slice();
  let known: Float64Array | undefined;
  for (let n = 0; n < count; n++) {
    const own = aligned ? points : points.subarray(n * pointCount * d, (n + 1) * pointCount * d);
    if (!aligned || hard.varies || known === undefined)
      known = hard.offset(field, own, hard.varies ? samples(n) : {});
    for (let i = 0; i < pointCount; i++) result[n * pointCount + i] -= known[i];
  }
  return result;
}

export interface FieldCoefficients {
  readonly basis: SolutionBasis;
  /** (functions, size). */
  readonly coefficients: Float64Array;
  readonly heldOut: number;
}

function alignedCoefficients(
  problem: Problem,
  { count, pointCount, points, sides }: OperatorData,
  hard: HardPart,
  values: Float64Array,
  squares: LeastSquares,
  options: FitOptions,
  weights = pointWeights(pointCount, sides),
): FieldCoefficients {
  const roots = weights.map(Math.sqrt);
  const weighted = values.map((value, k) => value * roots[k % pointCount]);
  const {
    rank,
    values: singular,
    left,
    right,
  } = principalParts(weighted, count, pointCount, {
    most: mostParts,
    tolerance,
    seed: options.seed,
  });
  // Each part as large as it is in the functions, so that what is large is fitted best.
  const parts = new Float64Array(pointCount * rank);
  for (let i = 0; i < pointCount; i++)
    for (let k = 0; k < rank; k++) parts[i * rank + k] = (right[i * rank + k] * singular[k]) / roots[i];
  const { basis, heldOut } = fitFeatures(
    problem,
    hard,
    { points, count: pointCount, values: parts, columns: rank },
    squares,
    options,
  );
  return { basis, coefficients: left, heldOut };
}
