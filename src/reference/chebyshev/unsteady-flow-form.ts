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
import { type PressureEquation, pressureEquation } from '../scattered/pressure-equation.ts';

/** coefficient · ∂^order of a field, by its position in the problem. */
export interface FlowTerm {
  readonly field: number;
  /** Per space axis. */
  readonly order: readonly number[];
  readonly coefficient: number;
}

/** Σ terms + rest = 0, the rest free of fields. */
export interface AffineRow {
  readonly terms: readonly FlowTerm[];
  readonly rest: Expression;
}

export interface FaceRow extends AffineRow {
  /** Position among the space coordinates. */
  readonly axis: number;
  readonly side: -1 | 1;
}

/** ∂_t v = Σ linear + nonlinear for the carried fields v, with a pressure that keeps a constraint. */
export interface UnsteadyFlowForm {
  readonly time: number;
  readonly space: readonly number[];
  /** Position of the pressure among the fields. */
  readonly pressure: number;
  readonly constraint: AffineRow;
  /** Positions of the fields that are carried in time. */
  readonly carried: readonly number[];
  readonly states: readonly State[];
  readonly linear: readonly (readonly FlowTerm[])[];
  readonly nonlinear: readonly Expression[];
  readonly initial: readonly Expression[];
  readonly faces: readonly FaceRow[];
}

/**
 * Takes an incompressible flow on a box apart: what is linear with constant coefficients and what is not.
 *
 * @throws NotSupportedError in words where the problem is not of that kind
 */
export function unsteadyFlowForm(problem: Problem, p: Float64Array): UnsteadyFlowForm {
  const { coordinates, time, fields } = problem;
  const none = new NotSupportedError(
    'a field has no time derivative in any equation, and is no pressure that keeps a flow incompressible',
  );
  if (time === null || problem.equations.length !== fields.length) throw none;
  if (
    fields.some(({ of }) => of.length < coordinates.length) ||
    problem.equations.some((e) => e.where !== undefined)
  )
    throw none;
  const space = coordinates.map((_, i) => i).filter((i) => i !== time);
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
  const found: PressureEquation | undefined = pressureEquation(problem, residuals, space);
  if (found === undefined) throw none;
  const { pressure, equation } = found;
  const carried = fields.map((_, i) => i).filter((i) => i !== pressure);
  const fieldOf = ({ name }: FieldNode): number => fields.findIndex((field) => field.name === name);
  const spaceOrder = ({ order }: FieldNode): number[] => space.map((axis) => order[axis]);
  const orders = fields.map(({ name }) => highestOrder(residuals, name, time));
  if (orders[pressure] !== 0 || carried.some((i) => orders[i] !== 1)) throw none;

  const affine = (expression: Expression): AffineRow => {
    const terms = fieldLeaves([expression]).map((leaf): FlowTerm => {
      const slope = partial(expression, leaf);
      if (slope.kind !== 'number' || leaf.order[time] > 0)
        throw new NotSupportedError('a condition of a flow whose coefficients vary');
      return { field: fieldOf(leaf), order: spaceOrder(leaf), coefficient: slope.value };
    });
    const rest = substitute(expression, (leaf) => (leaf.kind === 'field' ? zero : leaf), apply);
    return { terms, rest };
  };

  const linear: FlowTerm[][] = carried.map(() => []);
  const nonlinear: Expression[] = carried.map(() => zero);
  const taken = new Set<number>();
  residuals.forEach((expression, i) => {
    if (i === equation) return;
    const leading = fieldLeaves([expression]).filter((leaf) => leaf.order[time] > 0);
    const slope = leading.length === 1 ? partial(expression, leading[0]) : zero;
    const row = leading.length === 1 ? carried.indexOf(fieldOf(leading[0])) : -1;
    if (
      slope.kind !== 'number' ||
      slope.value === 0 ||
      row < 0 ||
      taken.has(row) ||
      spaceOrder(leading[0]).some((k) => k > 0)
    )
      throw new NotSupportedError('the equations of a flow do not give one time derivative each');
    taken.add(row);
    const key = leafKey(leading[0]);
    for (const term of termsOf(expression)) {
      const { coefficient, rest } = coefficientOf(term);
      const share = -coefficient / slope.value;
      if (rest.kind !== 'field') nonlinear[row] = add(nonlinear[row], multiply(number(share), rest));
      else if (leafKey(rest) !== key)
        linear[row].push({ field: fieldOf(rest), order: spaceOrder(rest), coefficient: share });
    }
  });
  if (
    fieldLeaves(nonlinear).some(
      (leaf) => fieldOf(leaf) === pressure || leaf.order[time] > 0 || leaf.side !== 0,
    )
  )
    throw new NotSupportedError('the pressure stands in a term that is not linear');

  const initial: Expression[] = [];
  const faces: FaceRow[] = [];
  for (const condition of problem.conditions) {
    if (condition.kind !== 'planes')
      throw new NotSupportedError('a condition that is not on a face', { path: condition.path });
    for (const { coordinate, outward } of condition.planes) {
      if (coordinate === time && outward === -1) initial.push(residual(condition.left, condition.right));
      else if (coordinate === time || outward === 0)
        throw new NotSupportedError('a condition inside the domain or at its end', { path: condition.path });
      else {
        const row = affine(residual(condition.left, condition.right, coordinate, outward));
        if (row.terms.length === 0)
          throw new NotSupportedError('a condition without fields', { path: condition.path });
        faces.push({ axis: space.indexOf(coordinate), side: outward, ...row });
      }
    }
  }
  const states = carried.map((i): State => ({ name: fields[i].name, timeOrder: 0 }));
  if (initial.length !== states.length)
    throw new NotSupportedError(`${initial.length} initial conditions where ${states.length} are needed`);
  return {
    time,
    space,
    pressure,
    constraint: affine(residuals[equation]),
    carried,
    states,
    linear,
    nonlinear,
    initial,
    faces,
  };
}

/** Whether a row gives the pressure. */
export function givesPressure({ terms }: AffineRow, { pressure }: UnsteadyFlowForm): boolean {
  return terms.every(({ field, order }) => field === pressure && order.every((k) => k === 0));
}
