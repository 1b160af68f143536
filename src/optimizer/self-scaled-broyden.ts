import type { Objective, OptimizerState } from './optimizer.ts';
import { checkChoice, type StateReader } from './optimizer-state.ts';
import {
  type CurvaturePair,
  type InverseHessian,
  QuasiNewton,
  type QuasiNewtonOptions,
} from './quasi-newton.ts';
import { dot } from './vector.ts';

export interface SelfScaledBroydenOptions extends QuasiNewtonOptions {
  /** Which member of the family: 'broyden' lets φ vary as well as the scale, 'bfgs' holds φ = 1. Default 'broyden'. */
  readonly update?: 'broyden' | 'bfgs';
}

/** H itself, its lower triangle row after row: n (n + 1) / 2 numbers. */
export class DenseInverseHessian implements InverseHessian {
  private readonly size: number;
  private readonly family: 'broyden' | 'bfgs';
  private triangle: Float64Array | undefined;

  constructor(size: number, family: 'broyden' | 'bfgs') {
    this.size = size;
    this.family = family;
  }

  get fresh(): boolean {
    return this.triangle === undefined;
  }

  apply(vector: Float64Array): Float64Array {
    if (this.triangle === undefined) return vector.slice();
    const { triangle, size } = this;
    const product = new Float64Array(size);
    for (let i = 0, at = 0; i < size; i++) {
      const xi = vector[i];
      let sum = 0;
      for (let j = 0; j < i; j++, at++) {
        sum += triangle[at] * vector[j];
        product[j] += triangle[at] * xi;
      }
      product[i] += sum + triangle[at++] * xi;
    }
    return product;
  }

  update({ displacement: s, gradientChange: y, step, gradient }: CurvaturePair): void {
    const sy = dot(s, y);
    // sᵀ H⁻¹ s without H⁻¹, from s = −α H g.
    let sBs = -step * dot(s, gradient);
    if (this.triangle === undefined) {
      // The first pair shows the scale of the Hessian (Nocedal and Wright, equation 6.20).
      const scale = sy / dot(y, y);
      this.triangle = new Float64Array((this.size * (this.size + 1)) / 2);
      for (let i = 0, at = 0; i < this.size; i++, at += i + 1) this.triangle[at] = scale;
      sBs = dot(s, s) / scale;
    }
    const u = this.apply(y);
    const yHy = dot(y, u);
    const { tau, phi } = this.coefficients(sBs / sy, yHy / sy);
    if (!(tau > 0 && yHy > 0) || !Number.isFinite(phi)) return;
    const root = Math.sqrt(yHy);
    const v = s.map((value, i) => root * (value / sy - u[i] / yHy));
    const { triangle } = this;
    for (let i = 0, at = 0; i < this.size; i++) {
      const ui = u[i] / (yHy * tau);
      const vi = (phi * v[i]) / tau;
      const si = s[i] / sy;
      for (let j = 0; j <= i; j++, at++)
        triangle[at] = triangle[at] / tau - ui * u[j] + vi * v[j] + si * s[j];
    }
  }

  reset(): void {
    this.triangle = undefined;
  }

  store(): Pick<OptimizerState, 'numbers' | 'vectors'> {
    return {
      numbers: {},
      vectors: this.triangle === undefined ? {} : { inverseHessian: this.triangle.slice() },
    };
  }

  restore(stored: StateReader): void {
    this.triangle = stored.optionalVector('inverseHessian', (this.size * (this.size + 1)) / 2);
  }

  /** τ and φ from b = sᵀH⁻¹s / sᵀy and h = yᵀHy / sᵀy, in the symbols of Al-Baali, Spedicato and Maggioni. */
  private coefficients(b: number, h: number): { tau: number; phi: number } {
    const scale = Math.min(1, 1 / b);
    const a = h * b - 1;
    // Where a vanishes v does too, and all members of the family agree.
    if (this.family === 'bfgs' || !(a > 1e-12)) return { tau: scale, phi: 1 };
    const c = Math.sqrt(a / (a + 1));
    const rho = Math.min(1, h * (1 - c));
    const theta = Math.max((rho - 1) / a, Math.min(1 / rho, (1 - b) / b));
    const sigma = 1 + a * theta;
    const even = this.size > 1 ? sigma ** (-1 / (this.size - 1)) : 1;
    const tau = theta > 0 ? scale * Math.min(even, 1 / theta) : Math.min(scale * even, sigma);
    return { tau, phi: (1 - theta) / sigma };
  }
}

/**
 * Self-scaled quasi-Newton methods of Broyden's family,
 *
 *   H₊ = (H − H y yᵀ H / yᵀH y + φ v vᵀ) / τ + s sᵀ / sᵀy,   v = √(yᵀH y) (s / sᵀy − H y / yᵀH y),
 *
 * with τ and φ after Al-Baali (Comput. Optim. Appl. 9, 1998) and Al-Baali, Spedicato and Maggioni (Optim.
 * Methods Softw. 29, 2014), found good for physics-informed networks by Urbán, Stefanou and Pons (J. Comput.
 * Phys. 523, 2025). Time and memory per step grow with the square of the number of parameters. H lives on when
 * the objective changes, and is given up only after a failed line search.
 */
export class SelfScaledBroyden extends QuasiNewton {
  /** @throws ProblemError for an option out of its range, or a state that does not fit. */
  constructor(
    objective: Objective,
    theta0: Float64Array,
    options: SelfScaledBroydenOptions = {},
    state?: OptimizerState,
  ) {
    const update = options.update ?? 'broyden';
    checkChoice('broyden', 'update', update, ['broyden', 'bfgs']);
    const inverseHessian = new DenseInverseHessian(theta0.length, update);
    super('broyden', inverseHessian, objective, theta0, options, state);
  }
}
