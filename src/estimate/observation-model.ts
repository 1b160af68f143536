import { isZero } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import { type Leaf, leavesOf } from '../expression/expression.ts';
import type { Observation } from '../problem/problem.ts';
import { type BoundProgram, bindProgram } from '../reference/bound-program.ts';
import type { ExplicitForm } from '../reference/explicit-form.ts';

/**
 * An observed expression as a function of the leaves' values at a point and, for what is accumulated over an
 * interval, at the point where the interval begins: the second vector follows the first, each laid out as
 * `ExplicitForm.position` says.
 */
export interface ObservationModel {
  readonly expression: BoundProgram;
  readonly partials: BoundProgram;
  /** Places in the two vectors that the partials belong to. */
  readonly places: Int32Array;
  readonly times: Float64Array;
  /** Where the intervals begin; undefined where the expression is one of a single point. */
  readonly before: Float64Array | undefined;
  readonly values: Float64Array;
  /** Whether a highest derivative is observed. */
  readonly needsSlopes: boolean;
}

export function observationModel(form: ExplicitForm, observation: Observation): ObservationModel {
  const { expression, before } = observation;
  const width = leafCount(form);
  const position = (leaf: Leaf): number =>
    leaf.kind === 'field' && leaf.side === 1 && before !== undefined
      ? width + form.position({ ...leaf, side: 0 })
      : form.position(leaf);
  const leaves = leavesOf([expression]).filter((leaf) => leaf.kind !== 'coordinate');
  const active = leaves
    .map((leaf) => ({ leaf, slope: partial(expression, leaf) }))
    .filter(({ slope }) => !isZero(slope));
  const places = Int32Array.from(active, ({ leaf }) => position(leaf));
  const firstSlope = 1 + form.size;
  return {
    expression: bindProgram([expression], position),
    partials: bindProgram(
      active.map(({ slope }) => slope),
      position,
    ),
    places,
    times: observation.points,
    before,
    values: observation.values,
    needsSlopes: leaves.some((leaf) => {
      const place = position(leaf) % width;
      return place >= firstSlope && place < firstSlope + form.fields.length;
    }),
  };
}

/** Length of the vector of all leaves' values at a point: [t, state, highest derivatives, unknowns]. */
export function leafCount(form: ExplicitForm): number {
  return 1 + form.size + form.fields.length + form.unknowns.length;
}
