import type { Factorize } from './cholesky.ts';
import { dot } from './vector.ts';

/** What multiplies the damping: the identity (Levenberg), or the diagonal of JᵀJ (Marquardt). */
export type Scaling = 'identity' | 'jacobi';

/** L(θ + δ) ≈ loss + 2 vectorᵀδ + δᵀ matrix δ, with matrix = JᵀJ and vector = Jᵀρ. */
export interface QuadraticModel {
  readonly loss: number;
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
}

/** The model with a penalty μ δᵀDδ, factorised. */
export interface DampedSystem {
  /** Its minimum, which solves (JᵀJ + μD) δ = −Jᵀρ. */
  readonly delta: Float64Array;
  /** By how much the model's loss falls there; positive. */
  readonly predicted: number;
  /** (JᵀJ + μD)⁻¹ b. */
  solve(b: Float64Array): Float64Array;
  /** μDδ: half the gradient of the penalty. */
  penalty(delta: Float64Array): Float64Array;
}

// Columns of J that hardly matter would otherwise be left without any damping.
const smallestDiagonal = 1e-12;

/** One model under as many dampings as asked for. */
export class DampedModel {
  private readonly model: QuadraticModel;
  private readonly factorize: Factorize;
  private readonly workspace: Float64Array;
  private readonly diagonals: Record<Scaling, Float64Array>;

  /** @param workspace as large as the matrix, overwritten for each damping: one system lives at a time. */
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
  system(scaling: Scaling, damping: number): DampedSystem | undefined {
    const { matrix, vector } = this.model;
    const n = vector.length;
    const diagonal = this.diagonals[scaling];
    this.workspace.set(matrix);
    for (let i = 0; i < n; i++) this.workspace[i * n + i] += damping * diagonal[i];
    const factorization = this.factorize(this.workspace, n);
    if (factorization === null) return undefined;
    const delta = factorization.solve(vector).map((value) => -value);
    const penalty = (step: Float64Array) => step.map((value, i) => damping * diagonal[i] * value);
    // −2 vᵀδ − δᵀJᵀJδ, with the damped equation put in: a sum of two positive terms, free of cancellation.
    const predicted = dot(penalty(delta), delta) - dot(vector, delta);
    return predicted > 0 && Number.isFinite(predicted)
      ? { delta, predicted, solve: (b) => factorization.solve(b), penalty }
      : undefined;
  }
}
