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
  const { slope, finest } = grading(coarsest, size);
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

/** How fast the spacing grows from a corner, and from what: both shrink with the coarsest spacing. */
function grading(coarsest: number, size: number): { slope: number; finest: number } {
  const relative = coarsest / size;
  return {
    slope: Math.min(0.2, 4 * relative),
    finest: coarsest * Math.max(1e-6, Math.min(1, 5 * relative ** 2)),
  };
}

/**
 * The coarsest spacing with which a shape in the plane or in space gets about so many nodes.
 *
 * @param volume area or volume, times the excess of closer nodes at small features
 */
export function spacingFor(
  nodes: number,
  volume: number,
  corners: number,
  dimension: number,
  size: number,
): number {
  const count = (coarsest: number): number => {
    const { slope, finest } = grading(coarsest, size);
    // About a corner of three quarters of a circle the spacing is finest + slope·r.
    const around = Math.max(0, Math.log(coarsest / finest) - 1 + finest / coarsest);
    return volume / coarsest ** dimension + (corners * 1.5 * Math.PI * around) / slope ** 2;
  };
  let low = 1e-4 * size;
  let high = size;
  for (let step = 0; step < 60; step++) {
    const middle = Math.sqrt(low * high);
    if (count(middle) > nodes) low = middle;
    else high = middle;
  }
  return high;
}
