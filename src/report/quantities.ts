/** What the figures of a report are made of. */

/** Numbers in order: an array or a typed array. */
export type Series = ArrayLike<number>;

/** A name as text and, where it is known, as mathematics. */
export interface Label {
  readonly name: string;
  readonly tex?: string;
}

/** A quantity measured along an axis. */
export interface Quantity extends Label {
  readonly unit?: string;
}

/** A line over one coordinate. Lengths of `at` and `values` agree. */
export interface Curve {
  readonly at: Series;
  readonly values: Series;
}

/** A rectangular grid; values on it are (vertical.length, horizontal.length), row-major. */
export interface Grid {
  readonly horizontal: Series;
  readonly vertical: Series;
}

/** Points shown in a figure over two coordinates: observations, nodes, points of training. */
export interface Marks {
  readonly name: string;
  readonly horizontal: Series;
  readonly vertical: Series;
}
