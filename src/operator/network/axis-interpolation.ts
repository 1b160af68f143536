/** Interpolation along one coordinate: trigonometric on a circle, else by a cubic spline. */
import { FourierBasis, fourierCoefficients } from '../space/fourier-basis.ts';
import { SplineBasis } from '../space/spline-basis.ts';

export interface GridAxis {
  readonly low: number;
  readonly high: number;
  /** Ascending and equidistant; on a circle without the point at `high`. */
  readonly nodes: readonly number[];
  readonly periodic: boolean;
}

/** Weights of nodes in a value; those that are zero are left out. */
export interface NodeWeights {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

/** For every place the weights of the axis's nodes in the interpolant there, or in a derivative of it. */
export function nodeWeights(
  { low, high, nodes, periodic }: GridAxis,
  places: ArrayLike<number>,
  order = 0,
): NodeWeights[] {
  const n = nodes.length;
  if (n === 1)
    return Array.from(places, () =>
      order === 0 ? { nodes: [0], weights: [1] } : { nodes: [], weights: [] },
    );
  const cardinal = nodes.map((_, i) => {
    const unit = new Float64Array(n);
    unit[i] = 1;
    if (!periodic) return new SplineBasis(nodes, n < 4 ? 1 : 3).evaluator(unit, order);
    const own = fourierCoefficients(unit);
    const f = new FourierBasis(
      { low: nodes[0], high: nodes[0] + high - low },
      (own.length - 1) / 2,
    ).evaluator(own, order);
    return f;
  });
  const spacing = nodes[1] - nodes[0];
  const known = new Map<number, NodeWeights>();
  return Array.from(places, (x) => {
    const found = known.get(x);
    if (found !== undefined) return found;
    const nearest = Math.round((x - nodes[0]) / spacing);
    const at = periodic ? ((nearest % n) + n) % n : nearest;
    const hit =
      order === 0 && Math.abs(x - nodes[0] - nearest * spacing) < 1e-12 * (high - low) && at >= 0 && at < n;
    const kept: [number, number][] = hit
      ? [[at, 1]]
      : cardinal.map((f, i): [number, number] => [i, f(x)]).filter(([, weight]) => weight !== 0);
    const result = { nodes: kept.map(([i]) => i), weights: kept.map(([, weight]) => weight) };
    known.set(x, result);
    return result;
  });
}

/**
 * Values at points from values on a grid of one or two axes.
 *
 * @param values   (count, all nodes), the last axis running fastest
 * @param weights  of each axis, (points)
 * @returns (count, points)
 */
export function interpolated(
  values: Float64Array,
  count: number,
  sides: readonly number[],
  weights: readonly (readonly NodeWeights[])[],
): Float64Array {
  const size = sides.reduce((a, b) => a * b, 1);
  const points = weights[0].length;
  const result = new Float64Array(count * points);
  for (let p = 0; p < points; p++) {
    // Products over the axes, of nodes by their place in the grid.
    let places: number[] = [0];
    let factors: number[] = [1];
    weights.forEach((own, axis) => {
      const { nodes, weights: w } = own[p];
      places = places.flatMap((place) => nodes.map((node) => place * sides[axis] + node));
      factors = factors.flatMap((factor) => w.map((weight) => factor * weight));
    });
    for (let n = 0; n < count; n++) {
      let sum = 0;
      for (let k = 0; k < places.length; k++) sum += factors[k] * values[n * size + places[k]];
      result[n * points + p] = sum;
    }
  }
  return result;
}
