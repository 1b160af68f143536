import { SolveError } from '../../errors.ts';
import type { ButcherTableau } from './butcher-tableau.ts';
import { firstStep } from './first-step.ts';
import {
  type CompilableSystem,
  type Layout,
  type RungeKuttaFunctions,
  rungeKuttaCode,
} from './runge-kutta-code.ts';
import type { Stepper } from './stepper.ts';
import { allFinite, errorNorm, type Tolerance } from './tolerance.ts';

/** Longer programs take longer to compile than most integrations take. */
const mostInstructions = 5000;

const none = new Float64Array(0);

/**
 * An explicit Runge–Kutta method with embedded error estimate, its arithmetic and that of the right-hand side in one
 * WebAssembly module: the same method as `ExplicitRungeKutta` gives, several times faster. One of these serves
 * one integration at a time, and any number one after the other.
 */
export class CompiledRungeKutta implements Stepper {
  readonly name: string;
  readonly errorExponent: number;
  readonly embedded = true;
  evaluations = 0;
  readonly proposal: Float64Array;
  /** Values of the parameters, to be set before an integration. */
  readonly parameters: Float64Array;
  private t = 0;
  private h = 0;
  private readonly y: Float64Array;
  private readonly scratch: Float64Array;
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private readonly atol: Float64Array;
  private readonly memory: Float64Array;
  private readonly code: RungeKuttaFunctions;
  private readonly layout: Layout;

  /** Undefined where the program is too long to pay, or the host compiles nothing so large at once. */
  static of(tableau: ButcherTableau, system: CompilableSystem, n: number): CompiledRungeKutta | undefined {
    if (system.program.instructions.length > mostInstructions || tableau.errorWeights.length === 0)
      return undefined;
    try {
      return new CompiledRungeKutta(tableau, system, n);
    } catch (error) {
      // Browsers limit what may be compiled in the main thread without waiting.
      if (error instanceof RangeError || error instanceof WebAssembly.CompileError) return undefined;
      throw error;
    }
  }

  private constructor(
    private readonly tableau: ButcherTableau,
    system: CompilableSystem,
    private readonly n: number,
  ) {
    this.name = tableau.name;
    this.errorExponent = tableau.errorExponent;
    const { binary, layout, host } = rungeKuttaCode(tableau, system, n);
    this.layout = layout;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(layout.bytes / 65536) });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), {
      env: { memory, ...host },
    });
    this.code = instance.exports as unknown as RungeKuttaFunctions;
    this.memory = new Float64Array(memory.buffer);
    const vector = (address: number): Float64Array => new Float64Array(memory.buffer, address, n);
    this.y = vector(layout.y);
    this.proposal = vector(layout.proposal);
    this.scratch = vector(layout.scratch);
    this.first = vector(layout.stage(0));
    this.second = vector(layout.stage(1));
    this.atol = vector(layout.atol);
    // The padding has no error.
    new Float64Array(memory.buffer, layout.atol, layout.width).fill(1);
    this.parameters = new Float64Array(memory.buffer, layout.parameters, system.parameters);
  }

  get localError(): number {
    return this.memory[this.layout.localError / 8];
  }

  /** Tolerances of the integrations to come. */
  setTolerance({ rtol, atol }: Tolerance): void {
    this.memory[this.layout.rtol / 8] = rtol;
    if (typeof atol === 'number') this.atol.fill(atol);
    else this.atol.set(atol);
  }

  evaluate(t: number, y: Float64Array, out: Float64Array): void {
    this.scratch.set(y);
    this.call(t, this.layout.scratch, this.layout.stage(1));
    out.set(this.second);
  }

  begin(t: number, y: Float64Array): void {
    this.t = t;
    this.y.set(y);
    this.call(t, this.layout.y, this.layout.stage(0));
    if (!allFinite(this.first)) throw new SolveError(`the right-hand side is not finite at t = ${t}`);
  }

  initialStep(direction: 1 | -1, span: number): number {
    const { y, first, second, scratch, n } = this;
    const tolerance: Tolerance = { rtol: this.memory[this.layout.rtol / 8], atol: this.atol };
    return firstStep(
      direction,
      span,
      this.tableau.order,
      errorNorm(y, y, y, tolerance),
      errorNorm(first, y, y, tolerance),
      (h) => {
        for (let i = 0; i < n; i++) scratch[i] = y[i] + h * first[i];
        this.call(this.t + h, this.layout.scratch, this.layout.stage(1));
        for (let i = 0; i < n; i++) scratch[i] = second[i] - first[i];
        return errorNorm(scratch, y, y, tolerance);
      },
    );
  }

  attempt(h: number): number {
    this.h = h;
    this.evaluations += this.tableau.stages;
    const norm = this.code[1](this.t, h);
    return Number.isFinite(norm) ? norm : Number.POSITIVE_INFINITY;
  }

  accept(dense = true): Float64Array {
    const { layout, n, memory } = this;
    let coefficients = none;
    if (dense) {
      this.evaluations += this.tableau.denseStages;
      this.code[2](this.t, this.h);
      const rows = 3 + this.tableau.denseWeights.length;
      coefficients = new Float64Array(n * rows);
      for (let row = 0; row < rows; row++) {
        const from = layout.coefficients / 8 + row * layout.width;
        for (let i = 0; i < n; i++) coefficients[row * n + i] = memory[from + i];
      }
    }
    this.t += this.h;
    const last = layout.stage(this.tableau.stages) / 8;
    const { y, proposal, first } = this;
    for (let i = 0; i < n; i++) {
      y[i] = proposal[i];
      first[i] = memory[last + i];
    }
    return coefficients;
  }

  private call(t: number, at: number, out: number): void {
    this.evaluations++;
    this.code[0](t, at, out);
  }
}
