import type { BoundaryPart, Shape } from '../../geometry/shape.ts';
import type { Spacing } from './spacing.ts';

/** Nodes on a boundary, none at its corners, so that each has one normal. */
export interface SurfaceNodes {
  /** (N, dimension), row-major. */
  readonly points: Float64Array;
  /** (N, dimension): outward of the shape. */
  readonly normals: Float64Array;
  /** Which of the parts each lies on. */
  readonly parts: Int32Array;
  readonly count: number;
}

/** A smooth piece of a curve: points in order. */
type Arc = number[][];

/** Points of a curve to one node. */
const density = 16;

/** Corners of a shape in the plane at which its inside takes more than a straight angle, (C, 2). */
export function reentrantCorners(shape: Shape): Float64Array {
  if (shape.dimension !== 2) return new Float64Array(0);
  const measure = shape.boundary.reduce((sum, part) => sum + part.measure, 0);
  const around = shape.boundaryAround(measure / 200);
  const radius = 1e-4 * measure;
  const rays = 128;
  const corners: number[] = [];
  for (let i = 0; i < around.count; i++) {
    if (around.corners[i] === 0) continue;
    const [x, y] = around.points.subarray(2 * i, 2 * i + 2);
    let inside = 0;
    for (let k = 0; k < rays; k++) {
      const angle = (2 * Math.PI * (k + 0.4)) / rays;
      if (shape.contains([x + radius * Math.cos(angle), y + radius * Math.sin(angle)])) inside++;
    }
    if (inside > 0.53 * rays) corners.push(x, y);
  }
  return Float64Array.from(corners);
}

/** Nodes on parts of a boundary in the plane: in the middle of stretches that are as long as the spacing. */
export function curveNodes(
  parts: readonly BoundaryPart[],
  corners: Float64Array,
  spacing: Spacing,
): SurfaceNodes {
  const points: number[] = [];
  const normals: number[] = [];
  const owners: number[] = [];
  parts.forEach((part, owner) => {
    for (const arc of arcsOf(part, corners, spacing.coarsest / density)) {
      const pieces = refined(arc, spacing);
      let total = 0;
      const sums = pieces.map(({ share }) => {
        total += share;
        return total;
      });
      const nodes = Math.max(1, Math.round(total));
      for (let i = 0, k = 0; i < nodes; i++) {
        const goal = ((i + 0.5) * total) / nodes;
        while (k < sums.length - 1 && sums[k] < goal) k++;
        const { point, normal } = part.project(pieces[k].middle);
        points.push(...point);
        normals.push(...normal);
        owners.push(owner);
      }
    }
  });
  return {
    points: Float64Array.from(points),
    normals: Float64Array.from(normals),
    parts: Int32Array.from(owners),
    count: points.length / 2,
  };
}

function arcsOf(part: BoundaryPart, corners: Float64Array, step: number): Arc[] {
  const count = Math.max(16, Math.ceil(part.measure / step));
  const spaced = part.measure / count;
  const { points } = part.sample('grid', count, 0);
  const arcs: Arc[] = [];
  for (let i = 0; i < count; i++) {
    const point = [points[2 * i], points[2 * i + 1]];
    const arc = arcs.at(-1);
    if (arc === undefined || distance(arc[arc.length - 1], point) > 1.8 * spaced) arcs.push([point]);
    else arc.push(point);
  }
  // A part's points stand in the middle of equal stretches: half of one is missing at each end.
  return arcs.map((arc) => [
    ...end(arc[0], arc[1], corners, spaced),
    ...arc,
    ...end(arc[arc.length - 1], arc[arc.length - 2], corners, spaced),
  ]);
}

function end(last: number[], inner: number[] | undefined, corners: Float64Array, spaced: number): Arc {
  for (let c = 0; c < corners.length; c += 2) {
    const corner = [corners[c], corners[c + 1]];
    if (distance(corner, last) < spaced) return [corner];
  }
  return inner === undefined
    ? []
    : [[last[0] + 0.5 * (last[0] - inner[0]), last[1] + 0.5 * (last[1] - inner[1])]];
}

/** Pieces of an arc that are short against the spacing: their middles, and their lengths as shares of it. */
function refined(arc: Arc, spacing: Spacing): { middle: number[]; share: number }[] {
  const pieces: { middle: number[]; share: number }[] = [];
  const add = (a: number[], b: number[]): void => {
    const middle = [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])];
    const share = distance(a, b) / spacing.at(middle);
    if (share > 2 / density) {
      add(a, middle);
      add(middle, b);
    } else pieces.push({ middle, share });
  };
  for (let i = 0; i + 1 < arc.length; i++) add(arc[i], arc[i + 1]);
  return pieces;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
