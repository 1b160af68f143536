/** What a primitive shape (box, ball, ellipse, polygon) states about itself. */
import type { PlanarCurve } from './curve-meetings.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A smooth piece of a primitive's boundary: the end of an interval, an edge, a rectangle, a sphere. */
export interface Face {
  /** Its points (1D), length (2D), area (3D). */
  readonly measure: number;
  /** Axes of the unit cube that `place` reads. */
  readonly axes: number;
  /** Extents along those axes, for grids of about square cells. */
  readonly extents: readonly number[];
  /** Where all of it has one value of a coordinate. */
  readonly plane: { readonly axis: number; readonly value: number } | undefined;
  /** Where it is a sphere. */
  readonly sphere: { readonly center: readonly number[]; readonly radius: number } | undefined;
  /** In the plane: the face as a curve. */
  readonly curve: PlanarCurve | undefined;
  /** Takes the unit cube to the face, equal volumes to equal measures: reads `unit` from `offset`. */
  place(unit: ArrayLike<number>, offset: number): Float64Array;
  /** The point of the face that is closest. */
  nearest(point: ArrayLike<number>): Float64Array;
  /** The primitive's outward normal at a point of the face, of length 1. */
  normal(point: ArrayLike<number>): Float64Array;
}

export interface Primitive {
  readonly dimension: number;
  readonly bounds: readonly Interval[];
  readonly measure: number;
  readonly faces: readonly Face[];
  /** Negative inside, positive outside; the signed distance to first order where it is small. */
  level(point: ArrayLike<number>): number;
  /** Negative inside. */
  signedDistance(point: ArrayLike<number>): number;
  /** Takes the unit cube to the inside, equal volumes to equal volumes, where drawing from the bounds and rejecting is wasteful. */
  readonly interior?: {
    readonly axes: number;
    readonly extents: readonly number[];
    place(unit: ArrayLike<number>, offset: number): Float64Array;
  };
}
