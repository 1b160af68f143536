/**
 * What keeps unknown fields smooth: data and equations alone do not say what a coefficient does between the
 * observations, nor where the other fields that it acts on vanish.
 */
import { column, multiply, number, subtract } from '../expression/build.ts';
import { samplePoints } from '../geometry/point-set.ts';
import { pointsWhere } from '../geometry/points-where.ts';
import type { Field, Problem } from '../problem/problem.ts';
import { type Subset, spaceSubset } from './collocation.ts';
import type { ResidualBlock } from './residual-system.ts';
import { normalizedDerivative, type Scaling } from './scaling.ts';

/**
 * Of functions of time in problems with equations and data, where nothing is said. As a prior the penalty stands for second
 * derivatives of root mean square (σ/size)/√(N·weight), N observations with noise σ: 4 for 60 of 3%, while much
 * sharper changes that the data show come through. A factor of 3 either way changes the error of a rate found
 * from prevalence by about a tenth.
 */
export const defaultSmoothness = 1e-6;

/** Points in one coordinate; as many in all, spread over the domain, where there are more. */
const pointsAlongLine = 200;
const pointsInSpace = 1000;

function weightOf({ unknown, smooth, of }: Field, { time, observations, equations }: Problem): number {
  if (!unknown) return 0;
  const ofTimeAlone = of.length === 1 && of[0] === time;
  // Without equations the fields themselves are fitted to the data, which say what they are.
  const coefficient = ofTimeAlone && observations.length > 0 && equations.length > 0;
  return smooth ?? (coefficient ? defaultSmoothness : 0);
}

/** (N, d): along the coordinates that the field depends on, the others held at 0; inside space where it knows all of it. */
function pointsFor(
  of: readonly number[],
  dimension: number,
  space: readonly number[],
  within: Subset | undefined,
): Float64Array {
  if (within !== undefined && space.every((i) => of.includes(i))) {
    const box = within.box.map((own, i) => (of.includes(i) ? own : { low: 0, high: 0 }));
    return pointsWhere('sobol', pointsInSpace, box, 0, within.holds);
  }
  const count = of.length === 1 ? pointsAlongLine : pointsInSpace;
  const points = new Float64Array(count * dimension);
  const unit =
    of.length === 1
      ? Float64Array.from({ length: count }, (_, n) => (n + 0.5) / count)
      : samplePoints('sobol', count, of.length, 0);
  for (let n = 0; n < count; n++)
    of.forEach((axis, i) => {
      points[n * dimension + axis] = 2 * unit[n * of.length + i] - 1;
    });
  return points;
}

/** The second derivatives of the field along its coordinates; mixed ones count twice in the sum of squares. */
function secondDerivatives(name: string, of: readonly number[], dimension: number, scaling?: Scaling) {
  return of.flatMap((a, i) =>
    of.slice(i).map((b) => {
      const order = Array.from({ length: dimension }, (_, c) => Number(c === a) + Number(c === b));
      const derivative = normalizedDerivative(name, order, of, 0, scaling);
      return a === b ? derivative : multiply(number(Math.SQRT2), derivative);
    }),
  );
}

/**
 * A block for each unknown field that is to be smooth, adding to the loss its `smooth` times the mean over the
 * domain of Σ_ab (∂²û/∂ξ_a∂ξ_b)², with every coordinate mapped to [−1, 1] and the field divided by its scale
 * (`Scaling.fields`): the penalty of smoothing splines (Wahba, Spline Models for Observational Data, 1990).
 *
 * They count as data: observations that the second derivatives are zero, which keep their weight beside the
 * other observations while those of the equations rise.
 */
export function smoothnessBlocks(problem: Problem, weight: number, scaling?: Scaling): ResidualBlock[] {
  const dimension = problem.coordinates.length;
  const within = scaling && spaceSubset(problem, scaling);
  return problem.fields.flatMap((unknownField): ResidualBlock[] => {
    const { name, of } = unknownField;
    const smooth = weightOf(unknownField, problem);
    if (smooth === 0) return [];
    const points = pointsFor(of, dimension, problem.space?.coordinates ?? [], within);
    const count = points.length / dimension;
    return [
      {
        path: `fields.${name}.smooth`,
        kind: 'data',
        points: [points],
        count,
        columns: { value: new Float64Array(count) },
        residuals: secondDerivatives(name, of, dimension, scaling).map((second) =>
          subtract(second, column('value')),
        ),
        weight: weight * smooth,
      },
    ];
  });
}
