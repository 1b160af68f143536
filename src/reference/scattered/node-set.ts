import type { BoundaryPart, Shape } from '../../geometry/shape.ts';
import { type RandomGenerator, randomGenerator } from '../../random/generator.ts';
import { curveNodes, type SurfaceNodes } from './curve-nodes.ts';
import { PointTree } from './point-tree.ts';
import type { Spacing } from './spacing.ts';

/** Scattered nodes in a shape: those on its boundary, those on both sides of interfaces, those inside. */
export interface NodeSet {
  readonly dimension: number;
  /** (N, dimension), row-major: boundary nodes first, then pairs on interfaces, then inner ones. */
  readonly points: Float64Array;
  readonly count: number;
  readonly boundary: SurfaceNodes;
  /** Nodes on interfaces; number i stands twice, at boundary.count + 2i (minus side) and after it (plus side). */
  readonly interfaces: SurfaceNodes;
  /** Region of each node: stencils do not cross from one to another. */
  readonly regions: Int32Array;
}

/** How a shape is parted by interfaces. */
export interface Partition {
  /** Parts of region boundaries inside the shape, normals outward of the minus side. */
  readonly parts: readonly BoundaryPart[];
  readonly divided: boolean;
  /** The region that holds a point. */
  regionOf(point: ArrayLike<number>): number;
}

export const undivided: Partition = { parts: [], divided: false, regionOf: () => 0 };

/**
 * Nodes of a spacing: on curves evenly, inside by advancing from them (Slak & Kosec (2019), SIAM J. Sci. Comput.
 * 41, A3202–A3229), then evened out by repulsion from neighbours, as in Fornberg & Flyer (2015), Comput. Math.
 * Appl. 69, 531–544.
 */
export function nodeSet(
  shape: Shape,
  partition: Partition,
  corners: Float64Array,
  spacing: Spacing,
): NodeSet {
  const { dimension } = shape;
  const surface = (parts: readonly BoundaryPart[]): SurfaceNodes =>
    dimension === 2 ? curveNodes(parts, corners, spacing) : surfaceNodes(parts, dimension, spacing);
  const boundary = surface(shape.boundary);
  const interfaces = surface(partition.parts);
  const random = randomGenerator(1);
  const distanceTo = distanceToSurfaces(shape, partition);
  const fixed = [...boundary.points, ...interfaces.points];
  const all = advance(fixed, dimension, spacing, distanceTo, random);
  repel(all, fixed.length / dimension, dimension, spacing, distanceTo);

  const inner = all.length / dimension - fixed.length / dimension;
  const count = boundary.count + 2 * interfaces.count + inner;
  const points = new Float64Array(count * dimension);
  points.set(boundary.points);
  for (let i = 0; i < interfaces.count; i++) {
    const point = interfaces.points.subarray(i * dimension, (i + 1) * dimension);
    for (const side of [0, 1]) points.set(point, (boundary.count + 2 * i + side) * dimension);
  }
  points.set(all.slice(fixed.length), (count - inner) * dimension);
  const regions = new Int32Array(count);
  if (partition.divided) {
    const probe = new Float64Array(dimension);
    for (let i = 0; i < count; i++) {
      const pair = i - boundary.count;
      const paired = pair >= 0 && pair < 2 * interfaces.count;
      const at = i < boundary.count ? i : paired ? pair >> 1 : -1;
      const normals = i < boundary.count ? boundary.normals : interfaces.normals;
      const step = paired && pair % 2 === 1 ? 1 : -1;
      for (let a = 0; a < dimension; a++) {
        const x = points[i * dimension + a];
        // A node on a surface belongs to what lies beside it.
        probe[a] =
          at < 0
            ? x
            : x + step * 1e-3 * spacing.at(points.subarray(i * dimension)) * normals[at * dimension + a];
      }
      regions[i] = partition.regionOf(probe);
    }
  }
  return { dimension, points, count, boundary, interfaces, regions };
}

