import { NotSupportedError } from '../../errors.ts';
import { partial } from '../../expression/differentiate.ts';
import { type FieldNode, type Leaf, leafKey, leavesOf } from '../../expression/expression.ts';
import { PointwiseSystem } from '../collocation/pointwise-system.ts';
import { fieldLeaves } from '../explicit-form.ts';
import { IncompleteLU } from '../linear/incomplete-lu.ts';
import { MultifrontalLU } from '../linear/multifrontal-lu.ts';
import type { ImplicitSystem } from '../ode/implicit-system.ts';
import type { Discretization, OrderKey } from './discretization.ts';
import type { RowDefinition, ScatteredForm } from './scattered-form.ts';

/** In space complete factors of more nodes than these take longer than iterations, and of so many too long. */
const mostFactored = 5000;
const mostFactoredAtAll = 25_000;

/** Where rows are evaluated, and whose rows they are. */
export interface Site {
  readonly node: number;
  /** The node beyond an interface, −1 where there is none. */
  readonly partner: number;
  /** Nodes to which the rows belong, as many for each as there are states. */
  readonly targets: readonly number[];
}

/** Sites at which the same rows hold. */
export interface SiteGroup {
  readonly rows: RowDefinition;
  readonly sites: readonly Site[];
  /** Names of columns with their values, (sites) each. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** (sites, dimension): what is added to the coordinates at which coefficients are taken. */
  readonly offsets?: Float64Array;
}

/** A probe's unknown stands in this row of every node listed: it takes up what does not add up. */
export interface Multiplier {
  readonly probe: number;
  readonly row: number;
  readonly nodes: ArrayLike<number>;
}

interface Slot {
  readonly state: number;
  readonly side: number;
  readonly order: OrderKey;
  /** No derivative: the state itself. */
  readonly plain: boolean;
}

interface Group extends SiteGroup {
  readonly system: PointwiseSystem;
  readonly slots: readonly Slot[];
  readonly values: Float64Array;
  readonly slotPlace: number;
  readonly columnPlace: number;
  readonly columnValues: readonly Float64Array[];
}

/**
 * Collocation on scattered nodes: M u' = F(t, u), node by node and within a node state by state, the Jacobian
 * sparse with a block for each pair of a node and a member of its stencil.
 */
export class ScatteredSystem implements Omit<ImplicitSystem, 'timeDerivative'> {
  readonly n: number;
  /** Whether ∂F/∂u depends neither on u nor on t. */
  readonly constantJacobian: boolean;
  private readonly groups: readonly Group[];
  private readonly states: number;
  private readonly starts: Int32Array;
  private readonly columns: Int32Array;
  private readonly jacobian: Float64Array;
  private readonly constant: { readonly at: number; readonly value: number }[] = [];
  /** Places of the ones of M among the entries. */
  private readonly massPlaces: Int32Array;
  private readonly massRows: Int32Array;
  private readonly massColumns: Int32Array;
  private solver: MultifrontalLU | IncompleteLU;
  /** Complete factors, where there may be some. */
  private readonly completely: (() => MultifrontalLU) | undefined;
  private factoredShift = Number.NaN;

