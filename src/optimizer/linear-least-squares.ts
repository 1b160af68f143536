import { ProblemError } from '../errors.ts';
import type { Objective, Optimizer, OptimizerState, OptimizerStep } from './optimizer.ts';
import { checkOption, StateReader } from './optimizer-state.ts';
import { ridgeStep } from './ridge-step.ts';
import type { FoldDiagonal } from './triangular-factor.ts';
import { allFinite, norm } from './vector.ts';

export interface LinearLeastSquaresOptions {
  /** Positions of the parameters that are solved for; the others stay. Default: all. */
  readonly parameters?: readonly number[];
  /** Whether the residual is affine in those parameters: one step is then all there is. Default false. */
  readonly affine?: boolean;
  /** Tikhonov term on the step: the square root of μ over the largest norm of a column of J. Default 0. */
  readonly damping?: number;
  /**
   * Tikhonov term on the parameters that a step leads to, in the same measure; for residuals that are not affine and
   * all parameters. Columns that depend on one another nearly leave combinations of parameters open that the residual
   * hardly knows of: without it they drift from step to step until nothing but rounding is left. Default 0.
   */
  readonly ridge?: number;
  /** Default: that of the optimizer; an engine may be faster. */
  readonly foldDiagonal?: FoldDiagonal;
}

/** A step that leaves more than this share of the loss is the last one. */
const leastGain = 0.9;
const halvings = 12;

/**
 * Least squares in parameters on which the residual depends linearly, such as those of a network's last layer:
 * the minimum of ‖ρ + Jδ‖² + μ‖δ‖² by an orthogonal factorisation of J (Golub & Van Loan, Matrix Computations,
 * section 5.3; for random features Dong & Li 2021). Normal equations would lose half of the digits, for random
 * features depend on one another nearly. Where the residual is not affine, as that of a nonlinear equation is not,
 * Gauss–Newton steps, halved until the loss falls.
 */
export class LinearLeastSquares implements Optimizer {
  readonly name = 'random-features';
  private readonly objective: Objective & Required<Pick<Objective, 'orthogonalFactor'>>;
  private readonly options: LinearLeastSquaresOptions;
  private parameters: Float64Array;
  /** Whether the parameters are the minimum already, and the norm of the gradient where they were found. */
  private solved = false;
  private gradientNorm = 0;

  /** @throws ProblemError for an objective without factors, an option out of its range, a state that does not fit. */
  constructor(
    objective: Objective,
    theta0: Float64Array,
    options: LinearLeastSquaresOptions = {},
    state?: OptimizerState,
  ) {
    if (objective.orthogonalFactor === undefined)
      throw new ProblemError('random-features needs an engine that factorises its Jacobian', {
        hint: 'the tfjs engine does not: use --engine f64, or lbfgs',
      });
    this.objective = objective as typeof this.objective;
    this.options = options;
    for (const name of ['damping', 'ridge'] as const)
      checkOption('random-features', name, options[name] ?? 0, (value) => value >= 0, 'at least 0');
    if (state === undefined) {
      this.parameters = theta0.slice();
      return;
    }
    const stored = new StateReader(state, this.name);
    this.parameters = stored.vector('theta', theta0.length);
    this.solved = stored.number('solved') === 1;
    this.gradientNorm = stored.number('gradientNorm');
  }

  get theta(): Float64Array {
    return this.parameters;
  }

  async step(): Promise<OptimizerStep> {
    const { parameters: chosen, affine = false, damping = 0, ridge = 0 } = this.options;
    const size = this.parameters.length;
    if (this.solved) {
      const { loss } = await this.objective.loss(this.parameters);
      return { loss, gradientNorm: this.gradientNorm, finished: 'step' };
    }
    const { loss, factor, vector } = await this.objective.orthogonalFactor(this.parameters);
    const gradientNorm = 2 * norm(transposedProduct(factor, vector, size));
    this.gradientNorm = gradientNorm;
    if (!Number.isFinite(loss) || !allFinite(vector)) return { loss, gradientNorm, finished: 'diverged' };
    const positions = chosen ?? Array.from({ length: size }, (_, p) => p);
    const whole = positions.length === size && damping === 0;
    const delta = whole
      ? ridge > 0
        ? ridgeStep(factor, vector, this.parameters, ridge, this.options.foldDiagonal).delta
        : backSubstitution(factor, vector, size)
      : regularized(columnsOf(factor, size, positions), vector, positions.length, damping);
    if (!allFinite(delta)) return { loss, gradientNorm, finished: 'step' };
    for (let k = 0, share = 1; k <= (affine ? 0 : halvings); k++, share /= 2) {
      const theta = this.parameters.slice();
      positions.forEach((p, i) => {
        theta[p] += share * delta[i];
      });
      const { loss: there } = await this.objective.loss(theta);
      if (!(there < loss)) continue;
      this.parameters = theta;
      const last = affine || there > leastGain * loss;
      this.solved = affine;
      return { loss: there, gradientNorm, ...(last ? { finished: 'step' } : {}) };
    }
    return { loss, gradientNorm, finished: 'step' };
  }

  state(): OptimizerState {
    return {
      name: this.name,
      numbers: { solved: Number(this.solved), gradientNorm: this.gradientNorm },
      vectors: { theta: this.parameters.slice() },
    };
  }

  objectiveChanged(): void {
    this.solved = false;
  }
}

/** RᵀQᵀρ = Jᵀρ. */
function transposedProduct(factor: Float64Array, vector: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) product[j] += factor[i * n + j] * vector[i];
  return product;
}

/** −R⁻¹v. A parameter whose diagonal entry is below the rounding of the largest stays: nothing determines it. */
function backSubstitution(factor: Float64Array, vector: Float64Array, n: number): Float64Array {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(factor[i * n + i]));
  const rounding = Number.EPSILON * largest;
  const solution = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = -vector[i];
    for (let j = i + 1; j < n; j++) sum -= factor[i * n + j] * solution[j];
    solution[i] = Math.abs(factor[i * n + i]) <= rounding ? 0 : sum / factor[i * n + i];
  }
  return solution;
}

/** Columns of R (n, n), column by column, each of length n. */
function columnsOf(factor: Float64Array, n: number, positions: readonly number[]): Float64Array[] {
  return positions.map((p) => Float64Array.from({ length: n }, (_, i) => factor[i * n + p]));
}

/** The minimum of ‖Aδ + v‖² + μ‖δ‖² by Householder reflections; the columns are overwritten. */
function regularized(
  columns: Float64Array[],
  vector: Float64Array,
  n: number,
  damping: number,
): Float64Array {
  const rows = vector.length;
  const root = damping * Math.max(...columns.map(norm));
  const extended = columns.map((column, j) => {
    const longer = new Float64Array(rows + n);
    longer.set(column);
    longer[rows + j] = root;
    return longer;
  });
  const right = new Float64Array(rows + n);
  right.set(vector);
  const triangle = new Float64Array(n * n);
  extended.forEach((column, j) => {
    let square = 0;
    for (let i = j; i < column.length; i++) square += column[i] * column[i];
    const head = column[j] > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    for (let k = 0; k < j; k++) triangle[k * n + j] = column[k];
    triangle[j * n + j] = head;
    if (head === 0) return;
    column[j] -= head;
    const scale = -1 / (head * column[j]);
    for (const other of [...extended.slice(j + 1), right]) {
      let dot = 0;
      for (let i = j; i < other.length; i++) dot += column[i] * other[i];
      dot *= scale;
      for (let i = j; i < other.length; i++) other[i] -= dot * column[i];
    }
  });
  return backSubstitution(triangle, right.subarray(0, n), n);
}