/** Negative inside; its magnitude is the distance to the nearest boundary or interface. */
export function distanceToSurfaces(shape: Shape, partition: Partition): (point: ArrayLike<number>) => number {
  if (partition.parts.length === 0) return (point) => shape.signedDistance(point);
  return (point) => {
    const outer = shape.signedDistance(point);
    if (outer >= 0) return outer;
    let nearest = -outer;
    for (const part of partition.parts) nearest = Math.min(nearest, part.project(point).distance);
    return -nearest;
  };
}

/** Least distance of inner nodes from surfaces, as a share of the spacing. */
const clearance = 0.45;

/** Adds points at the spacing's distance around those there are, until no more fit. */
function advance(
  fixed: readonly number[],
  dimension: number,
  spacing: Spacing,
  distanceTo: (point: ArrayLike<number>) => number,
  random: RandomGenerator,
): Float64Array {
  const points = [...fixed];
  const cells = new CellLists(dimension, points, spacing);
  const candidate = new Float64Array(dimension);
  for (let i = 0; i * dimension < points.length; i++) {
    const centre = points.slice(i * dimension, (i + 1) * dimension);
    const h = spacing.at(centre);
    for (const direction of directions(dimension, random)) {
      for (let a = 0; a < dimension; a++) candidate[a] = centre[a] + h * direction[a];
      const own = spacing.at(candidate);
      if (cells.occupied(candidate, 0.98 * Math.min(h, own))) continue;
      if (distanceTo(candidate) > -clearance * own) continue;
      cells.add(candidate);
    }
  }
  return Float64Array.from(points);
}

/** Unit vectors in all directions, turned at random. */
function directions(dimension: number, random: RandomGenerator): number[][] {
  const turn = random.uniform();
  if (dimension === 2) {
    return Array.from({ length: 12 }, (_, k) => {
      const angle = 2 * Math.PI * ((k + turn) / 12);
      return [Math.cos(angle), Math.sin(angle)];
    });
  }
  const count = 40;
  const golden = Math.PI * (3 - Math.sqrt(5));
  return Array.from({ length: count }, (_, k) => {
    const z = 1 - (2 * (k + 0.5)) / count;
    const radius = Math.sqrt(1 - z * z);
    const angle = golden * k + 2 * Math.PI * turn;
    return [radius * Math.cos(angle), radius * Math.sin(angle), z];
  });
}

/** Moves inner points away from their neighbours, a little at a time. */
function repel(
  points: Float64Array,
  fixed: number,
  dimension: number,
  spacing: Spacing,
  distanceTo: (point: ArrayLike<number>) => number,
): void {
  const count = points.length / dimension;
  const neighbours = dimension === 2 ? 9 : 16;
  const force = new Float64Array(dimension);
  const moved = new Float64Array(dimension);
  let near: Int32Array[] = [];
  for (let iteration = 0; iteration < 12; iteration++) {
    if (iteration % 4 === 0) {
      const tree = new PointTree(points, dimension);
      near = Array.from({ length: count - fixed }, (_, i) =>
        tree.nearest(points.subarray((fixed + i) * dimension, (fixed + i + 1) * dimension), neighbours),
      );
    }
    const step = iteration < 8 ? 0.06 : 0.03;
    for (let i = fixed; i < count; i++) {
      const centre = points.subarray(i * dimension, (i + 1) * dimension);
      const h = spacing.at(centre);
      force.fill(0);
      for (const j of near[i - fixed]) {
        if (j === i) continue;
        let square = 0;
        for (let a = 0; a < dimension; a++) square += (centre[a] - points[j * dimension + a]) ** 2;
        const r = Math.sqrt(square) / h;
        const factor = 1 / (r ** 4 + 1e-3) / (r * h);
        for (let a = 0; a < dimension; a++) force[a] += factor * (centre[a] - points[j * dimension + a]);
      }
      const size = Math.hypot(...force);
      if (size === 0) continue;
      const length = Math.min(0.15, step * size) * h;
      for (let a = 0; a < dimension; a++) moved[a] = centre[a] + (length * force[a]) / size;
      if (distanceTo(moved) <= -clearance * h) centre.set(moved);
    }
  }
}

