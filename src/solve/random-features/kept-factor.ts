/** One factorisation for many right-hand sides. */
import type { LoadedEngine } from '../../engine/create-engine.ts';
import { foldDiagonal, squaredColumnNorms } from '../../optimizer/triangular-factor.ts';

/**
 * Tikhonov term, over the norm of each column. What it holds back is little more than this share of the solution, and
 * it bounds what rounding adds, which grows with the square of the condition number: with 1e-11 three digits are lost.
 */
const ridge = 1e-8;

/** Rounds of refinement; the second one is left with rounding, mostly. */
const mostRounds = 6;

/** A round that leaves more than this share of the loss is the last one. */
const leastGain = 0.5;

/**
 * The triangle of a Jacobian that many least-squares problems have in common, whose right-hand sides differ: all windows
 * of equal length of a linear problem. By seminormal equations with refinement (Björck, Linear Algebra Appl. 88/89,
 * 1987), which need the triangle alone; a Jacobian that is not quite the same shows in the loss.
 */
export class KeptFactor {
  /** R, row-major. */
  readonly #factor: Float64Array;
  readonly #size: number;

  private constructor(factor: Float64Array, size: number) {
    this.#factor = factor;
    this.#size = size;
  }

  /** Of the engine's residuals, at parameters that do not matter where they are affine in all of them. */
  static async of(
    engine: LoadedEngine,
    theta: Float64Array = new Float64Array(engine.size),
  ): Promise<KeptFactor> {
    const { size } = engine;
    const { factor, vector } = await engine.orthogonalFactor!(theta);
    const diagonal = squaredColumnNorms(factor, size).map((square) => ridge * Math.sqrt(square));
    const fold = engine.foldDiagonal?.bind(engine) ?? foldDiagonal;
    return new KeptFactor(fold(factor, vector, diagonal).factor, size);
  }

  /** The parameters that leave the engine's residuals least. */
  async solve(engine: LoadedEngine, theta0: Float64Array): Promise<Float64Array> {
    let theta = theta0;
    let { loss, gradient } = await engine.lossAndGradient(theta);
    for (let round = 0; round < mostRounds; round++) {
      const step = this.normalSolution(gradient);
      const next = theta.map((value, p) => value - step[p] / 2);
      const there = await engine.lossAndGradient(next);
      if (!(there.loss < loss)) break;
      const last = there.loss > leastGain * loss;
      theta = next;
      ({ loss, gradient } = there);
      if (last) break;
    }
    return theta;
  }

  /** (RᵀR)⁻¹g. */
  normalSolution(gradient: Float64Array): Float64Array {
    const n = this.#size;
    const factor = this.#factor;
    const y = gradient.slice();
    for (let i = 0; i < n; i++) {
      y[i] = factor[i * n + i] === 0 ? 0 : y[i] / factor[i * n + i];
      const head = y[i];
      for (let j = i + 1, at = i * n + i + 1; j < n; j++, at++) y[j] -= factor[at] * head;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = y[i];
      for (let j = i + 1, at = i * n + i + 1; j < n; j++, at++) sum -= factor[at] * y[j];
      y[i] = factor[i * n + i] === 0 ? 0 : sum / factor[i * n + i];
    }
    return y;
  }
}