  constructor(
    private readonly form: ScatteredForm,
    private readonly discretization: Discretization,
    groups: readonly SiteGroup[],
    multipliers: readonly Multiplier[],
    p: Float64Array,
  ) {
    const { count, positions, dimension } = discretization;
    this.states = form.states.length;
    const s = this.states;
    this.n = count * s;
    this.groups = groups.filter(({ sites }) => sites.length > 0).map((group) => this.bind(group, p));
    discretization.prepare(
      this.groups.flatMap(({ slots, sites }) =>
        [0, 1].flatMap((side): [Int32Array, OrderKey[]][] => {
          const nodes = Int32Array.from(sites, ({ node, partner }) => (side === 0 ? node : partner));
          const own = slots.filter((slot) => slot.side === side);
          const all: [Int32Array, OrderKey[]][] = [
            [nodes.filter((i) => i >= 0), own.filter(({ plain }) => !plain).map(({ order }) => order)],
            [
              nodes.filter((i) => i >= discretization.carriers),
              own.filter(({ plain }) => plain).map(({ order }) => order),
            ],
          ];
          return all.filter(([list, orders]) => list.length > 0 && orders.length > 0);
        }),
      ),
    );

    const rows: number[][] = Array.from({ length: count }, () => []);
    for (const { sites } of this.groups) {
      for (const { node, partner, targets } of sites) {
        for (const target of targets) {
          rows[target] = [...discretization.stencilOf(node)];
          if (partner >= 0) rows[target].push(...discretization.stencilOf(partner));
          if (!rows[target].includes(target)) rows[target].push(target);
        }
      }
    }
    for (const { probe, nodes } of multipliers) {
      for (let k = 0; k < nodes.length; k++) rows[nodes[k]].push(probe);
    }
    this.starts = new Int32Array(count + 1);
    rows.forEach((row, i) => {
      this.starts[i + 1] = this.starts[i] + row.length;
    });
    this.columns = Int32Array.from(rows.flat());
    this.jacobian = new Float64Array(this.columns.length * s * s);
    const entry = (row: number, column: number): number => this.starts[row] + rows[row].indexOf(column);
    for (const { probe, row, nodes } of multipliers) {
      for (let k = 0; k < nodes.length; k++) {
        this.constant.push({ at: (entry(nodes[k], probe) * s + row) * s, value: 1 });
      }
      // A probe has one unknown: the other places among its own stay zero.
      for (let r = 1; r < s; r++) {
        this.constant.push({ at: (entry(probe, probe) * s + r) * s + r, value: 1 });
      }
    }
    const places: number[] = [];
    const massRows: number[] = [];
    const massColumns: number[] = [];
    for (const { rows: definition, sites } of this.groups) {
      definition.masses.forEach((state, row) => {
        if (state < 0) return;
        for (const { node, targets } of sites) {
          const target = targets[Math.floor(row / s)];
          places.push((entry(target, node) * s + (row % s)) * s + state);
          massRows.push(target * s + (row % s));
          massColumns.push(node * s + state);
        }
      });
    }
    this.massPlaces = Int32Array.from(places);
    this.massRows = Int32Array.from(massRows);
    this.massColumns = Int32Array.from(massColumns);
    const pattern = { size: count, starts: this.starts, columns: this.columns };
    const probes = new Set(multipliers.map(({ probe }) => probe));
    const complete = (): MultifrontalLU => new MultifrontalLU(pattern, s, positions, dimension, probes);
    const iterates = dimension === 3 && count > mostFactored && multipliers.length === 0;
    this.completely = iterates && count <= mostFactoredAtAll ? complete : undefined;
    this.solver = iterates ? new IncompleteLU(pattern, s) : complete();
    this.constantJacobian = this.groups.every(({ rows: definition }) => this.isConstant(definition));
  }

  evaluate(t: number, u: Float64Array, out: Float64Array): void {
    const s = this.states;
    out.fill(0);
    for (const group of this.groups) {
      const { system, sites } = group;
      for (let i = 0; i < sites.length; i++) {
        this.fill(group, i, t, u);
        system.evaluate(group.values);
        const { targets } = sites[i];
        for (let r = 0; r < system.count; r++) {
          out[targets[Math.floor(r / s)] * s + (r % s)] = system.outputs[r];
        }
      }
    }
    for (const { at, value } of this.constant) {
      const block = Math.floor(at / (s * s));
      const row = this.rowOfEntry(block) * s + (Math.floor(at / s) % s);
      out[row] += value * u[this.columns[block] * s + (at % s)];
    }
  }

  linearize(t: number, u: Float64Array): void {
    const { jacobian, states: s, starts, discretization } = this;
    const { n } = discretization;
    jacobian.fill(0);
    for (const { at, value } of this.constant) jacobian[at] = value;
    for (const group of this.groups) {
      const { system, sites, slots, slotPlace } = group;
      const { rows, places, values } = system.partials;
      for (let i = 0; i < sites.length; i++) {
        this.fill(group, i, t, u);
        system.linearize(group.values);
        const { node, partner, targets } = sites[i];
        for (let k = 0; k < values.length; k++) {
          const slope = values[k];
          if (slope === 0) continue;
          const { state, side, order, plain } = slots[places[k] - slotPlace];
          const target = targets[Math.floor(rows[k] / s)];
          const first = starts[target] + (side === 0 ? 0 : n);
          const offset = (rows[k] % s) * s + state;
          const at = side === 0 ? node : partner;
          if (plain && at < discretization.carriers) {
            jacobian[first * s * s + offset] += slope;
            continue;
          }
          const weights = discretization.weightsOf(order);
          for (let j = 0; j < n; j++) jacobian[(first + j) * s * s + offset] += slope * weights[at * n + j];
        }
      }
    }
    this.factoredShift = Number.NaN;
  }

  applyMass(x: Float64Array, out: Float64Array): void {
    out.fill(0);
    for (let i = 0; i < this.massRows.length; i++) out[this.massRows[i]] = x[this.massColumns[i]];
  }

  factor(shift: number): boolean {
    if (shift === this.factoredShift) return true;
    const assemble = (): boolean => {
      const { values } = this.solver;
      for (let i = 0; i < values.length; i++) values[i] = -this.jacobian[i];
      for (const place of this.massPlaces) values[place] += shift;
      return this.solver.factor();
    };
    let regular = assemble();
    if (!regular && this.solver instanceof IncompleteLU && this.completely !== undefined) {
      this.solver = this.completely();
      regular = assemble();
    }
    this.factoredShift = regular ? shift : Number.NaN;
    return regular;
  }

