/** Candidate points in the domain, with the size of the residual at each: what adaptive sampling chooses from. */
import type { Sampling } from '../geometry/point-set.ts';
import { interiorPoints } from './collocation.ts';
import { withMovedPoints } from './moved-points.ts';
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

/** Unweighted residuals of a system, block after block, each (N, outputs) row-major: those of an engine at some θ. */
export type ResidualsOf = (system: ResidualSystem) => Promise<Float64Array>;

/**
 * About so many points that fill the domain evenly, and how large the residuals are there; one set for each group of
 * {@link movableGroups}, by the group's present points. They are evaluated in one system.
 *
 * @param totals  by group
 */
export async function candidatePoints(
  system: ResidualSystem,
  residualsOf: ResidualsOf,
  sampling: Sampling,
  totals: readonly number[],
  seed: number,
  importance?: Importance,
): Promise<Map<Float64Array, Candidates>> {
  const d = system.trial.dimension;
  const sets = new Map(
    movableGroups(system).map(([{ points, within }], g) => [
      points[0],
      interiorPoints(sampling, totals[g], d, seed, within),
    ]),
  );
  if (sets.size === 0) return new Map();
  const moved = withMovedPoints(system, sets);
  const residuals = await residualsOf(moved);
  const squares = new Map([...sets].map(([old, points]) => [old, new Float64Array(points.length / d)]));
  let start = 0;
  moved.blocks.forEach(({ count, residuals: { length: outputs } }, b) => {
    const of = system.blocks[b].everywhere === true ? squares.get(system.blocks[b].points[0]) : undefined;
    if (of !== undefined)
      for (let i = 0; i < count * outputs; i++) of[Math.floor(i / outputs)] += residuals[start + i] ** 2;
    start += count * outputs;
  });
  return new Map(
    [...sets].map(([old, points]) => {
      const weights = importance?.(points);
      const sizes = squares
        .get(old)!
        .map((square, n) => (Number.isFinite(square) ? Math.sqrt(square) * (weights?.[n] ?? 1) : 0));
      return [old, { points, count: sizes.length, sizes }];
    }),
  );
}
