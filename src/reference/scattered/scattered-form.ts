import { NotSupportedError } from '../../errors.ts';
import { field as fieldNode, subtract } from '../../expression/build.ts';
import { differentiate } from '../../expression/differentiate.ts';
import type { Expression, FieldNode } from '../../expression/expression.ts';
import { hasPlaces } from '../../expression/place.ts';
import { totalOrder } from '../../jet/multi-index.ts';
import type { Condition, Problem } from '../../problem/problem.ts';
import { fieldLeaves } from '../explicit-form.ts';
import { assign } from './assignment.ts';
import { withOwnColumns } from './interface-columns.ts';
import { type PressureEquation, pressureEquation } from './pressure-equation.ts';

/** A field or a time derivative of one that is no highest one: what a node holds. */
export interface State {
  readonly field: number;
  readonly timeOrder: number;
}

/**
 * What holds at nodes of one kind, M u' = F: residuals with leading time derivatives first, then those without,
 * then copies u' = v of equations of second order in time.
 */
export interface RowDefinition {
  readonly residuals: readonly Expression[];
  readonly leading: readonly FieldNode[];
  /** States of which the row is the value. */
  readonly copies: readonly number[];
  /** For each row the state whose time derivative it gives, −1 where it is algebraic. */
  readonly masses: readonly number[];
}

type Placed = Exclude<Condition, { kind: 'periodic' }>;

/** A problem taken apart for scattered nodes. */
export class ScatteredForm {
  readonly time: number | undefined;
  /** Positions of the space coordinates among the problem's. */
  readonly space: readonly number[];
  readonly states: readonly State[];
  /** For each field the order of its highest time derivative. */
  readonly timeOrders: readonly number[];
  /** Highest total space derivative in the equations. */
  readonly spaceOrder: number;
  /** Conditions by place: on the boundary, on interfaces, at points, and those of the start by state. */
  readonly boundary: readonly Placed[];
  readonly interfaces: readonly (Placed & { kind: 'interface' })[];
  readonly points: readonly (Placed & { kind: 'points' })[];
  /** Fields that stand in equations and conditions by derivatives alone. */
  readonly floating: readonly number[];
  private readonly initial: readonly (Expression | undefined)[];
  private readonly equations: readonly Expression[];
  /** Where continuity gives way to an equation for the pressure inside. */
  readonly constraint: PressureEquation | undefined;
  /** The equation that belongs to each field. */
  private readonly equationOf: readonly number[];

