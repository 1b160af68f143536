/** A residual system at other points. */
import { PlacedPoints } from './placed-points.ts';
import type { ResidualBlock, ResidualSystem } from './residual-system.ts';

/**
 * The columns of a block at other points. Only columns that are zero everywhere can be had there.
 */
function columnsAt(block: ResidualBlock, count: number): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(block.columns).map(([name, values]) => {
      if (values.some((value) => value !== 0))
        throw new Error(`points of ${block.path} cannot be drawn anew`);
      return [name, new Float64Array(count)];
    }),
  );
}

/** The system with point sets replaced, by the sets they replace. */
export function withMovedPoints(
  system: ResidualSystem,
  moved: ReadonlyMap<Float64Array, Float64Array>,
): ResidualSystem {
  return withPointSets(
    system,
    system.blocks.map(({ everywhere, points }) =>
      everywhere === true ? (moved.get(points[0]) ?? null) : null,
    ),
  );
}

/**
 * The system with other points for some of its blocks; blocks at the same points before are so afterwards, and what
 * is taken elsewhere moves along.
 */
export function withPointSets(
  system: ResidualSystem,
  sets: readonly (Float64Array | null)[],
): ResidualSystem {
  const replaced = new Map<Float64Array, Float64Array>();
  const placed = new PlacedPoints();
  const blocks = system.blocks.map((block, b) => {
    const given = sets[b];
    if (given === null) return block;
    const points = replaced.get(block.points[0]) ?? given;
    replaced.set(block.points[0], points);
    const count = points.length / system.trial.dimension;
    const elsewhere = (block.places ?? []).map((place) => placed.of(points, place));
    return { ...block, points: [points, ...elsewhere], count, columns: columnsAt(block, count) };
  });
  return { ...system, blocks };
}
