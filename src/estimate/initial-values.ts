import { SolveError } from '../errors.ts';
import { apply, isZero, zero } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import { type Expression, type FieldNode, type Leaf, leafKey, substitute } from '../expression/expression.ts';
import type { Problem } from '../problem/problem.ts';
import { bindProgram } from '../reference/bound-program.ts';
import { type ExplicitForm, fieldLeaves } from '../reference/explicit-form.ts';
import { type InitialState, pointResiduals, solveInitialState } from '../reference/initial-state.ts';
import { DenseLU } from '../reference/linear/dense-lu.ts';
import { allFinite } from '../reference/ode/tolerance.ts';

/** The initial state as a function of the unknowns, prepared once for many calls. */
export interface InitialValues {
  readonly t: number;
  /** Positions of the unknowns that it may depend on. */
  readonly unknowns: readonly number[];
  /** @throws SolveError, NotSupportedError as {@link solveInitialState} */
  at(p: Float64Array): InitialState;
}

/** The conditions at t, solved once and for all where they are linear in the state with constant coefficients. */
export function initialValues(problem: Problem, form: ExplicitForm, t: number): InitialValues {
  const residuals = [
    ...pointResiduals(problem)
      .filter(({ at }) => at === t)
      .map(({ residual }) => residual),
    ...form.constraints,
  ];
  const leaves = form.unknowns.map((name): Leaf => ({ kind: 'unknown', name }));
  const unknowns = [...leaves.keys()].filter((k) => residuals.some((r) => !isZero(partial(r, leaves[k]))));
  const linear = linearInitialValues(form, residuals, t);
  return { t, unknowns, at: linear ?? ((p) => solveInitialState(problem, form, t, p)) };
}

function linearInitialValues(
  form: ExplicitForm,
  residuals: readonly Expression[],
  t: number,
): ((p: Float64Array) => InitialState) | undefined {
  const { size } = form;
  const parameters = form.unknowns.length;
  if (residuals.length !== size) return undefined;
  const orders = new Map(form.fields.map(({ name, order }) => [name, order]));
  if (fieldLeaves(residuals).some(({ name, order }) => !(order[0] < orders.get(name)!))) return undefined;
  const states = form.fields.flatMap(({ name, order }) =>
    Array.from({ length: order }, (_, k): FieldNode => {
      return { kind: 'field', name, order: [k], of: [0], side: 0 };
    }),
  );
  const lu = new DenseLU(size);
  for (const [i, residual] of residuals.entries()) {
    for (const [j, state] of states.entries()) {
      const coefficient = partial(residual, state);
      if (coefficient.kind !== 'number') return undefined;
      lu.matrix[i * size + j] = coefficient.value;
    }
  }
  if (!lu.factor()) return undefined;
  const pivots = Array.from({ length: size }, (_, i) => Math.abs(lu.matrix[i * size + i]));
  if (Math.min(...pivots) < 1e-12 * Math.max(...pivots)) return undefined;
  const keys = new Set(states.map(leafKey));
  const constants = residuals.map((r) =>
    substitute(r, (leaf) => (keys.has(leafKey(leaf)) ? zero : leaf), apply),
  );
  const slopes = constants.flatMap((r) => form.unknowns.map((name) => partial(r, { kind: 'unknown', name })));
  const run = bindProgram([...constants, ...slopes], (leaf) => form.position(leaf));
  const values = new Float64Array(1 + size + form.fields.length + parameters);
  const outputs = new Float64Array(size * (1 + parameters));
  values[0] = t;
  const column = new Float64Array(size);
  return (p) => {
    values.set(p, values.length - parameters);
    run(values, outputs);
    const sensitivity = new Float64Array(size * parameters);
    for (let k = 0; k < parameters; k++) {
      for (let i = 0; i < size; i++) column[i] = -outputs[size + i * parameters + k];
      lu.solve(column);
      for (let i = 0; i < size; i++) sensitivity[i * parameters + k] = column[i];
    }
    for (let i = 0; i < size; i++) column[i] = -outputs[i];
    lu.solve(column);
    if (!allFinite(column)) throw new SolveError(`the initial values at t = ${t} are not finite`);
    return { t, y: column.slice(), sensitivity };
  };
}
