/** The residual system of one window, its initial state taken from the window before. */
import { leavesOf } from '../../expression/expression.ts';
import type { TrialSolution } from '../../network/trial-solution.ts';
import type { Problem } from '../../problem/index.ts';
import {
  type FieldRange,
  fieldRanges,
  type ResidualSystem,
  type Scaling,
  scalingOf,
  toUserPoints,
} from '../../residual/index.ts';
import { testPoints } from '../error-norms.ts';
import { expressionOfPiece, fieldsOfPiece, type Piece } from '../piece.ts';
import { carriedColumn, carriedLeaves } from './window-problem.ts';

const rangePoints = [201, 41 * 41, 15 ** 3, 8 ** 4, 6 ** 5, 5 ** 6];

/** A field is not taken to be smaller than this share of what it was expected to be in the first window. */
const smallestShare = 1e-3;

/**
 * The scaling of a window: fields measured by their ranges in the window where a classical march tells them, else by
 * those in the window before.
 *
 * @param window  the problem in the window
 * @param points  about so many tell the ranges
 * @param before  the piece of the window before with its problem; undefined in the first window
 */
export function windowScaling(
  window: Problem,
  trial: TrialSolution,
  march: ReadonlyMap<string, FieldRange>,
  before: { readonly piece: Piece; readonly window: Problem } | undefined,
  first: Scaling | undefined,
  points: number = rangePoints[window.coordinates.length - 1],
): Scaling {
  if (before === undefined || first === undefined)
    return scalingOf(window, fieldRanges(window, new Map(march)));
  const grid = testPoints(before.window, points);
  const values = fieldsOfPiece(before.window, trial, before.piece, grid);
  const ranges = new Map(
    window.fields.map(({ name }): [string, FieldRange] => {
      const known = march.get(name);
      if (known !== undefined) return [name, known];
      const low = values[name].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      const high = values[name].reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const floor = smallestShare * first.fields.get(name)!.scale;
      return [
        name,
        Math.max(Math.abs(low), Math.abs(high)) > floor ? { low, high } : { low: -floor, high: floor },
      ];
    }),
  );
  return scalingOf(window, ranges);
}

/** The system with the columns that the conditions of `windowProblem` name filled from the window before. */
export function withCarriedState(
  system: ResidualSystem,
  window: Problem,
  scaling: Scaling,
  trial: TrialSolution,
  before: Piece,
): ResidualSystem {
  const leaves = carriedLeaves(window);
  const names = new Set(leaves.map(carriedColumn));
  const blocks = system.blocks.map((block) => {
    const carries = leavesOf(block.residuals).some((leaf) => leaf.kind === 'column' && names.has(leaf.name));
    if (!carries) return block;
    const points = toUserPoints(block.points[0], scaling);
    const columns = { ...block.columns };
    for (const leaf of leaves) columns[carriedColumn(leaf)] = expressionOfPiece(trial, before, leaf, points);
    return { ...block, columns };
  });
  return { ...system, blocks };
}
