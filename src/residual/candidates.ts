/** Candidate points in the domain, with the size of the residual at each: what adaptive sampling chooses from. */
import type { Sampling } from '../geometry/point-set.ts';
import { trialSize } from '../network/trial-solution.ts';
import { interiorPoints } from './collocation.ts';
import { expressionEvaluator } from './evaluate-expressions.ts';
import type { ResidualBlock, ResidualSystem } from './residual-system.ts';

/** How much the residual at each of the points (N, d) counts, (N), in [0, 1]. */
export type Importance = (points: Float64Array) => Float64Array;

export interface Candidates {
  /** (N, d), row-major, normalised. */
  readonly points: Float64Array;
  readonly count: number;
  /** Euclidean norm of the residuals at each, times its importance; 0 where it is not finite. (N). */
  readonly sizes: Float64Array;
}

/** Blocks whose points may be drawn anew, those at the same points together. */
export function movableGroups({ blocks }: ResidualSystem): ResidualBlock[][] {
  const groups = new Map<Float64Array, ResidualBlock[]>();
  for (const block of blocks)
    if (block.everywhere === true)
      groups.set(block.points[0], [...(groups.get(block.points[0]) ?? []), block]);
  return [...groups.values()];
}

/**
 * The columns of a block at other points. Only columns that are zero everywhere can be had there.
 */
export function columnsAt(block: ResidualBlock, count: number): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(block.columns).map(([name, values]) => {
      if (values.some((value) => value !== 0))
        throw new Error(`points of ${block.path} cannot be drawn anew`);
      return [name, new Float64Array(count)];
    }),
  );
}

/** About `total` points that fill the domain evenly, and how large the residuals of the blocks are there. */
export function candidatePoints(
  system: ResidualSystem,
  blocks: readonly ResidualBlock[],
  theta: Float64Array,
  sampling: Sampling,
  total: number,
  seed: number,
  importance?: Importance,
): Candidates {
  const d = system.trial.dimension;
  const points = interiorPoints(sampling, total, d, seed);
  const count = points.length / d;
  const weights = importance?.(points);
  const raw = theta.subarray(trialSize(system.trial));
  const squares = new Float64Array(count);
  for (const block of blocks) {
    const columns = columnsAt(block, count);
    const evaluate = expressionEvaluator(block.residuals, { ...system, points, columns }, theta);
    for (const column of evaluate(raw)) for (let n = 0; n < count; n++) squares[n] += column[n] ** 2;
  }
  const sizes = squares.map((square, n) =>
    Number.isFinite(square) ? Math.sqrt(square) * (weights?.[n] ?? 1) : 0,
  );
  return { points, count, sizes };
}
