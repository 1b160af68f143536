import { NotSupportedError } from '../../errors.ts';
import { apply, number, subtract } from '../../expression/build.ts';
import { differentiate } from '../../expression/differentiate.ts';
import {
  type Expression,
  type FieldNode,
  leafKey,
  leavesOf,
  substitute,
} from '../../expression/expression.ts';
import type { Problem } from '../../problem/problem.ts';
import { fieldLeaves, highestOrder } from '../explicit-form.ts';
import type { State } from '../initial-fields.ts';

/** A condition that gives one state on one face. */
export interface FaceCondition {
  readonly state: number;
  /** Position among the space coordinates. */
  readonly axis: number;
  readonly side: -1 | 1;
  readonly residual: Expression;
  /** Whether it holds space derivatives: at edges the conditions without go first. */
  readonly derived: boolean;
}

/** An evolution equation on a box of any number of space coordinates. */
export interface EvolutionForm {
  readonly time: number;
  readonly space: readonly number[];
  readonly periodic: readonly boolean[];
  readonly states: readonly State[];
  /** One per field, affine in `leading`. */
  readonly residuals: readonly Expression[];
  /** Highest time derivative of each field. */
  readonly leading: readonly FieldNode[];
  readonly initial: readonly Expression[];
  readonly faces: readonly FaceCondition[];
  /** Space derivatives of states in equations and face conditions. */
  readonly derivatives: readonly {
    readonly state: number;
    readonly order: readonly number[];
    readonly leaf: FieldNode;
  }[];
}

