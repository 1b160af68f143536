import { NotSupportedError, ProblemError } from '../errors.ts';
import { acceptedPoints } from './accepted-points.ts';
import type { BoundaryNodes } from './boundary-nodes.ts';
import { drawnBoundary, type FaceRemainder, type RegionBoundary } from './face-remainder.ts';
import { InsideTest } from './inside-test.ts';
import { latticeInBox } from './lattice.ts';
import { planarBoundary } from './planar-boundary.ts';
import { type Sampling, samplePoints } from './point-set.ts';
import type { Interval } from './primitive.ts';
import type { BoundaryPart, BoundaryPoints, BoundaryProjection, Shape } from './shape-contract.ts';
import type { ShapeDefinition } from './shape-definition.ts';
import { type PlacedLeaf, placedLeaves, type ShapeTree, subtreesNamed, treeBounds } from './shape-tree.ts';
import { solidBoundary } from './solid-boundary.ts';

function distanceBetween(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let square = 0;
  for (let i = 0; i < a.length; i++) square += (a[i] - b[i]) ** 2;
  return Math.sqrt(square);
}

class Part implements BoundaryPart {
  readonly name: string | undefined;
  readonly plane: BoundaryPart['plane'];
  readonly #remainder: FaceRemainder;
  readonly #size: number;

  constructor(remainder: FaceRemainder, size: number) {
    this.name = remainder.placed.name;
    this.plane = remainder.face.plane;
    this.#remainder = remainder;
    this.#size = size;
  }

  get measure(): number {
    return this.#remainder.measure;
  }

  #normal(point: ArrayLike<number>): Float64Array {
    const { face, placed } = this.#remainder;
    return face.normal(point).map((n) => (n === 0 ? 0 : placed.orientation * n));
  }

  sample(sampling: Sampling, count: number, seed: number): BoundaryPoints {
    const points = this.#remainder.sample(sampling, count, seed);
    const dimension = this.#remainder.placed.leaf.primitive.dimension;
    const normals = new Float64Array(points.length);
    for (let offset = 0; offset < points.length; offset += dimension)
      normals.set(this.#normal(points.subarray(offset, offset + dimension)), offset);
    return { points, normals, count: points.length / dimension };
  }

  contains(point: ArrayLike<number>, tolerance = 1e-9 * this.#size): boolean {
    return this.distance(point) <= tolerance;
  }

  /** Infinite where the closest point is not at hand. */
  distance(point: ArrayLike<number>): number {
    const nearest = this.#remainder.nearest(point);
    return nearest === undefined ? Number.POSITIVE_INFINITY : distanceBetween(nearest, point);
  }

  project(point: ArrayLike<number>): BoundaryProjection {
    const nearest = this.#remainder.nearest(point);
    if (nearest === undefined) throw noNearest();
    return {
      point: nearest,
      normal: this.#normal(nearest),
      distance: distanceBetween(nearest, point),
      part: this,
    };
  }
}

function noNearest(): NotSupportedError {
  return new NotSupportedError(
    'the closest point of a boundary is known for primitives, and for combinations up to three dimensions',
  );
}

/** A shape made from its tree of primitives. */
export class Region implements Shape {
  readonly definition: ShapeDefinition;
  readonly name: string | undefined;
  readonly dimension: number;
  readonly bounds: readonly Interval[];
  readonly #tree: ShapeTree;
  readonly #path: string;
  readonly #test: InsideTest;
  readonly #leaves: readonly PlacedLeaf[];
  readonly #boundary: RegionBoundary;
  readonly #parts: readonly Part[];
  #measure: number | undefined;

  constructor(tree: ShapeTree, definition: ShapeDefinition, path: string) {
    this.definition = definition;
    this.name = tree.name;
    this.#tree = tree;
    this.#path = path;
    this.#test = new InsideTest(tree);
    this.dimension = this.#test.dimension;
    this.#leaves = placedLeaves(tree);
    this.#boundary = this.#boundaryOf(this.#leaves);
    const { remainders, bounds, pinch } = this.#boundary;
    if (remainders.length === 0)
      throw new ProblemError(`the ${tree.kind} leaves nothing`, { path, hint: 'its inside is empty' });
    if (pinch !== undefined)
      throw new ProblemError(
        `shapes touch in the single point (${Array.from(pinch, (x) => Number(x.toPrecision(6))).join(', ')})`,
        { path, hint: 'let them overlap, or move them apart' },
      );
    this.bounds = bounds ?? treeBounds(tree);
    this.#parts = remainders.map((remainder) => new Part(remainder, this.#test.size));
  }

