/** A geometry as a report draws it: plain data. */
import type { Quantity, Series } from './quantities.ts';

/** Points, one series for each coordinate of space. */
export type Columns = readonly Series[];

export interface GeometryPart {
  /** Its name, or what it is called where it has none. */
  readonly name: string;
  /** Points along it, as many as it takes to look like a line. */
  readonly outline: Columns;
  /** Some of them, with outward normals. */
  readonly feet?: Columns;
  readonly normals?: Columns;
  /** True for an interface inside the domain. */
  readonly inside?: boolean;
}

export interface GeometryView {
  /** Two or three. */
  readonly coordinates: readonly Quantity[];
  readonly parts: readonly GeometryPart[];
  /** Points of training inside. */
  readonly points?: Columns;
  /** How those were drawn: "628 points by sobol". */
  readonly pointWords?: string;
}