  /** @throws NotSupportedError in words where the problem is not of this kind */
  constructor(readonly problem: Problem) {
    const { fields, coordinates } = problem;
    const time = problem.time ?? undefined;
    this.time = time;
    this.space = coordinates.map((_, i) => i).filter((i) => i !== time);
    if (this.space.length < 2 || this.space.length > 3) {
      throw new NotSupportedError(`${this.space.length} space coordinates; scattered nodes are for 2 and 3`);
    }
    for (const { name, of } of fields) {
      if (of.length < coordinates.length)
        throw new NotSupportedError(`field ${name} depends on some of the coordinates only`);
    }
    this.equations = problem.equations.map(({ left, right }) => subtract(left, right));
    if (hasPlaces(this.equations)) throw new NotSupportedError('an integral in the equations');
    const leaves = fieldLeaves(this.equations);
    this.timeOrders = fields.map(({ name }) =>
      time === undefined
        ? 0
        : Math.max(0, ...leaves.filter((leaf) => leaf.name === name).map(({ order }) => order[time])),
    );
    this.spaceOrder = Math.max(0, ...leaves.map((leaf) => this.spaceOrderOf(leaf)));
    if (this.spaceOrder === 0) throw new NotSupportedError('the equations hold no derivative in space');
    if (this.spaceOrder > 4) throw new NotSupportedError('derivatives of higher than fourth order');
    const states: State[] = [];
    fields.forEach((_, field) => {
      for (let timeOrder = 0; timeOrder < Math.max(1, this.timeOrders[field]); timeOrder++) {
        states.push({ field, timeOrder });
      }
    });
    this.states = states;
    if (fields.length > 10) throw new NotSupportedError('more than ten fields');
    const unconditional = problem.equations.filter(({ where }) => where === undefined).length;
    if (unconditional > fields.length) throw new NotSupportedError('more equations than fields');
    const partwise = problem.equations.some(({ where }) => where !== undefined);
    this.constraint = partwise ? undefined : pressureEquation(problem, this.equations, this.space);
    this.equationOf = this.equationsByField();
    if (this.constraint !== undefined && time !== undefined) {
      throw new NotSupportedError('a pressure that evolves, on scattered nodes');
    }

    const initial: Expression[] = [];
    const boundary: Placed[] = [];
    const interfaces: (Placed & { kind: 'interface' })[] = [];
    const points: (Placed & { kind: 'points' })[] = [];
    for (const condition of problem.conditions) {
      const { path } = condition;
      if (condition.kind === 'periodic')
        throw new NotSupportedError('a periodic condition on scattered nodes', { path });
      if (hasPlaces([condition.left, condition.right]))
        throw new NotSupportedError('an integral in a condition', { path });
      if (condition.kind === 'interface') interfaces.push(condition);
      else if (condition.kind === 'points') {
        if (time !== undefined) throw new NotSupportedError('a condition at single points in time', { path });
        points.push(condition);
      } else if (condition.kind === 'parts') boundary.push(condition);
      else if (condition.planes.some((plane) => plane.coordinate === time)) {
        if (condition.planes.some(({ outward }) => outward !== -1))
          throw new NotSupportedError('a condition at a time other than the start', { path });
        initial.push(subtract(condition.left, condition.right));
      } else if (condition.planes.some(({ outward }) => outward === 0)) {
        throw new NotSupportedError('a condition on a plane inside the domain', { path });
      } else boundary.push(condition);
    }
    this.boundary = boundary;
    this.interfaces = interfaces;
    this.points = points;
    this.initial = this.initialByState(initial);
    const all = [
      ...this.equations,
      ...[...boundary, ...interfaces, ...points].map(({ left, right }) => subtract(left, right)),
      ...initial,
    ];
    const values = new Set(
      fieldLeaves(all)
        .filter(({ order }) => totalOrder(order) === 0)
        .map(({ name }) => name),
    );
    this.floating = fields.map((_, i) => i).filter((i) => !values.has(fields[i].name));
  }

  state(field: number, timeOrder: number): number {
    return this.states.findIndex((s) => s.field === field && s.timeOrder === timeOrder);
  }

  /** The row in which an equation without a mean, such as continuity, takes up what does not add up. */
  rowOfField(field: number): number {
    const definition = this.interior(undefined);
    if (this.constraint?.pressure === field) return definition.residuals.indexOf(this.constraint.expression);
    return definition.residuals.indexOf(this.equations[this.equationOf[field]]);
  }

  /**
   * Equations inside.
   *
   * @param active positions of those that hold there; all where undefined
   */
  interior(active: readonly number[] | undefined): RowDefinition {
    const { constraint } = this;
    const all = this.equations.map((equation, i) =>
      i === constraint?.equation ? constraint.expression : equation,
    );
    const equations = active === undefined ? all : active.map((i) => all[i]);
    if (equations.length !== this.problem.fields.length) {
      throw new NotSupportedError(
        `${equations.length} equations for ${this.problem.fields.length} fields at a point`,
      );
    }
    return this.rows(
      equations.filter((equation) => this.isDynamic(equation)),
      equations.filter((equation) => !this.isDynamic(equation)),
      this.problem.fields.map((_, i) => i).filter((i) => this.timeOrders[i] > 0),
      this.lowerStates(this.problem.fields.map((_, i) => i)),
    );
  }