/** Nodes on surfaces in space: points of a dense set that are a spacing apart. */
function surfaceNodes(parts: readonly BoundaryPart[], dimension: number, spacing: Spacing): SurfaceNodes {
  const points: number[] = [];
  const normals: number[] = [];
  const owners: number[] = [];
  const cells = new CellLists(dimension, points, spacing);
  parts.forEach((part, owner) => {
    const dense = part.sample(
      'sobol',
      Math.ceil((40 * part.measure) / spacing.coarsest ** (dimension - 1)),
      1,
    );
    for (let i = 0; i < dense.count; i++) {
      const point = dense.points.subarray(i * dimension, (i + 1) * dimension);
      if (cells.occupied(point, 0.82 * spacing.at(point))) continue;
      cells.add(point);
      normals.push(...dense.normals.subarray(i * dimension, (i + 1) * dimension));
      owners.push(owner);
    }
  });
  return {
    points: Float64Array.from(points),
    normals: Float64Array.from(normals),
    parts: Int32Array.from(owners),
    count: points.length / dimension,
  };
}

/** Points by the cells of nested grids, one for each power of two of the spacing. */
class CellLists {
  private readonly levels = new Map<number, Map<number, number[]>>();

  constructor(
    private readonly dimension: number,
    /** Grows by `add`. */
    private readonly points: number[],
    private readonly spacing: Spacing,
  ) {
    for (let i = 0; i * dimension < points.length; i++) this.insert(i);
  }

  add(point: ArrayLike<number>): void {
    for (let a = 0; a < this.dimension; a++) this.points.push(point[a]);
    this.insert(this.points.length / this.dimension - 1);
  }

  /** Whether there is a point nearer than a radius. */
  occupied(point: ArrayLike<number>, radius: number): boolean {
    // Spacings change slowly: points of other levels are farther away.
    const own = this.levelOf(point);
    for (let level = Math.max(0, own - 2); level <= own + 2; level++) {
      const cells = this.levels.get(level);
      if (cells === undefined) continue;
      const size = this.spacing.coarsest * 2 ** -level;
      if (this.search(cells, point, size, Math.ceil(radius / size), radius)) return true;
    }
    return false;
  }

  private levelOf(point: ArrayLike<number>): number {
    return Math.max(0, Math.round(Math.log2(this.spacing.coarsest / this.spacing.at(point))));
  }

  private search(
    cells: Map<number, number[]>,
    point: ArrayLike<number>,
    size: number,
    reach: number,
    radius: number,
  ): boolean {
    const { dimension, points } = this;
    const base = Array.from({ length: dimension }, (_, a) => Math.floor(point[a] / size));
    const side = 2 * reach + 1;
    const total = side ** dimension;
    for (let n = 0; n < total; n++) {
      let rest = n;
      let key = 0;
      for (let a = 0; a < dimension; a++) {
        key = hash(key, base[a] + (rest % side) - reach);
        rest = Math.floor(rest / side);
      }
      const cell = cells.get(key);
      if (cell === undefined) continue;
      for (const i of cell) {
        let square = 0;
        for (let a = 0; a < dimension; a++) square += (points[i * dimension + a] - point[a]) ** 2;
        if (square < radius * radius) return true;
      }
    }
    return false;
  }

  private insert(i: number): void {
    const { dimension, points, spacing } = this;
    const point = points.slice(i * dimension, (i + 1) * dimension);
    const level = this.levelOf(point);
    const cells = this.levels.get(level) ?? new Map<number, number[]>();
    this.levels.set(level, cells);
    const size = spacing.coarsest * 2 ** -level;
    const key = point.reduce((sum, x) => hash(sum, Math.floor(x / size)), 0);
    const list = cells.get(key);
    if (list === undefined) cells.set(key, [i]);
    else list.push(i);
  }
}

/** Cells that share a key do no harm: their points are looked at as well. */
function hash(key: number, index: number): number {
  return (Math.imul(key, 31337) + Math.imul(index, 73856093)) | 0;
}
