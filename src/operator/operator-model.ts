/** The contract between trained networks and what is done with them. */
import type { StoredBlock } from './stored-block.ts';

/** Input functions, and where their solutions are wanted. */
export interface OperatorBatch {
  /** Values of every input function at its sensors, (count, sensors) each. */
  readonly inputs: Readonly<Record<string, Float64Array>>;
  /** Functions. */
  readonly count: number;
  /** (pointCount, d) where aligned, else (count, pointCount, d); in the problem's coordinates. */
  readonly points: Float64Array;
  /** Points for each function. */
  readonly pointCount: number;
  /** Whether all functions have the same points. */
  readonly aligned: boolean;
}

/** A trained network that maps input functions to fields. */
export interface OperatorModel {
  /** By which a stored one is read. */
  readonly kind: string;
  /** What it is, for people: a label and a text each, such as `['branch', 'linear: …']`. */
  readonly description: readonly (readonly [label: string, text: string])[];
  /**
   * Every field, or a partial derivative of it, (count, pointCount) each. Where conditions are hard it is û, what the
   * ansatz u = g + φ û leaves open; the rest is put around it.
   *
   * @param index  order of the derivative along each coordinate; default: none
   * @throws NotSupportedError for a derivative that it does not give
   */
  evaluate(batch: OperatorBatch, index?: readonly number[]): Readonly<Record<string, Float64Array>>;
  /** All there is to it. */
  store(): StoredBlock;
}