  /**
   * Conditions at a place, `sides` nodes of it: where there are fewer than fields, the fields left keep their
   * equations.
   *
   * @param axis the one along which the normal points most, where continuity is to hold on the boundary
   */
  conditions(conditions: readonly Placed[], sides: number, axis = 0): RowDefinition {
    const { fields } = this.problem;
    const slots = fields.length * sides;
    const residuals = conditions.map((condition) =>
      withOwnColumns(subtract(condition.left, condition.right), condition.path),
    );
    if (residuals.length > slots || (sides > 1 && residuals.length < slots)) {
      const path = conditions[0]?.path;
      throw new NotSupportedError(
        `${residuals.length} conditions at one place where ${slots} are needed for ${fields.length} fields`,
        path === undefined ? {} : { path },
      );
    }
    const scores = residuals.map((residual) => {
      const present = fieldLeaves([residual]);
      return Array.from({ length: slots }, (_, i) => {
        const own = present.filter(({ name }) => name === fields[i % fields.length].name);
        if (own.length === 0) return -100;
        return 1 + (own.some(({ order }) => totalOrder(order) === 0) ? 0.5 : 0) + 1 / present.length;
      });
    });
    const chosen = assign(scores, slots).map((slot) => slot % fields.length);
    const dynamic: Expression[] = [];
    const algebraic: Expression[] = [];
    const leading: number[] = [];
    const copies: number[] = [];
    residuals.forEach((residual, i) => {
      const field = chosen[i];
      const highest = this.timeOrders[field];
      const own = this.timeOrderIn(residual);
      if (highest > 0 && own >= highest) {
        dynamic.push(residual);
        leading.push(field);
        copies.push(...this.lowerStates([field]));
        return;
      }
      let derived = residual;
      for (let k = 0; k < Math.max(1, highest - own); k++) {
        if (k > 0) derived = differentiate(derived, this.time!);
        algebraic.push(derived);
      }
      for (let k = 0; k < own; k++) copies.push(this.state(field, k));
    });
    fields.forEach((_, field) => {
      if (sides > 1 || chosen.includes(field)) return;
      const { constraint } = this;
      // Where the pressure is given, continuity determines the velocity along the normal.
      const continuous =
        constraint !== undefined &&
        field === (chosen.includes(constraint.pressure) ? constraint.velocities[axis] : constraint.pressure);
      const equation = this.equations[continuous ? constraint.equation : this.equationOf[field]];
      if (this.isDynamic(equation)) {
        dynamic.push(equation);
        leading.push(field);
        copies.push(...this.lowerStates([field]));
      } else algebraic.push(equation);
    });
    return this.rows(dynamic, algebraic, leading, copies);
  }

  /**
   * Whether conditions at a boundary node need a ghost beyond it: one-sided differences of high degree are hardly
   * stable in conditions on derivatives, and with a ghost the equations hold at the node as well. Bayona, Flyer,
   * Fornberg & Barnett (2017), section 4.
   */
  needsGhost(conditions: readonly Placed[]): boolean {
    const { fields } = this.problem;
    if (conditions.length > fields.length) return this.spaceOrder > 2;
    if (conditions.length < fields.length) return false;
    const leaves = fieldLeaves(conditions.flatMap(({ left, right }) => [left, right]));
    const inTime = (leaf: FieldNode) => (this.time === undefined ? 0 : leaf.order[this.time]);
    const derived = leaves.some((leaf) => this.spaceOrderOf(leaf) > 0);
    const dynamic = leaves.some((leaf) => inTime(leaf) > 0);
    return derived && !dynamic && this.allSecondOrder;
  }

  /** Whether every field has second derivatives in the equations. */
  get allSecondOrder(): boolean {
    return this.problem.fields.every(({ name }) =>
      fieldLeaves(this.equations).some((leaf) => leaf.name === name && this.spaceOrderOf(leaf) > 1),
    );
  }

  /** Conditions at a node with a ghost: where they are as many as fields, the equations hold there as well. */
  conditionsWithGhost(conditions: readonly Placed[]): RowDefinition {
    const { fields } = this.problem;
    if (conditions.length > fields.length) return this.conditions(conditions, 2);
    const given = this.conditions(conditions, 1);
    const equations = this.interior(undefined);
    const dynamic = equations.leading.length;
    return {
      residuals: [...equations.residuals, ...given.residuals],
      leading: equations.leading,
      copies: equations.copies,
      masses: [
        ...equations.masses.slice(0, dynamic),
        ...equations.residuals.slice(dynamic).map(() => -1),
        ...given.residuals.map(() => -1),
        ...equations.masses.slice(equations.residuals.length),
      ],
    };
  }

