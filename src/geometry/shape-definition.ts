/** A region of space as plain data. Every part may carry a name, by which conditions find its boundary. */
export type ShapeDefinition = (
  | { readonly interval: readonly [number, number] }
  /** One increasing interval per coordinate, as in a problem's domain: not two opposite corners. */
  /** Two corners, or an interval for each coordinate: see `readBox`; that of a `Shape` has intervals. */
  | { readonly box: readonly (readonly number[])[] }
  | { readonly disk: { readonly center: readonly [number, number]; readonly radius: number } }
  | { readonly ball: { readonly center: readonly number[]; readonly radius: number } }
  | {
      readonly ellipse: {
        readonly center: readonly [number, number];
        /** Half axes, along x and y before the turn. */
        readonly radii: readonly [number, number];
        /** Radians, counterclockwise; default 0. */
        readonly angle?: number;
      };
    }
  /** Corners in order, either way round, the first not repeated. */
  | { readonly polygon: readonly (readonly [number, number])[] }
  | { readonly union: readonly ShapeDefinition[] }
  /** The first without all the others. */
  | { readonly difference: readonly ShapeDefinition[] }
  | { readonly intersection: readonly ShapeDefinition[] }
) & {
  readonly name?: string;
  /** Names of the space's coordinates, on the outermost definition alone. */
  readonly coordinates?: readonly string[];
};
