import { apply, column, divide, isZero, multiply, negate, sum, zero } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import { type Expression, type FieldNode, type Leaf, leafKey, substitute } from '../expression/expression.ts';
import { runnableProgram } from '../expression/interpreter.ts';
import { compileProgram } from '../expression/program.ts';
import type { ExplicitForm } from '../reference/explicit-form.ts';
import { CompiledRungeKutta } from '../reference/ode/compiled-runge-kutta.ts';
import { dormandPrince8 } from '../reference/ode/dormand-prince-8.ts';
import type { CompilableSystem, InputPlace } from '../reference/ode/runge-kutta-code.ts';

/**
 * y' = f(t, y, p) together with its variational equations S' = (∂f/∂y) S + ∂f/∂p, S = ∂y/∂p, for some of the
 * unknowns: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, section I.14.
 *
 * The state is [y, S], S (size, parameters) row-major. One of these serves one thread of calls at a time.
 */
export interface VariationalSystem {
  readonly n: number;
  /** Positions, among the problem's unknowns, of those that S belongs to. */
  readonly active: readonly number[];
  /** Sets the values of all unknowns for the evaluations to come. */
  setUnknowns(p: Float64Array): void;
  evaluate(t: number, y: Float64Array, out: Float64Array): void;
  /** Steps with this system compiled into them; undefined where it cannot be. Always the same object. */
  explicitStepper(): CompiledRungeKutta | undefined;
}

/** The unknowns that the equations hold. */
export function unknownsInEquations(form: ExplicitForm): number[] {
  const unknowns = form.unknowns.map((name): Leaf => ({ kind: 'unknown', name }));
  return [...unknowns.keys()].filter((i) => form.residuals.some((r) => !isZero(partial(r, unknowns[i]))));
}

/** @param active positions of the unknowns to derive by; none for the trajectory alone */
export function variationalSystem(form: ExplicitForm, active: readonly number[]): VariationalSystem {
  const slopes = explicitSlopes(form);
  return slopes === undefined ? new NumericSystem(form, active) : new CompiledSystem(form, slopes, active);
}

/** f as expressions, where each equation has the highest derivative of one field; else undefined. */
function explicitSlopes(form: ExplicitForm): Expression[] | undefined {
  const leading = form.fields.map(({ name, order }): FieldNode => derivative(name, order));
  const keys = new Set(leading.map(leafKey));
  const rest = form.residuals.map((r) =>
    substitute(r, (leaf) => (keys.has(leafKey(leaf)) ? zero : leaf), apply),
  );
  const rowOf = leading.map((leaf) => form.residuals.map((r) => partial(r, leaf)));
  const slopes: Expression[] = [];
  const taken = new Set<number>();
  for (const [i, { name, order }] of form.fields.entries()) {
    const rows = [...form.residuals.keys()].filter((row) => !isZero(rowOf[i][row]));
    if (rows.length !== 1 || taken.has(rows[0])) return undefined;
    taken.add(rows[0]);
    for (let k = 0; k + 1 < order; k++) slopes.push(derivative(name, k + 1));
    slopes.push(negate(divide(rest[rows[0]], rowOf[i][rows[0]])));
  }
  return slopes;
}

function derivative(name: string, order: number): FieldNode {
  return { kind: 'field', name, order: [order], of: [0], side: 0 };
}

/** The whole system as one program. */
class CompiledSystem implements VariationalSystem {
  readonly n: number;
  private readonly run: (inputs: Float64Array, outputs: Float64Array) => void;
  private readonly inputs: Float64Array;
  private readonly timeInput: number;
  /** Pairs (input, place in the state). */
  private readonly stateInputs: Int32Array;
  /** Pairs (input, unknown). */
  private readonly unknownInputs: Int32Array;
  private readonly system: CompilableSystem;
  private readonly unknowns: Float64Array;
  /** null until it is asked for. */
  private stepper: CompiledRungeKutta | undefined | null = null;

