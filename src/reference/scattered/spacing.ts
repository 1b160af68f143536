/** Distance between neighbouring nodes, as a function of place. */
export interface Spacing {
  /** The largest there is. */
  readonly coarsest: number;
  at(point: ArrayLike<number>): number;
}

/**
 * A share of the coarsest spacing by place, and near corners one that shrinks in proportion to the distance:
 * solutions that behave as a fractional power of the distance look alike on every scale.
 *
 * @param corners (C, dimension), row-major
 * @param size of the domain
 */
export function gradedSpacing(
  coarsest: number,
  share: (point: ArrayLike<number>) => number,
  corners: Float64Array,
  dimension: number,
  size: number,
): Spacing {
  const relative = coarsest / size;
  const slope = Math.min(0.35, 4 * relative);
  const finest = coarsest * Math.max(1e-7, Math.min(1, 20 * relative ** 3));
  return {
    coarsest,
    at: (point) => {
      const wide = coarsest * share(point);
      if (corners.length === 0) return wide;
      let nearest = Number.POSITIVE_INFINITY;
      for (let c = 0; c < corners.length; c += dimension) {
        let square = 0;
        for (let a = 0; a < dimension; a++) square += (point[a] - corners[c + a]) ** 2;
        if (square < nearest) nearest = square;
      }
      return Math.min(wide, finest + slope * Math.sqrt(nearest));
    },
  };
}