  /** What some of the leaves contribute. */
  #boundaryOf(leaves: readonly PlacedLeaf[]): RegionBoundary {
    const build = { 2: planarBoundary, 3: solidBoundary }[this.dimension] ?? drawnBoundary;
    return build(this.#test, leaves, this.#leaves);
  }

  get boundary(): readonly BoundaryPart[] {
    return this.#parts;
  }

  get measure(): number {
    this.#measure ??=
      this.#tree.kind === 'primitive'
        ? this.#tree.primitive.measure
        : (this.#boundary.measure?.() ?? this.#drawnMeasure());
    return this.#measure;
  }

  #drawnMeasure(): number {
    return this.#share() * this.bounds.reduce((p, { low, high }) => p * (high - low), 1);
  }

  #share(): number {
    const count = 2 ** 16;
    const points = this.#scaled(samplePoints('sobol', count, this.dimension, 1));
    let inside = 0;
    for (let n = 0; n < count; n++)
      if (this.#test.strictly(points.subarray(n * this.dimension, (n + 1) * this.dimension))) inside++;
    return inside / count;
  }

  /** From the unit cube to the bounds. */
  #scaled(unit: Float64Array): Float64Array {
    return unit.map((u, i) => {
      const { low, high } = this.bounds[i % this.dimension];
      return low + u * (high - low);
    });
  }

  contains(point: ArrayLike<number>): boolean {
    const { rounding } = this.#test;
    const level = this.#test.level(point);
    if (Math.abs(level) > rounding || this.#tree.kind === 'primitive') return level <= rounding;
    return this.#distance(point) <= 10 * rounding || this.#test.contains(point);
  }

  signedDistance(point: ArrayLike<number>): number {
    if (this.#tree.kind === 'primitive') return this.#tree.primitive.signedDistance(point);
    const distance = this.#distance(point);
    const magnitude = Number.isFinite(distance) ? distance : Math.abs(this.#test.level(point));
    return this.contains(point) ? -magnitude : magnitude;
  }

  #distance(point: ArrayLike<number>): number {
    return this.#parts.reduce(
      (least, part) => Math.min(least, part.distance(point)),
      Number.POSITIVE_INFINITY,
    );
  }

  project(point: ArrayLike<number>): BoundaryProjection {
    const distances = this.#parts.map((part) => part.distance(point));
    const least = Math.min(...distances);
    if (!Number.isFinite(least)) throw noNearest();
    return this.#parts[distances.indexOf(least)].project(point);
  }

  partsNamed(name: string): readonly BoundaryPart[] {
    const named = this.#leaves.filter(({ names }) => names.includes(name));
    return named.length === this.#leaves.length
      ? this.boundary
      : this.#boundaryOf(named).remainders.map((r) => new Part(r, this.#test.size));
  }

  region(name: string): Shape | undefined {
    const found = subtreesNamed(this.#tree, name);
    if (found.length === 0) return undefined;
    if (found[0] === this.#tree) return this;
    const [first] = found;
    if (found.length === 1) return new Region(first, first.definition, this.#path);
    const definition = { union: found.map((tree) => tree.definition), name };
    return new Region({ kind: 'union', name, definition, children: found }, definition, this.#path);
  }

  sample(sampling: Sampling, count: number, seed: number): Float64Array {
    const own = this.#tree.kind === 'primitive' ? this.#tree.primitive.interior : undefined;
    if (own !== undefined) {
      const unit = acceptedPoints(sampling, count, seed, { ...own, share: 1, accepts: () => true });
      const points = new Float64Array(count * this.dimension);
      for (let n = 0; n < count; n++) points.set(own.place(unit, n * own.axes), n * this.dimension);
      return points;
    }
    const extents = this.bounds.map(({ low, high }) => high - low);
    const point = new Float64Array(this.dimension);
    const unit = acceptedPoints(sampling, count, seed, {
      axes: this.dimension,
      extents,
      share: this.measure / extents.reduce((p, e) => p * e, 1),
      accepts: (candidate, offset) => {
        for (let i = 0; i < this.dimension; i++)
          point[i] = this.bounds[i].low + candidate[offset + i] * extents[i];
        return this.#test.strictly(point);
      },
    });
    return this.#scaled(unit);
  }

  boundaryAround(spacing: number): BoundaryNodes {
    return this.#boundary.nodes(checkedSpacing(spacing));
  }

  latticePoints(spacing: number, seed = 0): Float64Array {
    const least = 0.5 * checkedSpacing(spacing);
    return latticeInBox(this.bounds, spacing, seed, (point) => this.signedDistance(point) <= -least);
  }
}

function checkedSpacing(spacing: number): number {
  if (!(spacing > 0 && Number.isFinite(spacing)))
    throw new ProblemError(`the spacing ${spacing} is not a positive number`);
  return spacing;
}
