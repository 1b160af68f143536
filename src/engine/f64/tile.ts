/**
 * How points are cut: groups of blocks into tiles whose jets stay in cache, tiles into chunks whose partial sums are
 * added in a fixed order, chunks into shards, one for each thread. Tiles and chunks do not depend on the
 * number of threads, so neither do the sums.
 */
import { ProblemError } from '../../errors.ts';
import type { ResidualBlock, ResidualSystem } from '../../residual/residual-system.ts';
import type { GroupPlan } from './group-plan.ts';
import type { SystemPlan } from './system-plan.ts';

export interface Tile {
  readonly group: number;
  /** First point in the group's blocks. */
  readonly start: number;
  readonly count: number;
  /** `count` rounded up to a multiple of four; the last point stands in for those missing, with weight 0. */
  readonly padded: number;
  readonly chunk: number;
  /** Where its columns stand in the shard's data: see {@link tileColumns}. */
  readonly offset: number;
}

/** The points of one thread. */
export interface Shard {
  readonly tiles: readonly Tile[];
  readonly data: Float64Array;
  /** Chunks first … first + chunks − 1. */
  readonly firstChunk: number;
  readonly chunks: number;
}

/** Bytes that the buffers of one tile may take, so that they stay in the second-level cache. */
const TILE_BYTES = 320 * 1024;
const LARGEST_TILE = 64;
/** Chunks of about equal work, as far as tiles allow. */
const CHUNKS = 24;

/**
 * Columns of a tile: the coordinates of every point set, the group's columns, and for each of its blocks the
 * weights and their roots.
 */
export function tileColumns(plan: SystemPlan, group: GroupPlan): number {
  return group.sides * plan.dimension + group.columns.length + 2 * group.members.length;
}

/** Points of a full tile of a group. */
export function tileSize(group: GroupPlan): number {
  let doubles = group.full.code.registers;
  for (const pass of group.passes) {
    let width = pass.inputs;
    let widest = width;
    doubles += pass.components * width;
    for (const layer of pass.layers) {
      if (layer.kind === 'activation') doubles += layer.full.kept * layer.width;
      else width = layer.outputs;
      if (layer.kind === 'gate' && layer.first) doubles += 3 * pass.components * width;
      widest = Math.max(widest, width);
      doubles += pass.components * width;
    }
    doubles += 2 * pass.components * widest;
  }
  const fitting = Math.floor(TILE_BYTES / (8 * doubles) / 8) * 8;
  return Math.max(8, Math.min(LARGEST_TILE, fitting));
}

/** Arithmetic that one point of a group takes, in multiply–adds with parameters. */
export function pointCost(group: GroupPlan): number {
  return group.passes.reduce((sum, pass) => sum + pass.components * (pass.size + 16), 64);
}

/** Cuts a system into the given number of shards. */
export function shards(system: ResidualSystem, plan: SystemPlan, threads: number): Shard[] {
  system.blocks.forEach((block) => {
    checkBlock(block, plan.dimension);
  });
  const cut: (Omit<Tile, 'chunk' | 'offset'> & { readonly place: number })[] = [];
  plan.groups.forEach((group, g) => {
    const size = tileSize(group);
    const points = system.blocks[group.members[0]].count;
    for (let start = 0; start < points; start += size) {
      const count = Math.min(size, points - start);
      cut.push({
        group: g,
        start,
        count,
        padded: Math.ceil(count / 4) * 4,
        place: (start + count / 2) / points,
      });
    }
  });
  // The groups side by side, so that each thread has its share of all: what a point costs in jets and what its rows
  // cost in JᵀJ are not in proportion.
  const tiles = cut.sort((a, b) => a.place - b.place).map(({ place: _, ...tile }) => tile);
  const costs = plan.groups.map(pointCost);
  const total = tiles.reduce((sum, tile) => sum + tile.padded * costs[tile.group], 0);
  const assigned: { tile: (typeof tiles)[number]; chunk: number; shard: number }[] = [];
  let done = 0;
  let chunk = -1;
  let lastSlot = -1;
  let shard = 0;
  for (const tile of tiles) {
    const cost = tile.padded * costs[tile.group];
    const slot = Math.min(CHUNKS - 1, Math.floor((CHUNKS * done) / total));
    if (slot !== lastSlot) {
      chunk++;
      lastSlot = slot;
      shard = Math.min(threads - 1, Math.floor((threads * (slot + 0.5)) / CHUNKS));
    }
    assigned.push({ tile, chunk, shard });
    done += cost;
  }
  return Array.from({ length: threads }, (_, s) => {
    let offset = 0;
    const own = assigned
      .filter((entry) => entry.shard === s)
      .map(({ tile, chunk }): Tile => {
        const placed = { ...tile, chunk, offset };
        offset += tile.padded * tileColumns(plan, plan.groups[tile.group]);
        return placed;
      });
    const data = new Float64Array(offset);
    for (const tile of own) fillTile(tile, system, plan, data);
    const firstChunk = own.length === 0 ? 0 : own[0].chunk;
    const chunks = own.length === 0 ? 0 : own[own.length - 1].chunk - firstChunk + 1;
    return { tiles: own, data, firstChunk, chunks };
  });
}

function fillTile(tile: Tile, system: ResidualSystem, plan: SystemPlan, data: Float64Array): void {
  const { dimension } = plan;
  const group = plan.groups[tile.group];
  const blocks = group.members.map((member) => system.blocks[member]);
  let at = tile.offset;
  const column = (value: (n: number) => number): void => {
    for (let n = 0; n < tile.padded; n++) data[at++] = value(tile.start + Math.min(n, tile.count - 1));
  };
  for (const points of blocks[0].points) {
    for (let i = 0; i < dimension; i++) column((n) => points[n * dimension + i]);
  }
  for (const name of group.columns) column((n) => blocks[0].columns[name][n]);
  for (const block of blocks) {
    const factor = block.weight / block.count;
    const weight = (n: number): number => factor * (block.pointWeights?.[n] ?? 1);
    for (const value of [weight, (n: number) => Math.sqrt(weight(n))]) {
      column(value);
      data.fill(0, at - tile.padded + tile.count, at);
    }
  }
}

function checkBlock(block: ResidualBlock, dimension: number): void {
  const wrong = (what: string, found: number, right: number): void => {
    if (found === right) return;
    throw new ProblemError(`${what} has ${found} entries, ${right} are needed`, { path: block.path });
  };
  block.points.forEach((points, side) => {
    wrong(`point set ${side}`, points.length, block.count * dimension);
  });
  for (const [name, values] of Object.entries(block.columns))
    wrong(`column ${name}`, values.length, block.count);
  if (block.pointWeights !== undefined) wrong('pointWeights', block.pointWeights.length, block.count);
  const possible = (weight: number): boolean => weight >= 0 && weight < Number.POSITIVE_INFINITY;
  if (!possible(block.weight) || block.pointWeights?.every(possible) === false) {
    throw new ProblemError('weights must be finite and not negative', { path: block.path });
  }
}
