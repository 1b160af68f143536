/** A boundary curve in the plane, run through counterclockwise about its primitive: the outside is on its right. */
export interface Curve {
  readonly kind: 'segment' | 'ellipse';
  /** Parameters run from 0 to `end`. */
  readonly end: number;
  /** True where `end` is the same point as 0. */
  readonly closed: boolean;
  readonly length: number;
  point(parameter: number): [number, number];
  /** Outward normal of the primitive, of length 1. */
  normal(parameter: number): [number, number];
  /** Length from parameter `from` to parameter `to`. */
  lengthBetween(from: number, to: number): number;
  /** The parameter that lies `length` beyond `from`. */
  parameterAfter(from: number, length: number): number;
  /** Parameter of the point of the stretch [from, to] that is closest to a point. */
  nearest(point: ArrayLike<number>, from: number, to: number): number;
  /** ½ ∫ (x dy − y dx): by Green's theorem its share of the area enclosed. */
  enclosed(from: number, to: number): number;
  /** Lowest and highest values of x and y on a stretch. */
  bounds(from: number, to: number): [[number, number], [number, number]];
}
