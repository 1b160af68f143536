import { SolveError } from '../../errors.ts';
import type { ButcherTableau } from './butcher-tableau.ts';
import { hermiteRows } from './dense-output.ts';
import { firstStep } from './first-step.ts';
import type { Stepper } from './stepper.ts';
import { allFinite, errorNorm, largestMagnitude, type Tolerance } from './tolerance.ts';

const none = new Float64Array(0);

/** dy/dt written into `dydt`. */
export type Evaluate = (t: number, y: Float64Array, dydt: Float64Array) => void;

/** A row of a tableau without its zeros. */
export interface SparseRow {
  readonly stages: Int32Array;
  readonly weights: Float64Array;
}

export interface SparseTableau {
  readonly matrix: readonly SparseRow[];
  readonly errors: readonly SparseRow[];
  readonly dense: readonly SparseRow[];
}

const sparseTableaux = new WeakMap<ButcherTableau, SparseTableau>();

export function sparseTableau(tableau: ButcherTableau): SparseTableau {
  const known = sparseTableaux.get(tableau);
  if (known !== undefined) return known;
  const sparse = (rows: readonly (readonly number[])[]) =>
    rows.map((row): SparseRow => {
      const stages = [...row.keys()].filter((stage) => row[stage] !== 0);
      return { stages: Int32Array.from(stages), weights: Float64Array.from(stages, (stage) => row[stage]) };
    });
  const made = {
    matrix: sparse(tableau.matrix),
    errors: sparse(tableau.errorWeights),
    dense: sparse(tableau.denseWeights),
  };
  sparseTableaux.set(tableau, made);
  return made;
}

/**
 * An explicit Runge–Kutta method whose last row is its weights, so that the derivative at the new point is
 * free for the next step. Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, chapter II.
 */
export class ExplicitRungeKutta implements Stepper {
  readonly name: string;
  readonly errorExponent: number;
  readonly embedded: boolean;
  evaluations = 0;
  proposal: Float64Array;
  localError = 0;
  private t = 0;
  private h = 0;
  private y: Float64Array;
  private readonly stages: Float64Array[];
  private readonly rows: SparseTableau;
  private readonly scratch: Float64Array;
  private readonly n: number;

  constructor(
    private readonly tableau: ButcherTableau,
    private readonly f: Evaluate,
    n: number,
    private readonly tolerance: Tolerance,
  ) {
    this.name = tableau.name;
    this.errorExponent = tableau.errorExponent;
    this.embedded = tableau.errorWeights.length > 0;
    this.rows = sparseTableau(tableau);
    this.n = n;
    this.y = new Float64Array(n);
    this.proposal = new Float64Array(n);
    this.scratch = new Float64Array(n);
    const stages = tableau.stages + 1 + tableau.denseStages;
    this.stages = Array.from({ length: stages }, () => new Float64Array(n));
  }

  begin(t: number, y: Float64Array): void {
    this.t = t;
    this.y.set(y);
    this.evaluate(t, this.y, this.stages[0]);
    if (!allFinite(this.stages[0])) throw new SolveError(`the right-hand side is not finite at t = ${t}`);
  }

  initialStep(direction: 1 | -1, span: number): number {
    const { y, scratch, stages: k, tolerance, n } = this;
    return firstStep(
      direction,
      span,
      this.tableau.order,
      errorNorm(y, y, y, tolerance),
      errorNorm(k[0], y, y, tolerance),
      (h) => {
        for (let i = 0; i < n; i++) scratch[i] = y[i] + h * k[0][i];
        this.evaluate(this.t + h, scratch, k[1]);
        for (let i = 0; i < n; i++) scratch[i] = k[1][i] - k[0][i];
        return errorNorm(scratch, y, y, tolerance);
      },
    );
  }

  attempt(h: number): number {
    const { nodes, stages } = this.tableau;
    this.h = h;
    for (let stage = 1; stage <= stages; stage++) {
      const at = stage === stages ? this.proposal : this.scratch;
      this.combine(this.rows.matrix[stage], h, at);
      this.evaluate(this.t + nodes[stage] * h, at, this.stages[stage]);
    }
    if (!allFinite(this.proposal) || !allFinite(this.stages[stages])) return Number.POSITIVE_INFINITY;
    if (!this.embedded) return 0;
    const norms = this.rows.errors.map((row, estimator) => {
      this.estimate(row, h);
      if (estimator === 0) this.localError = largestMagnitude(this.scratch);
      return errorNorm(this.scratch, this.y, this.proposal, this.tolerance);
    });
    if (norms.length === 1 || norms[0] === 0) return norms[0];
    return norms[0] ** 2 / Math.sqrt(norms[0] ** 2 + 0.01 * norms[1] ** 2);
  }

  accept(dense = true): Float64Array {
    const { stages } = this.tableau;
    const coefficients = dense ? this.denseCoefficients() : none;
    this.t += this.h;
    [this.y, this.proposal] = [this.proposal, this.y];
    [this.stages[0], this.stages[stages]] = [this.stages[stages], this.stages[0]];
    return coefficients;
  }

  private denseCoefficients(): Float64Array {
    const { nodes, stages, denseStages, denseWeights } = this.tableau;
    const { n, h } = this;
    for (let stage = stages + 1; stage <= stages + denseStages; stage++) {
      this.combine(this.rows.matrix[stage], h, this.scratch);
      this.evaluate(this.t + nodes[stage] * h, this.scratch, this.stages[stage]);
    }
    const coefficients = new Float64Array(n * (3 + denseWeights.length));
    hermiteRows(h, this.y, this.stages[0], this.proposal, this.stages[stages], coefficients);
    this.rows.dense.forEach((row, r) => {
      this.add(row, h, coefficients.subarray((3 + r) * n, (4 + r) * n));
    });
    return coefficients;
  }

  /** y + h Σ_j a_j k_j. */
  private combine(row: SparseRow, h: number, out: Float64Array): void {
    const { y, n } = this;
    for (let i = 0; i < n; i++) out[i] = y[i];
    this.add(row, h, out);
  }

  private estimate(row: SparseRow, h: number): void {
    const { scratch, n } = this;
    for (let i = 0; i < n; i++) scratch[i] = 0;
    this.add(row, h, scratch);
  }

  /** Stages are taken four at a time: each pass over a short vector costs as much as its products. */
  private add({ stages: positions, weights }: SparseRow, h: number, out: Float64Array): void {
    const { stages, n } = this;
    let q = 0;
    for (; q + 4 <= weights.length; q += 4) {
      const [a, b, c, d] = [h * weights[q], h * weights[q + 1], h * weights[q + 2], h * weights[q + 3]];
      const k = stages[positions[q]];
      const l = stages[positions[q + 1]];
      const m = stages[positions[q + 2]];
      const o = stages[positions[q + 3]];
      for (let i = 0; i < n; i++) out[i] += a * k[i] + b * l[i] + c * m[i] + d * o[i];
    }
    for (; q < weights.length; q++) {
      const factor = h * weights[q];
      const k = stages[positions[q]];
      for (let i = 0; i < n; i++) out[i] += factor * k[i];
    }
  }

  private evaluate(t: number, y: Float64Array, out: Float64Array): void {
    this.evaluations++;
    this.f(t, y, out);
  }
}
