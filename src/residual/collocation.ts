/** Collocation points: where residuals are taken. All in normalised coordinates, [−1, 1]^d. */
import { type Sampling, samplePoints } from '../geometry/point-set.ts';

/** Points inside the domain, (N, d) row-major. */
export function interiorPoints(
  sampling: Sampling,
  count: number,
  dimension: number,
  seed: number,
): Float64Array {
  return samplePoints(sampling, count, dimension, seed).map((x) => 2 * x - 1);
}

/**
 * Points with coordinate `axis` held at `value` (normalised), (N, d) row-major; one point where the domain
 * has no other coordinate. Corners of the plane are points too when there is one other coordinate.
 */
export function planePoints(
  sampling: Sampling,
  count: number,
  dimension: number,
  axis: number,
  value: number,
  seed: number,
): Float64Array {
  if (dimension === 1) return Float64Array.of(value);
  const others = samplePoints(sampling, count, dimension - 1, seed);
  if (dimension === 2 && count > 1) {
    // Along a line equal spacing with both ends is what quadrature would choose; the seed moves nothing here.
    for (let n = 0; n < count; n++) others[n] = n / (count - 1);
  }
  const total = others.length / (dimension - 1);
  const points = new Float64Array(total * dimension);
  for (let n = 0; n < total; n++)
    for (let i = 0; i < dimension; i++)
      points[n * dimension + i] =
        i === axis ? value : 2 * others[n * (dimension - 1) + (i < axis ? i : i - 1)] - 1;
  return points;
}