  constructor(
    form: ExplicitForm,
    slopes: readonly Expression[],
    readonly active: readonly number[],
  ) {
    const { size } = form;
    const count = active.length;
    this.n = size * (1 + count);
    const states = form.fields.flatMap(({ name, order }) =>
      Array.from({ length: order }, (_, k) => derivative(name, k)),
    );
    const sensitivity = (i: number, k: number) => column(`${size + i * count + k}`);
    const equations = [...slopes];
    for (const slope of slopes) {
      const gradient = states.map((leaf) => partial(slope, leaf));
      active.forEach((position, k) => {
        equations.push(
          sum([
            ...gradient.map((g, j) => multiply(g, sensitivity(j, k))),
            partial(slope, { kind: 'unknown', name: form.unknowns[position] }),
          ]),
        );
      });
    }
    const program = compileProgram(equations);
    this.run = runnableProgram(program);
    this.inputs = new Float64Array(program.inputs.length);
    const place = (leaf: Leaf): InputPlace => {
      if (leaf.kind === 'coordinate') return { kind: 'time' };
      if (leaf.kind === 'unknown') return { kind: 'parameter', position: form.unknowns.indexOf(leaf.name) };
      const position = leaf.kind === 'column' ? Number(leaf.name) : form.position(leaf) - 1;
      return { kind: 'state', position };
    };
    const places = program.inputs.map(place);
    this.timeInput = places.findIndex(({ kind }) => kind === 'time');
    const placed = (kind: InputPlace['kind']) =>
      Int32Array.from(
        places.flatMap((found, i) =>
          found.kind === kind && found.kind !== 'time' ? [i, found.position] : [],
        ),
      );
    this.stateInputs = placed('state');
    this.unknownInputs = placed('parameter');
    this.system = { program, place, parameters: form.unknowns.length };
    this.unknowns = new Float64Array(form.unknowns.length);
  }

  setUnknowns(p: Float64Array): void {
    const { inputs, unknownInputs } = this;
    for (let i = 0; i < unknownInputs.length; i += 2) inputs[unknownInputs[i]] = p[unknownInputs[i + 1]];
    this.unknowns.set(p);
    this.stepper?.parameters.set(p);
  }

  explicitStepper(): CompiledRungeKutta | undefined {
    if (this.stepper === null) {
      this.stepper = CompiledRungeKutta.of(dormandPrince8, this.system, this.n);
      this.stepper?.parameters.set(this.unknowns);
    }
    return this.stepper;
  }

  evaluate(t: number, y: Float64Array, out: Float64Array): void {
    const { inputs, stateInputs } = this;
    if (this.timeInput >= 0) inputs[this.timeInput] = t;
    for (let i = 0; i < stateInputs.length; i += 2) inputs[stateInputs[i]] = y[stateInputs[i + 1]];
    this.run(inputs, out);
  }
}

/** Where the highest derivatives are coupled: solved for at every evaluation. */
class NumericSystem implements VariationalSystem {
  readonly n: number;
  private readonly p: Float64Array;
  private readonly jacobian: Float64Array;
  private readonly direct: Float64Array;
  private readonly slope: Float64Array;

  constructor(
    private readonly form: ExplicitForm,
    readonly active: readonly number[],
  ) {
    const { size, unknowns } = form;
    this.n = size * (1 + active.length);
    this.p = new Float64Array(unknowns.length);
    this.jacobian = new Float64Array(size * size);
    this.direct = new Float64Array(size * unknowns.length);
    this.slope = new Float64Array(size);
  }

  setUnknowns(p: Float64Array): void {
    this.p.set(p);
  }

  explicitStepper(): undefined {
    return undefined;
  }

  evaluate(t: number, y: Float64Array, out: Float64Array): void {
    const { form, p, jacobian, direct, slope, active } = this;
    const { size } = form;
    const state = y.subarray(0, size);
    form.evaluate(t, state, p, slope);
    out.set(slope);
    const count = active.length;
    if (count === 0) return;
    form.jacobian(t, state, p, jacobian);
    form.unknownDerivative(t, state, p, direct);
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < count; k++) {
        let total = direct[i * p.length + active[k]];
        for (let j = 0; j < size; j++) total += jacobian[i * size + j] * y[size + j * count + k];
        out[size + i * count + k] = total;
      }
    }
  }
}
