import type { Expression } from './expression.ts';

/** What the names in a text stand for. A name has one meaning: the maps do not overlap. */
export interface Scope {
  /** Coordinates in the problem's order; a multi-index has one entry for each. */
  readonly coordinates: readonly string[];
  /** Position of time among the coordinates (`S'` derives along it), or null. */
  readonly time: number | null;
  /** Every field with the positions of the coordinates it depends on. */
  readonly fields: ReadonlyMap<string, readonly number[]>;
  readonly constants: ReadonlyMap<string, number>;
  readonly unknowns: ReadonlySet<string>;
  /** Named expressions, already parsed. */
  readonly functions: ReadonlyMap<string, Expression>;
  /** Whether `u_n`, the outward normal derivative, has a meaning here. */
  readonly boundary: boolean;
  /** Indicators of the named regions, for `inside(name)`. */
  readonly regions?: ReadonlyMap<string, Expression>;
  /** Whether `jump` has a meaning here. */
  readonly interface?: boolean;
  /** Integrals have so many times the nodes that are asked for; default 1. */
  readonly quadratureFactor?: number;
}