/** @throws NotSupportedError in words where the problem is not of that kind */
export function evolutionForm(problem: Problem, p: Float64Array): EvolutionForm {
  const { coordinates, time } = problem;
  if (time === null) throw new NotSupportedError('the problem has no time');
  const space = coordinates.map((_, i) => i).filter((i) => i !== time);
  for (const { name, of } of problem.fields) {
    if (of.length < coordinates.length)
      throw new NotSupportedError(`field ${name} depends on some of the coordinates only`);
  }
  const partwise = problem.equations.find((equation) => equation.where !== undefined);
  if (partwise !== undefined)
    throw new NotSupportedError('an equation that holds on a part of the domain', { path: partwise.path });
  const residual = (left: Expression, right: Expression, axis = -1, outward = 0): Expression =>
    substitute(
      subtract(left, right),
      (leaf) => {
        if (leaf.kind === 'unknown')
          return number(p[problem.unknowns.findIndex(({ name }) => name === leaf.name)]);
        if (leaf.kind !== 'column' || !leaf.name.startsWith('normal:')) return leaf;
        return number(leaf.name === `normal:${coordinates[axis]?.name}` ? outward : 0);
      },
      apply,
    );
  const residuals = problem.equations.map(({ left, right }) => residual(left, right));
  const timeOrders = problem.fields.map(({ name }) => highestOrder(residuals, name, time));
  const states = problem.fields.flatMap(({ name }, i) => {
    if (timeOrders[i] === 0)
      throw new NotSupportedError(`field ${name} has no time derivative in any equation`);
    return Array.from({ length: timeOrders[i] }, (_, timeOrder) => ({ name, timeOrder }));
  });
  if (residuals.length !== problem.fields.length)
    throw new NotSupportedError(`${residuals.length} equations for ${problem.fields.length} fields`);

  const initial: Expression[] = [];
  const periodic = space.map(() => false);
  const given: { axis: number; side: -1 | 1; residual: Expression }[] = [];
  for (const condition of problem.conditions) {
    const { path } = condition;
    if (condition.kind === 'periodic' && condition.coordinate !== time)
      periodic[space.indexOf(condition.coordinate)] = true;
    else if (condition.kind === 'planes') {
      for (const { coordinate, outward } of condition.planes) {
        if (coordinate === time && outward === -1) initial.push(residual(condition.left, condition.right));
        else if (coordinate === time || outward === 0)
          throw new NotSupportedError('a condition inside the domain or at its end', { path });
        else
          given.push({
            axis: space.indexOf(coordinate),
            side: outward,
            residual: residual(condition.left, condition.right, coordinate, outward),
          });
      }
    } else throw new NotSupportedError('a condition that is not on a face', { path });
  }
  if (initial.length !== states.length)
    throw new NotSupportedError(`${initial.length} initial conditions where ${states.length} are needed`);
  const stateOf = ({ name, order, side }: FieldNode): number =>
    side === 0 ? states.findIndex((s) => s.name === name && s.timeOrder === order[time]) : -1;
  const faces = space.flatMap((_, axis) =>
    ([-1, 1] as const).flatMap((side) => {
      const here = given.filter((face) => face.axis === axis && face.side === side);
      return assigned(
        here.map((face) => face.residual),
        problem,
        time,
        stateOf,
      ).flatMap(({ state, residual }) => {
        // What holds for the field for all times holds for its time derivatives as well.
        const chain: FaceCondition[] = [];
        let expression = residual;
        for (let s = state; s < states.length && states[s].name === states[state].name; s++) {
          if (s > state) expression = differentiate(expression, time);
          const derived = fieldLeaves([expression]).some((leaf) => space.some((k) => leaf.order[k] > 0));
          chain.push({ state: s, axis, side, residual: expression, derived });
        }
        return chain;
      });
    }),
  );
  space.forEach((coordinate, axis) => {
    if (periodic[axis] && faces.some((face) => face.axis === axis))
      throw new NotSupportedError(
        `conditions at fixed ${coordinates[coordinate].name} beside a periodic one`,
      );
    if (periodic[axis]) return;
    for (const { name } of problem.fields) {
      const order = highestOrder(residuals, name, coordinate);
      const count = faces.filter(
        (face) =>
          face.axis === axis &&
          states[face.state].name === name &&
          states[face.state].timeOrder === timeOrders[problem.fields.findIndex((f) => f.name === name)] - 1,
      ).length;
      if (order > 2 || count !== order)
        throw new NotSupportedError(
          `${count} conditions for ${name} in ${coordinates[coordinate].name} where the equations are of order ${order}${order > 2 ? '; at most 2 is solved' : ''}`,
        );
    }
  });
  const leading = problem.fields.map(({ name }, i): FieldNode => {
    const order = coordinates.map((_, axis) => (axis === time ? timeOrders[i] : 0));
    return { kind: 'field', name, order, of: order.map((_, axis) => axis), side: 0 };
  });
  const keys = new Set(leading.map(leafKey));
  const expressions = [...residuals, ...faces.map((face) => face.residual)];
  const odd = leavesOf(expressions).find((leaf) => leaf.kind === 'column');
  if (odd !== undefined) throw new NotSupportedError(`${leafKey(odd)} has no value in a classical reference`);
  const derivatives = fieldLeaves(expressions)
    .filter((leaf) => !keys.has(leafKey(leaf)))
    .map((leaf) => {
      const state = stateOf(leaf);
      if (state < 0) throw new NotSupportedError('the highest time derivative is derived in space as well');
      return { state, order: space.map((axis) => leaf.order[axis]), leaf };
    });
  return { time, space, periodic, states, residuals, leading, initial, faces, derivatives };
}

/** Conditions of one face with a field each that they hold, of it the highest time derivative they hold. */
function assigned(
  residuals: readonly Expression[],
  problem: Problem,
  time: number,
  stateOf: (leaf: FieldNode) => number,
): { state: number; residual: Expression }[] {
  const choices = residuals.map((residual) => {
    const leaves = fieldLeaves([residual]);
    return problem.fields.flatMap(({ name }) => {
      const own = leaves.filter((leaf) => leaf.name === name);
      if (own.length === 0) return [];
      const highest = own.reduce((a, b) => (b.order[time] > a.order[time] ? b : a));
      return [
        {
          name,
          state: stateOf({ ...highest, order: highest.order.map((k, axis) => (axis === time ? k : 0)) }),
        },
      ];
    });
  });
  const taken = new Set<string>();
  const result: { state: number; residual: Expression }[] = [];
  const place = (i: number): boolean => {
    if (i === residuals.length) return true;
    for (const { name, state } of choices[i]) {
      if (taken.has(name) || state < 0) continue;
      taken.add(name);
      result.push({ state, residual: residuals[i] });
      if (place(i + 1)) return true;
      result.pop();
      taken.delete(name);
    }
    return false;
  };
  if (!place(0)) throw new NotSupportedError('the conditions of a face are not one for each of its fields');
  return result;
}
