/**
 * Fields that are sums of windowed networks, for engines that know of networks with one field each. The points of a
 * block are sorted by the networks that reach them; each part is a block of its own, in which the field stands as the
 * sum over those networks alone, ∂^α u = Σ_i Σ_{β≤α} C(α, β) ∂^β w_i ∂^{α−β} u_i with the derivatives of the windows as
 * columns. No network is evaluated where its window is zero. Networks with a chart are taken at further point sets.
 */
import { NotSupportedError } from '../../errors.ts';
import { add, apply, column, field, multiply, number } from '../../expression/build.ts';
import { type Expression, type FieldNode, leavesOf, substitute } from '../../expression/expression.ts';
import { hasPlaces, pointsAt, type Sided, withSides } from '../../expression/place.ts';
import { closeDownward, type MultiIndex, multiIndexKey } from '../../jet/multi-index.ts';
import { productTerms } from '../../jet/product-terms.ts';
import { chartedDerivative, type NetworkChart } from '../../network/chart.ts';
import type { TrialSolution } from '../../network/trial-solution.ts';
import { type NetworkWindow, reaches, windowDerivatives } from '../../network/window.ts';
import type { ResidualBlock, ResidualSystem } from '../../residual/residual-system.ts';

/** A part of a block: rows of it, in their order. */
export interface BlockPart {
  /** Position of the block. */
  readonly block: number;
  /** Points of the block; none where the part stands in for points that may come. */
  readonly rows: readonly number[];
}

export interface SplitSystem {
  readonly system: ResidualSystem;
  /** For each block of that system the part it is. */
  readonly parts: readonly BlockPart[];
}

/** What one region has of its first point, for when it has none. */
interface Sample {
  readonly points: readonly Float64Array[];
  readonly columns: Readonly<Record<string, Float64Array>>;
}

interface Region {
  /** By side, the networks that reach it. */
  readonly active: readonly (readonly number[])[];
  sample: Sample;
}

const nameIn = (name: string, network: number): string => `${name}#${network}`;
const columnOf = (side: number, network: number, order: MultiIndex): string =>
  `window:${side}:${network}:${multiIndexKey(order)}`;

export class WindowSplitter {
  readonly #windows: readonly (NetworkWindow | undefined)[];
  readonly #charts: readonly (NetworkChart | undefined)[];
  readonly #dimension: number;
  /** For every field the networks that have it. */
  readonly #homes = new Map<string, number[]>();
  readonly #trial: TrialSolution;
  /** The regions met in each block, which stay: the structure of the system does not change with the points. */
  readonly #regions: Map<string, Region>[] = [];
  readonly #residuals = new WeakMap<Expression, Map<string, Expression>>();
  readonly #sided = new WeakMap<readonly Expression[], Map<string, Sided>>();

