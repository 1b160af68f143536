import { SolveError } from '../../errors.ts';
import type { Shape } from '../../geometry/shape.ts';
import { nodeSet, undivided } from '../scattered/node-set.ts';
import type { Spacing } from '../scattered/spacing.ts';
import { delaunay } from './delaunay.ts';

/** An edge of a triangle on the boundary: its first corner, counterclockwise, within the triangle. */
export interface BoundaryEdge {
  readonly triangle: number;
  readonly corner: number;
}

/** Triangles with a node in the middle of each edge, which on the boundary is as curved as that. */
export interface QuadraticMesh {
  /** (N, 2): corners of triangles first. */
  readonly points: Float64Array;
  readonly count: number;
  /** How many nodes are corners of triangles. */
  readonly vertices: number;
  /** (T, 6): corners counterclockwise, then the middles of the edges from each to the next. */
  readonly triangles: Int32Array;
  readonly boundary: readonly BoundaryEdge[];
}

/** Of a triangle's longest edge squared: less of an area lies between points of a straight line. */
const flat = 1e-6;

/** Of an edge's length: how far from the boundary its middle may lie. */
const offBoundary = 0.3;

/**
 * A shape in the plane cut into triangles of a given size.
 *
 * @param corners of the shape, (C, 2)
 * @throws SolveError where triangles of this size do not fill the shape
 */
export function quadraticMesh(shape: Shape, corners: Float64Array, spacing: Spacing): QuadraticMesh {
  const nodes = nodeSet(shape, undivided, corners, spacing);
  const placed = [...corners, ...nodes.points];
  const onBoundary = corners.length / 2 + nodes.boundary.count;
  const inside = (corner: ArrayLike<number>): boolean => {
    const [ax, ay, bx, by, cx, cy] = [0, 1, 2].flatMap((c) => [
      placed[2 * corner[c]],
      placed[2 * corner[c] + 1],
    ]);
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    const longest = Math.max(
      (bx - ax) ** 2 + (by - ay) ** 2,
      (cx - ax) ** 2 + (cy - ay) ** 2,
      (cx - bx) ** 2 + (cy - by) ** 2,
    );
    if (!(area > flat * longest)) return false;
    // Only where all three are on the boundary can a triangle lie outside.
    if ([0, 1, 2].some((c) => corner[c] >= onBoundary)) return true;
    return shape.contains([(ax + bx + cx) / 3, (ay + by + cy) / 3]);
  };
  const all = delaunay(Float64Array.from(placed));
  let flatTriangles: number[][] = [];
  for (let t = 0; t < all.length; t += 3) {
    const own = [...all.subarray(t, t + 3)];
    if (inside(own)) flatTriangles.push(own);
  }
  // A triangle with two edges on the boundary has all velocities given and no say in the pressure at its corner.
  const once = singleEdges(flatTriangles);
  flatTriangles = flatTriangles.flatMap((own) => {
    const outer = [0, 1, 2].filter((c) => once.has(edgeKey(own[c], own[(c + 1) % 3])));
    if (outer.length < 2) return [own];
    const middle = placed.length / 2;
    for (let a = 0; a < 2; a++) placed.push(own.reduce((sum, v) => sum + placed[2 * v + a], 0) / 3);
    return [0, 1, 2].map((c) => [own[c], own[(c + 1) % 3], middle]);
  });

  const vertices = placed.length / 2;
  const outer = singleEdges(flatTriangles);
  const middles = new Map<string, number>();
  const boundary: BoundaryEdge[] = [];
  const triangles = new Int32Array(6 * flatTriangles.length);
  flatTriangles.forEach((own, triangle) => {
    triangles.set(own, 6 * triangle);
    for (let c = 0; c < 3; c++) {
      const [a, b] = [own[c], own[(c + 1) % 3]];
      const key = edgeKey(a, b);
      let middle = middles.get(key);
      if (outer.has(key)) boundary.push({ triangle, corner: c });
      if (middle === undefined) {
        middle = placed.length / 2;
        middles.set(key, middle);
        const at = [0, 1].map((axis) => 0.5 * (placed[2 * a + axis] + placed[2 * b + axis]));
        if (outer.has(key)) {
          const { point, distance } = shape.project(at);
          const length = Math.hypot(placed[2 * a] - placed[2 * b], placed[2 * a + 1] - placed[2 * b + 1]);
          if (distance > offBoundary * length)
            throw new SolveError('triangles of this size do not follow the boundary');
          placed.push(...point);
        } else placed.push(...at);
      }
      triangles[6 * triangle + 3 + c] = middle;
    }
  });
  return { points: Float64Array.from(placed), count: placed.length / 2, vertices, triangles, boundary };
}

function edgeKey(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Edges that only one triangle has. */
function singleEdges(triangles: readonly (readonly number[])[]): Set<string> {
  const single = new Set<string>();
  for (const own of triangles) {
    for (let c = 0; c < 3; c++) {
      const key = edgeKey(own[c], own[(c + 1) % 3]);
      if (!single.delete(key)) single.add(key);
    }
  }
  return single;
}
