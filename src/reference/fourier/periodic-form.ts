import { NotSupportedError } from '../../errors.ts';
import {
  add,
  apply,
  coefficientOf,
  multiply,
  number,
  subtract,
  termsOf,
  zero,
} from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import { type Expression, type FieldNode, leafKey, substitute } from '../../expression/expression.ts';
import type { Problem } from '../../problem/problem.ts';
import { fieldLeaves, highestOrder } from '../explicit-form.ts';
import type { State } from '../initial-fields.ts';
import { DenseLU } from '../linear/dense-lu.ts';

/** coefficient · ∂^order of a state, in the time derivative of another. */
export interface LinearTerm {
  readonly row: number;
  readonly state: number;
  /** Per space axis. */
  readonly order: readonly number[];
  readonly coefficient: number;
}

/** A space derivative of a state that the rest of the equations or initial conditions hold. */
export interface SpaceDerivative {
  readonly state: number;
  readonly order: readonly number[];
  readonly leaf: FieldNode;
}

/** An evolution equation on a periodic box: ∂_t y = L y + N(y, x, t), L with constant coefficients. */
export interface PeriodicForm {
  readonly time: number;
  /** Positions of the space coordinates. */
  readonly space: readonly number[];
  readonly states: readonly State[];
  readonly linear: readonly LinearTerm[];
  /** N of every state. */
  readonly nonlinear: readonly Expression[];
  /** What N is made of. */
  readonly derivatives: readonly SpaceDerivative[];
  /** Expressions that vanish at the start, affine in the states. */
  readonly initial: readonly Expression[];
}

/**
 * Takes an evolution equation on a periodic box apart into its linear part with constant coefficients and the
 * rest. Equations of higher order in time become systems of first order.
 *
 * @param mirrored  whether conditions on faces are left to the functions that the states are made of
 * @throws NotSupportedError in words where the problem is not of that kind
 */
export function periodicForm(problem: Problem, p: Float64Array, mirrored = false): PeriodicForm {
  const { coordinates, time } = problem;
  if (time === null) throw new NotSupportedError('the problem has no time');
  const space = coordinates.map((_, i) => i).filter((i) => i !== time);
  for (const { name, of } of problem.fields) {
    if (of.length === coordinates.length) continue;
    throw new NotSupportedError(`field ${name} depends on some of the coordinates only`);
  }
  const partwise = problem.equations.find((equation) => equation.where !== undefined);
  if (partwise !== undefined)
    throw new NotSupportedError('an equation that holds on a part of the domain', { path: partwise.path });

  const residual = (left: Expression, right: Expression): Expression =>
    substitute(
      subtract(left, right),
      (leaf) => {
        if (leaf.kind !== 'unknown') return leaf;
        return number(p[problem.unknowns.findIndex(({ name }) => name === leaf.name)]);
      },
      apply,
    );
  const residuals = problem.equations.map(({ left, right }) => residual(left, right));
  const initial = initialConditions(problem, time, space, residual, mirrored);

  const timeOrders = problem.fields.map(({ name }) => highestOrder(residuals, name, time));
  const states: State[] = problem.fields.flatMap(({ name }, i) => {
    if (timeOrders[i] === 0) throw new NotSupportedError(`field ${name} has no time derivative`);
    return Array.from({ length: timeOrders[i] }, (_, timeOrder) => ({ name, timeOrder }));
  });
  if (residuals.length !== problem.fields.length)
    throw new NotSupportedError(`${residuals.length} equations for ${problem.fields.length} fields`);
  if (initial.length !== states.length)
    throw new NotSupportedError(`${initial.length} initial conditions where ${states.length} are needed`);

  const leading = problem.fields.map(
    ({ name }, i): FieldNode => ({
      kind: 'field',
      name,
      order: coordinates.map((_, axis) => (axis === time ? timeOrders[i] : 0)),
      of: coordinates.map((_, axis) => axis),
      side: 0,
    }),
  );
  const inverse = inverseOf(
    residuals.map((r) => leading.map((leaf) => partial(r, leaf))),
    problem,
  );
  const stateOf = ({ name, order, side }: FieldNode): number =>
    side === 0 ? states.findIndex((state) => state.name === name && state.timeOrder === order[time]) : -1;
  const spaceOrder = ({ order }: FieldNode): number[] => space.map((axis) => order[axis]);

  // Each residual without its highest time derivatives: linear terms, and the rest.
  const parts = residuals.map((r) => {
    const linear: Omit<LinearTerm, 'row'>[] = [];
    let rest: Expression = zero;
    for (const term of termsOf(r)) {
      const { coefficient, rest: factor } = coefficientOf(term);
      if (factor.kind === 'field') {
        if (leading.some((leaf) => leafKey(leaf) === leafKey(factor))) continue;
        const state = stateOf(factor);
        if (state < 0) throw new NotSupportedError('the highest time derivative is derived in space as well');
        linear.push({ state, order: spaceOrder(factor), coefficient });
      } else rest = add(rest, term);
    }
    for (const leaf of fieldLeaves([rest])) {
      if (stateOf(leaf) < 0)
        throw new NotSupportedError('the highest time derivatives stand in more than terms of their own');
    }
    return { linear, rest };
  });

  const linear: LinearTerm[] = [];
  const nonlinear = states.map(({ name, timeOrder }, row): Expression => {
    const next = states.findIndex((state) => state.name === name && state.timeOrder === timeOrder + 1);
    if (next >= 0) {
      linear.push({ row, state: next, order: space.map(() => 0), coefficient: 1 });
      return zero;
    }
    const field = problem.fields.findIndex((f) => f.name === name);
    return parts.reduce((sum: Expression, part, equation) => {
      const factor = -inverse[field * parts.length + equation];
      if (factor === 0) return sum;
      for (const term of part.linear) linear.push({ ...term, row, coefficient: factor * term.coefficient });
      return add(sum, multiply(number(factor), part.rest));
    }, zero);
  });
  const derivatives = fieldLeaves(nonlinear).map((leaf) => ({
    leaf,
    state: stateOf(leaf),
    order: spaceOrder(leaf),
  }));
  return { time, space, states, linear, nonlinear, derivatives, initial };
}

