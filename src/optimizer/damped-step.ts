import type { Factorize } from './cholesky.ts';
import { dot, norm } from './vector.ts';

/** What multiplies the damping: the identity (Levenberg), or the diagonal of JᵀJ (Marquardt). */
export type Scaling = 'identity' | 'jacobi';

/** L(θ + δ) ≈ loss + 2 vectorᵀδ + δᵀ matrix δ, with matrix = JᵀJ and vector = Jᵀρ. */
export interface QuadraticModel {
  readonly loss: number;
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
}

export interface DampedStep {
  readonly delta: Float64Array;
  readonly length: number;
  /** By how much the model's loss falls; positive. */
  readonly predicted: number;
}

// Columns of J that hardly matter would otherwise be left without any damping.
const smallestDiagonal = 1e-12;

/** Solves (JᵀJ + μD) δ = −Jᵀρ for one model and as many μ as asked for. */
export class DampedModel {
  private readonly model: QuadraticModel;
  private readonly factorize: Factorize;
  private readonly workspace: Float64Array;
  private readonly diagonals: Record<Scaling, Float64Array>;

  /** @param workspace as large as the matrix, overwritten by each step. */
  constructor(model: QuadraticModel, factorize: Factorize, workspace: Float64Array) {
    this.model = model;
    this.factorize = factorize;
    this.workspace = workspace;
    const n = model.vector.length;
    const diagonal = model.vector.map((_, i) => model.matrix[i * n + i]);
    const floor = smallestDiagonal * diagonal.reduce((largest, value) => Math.max(largest, value), 0);
    this.diagonals = {
      identity: new Float64Array(n).fill(1),
      jacobi: diagonal.map((value) => Math.max(value, floor)),
    };
  }

  /** The largest entry of the diagonal of JᵀJ in units of D: below its rounding, damping does nothing. */
  scaleOf(scaling: Scaling): number {
    return scaling === 'jacobi' ? 1 : this.diagonals.jacobi.reduce((a, b) => Math.max(a, b), 0);
  }

  /** Undefined where the damped matrix is not positive definite in floating point. */
  step(scaling: Scaling, damping: number): DampedStep | undefined {
    const { matrix, vector } = this.model;
    const n = vector.length;
    const diagonal = this.diagonals[scaling];
    this.workspace.set(matrix);
    for (let i = 0; i < n; i++) this.workspace[i * n + i] += damping * diagonal[i];
    const solution = this.factorize(this.workspace, n)?.solve(vector);
    if (solution === undefined) return undefined;
    const delta = solution.map((value) => -value);
    let quadratic = 0;
    for (let i = 0; i < n; i++) quadratic += diagonal[i] * delta[i] * delta[i];
    // −2 vᵀδ − δᵀJᵀJδ, with the damped equation put in: a sum of two positive terms, free of cancellation.
    const predicted = damping * quadratic - dot(vector, delta);
    return predicted > 0 && Number.isFinite(predicted)
      ? { delta, length: norm(delta), predicted }
      : undefined;
  }
}
