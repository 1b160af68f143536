/** The residual system of one phase: its weights, horizon, multipliers and points. */
import type { Engine } from '../engine/engine.ts';
import {
  type Importance,
  multiplierColumn,
  type ResidualBlock,
  type ResidualSystem,
  type ResidualsOf,
  refined,
  resampled,
  withPointSets,
} from '../residual/index.ts';
import type { PhaseResampling, PhaseWeights } from './plan.ts';
import type { ResolvedSettings } from './settings.ts';

/** The part of time that counts: `share` of it from its start. */
export interface Horizon {
  /** Position of time among the coordinates. */
  readonly time: number;
  readonly share: number;
}

/**
 * The system with factors on the kinds of its blocks, with multipliers where there are some, and up to the
 * horizon in time.
 */
export function weighted(
  system: ResidualSystem,
  weights: PhaseWeights,
  multipliers: readonly Float64Array[] | undefined,
  horizon: Horizon | undefined,
): ResidualSystem {
  return {
    ...system,
    blocks: system.blocks.map((block, b) => ({
      ...block,
      weight: block.weight * weights[block.kind],
      columns: { ...block.columns, ...multiplierColumns(block, multipliers?.[b]) },
      ...(horizon === undefined || block.kind === 'data'
        ? {}
        : { pointWeights: upTo(horizon, block, system.trial.dimension) }),
    })),
  };
}

/** 1 for points before the horizon, 0 after it. */
function before(points: Float64Array, dimension: number, { time, share }: Horizon): Float64Array {
  return Float64Array.from({ length: points.length / dimension }, (_, n) =>
    points[n * dimension + time] <= -1 + 2 * share ? 1 : 0,
  );
}

/** 1 for points before the horizon and 0 after it, over their mean; 0 everywhere where none lies before it. */
function upTo(horizon: Horizon, block: ResidualBlock, dimension: number): Float64Array {
  const inside = before(block.points[0], dimension, horizon);
  const total = inside.reduce((sum, value) => sum + value, 0);
  return inside.map((value) => (total === 0 ? 0 : (value * block.count) / total));
}

/** Points at which equations are taken that hold in the whole domain. */
export function pointCount({ blocks }: ResidualSystem): number {
  return Math.max(...blocks.map((block) => (block.everywhere === true ? block.count : 0)));
}

/** Points are added until there are so many times those at the start. */
const largestGrowth = 2;

/**
 * The system with points drawn anew, or added, where residuals that count are large.
 *
 * @param system  as it was at the start of the run
 * @param residualsOf  at the present parameters
 * @param factor  how many points are drawn, over those at the start
 */
export async function withNewPoints(
  current: ResidualSystem,
  system: ResidualSystem,
  residualsOf: ResidualsOf,
  resampling: PhaseResampling,
  { sampling, seed }: Pick<ResolvedSettings, 'sampling' | 'seed'>,
  draw: number,
  horizon: Horizon | undefined,
  causal: Importance | undefined,
  factor = 1,
): Promise<ResidualSystem> {
  const d = system.trial.dimension;
  const importance: Importance = (points) => {
    const inside = horizon === undefined ? undefined : before(points, d, horizon);
    const weights = causal?.(points);
    return Float64Array.from(
      { length: points.length / d },
      (_, n) => (inside?.[n] ?? 1) * (weights?.[n] ?? 1),
    );
  };
  const initial = pointCount(system);
  if (resampling.kind === 'rad')
    return resampled(current, residualsOf, sampling, seed + draw, {
      ...resampling,
      importance,
      count: Math.round(factor * initial),
    });
  return refined(current, residualsOf, sampling, seed + draw, {
    add: resampling.add ?? Math.ceil(initial / 50),
    candidates: resampling.candidates,
    maximum: largestGrowth * initial,
    importance,
  });
}

/** The points of the blocks that differ from those the system began with. */
export function pointsOf(
  current: ResidualSystem,
  system: ResidualSystem,
): (Float64Array | null)[] | undefined {
  if (current === system) return undefined;
  return current.blocks.map(({ points }, b) => (points === system.blocks[b].points ? null : points[0]));
}

export function withPoints(
  system: ResidualSystem,
  points: readonly (Float64Array | null)[] | undefined,
): ResidualSystem {
  if (points === undefined) return system;
  return withPointSets(system, points);
}

function multiplierColumns(
  block: ResidualBlock,
  values: Float64Array | undefined,
): Record<string, Float64Array> {
  if (values === undefined || block.kind === 'data') return {};
  const outputs = block.residuals.length;
  return Object.fromEntries(
    block.residuals.map((_, o) => [
      multiplierColumn(o),
      Float64Array.from({ length: block.count }, (_, n) => values[n * outputs + o]),
    ]),
  );
}

/** The residuals with their present multipliers, which are the next multipliers; by block, (N, outputs) row-major. */
export async function nextMultipliers(
  engine: Engine,
  system: ResidualSystem,
  theta: Float64Array,
): Promise<Float64Array[]> {
  const all = await engine.residuals(theta);
  let start = 0;
  return system.blocks.map((block) => {
    const length = block.count * block.residuals.length;
    start += length;
    return all.slice(start - length, start);
  });
}