  solve(b: Float64Array): void {
    this.solver.solve(b);
  }

  private rowOfEntry(block: number): number {
    let low = 0;
    let high = this.starts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= block) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private bind(group: SiteGroup, p: Float64Array): Group {
    const { form } = this;
    const { problem, time, space } = form;
    const { residuals, leading, copies } = group.rows;
    const dimension = problem.coordinates.length;
    const slots: Slot[] = [];
    const keys = new Map<string, number>();
    const leadingKeys = leading.map(leafKey);
    const add = (state: number, side: number, order: readonly number[]): number => {
      const key = order.join(',');
      const known = keys.get(`${state}:${side}:${key}`);
      if (known !== undefined) return known;
      slots.push({ state, side, order: key, plain: order.every((k) => k === 0) });
      keys.set(`${state}:${side}:${key}`, slots.length - 1);
      return slots.length - 1;
    };
    const slotOf = (leaf: FieldNode): number => {
      const field = problem.fields.findIndex(({ name }) => name === leaf.name);
      const timeOrder = time === undefined ? 0 : leaf.order[time];
      const state = form.state(field, timeOrder);
      if (state < 0) {
        throw new NotSupportedError(
          `${leaf.name} is derived ${timeOrder} times in time where its equations do not allow it`,
        );
      }
      return add(
        state,
        leaf.side,
        space.map((a) => leaf.order[a]),
      );
    };
    const wanted = fieldLeaves(residuals).filter((leaf) => !leadingKeys.includes(leafKey(leaf)));
    const leaves = wanted.map((leaf) => ({ leaf, slot: slotOf(leaf) }));
    const zero = space.map(() => 0);
    const copySlots = copies.map((state) => add(state, 0, zero));
    const slotPlace = dimension;
    const leadingPlace = slotPlace + slots.length;
    const columnPlace = leadingPlace + leading.length;
    const names = [...group.columns.keys()];
    const unknownPlace = columnPlace + names.length;
    const values = new Float64Array(unknownPlace + p.length);
    values.set(p, unknownPlace);
    const position = (leaf: Leaf): number => {
      switch (leaf.kind) {
        case 'coordinate':
          return leaf.index;
        case 'unknown':
          return unknownPlace + problem.unknowns.findIndex(({ name }) => name === leaf.name);
        case 'column': {
          const column = names.indexOf(leaf.name);
          if (column < 0) throw new NotSupportedError(`${leaf.name} has no value here`);
          return columnPlace + column;
        }
        case 'field': {
          const lead = leadingKeys.indexOf(leafKey(leaf));
          return lead >= 0 ? leadingPlace + lead : slotPlace + slotOf(leaf);
        }
      }
    };
    const system = new PointwiseSystem({
      residuals,
      leading,
      copies: copySlots.map((slot) => slotPlace + slot),
      leadingPlace,
      arguments: leaves.map(({ leaf, slot }) => ({ place: slotPlace + slot, leaf })),
      position,
    });
    return {
      ...group,
      system,
      slots,
      values,
      slotPlace,
      columnPlace,
      columnValues: names.map((name) => group.columns.get(name)!),
    };
  }

  private fill(group: Group, i: number, t: number, u: Float64Array): void {
    const { values, slots, slotPlace, columnPlace, columnValues } = group;
    const { discretization, form, states: s } = this;
    const { n, members, positions, dimension } = discretization;
    const { node, partner } = group.sites[i];
    const { offsets } = group;
    for (let a = 0; a < dimension; a++) {
      values[form.space[a]] = positions[node * dimension + a] + (offsets?.[i * dimension + a] ?? 0);
    }
    if (form.time !== undefined) values[form.time] = t;
    for (let c = 0; c < columnValues.length; c++) values[columnPlace + c] = columnValues[c][i];
    for (let k = 0; k < slots.length; k++) {
      const { state, side, order, plain } = slots[k];
      const at = side === 0 ? node : partner;
      if (plain && at < discretization.carriers) {
        values[slotPlace + k] = u[at * s + state];
        continue;
      }
      const weights = discretization.weightsOf(order);
      let sum = 0;
      for (let j = at * n; j < (at + 1) * n; j++) sum += weights[j] * u[members[j] * s + state];
      values[slotPlace + k] = sum;
    }
  }

  private isConstant({ residuals, leading }: RowDefinition): boolean {
    const { time } = this.form;
    return residuals.every((residual) =>
      [...fieldLeaves([residual]), ...leading].every((leaf) =>
        leavesOf([partial(residual, leaf)]).every(
          (other) => other.kind !== 'field' && !(other.kind === 'coordinate' && other.index === time),
        ),
      ),
    );
  }
}
