/** What a region of space and the parts of its boundary answer. */
import type { BoundaryNodes } from './boundary-nodes.ts';
import type { Sampling } from './point-set.ts';
import type { Interval } from './primitive.ts';
import type { ShapeDefinition } from './shape-definition.ts';

export interface BoundaryPoints {
  /** (N, k), row-major. */
  readonly points: Float64Array;
  /** (N, k): outward of the whole shape, of length 1. */
  readonly normals: Float64Array;
  readonly count: number;
}

/** The point of the boundary that is closest to a point. */
export interface BoundaryProjection {
  readonly point: Float64Array;
  /** Outward of the whole shape; at a corner, of one of the parts that meet there. */
  readonly normal: Float64Array;
  /** Not negative. */
  readonly distance: number;
  readonly part: BoundaryPart;
}

/** What is left of a smooth piece of a primitive's boundary in the boundary of the whole shape. */
export interface BoundaryPart {
  /** Of the primitive it comes from: the innermost name that holds for it. */
  readonly name: string | undefined;
  /** Its points (1D), length (2D) or area (3D). */
  readonly measure: number;
  /** Where it lies on a plane of one coordinate. */
  readonly plane: { readonly axis: number; readonly value: number } | undefined;
  /** Exactly `count` points; the one end point in 1D. The same arguments give the same points. */
  sample(sampling: Sampling, count: number, seed: number): BoundaryPoints;
  /** Whether a point lies on it; the tolerance is a length, by default 1e-9 of the shape's size. */
  contains(point: ArrayLike<number>, tolerance?: number): boolean;
  /** Its point that is closest to a point. */
  project(point: ArrayLike<number>): BoundaryProjection;
}

export interface Shape {
  readonly definition: ShapeDefinition;
  readonly name: string | undefined;
  readonly dimension: number;
  /** The smallest box around it; for combinations in three and more dimensions a box around it. */
  readonly bounds: readonly Interval[];
  /** Length, area or volume. */
  readonly measure: number;
  /** Closed: a point of the boundary, within rounding, is inside. */
  contains(point: ArrayLike<number>): boolean;
  /** Negative inside. The distance is exact up to three dimensions and for primitives; the sign always. */
  signedDistance(point: ArrayLike<number>): number;
  /** The parts of the boundary of the whole shape; none overlap. */
  readonly boundary: readonly BoundaryPart[];
  /** Parts of the boundary that come from whatever bears the name, anywhere in the definition. */
  partsNamed(name: string): readonly BoundaryPart[];
  /** The named sub-shape by itself. */
  region(name: string): Shape | undefined;
  /** Exactly `count` points inside, (N, k) row-major. The same arguments give the same points. */
  sample(sampling: Sampling, count: number, seed: number): Float64Array;
  /** The closest point of the boundary. */
  project(point: ArrayLike<number>): BoundaryProjection;
  /** Points along the boundary, about `spacing` from each other, corners among them. */
  boundaryAround(spacing: number): BoundaryNodes;
  /**
   * Points inside, about `spacing` from each other and at least half of it from the boundary, (N, k)
   * row-major. The seed moves the lattice.
   */
  latticePoints(spacing: number, seed?: number): Float64Array;
}
