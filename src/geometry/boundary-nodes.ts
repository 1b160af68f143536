/** Points along a boundary, evenly spaced. */
export interface BoundaryNodes {
  /** (N, k), row-major. */
  readonly points: Float64Array;
  /** (N, k): outward, of length 1; at a corner the mean direction of the parts that meet. */
  readonly normals: Float64Array;
  /** 1 where parts with different normals meet. */
  readonly corners: Uint8Array;
  /** Position in the shape's `boundary` of the part each lies on; at a corner the first of those that meet. */
  readonly parts: Int32Array;
  /** Position of the other part at a corner, else −1. */
  readonly otherParts: Int32Array;
  readonly count: number;
}
