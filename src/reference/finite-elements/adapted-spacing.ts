import type { Spacing } from '../scattered/spacing.ts';
import type { MeshFunction } from './mesh-function.ts';
import type { QuadraticMesh } from './quadratic-mesh.ts';
import { edgePlaces, quadraticBasis } from './triangle-basis.ts';

/** Order of the error of a triangle in its size. */
const order = 3;

/** The next size of a triangle over its size. */
const least = 0.4;
const most = 1.25;

/** Growth of the size with the distance. */
const slope = 0.3;

/**
 * The spacing of a mesh with about so many times the triangles of one with a solution on it, small where the solution's
 * slopes jump from triangle to triangle: Kelly, Gago, Zienkiewicz & Babuška (1983), Int. J. Numer. Methods Eng. 19,
 * 1593–1619, with the errors of all triangles made alike.
 */
export function adaptedSpacing(mesh: QuadraticMesh, solution: MeshFunction, growth: number): Spacing {
  const total = mesh.triangles.length / 6;
  const errors = jumps(mesh, solution);
  const sizes = Float64Array.from({ length: total }, (_, t) =>
    Math.sqrt((4 / Math.sqrt(3)) * areaOf(mesh, t)),
  );
  const share = (t: number, level: number): number =>
    Math.min(most, Math.max(least, errors[t] > 0 ? (level / errors[t]) ** (1 / order) : most));
  let low = 1e-12 * Math.max(...errors);
  let high = Math.max(...errors);
  for (let step = 0; step < 60; step++) {
    const level = Math.sqrt(low * high);
    let count = 0;
    for (let t = 0; t < total; t++) count += share(t, level) ** -2;
    if (count > growth * total) low = level;
    else high = level;
  }
  const atVertex = new Float64Array(mesh.vertices).fill(Number.POSITIVE_INFINITY);
  for (let t = 0; t < total; t++)
    for (let c = 0; c < 3; c++) {
      const node = mesh.triangles[6 * t + c];
      atVertex[node] = Math.min(atVertex[node], sizes[t] * share(t, high));
    }
  smooth(mesh, atVertex);
  return {
    coarsest: atVertex.reduce((largest, size) => Math.max(largest, size), 0),
    at: (point) => {
      const { t, place } = solution.locate(point[0], point[1]);
      const s = Math.min(1, Math.max(0, place[0]));
      const v = Math.min(1 - s, Math.max(0, place[1]));
      const [a, b, c] = mesh.triangles.subarray(6 * t, 6 * t + 3);
      return (1 - s - v) * atVertex[a] + s * atVertex[b] + v * atVertex[c];
    },
  };
}

/** Makes sizes at vertices grow no faster than with the slope. */
function smooth({ points, triangles }: QuadraticMesh, sizes: Float64Array): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (let t = 0; t < triangles.length; t += 6)
      for (let c = 0; c < 3; c++) {
        const [a, b] = [triangles[t + c], triangles[t + ((c + 1) % 3)]];
        const far = slope * Math.hypot(points[2 * a] - points[2 * b], points[2 * a + 1] - points[2 * b + 1]);
        for (const [from, to] of [
          [a, b],
          [b, a],
        ])
          if (sizes[to] > sizes[from] + far) {
            sizes[to] = sizes[from] + far;
            changed = true;
          }
      }
  }
}

function areaOf({ points, triangles }: QuadraticMesh, t: number): number {
  const [a, b, c] = triangles.subarray(6 * t, 6 * t + 3);
  const [x, y] = [points[2 * a], points[2 * a + 1]];
  return (
    0.5 * ((points[2 * b] - x) * (points[2 * c + 1] - y) - (points[2 * c] - x) * (points[2 * b + 1] - y))
  );
}

/** For each triangle h³∮[∂u/∂n]², relative to ∫u² and summed over the fields, square root taken. */
function jumps(mesh: QuadraticMesh, solution: MeshFunction): Float64Array {
  const { triangles, points } = mesh;
  const total = triangles.length / 6;
  const { fields } = solution;
  const norms = solution.squares();
  const slopesAt = (t: number, corner: number, at: number, normal: readonly number[]): number[] => {
    const ends = [corner, (corner + 1) % 3].map((c) => [Number(c === 1), Number(c === 2)]);
    const [s, v] = [0, 1].map((a) => (1 - at) * ends[0][a] + at * ends[1][a]);
    return solution.slopes(t, quadraticBasis(s, v)).map(([x, y]) => x * normal[0] + y * normal[1]);
  };
  const beside = new Map<number, { t: number; corner: number }>();
  const errors = new Float64Array(total);
  for (let t = 0; t < total; t++)
    for (let corner = 0; corner < 3; corner++) {
      const other = beside.get(triangles[6 * t + 3 + corner]);
      if (other === undefined) {
        beside.set(triangles[6 * t + 3 + corner], { t, corner });
        continue;
      }
      const [a, b] = [triangles[6 * t + corner], triangles[6 * t + ((corner + 1) % 3)]];
      const [dx, dy] = [points[2 * b] - points[2 * a], points[2 * b + 1] - points[2 * a + 1]];
      const length = Math.hypot(dx, dy);
      let sum = 0;
      for (const { at, weight } of edgePlaces) {
        const own = slopesAt(t, corner, at, [dy / length, -dx / length]);
        const its = slopesAt(other.t, other.corner, 1 - at, [dy / length, -dx / length]);
        for (let f = 0; f < fields; f++) sum += (weight * length * (own[f] - its[f]) ** 2) / norms[f];
      }
      errors[t] += length ** 3 * sum;
      errors[other.t] += length ** 3 * sum;
    }
  return errors.map(Math.sqrt);
}