function initialConditions(
  problem: Problem,
  time: number,
  space: readonly number[],
  residual: (left: Expression, right: Expression) => Expression,
  mirrored: boolean,
): Expression[] {
  const initial: Expression[] = [];
  const periodic = new Set<number>();
  for (const condition of problem.conditions) {
    const { path } = condition;
    if (condition.kind === 'periodic' && condition.coordinate !== time) periodic.add(condition.coordinate);
    else if (
      condition.kind === 'planes' &&
      condition.planes.every(({ coordinate, outward }) => coordinate === time && outward === -1)
    )
      initial.push(residual(condition.left, condition.right));
    else if (mirrored && condition.kind === 'planes' && condition.planes.every((p) => p.coordinate !== time))
      continue;
    else throw new NotSupportedError('a condition that is neither periodic in space nor initial', { path });
  }
  const open = space.find((axis) => !periodic.has(axis));
  if (open !== undefined && !mirrored)
    throw new NotSupportedError(`the problem is not periodic in ${problem.coordinates[open].name}`);
  for (const leaf of fieldLeaves(initial)) {
    if (space.some((axis) => leaf.order[axis] > 0))
      throw new NotSupportedError('an initial condition that holds space derivatives');
  }
  return initial;
}

/** The inverse of a matrix of numbers, row-major. */
function inverseOf(matrix: readonly (readonly Expression[])[], problem: Problem): Float64Array {
  const n = matrix.length;
  const result = new Float64Array(n * n);
  const lu = new DenseLU(n);
  matrix.forEach((row, i) => {
    row.forEach((entry, j) => {
      if (entry.kind !== 'number')
        throw new NotSupportedError('the factor of a highest time derivative is no constant', {
          path: problem.equations[i].path,
        });
      lu.matrix[i * n + j] = entry.value;
    });
  });
  if (!lu.factor()) throw new NotSupportedError('the equations do not determine the time derivatives');
  for (let j = 0; j < n; j++) {
    const column = new Float64Array(n);
    column[j] = 1;
    lu.solve(column);
    for (let i = 0; i < n; i++) result[i * n + j] = column[i];
  }
  return result;
}