  /** The rows at the start that go with those of the evolution: time derivatives give way to initial conditions. */
  atStart({ residuals, leading, masses }: RowDefinition): RowDefinition {
    const algebraic = residuals.slice(leading.length);
    const started = masses.flatMap((state) => {
      if (state < 0) return [];
      const condition = this.initial[state];
      if (condition === undefined)
        throw new NotSupportedError(
          `no initial condition for ${this.problem.fields[this.states[state].field].name}`,
        );
      return [condition];
    });
    const all = [...started, ...algebraic];
    return { residuals: all, leading: [], copies: [], masses: all.map(() => -1) };
  }

  spaceOrderOf(leaf: FieldNode): number {
    return totalOrder(leaf.order) - (this.time === undefined ? 0 : leaf.order[this.time]);
  }

  private rows(
    dynamic: readonly Expression[],
    algebraic: readonly Expression[],
    leading: readonly number[],
    copies: readonly number[],
  ): RowDefinition {
    if (dynamic.length !== leading.length) {
      throw new NotSupportedError(
        `${dynamic.length} equations with time derivatives for ${leading.length} fields that have them`,
      );
    }
    const { fields, coordinates } = this.problem;
    return {
      residuals: [...dynamic, ...algebraic],
      leading: leading.map((i) => {
        const order = coordinates.map((_, a) => (a === this.time ? this.timeOrders[i] : 0));
        return fieldNode(fields[i].name, order, fields[i].of) as FieldNode;
      }),
      // The derivative in time of a state is the next one.
      copies: copies.map((state) => state + 1),
      masses: [
        ...leading.map((i) => this.state(i, this.timeOrders[i] - 1)),
        ...algebraic.map(() => -1),
        ...copies,
      ],
    };
  }

  private lowerStates(fields: readonly number[]): number[] {
    return fields.flatMap((field) =>
      Array.from({ length: Math.max(0, this.timeOrders[field] - 1) }, (_, k) => this.state(field, k)),
    );
  }

  private isDynamic(expression: Expression): boolean {
    return this.time !== undefined && this.timeOrderIn(expression, true) > 0;
  }

  /** Highest time derivative; with `leading` of those that are the highest of their field. */
  private timeOrderIn(expression: Expression, leading = false): number {
    if (this.time === undefined) return 0;
    let highest = 0;
    for (const { name, order } of fieldLeaves([expression])) {
      const field = this.problem.fields.findIndex((f) => f.name === name);
      if (leading && order[this.time] < this.timeOrders[field]) continue;
      highest = Math.max(highest, order[this.time]);
    }
    return highest;
  }

  private equationsByField(): number[] {
    const { fields } = this.problem;
    const count = Math.min(this.equations.length, fields.length);
    const scores = this.equations.slice(0, count).map((equation) => {
      const leaves = fieldLeaves([equation]);
      return fields.map(({ name }, i) => {
        const own = leaves.filter((leaf) => leaf.name === name);
        if (own.length === 0) return -10;
        const time = this.time;
        const leads =
          time !== undefined &&
          this.timeOrders[i] > 0 &&
          own.some(({ order }) => order[time] === this.timeOrders[i]);
        return (leads ? 20 : 0) + Math.max(...own.map((leaf) => this.spaceOrderOf(leaf)));
      });
    });
    const chosen = assign(scores, fields.length);
    const { constraint } = this;
    return fields.map((_, field) => {
      if (field === constraint?.pressure) return constraint.equation;
      const axis = constraint?.velocities.indexOf(field) ?? -1;
      return axis >= 0 ? constraint!.momenta[axis] : Math.max(0, chosen.indexOf(field));
    });
  }

  private initialByState(conditions: readonly Expression[]): (Expression | undefined)[] {
    const { time } = this;
    const states = this.states.map((_, i) => i).filter((i) => this.timeOrders[this.states[i].field] > 0);
    if (time === undefined || conditions.length > states.length) {
      if (conditions.length > 0) throw new NotSupportedError('more initial conditions than are needed');
      return [];
    }
    const scores = conditions.map((condition) => {
      const leaves = fieldLeaves([condition]);
      return states.map((state) => {
        const { field, timeOrder } = this.states[state];
        const own = leaves.filter(({ name }) => name === this.problem.fields[field].name);
        return own.some(({ order }) => order[time] === timeOrder) ? 1 + timeOrder : -100;
      });
    });
    const chosen = assign(scores, states.length);
    return this.states.map((_, state) => conditions[chosen.findIndex((i) => states[i] === state)]);
  }
}
