import type { Factorize } from './cholesky.ts';
import {
  type FoldDiagonal,
  multiplyTransposed,
  solveTransposed,
  solveUpper,
  squaredColumnNorms,
  type TriangularFactor,
} from './triangular-factor.ts';
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

/** One quadratic model of the loss under as many dampings as asked for. */
export interface DampedModel {
  readonly loss: number;
  /** Jᵀρ, half the gradient. */
  readonly vector: Float64Array;
  /** The diagonal of JᵀJ. */
  readonly diagonal: Float64Array;
  /** The largest entry of the diagonal of JᵀJ in units of D: below its rounding, damping does nothing. */
  scaleOf(scaling: Scaling): number;
  /** Undefined where the damped system cannot be solved in floating point. One system lives at a time. */
  system(scaling: Scaling, damping: number): DampedSystem | undefined;
}

// Columns of J that hardly matter would otherwise be left without any damping.
const smallestDiagonal = 1e-12;

/** D of each scaling. */
class Scales {
  private readonly diagonals: Record<Scaling, Float64Array>;
  private readonly largest: number;

  constructor(diagonal: Float64Array) {
    this.largest = diagonal.reduce((largest, value) => Math.max(largest, value), 0);
    const floor = smallestDiagonal * this.largest;
    this.diagonals = {
      identity: new Float64Array(diagonal.length).fill(1),
      jacobi: diagonal.map((value) => Math.max(value, floor)),
    };
  }

  of(scaling: Scaling): Float64Array {
    return this.diagonals[scaling];
  }

  largestIn(scaling: Scaling): number {
    return scaling === 'jacobi' ? 1 : this.largest;
  }
}

const usable = (system: DampedSystem): DampedSystem | undefined =>
  system.predicted > 0 && Number.isFinite(system.predicted) ? system : undefined;

/** By the normal equations (JᵀJ + μD) δ = −Jᵀρ: the cheaper way, with errors that grow like 1/μ. */
export class NormalModel implements DampedModel {
  readonly loss: number;
  readonly vector: Float64Array;
  readonly diagonal: Float64Array;
  private readonly matrix: Float64Array;
  private readonly factorize: Factorize;
  private readonly workspace: Float64Array;
  private readonly scales: Scales;

  /** @param workspace as large as the matrix, overwritten for each damping */
  constructor(model: QuadraticModel, factorize: Factorize, workspace: Float64Array) {
    const { loss, matrix, vector } = model;
    this.loss = loss;
    this.vector = vector;
    this.matrix = matrix;
    this.factorize = factorize;
    this.workspace = workspace;
    this.diagonal = vector.map((_, i) => matrix[i * vector.length + i]);
    this.scales = new Scales(this.diagonal);
  }

  scaleOf(scaling: Scaling): number {
    return this.scales.largestIn(scaling);
  }

  system(scaling: Scaling, damping: number): DampedSystem | undefined {
    const { matrix, vector } = this;
    const n = vector.length;
    const diagonal = this.scales.of(scaling);
    this.workspace.set(matrix);
    for (let i = 0; i < n; i++) this.workspace[i * n + i] += damping * diagonal[i];
    const factorization = this.factorize(this.workspace, n);
    if (factorization === null) return undefined;
    const delta = factorization.solve(vector).map((value) => -value);
    const penalty = (step: Float64Array) => step.map((value, i) => damping * diagonal[i] * value);
    // −2 vᵀδ − δᵀJᵀJδ, with the damped equation put in: a sum of two positive terms, free of cancellation.
    const predicted = dot(penalty(delta), delta) - dot(vector, delta);
    return usable({ delta, predicted, solve: (b) => factorization.solve(b), penalty });
  }
}

/**
 * By an orthogonal factorisation J = Q·R: min ‖[R; √(μD)] δ + [Qᵀρ; 0]‖ (Moré, Numerical Analysis, LNM 630, 1978,
 * section 3). JᵀJ is never formed, so that dampings far below its rounding are felt.
 */
export class OrthogonalModel implements DampedModel {
  readonly loss: number;
  readonly vector: Float64Array;
  readonly diagonal: Float64Array;
  private readonly triangle: TriangularFactor;
  private readonly fold: FoldDiagonal;
  private readonly scales: Scales;

  constructor(triangle: TriangularFactor & { readonly loss: number }, fold: FoldDiagonal) {
    this.loss = triangle.loss;
    this.triangle = triangle;
    this.fold = fold;
    this.vector = multiplyTransposed(triangle.factor, triangle.vector);
    this.diagonal = squaredColumnNorms(triangle.factor, triangle.vector.length);
    this.scales = new Scales(this.diagonal);
  }

  scaleOf(scaling: Scaling): number {
    return this.scales.largestIn(scaling);
  }

  system(scaling: Scaling, damping: number): DampedSystem | undefined {
    const diagonal = this.scales.of(scaling);
    const { factor, vector } = this.fold(
      this.triangle.factor,
      this.triangle.vector,
      diagonal.map((value) => Math.sqrt(damping * value)),
    );
    const delta = solveUpper(factor, vector).map((value) => -value);
    const penalty = (step: Float64Array) => step.map((value, i) => damping * diagonal[i] * value);
    return usable({
      delta,
      // −2 vᵀδ − δᵀJᵀJδ again: μδᵀDδ + ‖R'δ‖² with R' the triangle with damping folded in.
      predicted: dot(penalty(delta), delta) + dot(vector, vector),
      solve: (b) => solveUpper(factor, solveTransposed(factor, b)),
      penalty,
    });
  }
}
