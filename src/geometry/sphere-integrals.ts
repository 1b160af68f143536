/** Area and mean normal of what is left of a sphere, by circles of latitude. */
import { stretchEnds } from './arrangement.ts';
import { meetings } from './curve-meetings.ts';
import { EllipticCurve } from './elliptic-curve.ts';
import { leafSections } from './plane-section.ts';
import type { Face } from './primitive.ts';
import type { PlacedLeaf } from './shape-tree.ts';

type Sphere = NonNullable<Face['sphere']>;

/** Gauss–Legendre with eight nodes on [−1, 1], positive half: node, weight. */
const gauss = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;
const deepest = 9;
const relativeError = 1e-10;

/** ∫ of a function with several components, halving where two halves disagree with the whole. */
function integrate(f: (x: number) => number[], low: number, high: number, tolerance: number): number[] {
  const rule = (from: number, to: number): number[] => {
    const [middle, half] = [0.5 * (from + to), 0.5 * (to - from)];
    const sum = [0, 0, 0, 0];
    for (const [node, weight] of gauss)
      for (const side of [-1, 1])
        f(middle + side * node * half).forEach((value, i) => {
          sum[i] += weight * half * value;
        });
    return sum;
  };
  const refine = (from: number, to: number, whole: number[], depth: number): number[] => {
    const middle = 0.5 * (from + to);
    const [left, right] = [rule(from, middle), rule(middle, to)];
    const error = Math.max(...whole.map((w, i) => Math.abs(left[i] + right[i] - w)));
    if (error <= tolerance || depth === deepest) return left.map((v, i) => v + right[i]);
    const [a, b] = [refine(from, middle, left, depth + 1), refine(middle, to, right, depth + 1)];
    return a.map((v, i) => v + b[i]);
  };
  return refine(low, high, rule(low, high), 0);
}

/**
 * The area, and ∫ n dA with the sphere's outward normal. With dA = r dφ dz the integrand is the angle that is
 * left of each circle of latitude, found exactly; it has square roots where a circle begins to be cut, which
 * the substitution z = sin takes away.
 *
 * @param heights at which the circles of latitude begin or cease to meet another surface
 */
export function sphereIntegrals(
  sphere: Sphere,
  heights: readonly number[],
  others: readonly PlacedLeaf[],
  rounding: number,
  left: (point: ArrayLike<number>) => boolean,
): { area: number; normal: number[] } {
  const { center, radius } = sphere;
  const slice = (z: number): number[] => {
    const height = z - center[2];
    const rho = Math.sqrt(Math.max(0, radius * radius - height * height));
    if (rho <= rounding) return [0, 0, 0, 0];
    const circle = new EllipticCurve([center[0], center[1]], [rho, rho], 0);
    const cuts = leafSections(others, 2, z, rounding).flatMap(({ primitive }) =>
      primitive.faces.flatMap((face) => meetings(circle, face.curve!, rounding)),
    );
    const ends = stretchEnds(circle, cuts, rounding);
    const sum = [0, 0, 0, 0];
    for (let i = 0; i + 1 < ends.length; i++) {
      const [from, to] = [ends[i], ends[i + 1]];
      if (!left([...circle.point(0.5 * (from + to)), z])) continue;
      sum[0] += radius * (to - from);
      sum[1] += rho * (Math.sin(to) - Math.sin(from));
      sum[2] += rho * (Math.cos(from) - Math.cos(to));
      sum[3] += height * (to - from);
    }
    return sum;
  };
  const [low, high] = [center[2] - radius, center[2] + radius];
  const breaks = [low, ...heights.filter((h) => h > low && h < high).sort((a, b) => a - b), high];
  const total = [0, 0, 0, 0];
  for (let i = 0; i + 1 < breaks.length; i++) {
    const [from, to] = [breaks[i], breaks[i + 1]];
    if (to - from <= rounding) continue;
    const [middle, half] = [0.5 * (from + to), 0.5 * (to - from)];
    const panel = integrate(
      (s) =>
        slice(middle + half * Math.sin(0.5 * Math.PI * s)).map(
          (v) => v * half * 0.5 * Math.PI * Math.cos(0.5 * Math.PI * s),
        ),
      -1,
      1,
      relativeError * radius * radius,
    );
    panel.forEach((v, k) => {
      total[k] += v;
    });
  }
  return { area: total[0], normal: total.slice(1) };
}