  constructor(trial: TrialSolution) {
    this.#dimension = trial.dimension;
    this.#windows = trial.networks.map(({ window }) => window);
    this.#charts = trial.networks.map(({ chart }) => chart);
    trial.networks.forEach(({ fields }, n) => {
      for (const name of fields) this.#homes.set(name, [...(this.#homes.get(name) ?? []), n]);
    });
    this.#trial = {
      dimension: trial.dimension,
      networks: trial.networks.map(({ window: _, chart: __, ...network }, n) => ({
        ...network,
        fields: network.fields.map((name) => nameIn(name, n)),
      })),
    };
  }

  split(system: ResidualSystem): SplitSystem {
    const parts: BlockPart[] = [];
    const blocks = system.blocks.flatMap((block, b) => {
      const regions = this.#regionsOf(block, b);
      return [...regions].map(([key, rows]) => {
        parts.push({ block: b, rows });
        return this.#part(block, this.#regions[b].get(key)!, key, rows);
      });
    });
    return { system: { ...system, trial: this.#trial, blocks }, parts };
  }

  /** The points of a block by region; a region that has been met before comes with none if it has none. */
  #regionsOf(block: ResidualBlock, b: number): Map<string, number[]> {
    const needed = this.#needed(block.residuals, block.points.length);
    this.#regions[b] ??= new Map();
    const known = this.#regions[b];
    const rows = new Map([...known.keys()].map((key): [string, number[]] => [key, []]));
    for (let n = 0; n < block.count; n++) {
      const active = needed.map((networks, side) =>
        networks.filter((network) => this.#reaches(network, block.points[side], n)),
      );
      const key = active.map((networks) => networks.join(' ')).join('|');
      const own = rows.get(key);
      if (own !== undefined) own.push(n);
      else rows.set(key, [n]);
      if (!known.has(key)) known.set(key, { active, sample: this.#sample(block, n) });
    }
    return rows;
  }

  /** By side, the networks whose fields occur in the residuals. */
  #needed(residuals: readonly Expression[], sides: number): number[][] {
    const needed = Array.from({ length: sides }, () => new Set<number>());
    for (const leaf of leavesOf(residuals))
      if (leaf.kind === 'field')
        for (const network of this.#homes.get(leaf.name) ?? []) needed[leaf.side]?.add(network);
    return needed.map((set) => [...set].sort((x, y) => x - y));
  }

  #reaches(network: number, points: Float64Array, n: number): boolean {
    const window = this.#windows[network];
    return window === undefined || reaches(window, points, n * this.#dimension);
  }

  #sample(block: ResidualBlock, n: number): Sample {
    const d = this.#dimension;
    return {
      points: block.points.map((set) => set.slice(n * d, (n + 1) * d)),
      columns: Object.fromEntries(
        Object.entries(block.columns).map(([name, values]) => [name, values.slice(n, n + 1)]),
      ),
    };
  }

  #part(block: ResidualBlock, region: Region, key: string, rows: readonly number[]): ResidualBlock {
    const d = this.#dimension;
    const absent = rows.length === 0;
    const own = absent ? region.sample.points : block.points.map((set) => rowsOf(set, rows, d));
    const columns = absent
      ? region.sample.columns
      : Object.fromEntries(
          Object.entries(block.columns).map(([name, values]) => [name, rowsOf(values, rows, 1)]),
        );
    const { expressions: residuals, places } = this.#inNetworks(block, key, region.active);
    const points = [...own, ...places.map((place) => pointsAt(place, own[0]))];
    const { pointWeights, noise: _, everywhere: __, ...rest } = block;
    return {
      ...rest,
      points,
      count: absent ? 1 : rows.length,
      columns: { ...columns, ...this.#windowColumns(residuals, points) },
      residuals,
      weight: absent ? block.weight : (block.weight * rows.length) / block.count,
      ...(absent
        ? { pointWeights: new Float64Array(1) }
        : pointWeights === undefined
          ? {}
          : { pointWeights: rowsOf(pointWeights, rows, 1) }),
    };
  }

  /** The residuals in the fields of single networks, those with charts at point sets that are added. */
  #inNetworks({ residuals, points }: ResidualBlock, key: string, active: Region['active']): Sided {
    const known = this.#sided.get(residuals) ?? new Map<string, Sided>();
    this.#sided.set(residuals, known);
    const expressions = residuals.map((residual) => this.#residual(residual, key, active));
    if (!hasPlaces(expressions)) return { expressions, places: [] };
    const own = known.get(key) ?? withSides(expressions, points.length);
    known.set(key, own);
    return own;
  }

  #residual(residual: Expression, key: string, active: Region['active']): Expression {
    const known = this.#residuals.get(residual) ?? new Map<string, Expression>();
    this.#residuals.set(residual, known);
    let own = known.get(key);
    if (own === undefined) {
      own = substitute(
        residual,
        (leaf) => (leaf.kind === 'field' ? this.#sum(leaf, active[leaf.side]) : leaf),
        apply,
      );
      known.set(key, own);
    }
    return own;
  }

  #sum(leaf: FieldNode, active: readonly number[]): Expression {
    const { name, order, of, side } = leaf;
    const reached = (this.#homes.get(name) ?? []).filter((network) => active.includes(network));
    const homes = reached.filter((network) => this.#charts[network] === undefined);
    const varying = this.#varying(homes);
    const closed = closeDownward(order.length, [order]);
    const terms = productTerms(closed)[closed.length - 1];
    let sum: Expression = number(0);
    for (const network of reached) {
      const chart = this.#charts[network];
      if (chart === undefined) continue;
      if (side !== 0)
        throw new NotSupportedError('networks with charts are taken at the points of a block alone');
      sum = add(sum, chartedDerivative(chart, nameIn(name, network), order, of));
    }
    for (const network of homes)
      for (const { coefficient, left, right } of terms) {
        const [weight, rest] = [closed[left], closed[right]];
        if (weight.some((k, i) => k > 0 && !varying.has(i))) continue;
        const value = field(nameIn(name, network), rest, of, side);
        const factor = varying.size === 0 ? number(1) : column(columnOf(side, network, weight));
        sum = add(sum, multiply(number(coefficient), multiply(factor, value)));
      }
    return sum;
  }

  /** Coordinates along which several of the windows share what lies there: along the others each is one. */
  #varying(networks: readonly number[]): Set<number> {
    const varying = new Set<number>();
    const [first, ...others] = networks.map((network) => this.#windows[network]?.spans ?? []);
    for (const spans of others)
      for (const span of spans) {
        const own = first.find(({ coordinate }) => coordinate === span.coordinate);
        if (own === undefined || String(own.rise) !== String(span.rise)) varying.add(span.coordinate);
      }
    return varying;
  }

  #windowColumns(
    residuals: readonly Expression[],
    points: readonly Float64Array[],
  ): Record<string, Float64Array> {
    const columns: Record<string, Float64Array> = {};
    for (const leaf of leavesOf(residuals)) {
      if (leaf.kind !== 'column' || !leaf.name.startsWith('window:')) continue;
      const [, side, network, order] = leaf.name.split(':');
      const index = order.split(',').map(Number);
      const window = this.#windows[Number(network)]!;
      [columns[leaf.name]] = windowDerivatives(window, points[Number(side)], this.#dimension, [index]);
    }
    return columns;
  }
}

function rowsOf(values: Float64Array, rows: readonly number[], width: number): Float64Array {
  const own = new Float64Array(rows.length * width);
  rows.forEach((n, i) => {
    for (let k = 0; k < width; k++) own[i * width + k] = values[n * width + k];
  });
  return own;
}
