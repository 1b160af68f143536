import { SolveError } from '../../errors.ts';
import type { NodeSet } from './node-set.ts';
import { PointTree } from './point-tree.ts';
import { type Functional, PolyharmonicStencil, stencilSize } from './polyharmonic-stencil.ts';

/** A derivative in space by its order per axis, as text. */
export type OrderKey = string;

/** Points beyond a boundary or an interface that continue the field of the node beside it. */
export interface Ghosts {
  /** Node of which each is the ghost. */
  readonly owners: readonly number[];
  /** (owners, dimension). */
  readonly points: Float64Array;
}

/**
 * Nodes with their stencils and the weights of derivatives. Beside the nodes of the set there may be ghosts outside,
 * which take up second conditions of equations of fourth order, and probes: places of conditions at single points,
 * which carry no field but have a stencil and a place among the unknowns.
 */
export class Discretization {
  readonly dimension: number;
  readonly n: number;
  /** Nodes that carry fields: those of the set, then ghosts. */
  readonly carriers: number;
  readonly count: number;
  readonly positions: Float64Array;
  /** (count, n): the nearest carriers of the same region, nearest first. */
  readonly members: Int32Array;
  private readonly trees: readonly PointTree[];
  private readonly stencil: PolyharmonicStencil;
  /** For each derivative (count, n). */
  private readonly weights = new Map<OrderKey, Float64Array>();
  private readonly known = new Map<OrderKey, Uint8Array>();

  constructor(
    readonly nodes: NodeSet,
    degree: number,
    ghosts: Ghosts,
    probes: Float64Array,
    private readonly regionOf: (point: ArrayLike<number>) => number,
  ) {
    const { dimension } = nodes;
    this.dimension = dimension;
    this.n = stencilSize(dimension, degree);
    this.carriers = nodes.count + ghosts.owners.length;
    this.count = this.carriers + probes.length / dimension;
    this.positions = new Float64Array(this.count * dimension);
    this.positions.set(nodes.points);
    this.positions.set(ghosts.points, nodes.points.length);
    this.positions.set(probes, nodes.points.length + ghosts.points.length);
    const regions = Int32Array.from({ length: this.count }, (_, i) =>
      i < nodes.count
        ? nodes.regions[i]
        : i < this.carriers
          ? nodes.regions[ghosts.owners[i - nodes.count]]
          : regionOf(this.position(i)),
    );
    const members = new Map<number, number[]>();
    for (let i = 0; i < this.carriers; i++) {
      const list = members.get(regions[i]);
      if (list === undefined) members.set(regions[i], [i]);
      else list.push(i);
    }
    this.trees = Array.from(
      { length: Math.max(...members.keys()) + 1 },
      (_, region) => new PointTree(this.positions, dimension, members.get(region) ?? []),
    );
    this.members = new Int32Array(this.count * this.n);
    for (let i = 0; i < this.count; i++) {
      const near = this.nearest(this.position(i), regions[i]);
      // A ghost or a partner may coincide with nothing, yet a node is always its own centre.
      const own = i < this.carriers ? near.indexOf(i) : 0;
      if (own < 0) throw new SolveError('two nodes coincide');
      near[own] = near[0];
      if (i < this.carriers) near[0] = i;
      this.members.set(near, i * this.n);
    }
    this.stencil = new PolyharmonicStencil(dimension, degree, this.n);
  }

  position(i: number): Float64Array {
    return this.positions.subarray(i * this.dimension, (i + 1) * this.dimension);
  }

  /** Finds weights of derivatives at nodes, where they are not yet known. */
  prepare(requests: Iterable<readonly [nodes: ArrayLike<number>, orders: readonly OrderKey[]]>): void {
    const wanted = new Map<number, Set<OrderKey>>();
    for (const [nodes, orders] of requests) {
      for (const order of orders) {
        if (this.weights.has(order)) continue;
        this.weights.set(order, new Float64Array(this.count * this.n));
        this.known.set(order, new Uint8Array(this.count));
      }
      for (let k = 0; k < nodes.length; k++) {
        const set = wanted.get(nodes[k]) ?? new Set();
        for (const order of orders) if (this.known.get(order)![nodes[k]] === 0) set.add(order);
        if (set.size > 0) wanted.set(nodes[k], set);
      }
    }
    for (const [node, orders] of wanted) {
      const list = [...orders];
      const point = this.position(node);
      const functionals = list.map((key) => ({ point, order: key.split(',').map(Number) }));
      const out = new Float64Array(list.length * this.n);
      this.solve(this.stencilOf(node), functionals, out);
      list.forEach((key, i) => {
        this.weights.get(key)!.set(out.subarray(i * this.n, (i + 1) * this.n), node * this.n);
        this.known.get(key)![node] = 1;
      });
    }
  }

  weightsOf(order: OrderKey): Float64Array {
    return this.weights.get(order)!;
  }

  stencilOf(node: number): Int32Array {
    return this.members.subarray(node * this.n, (node + 1) * this.n);
  }

  /**
   * Values at points from those at nodes: for each point the members of its stencil and their weights.
   *
   * @param points (N, dimension), row-major, inside the domain
   */
  interpolation(points: Float64Array): { readonly members: Int32Array; readonly weights: Float64Array } {
    const { dimension, n } = this;
    const count = points.length / dimension;
    const members = new Int32Array(count * n);
    const weights = new Float64Array(count * n);
    const byNode = new Map<number, number[]>();
    for (let i = 0; i < count; i++) {
      const point = points.subarray(i * dimension, (i + 1) * dimension);
      const nearest = this.trees[this.regionOf(point)].nearest(point, 1)[0];
      const list = byNode.get(nearest);
      if (list === undefined) byNode.set(nearest, [i]);
      else list.push(i);
    }
    const order = new Array<number>(dimension).fill(0);
    for (const [node, list] of byNode) {
      const stencil = this.stencilOf(node);
      const functionals = list.map((i) => ({
        point: points.subarray(i * dimension, (i + 1) * dimension),
        order,
      }));
      const out = new Float64Array(list.length * n);
      this.solve(stencil, functionals, out);
      list.forEach((i, k) => {
        members.set(stencil, i * n);
        weights.set(out.subarray(k * n, (k + 1) * n), i * n);
      });
    }
    return { members, weights };
  }

  private solve(members: Int32Array, functionals: readonly Functional[], out: Float64Array): void {
    if (!this.stencil.weights(this.positions, members, functionals, out)) {
      throw new SolveError('a stencil of scattered nodes is degenerate');
    }
  }

  private nearest(point: ArrayLike<number>, region: number): Int32Array {
    const tree = this.trees[region];
    if (tree === undefined || tree.size < this.n) {
      throw new SolveError(`a region holds fewer than ${this.n} nodes`);
    }
    return tree.nearest(point, this.n);
  }
}
