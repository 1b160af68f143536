/** Products of functions of one coordinate each, in normalised coordinates: a separable network with fixed features. */
import type { MultiIndex } from '../../jet/multi-index.ts';
import { type AxisBasis, axisValues } from './axis-basis.ts';
import type { FieldPlace } from './coefficient-system.ts';

export interface ProductBasis {
  /** Positions of the coordinates among the problem's. */
  readonly of: readonly number[];
  /** One for each of those; the last one runs fastest. */
  readonly axes: readonly AxisBasis[];
  /** Number of functions. */
  readonly size: number;
}

export function productBasis(of: readonly number[], axes: readonly AxisBasis[]): ProductBasis {
  return { of, axes, size: axes.reduce((product, { count }) => product * count, 1) };
}

/** A field that is expanded in such a basis. */
export interface ProductPlace extends FieldPlace {
  readonly basis: ProductBasis;
}

/** The fields' coefficients one after the other. */
export function productPlaces(bases: readonly (readonly [string, ProductBasis])[]): ProductPlace[] {
  let offset = 0;
  return bases.map(([name, basis]) => {
    const place = { name, basis, offset, size: basis.size };
    offset += basis.size;
    return place;
  });
}

/** Along each axis its functions at every point, (axes)(points, count). */
export function factorsAt(
  { of, axes }: ProductBasis,
  points: Float64Array,
  dimension: number,
  index: MultiIndex,
): Float64Array[] {
  const count = points.length / dimension;
  return axes.map((axis, i) =>
    axisValues(
      axis,
      Float64Array.from({ length: count }, (_, n) => points[n * dimension + of[i]]),
      index[of[i]],
    ),
  );
}

/**
 * A derivative of every function at normalised points.
 *
 * @param points  (N, dimension), row-major
 * @returns (size, N), row-major: functions first, points running fastest
 */
export function productJets(
  basis: ProductBasis,
  points: Float64Array,
  dimension: number,
  index: MultiIndex,
): Float64Array {
  const count = points.length / dimension;
  const jets = new Float64Array(basis.size * count);
  if (index.some((k, i) => k > 0 && !basis.of.includes(i))) return jets;
  const factors = factorsAt(basis, points, dimension, index);
  const positions = new Array<number>(basis.axes.length).fill(0);
  for (let p = 0; p < basis.size; p++) {
    const row = jets.subarray(p * count, (p + 1) * count).fill(1);
    basis.axes.forEach((axis, i) => {
      const own = factors[i];
      for (let n = 0, at = positions[i]; n < count; n++, at += axis.count) row[n] *= own[at];
    });
    for (let i = positions.length - 1; i >= 0 && ++positions[i] === basis.axes[i].count; i--)
      positions[i] = 0;
  }
  return jets;
}
