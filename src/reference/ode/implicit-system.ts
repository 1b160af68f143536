import { DenseLU } from '../linear/dense-lu.ts';
import type { Evaluate } from './explicit-runge-kutta.ts';

/** M y' = f(t, y) with a constant matrix M, singular where equations are algebraic. */
export interface ImplicitSystem {
  readonly n: number;
  evaluate(t: number, y: Float64Array, out: Float64Array): void;
  /** out = M·x. */
  applyMass(x: Float64Array, out: Float64Array): void;
  /** ∂f/∂t, given f(t, y). */
  timeDerivative(t: number, y: Float64Array, f: Float64Array, out: Float64Array): void;
  /** Takes J = ∂f/∂y at (t, y), given f(t, y). */
  linearize(t: number, y: Float64Array, f: Float64Array): void;
  /** Factors shift·M − J. Returns false if that is singular. */
  factor(shift: number): boolean;
  /** Solves (shift·M − J) x = b in place. */
  solve(b: Float64Array): void;
}

export interface DenseSystemOptions {
  /** Writes ∂f_i/∂y_j to out[i·n + j]; finite differences where absent. */
  readonly jacobian?: (t: number, y: Float64Array, out: Float64Array) => void;
  /** Writes ∂f/∂t; a finite difference where absent. */
  readonly timeDerivative?: (t: number, y: Float64Array, out: Float64Array) => void;
  /** M, (n, n) row-major; the identity where absent. */
  readonly mass?: ArrayLike<number>;
  /** Steps of finite differences in time go this way, so as to stay inside the interval. */
  readonly direction?: 1 | -1;
}

const rootEpsilon = Math.sqrt(Number.EPSILON);

/** The system of a dense Jacobian. */
export class DenseSystem implements ImplicitSystem {
  private readonly jacobian: Float64Array;
  private readonly lu: DenseLU;
  private readonly scratch: Float64Array;
  private readonly shifted: Float64Array;

  constructor(
    readonly n: number,
    private readonly f: Evaluate,
    private readonly options: DenseSystemOptions,
  ) {
    this.jacobian = new Float64Array(n * n);
    this.lu = new DenseLU(n);
    this.scratch = new Float64Array(n);
    this.shifted = new Float64Array(n);
  }

  evaluate(t: number, y: Float64Array, out: Float64Array): void {
    this.f(t, y, out);
  }

  applyMass(x: Float64Array, out: Float64Array): void {
    const { mass } = this.options;
    if (mass === undefined) {
      out.set(x);
      return;
    }
    for (let i = 0; i < this.n; i++) {
      let sum = 0;
      for (let j = 0; j < this.n; j++) sum += mass[i * this.n + j] * x[j];
      out[i] = sum;
    }
  }

  timeDerivative(t: number, y: Float64Array, f: Float64Array, out: Float64Array): void {
    if (this.options.timeDerivative !== undefined) {
      this.options.timeDerivative(t, y, out);
      return;
    }
    const shifted = t + (this.options.direction ?? 1) * rootEpsilon * Math.max(1e-5, Math.abs(t));
    this.f(shifted, y, this.scratch);
    for (let i = 0; i < this.n; i++) out[i] = (this.scratch[i] - f[i]) / (shifted - t);
  }

  linearize(t: number, y: Float64Array, f: Float64Array): void {
    const { n, jacobian, scratch, shifted } = this;
    if (this.options.jacobian !== undefined) {
      this.options.jacobian(t, y, jacobian);
      return;
    }
    shifted.set(y);
    for (let j = 0; j < n; j++) {
      shifted[j] = y[j] + (y[j] < 0 ? -1 : 1) * rootEpsilon * Math.max(1e-5, Math.abs(y[j]));
      const step = shifted[j] - y[j];
      this.f(t, shifted, scratch);
      for (let i = 0; i < n; i++) jacobian[i * n + j] = (scratch[i] - f[i]) / step;
      shifted[j] = y[j];
    }
  }

  factor(shift: number): boolean {
    const { mass } = this.options;
    const { n, jacobian } = this;
    const a = this.lu.matrix;
    for (let i = 0; i < n * n; i++) a[i] = -jacobian[i] + (mass === undefined ? 0 : shift * mass[i]);
    if (mass === undefined) for (let i = 0; i < n; i++) a[i * n + i] += shift;
    return this.lu.factor();
  }

  solve(b: Float64Array): void {
    this.lu.solve(b);
  }
}
