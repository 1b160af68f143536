import { ProblemError } from '../errors.ts';
import { cholesky, type Factorize } from './cholesky.ts';
import { type Gram, gram, timesVector, transposedTimes } from './jacobian-product.ts';
import type { Objective, Optimizer, OptimizerState, OptimizerStep } from './optimizer.ts';
import { checkOption, StateReader } from './optimizer-state.ts';
import { allFinite, dot, norm, plus } from './vector.ts';

export interface SpringOptions {
  /** μ: the share of the last direction that a new one begins from, in [0, 1). Default 0.9. */
  readonly momentum?: number;
  /** First λ, as a share of the mean of the diagonal of JJᵀ. Default 1e-3. */
  readonly damping?: number;
  /** λ falls after steps taken at full length and rises after those cut short. Default true. */
  readonly adaptive?: boolean;
  /**
   * η of θ + ηφ: a number, for steps taken as they are; or 'search' for the longest of 1, 1/2, 1/4, … at which the loss
   * falls. Default 'search'.
   */
  readonly rate?: number | 'search';
  /** Steps are never longer than this (Euclidean norm). Default: no bound. */
  readonly longestStep?: number;
  /** Default: plain TypeScript. */
  readonly gram?: Gram;
  /** Default: a blocked Cholesky factorisation in plain TypeScript. */
  readonly factorize?: Factorize;
}

const halvings = 10;
/** λ after a step at full length, and after one of half the length for each halving. */
const [easier, harder] = [1 / 2, 2];
const [smallestDamping, largestDamping] = [1e-13, 1e3];
/** Samples in a row that lead nowhere before the run is at its end. */
const patience = 8;

/**
 * Natural gradient steps on samples of the residuals, with momentum projected as in the method of Kaczmarz: SPRING
 * (Goldshlager, Abrahamsen and Lin, J. Comput. Phys. 516, 2024; for physics-informed networks Guzmán-Cordero,
 * Dangel, Goldshlager and Zeinhofer, arXiv:2505.12149, 2025).
 *
 *   φ ← argmin ‖Jφ + ρ‖² + λ‖φ − μφ_before‖² = μφ − Jᵀ(JJᵀ + λI)⁻¹(ρ + μJφ)
 *
 * The system is as large as the sample, not as the parameters, which may be tens of thousands. What a sample says
 * nothing of is kept of the direction before. The step's length and λ are judged by the loss over all residuals,
 * which a sample of its own kind would flatter.
 */
export class Spring implements Optimizer {
  readonly name = 'spring';
  private readonly objective: Objective & Required<Pick<Objective, 'jacobian'>>;
  private readonly options: Required<SpringOptions>;
  private parameters: Float64Array;
  private direction: Float64Array;
  private damping: number;
  private iteration = 0;
  private failures = 0;
  private loss: number | undefined;

  /** @throws ProblemError for an objective without a Jacobian, an option out of its range, a state that does not fit. */
  constructor(
    objective: Objective,
    theta0: Float64Array,
    options: SpringOptions = {},
    state?: OptimizerState,
  ) {
    if (objective.jacobian === undefined) {
      throw new ProblemError('spring needs an engine that gives the Jacobian of the residuals', {
        hint: 'the tfjs engine does not: use --engine f64, or adam',
      });
    }
    this.objective = objective as typeof this.objective;
    this.options = {
      momentum: options.momentum ?? 0.9,
      damping: options.damping ?? 1e-3,
      adaptive: options.adaptive ?? true,
      rate: options.rate ?? 'search',
      longestStep: options.longestStep ?? Number.POSITIVE_INFINITY,
      gram: options.gram ?? gram,
      factorize: options.factorize ?? cholesky,
    };
    const { momentum, damping, rate, longestStep } = this.options;
    checkOption('spring', 'momentum', momentum, (value) => value >= 0 && value < 1, 'in [0, 1)');
    checkOption('spring', 'damping', damping, (value) => value > 0, 'greater than 0');
    checkOption('spring', 'longestStep', longestStep, (value) => value > 0, 'greater than 0');
    if (rate !== 'search') checkOption('spring', 'rate', rate, (value) => value > 0, 'greater than 0');
    this.damping = damping;
    if (state === undefined) {
      this.parameters = theta0.slice();
      this.direction = new Float64Array(theta0.length);
      return;
    }
    const stored = new StateReader(state, this.name);
    this.parameters = stored.vector('theta', theta0.length);
    this.direction = stored.vector('direction', theta0.length);
    this.damping = stored.number('damping');
    this.iteration = stored.number('iteration');
    this.failures = stored.number('failures');
    if (stored.has('loss')) this.loss = stored.number('loss');
  }

  get theta(): Float64Array {
    return this.parameters;
  }

  async step(): Promise<OptimizerStep> {
    this.loss ??= (await this.objective.loss(this.parameters)).loss;
    const { rows, residuals } = await this.objective.jacobian(this.parameters, this.iteration);
    this.iteration += 1;
    const gradientNorm = 2 * norm(transposedTimes(rows, residuals, this.parameters.length));
    if (!Number.isFinite(this.loss) || !allFinite(residuals) || !Number.isFinite(gradientNorm)) {
      return { loss: this.loss, gradientNorm, finished: 'diverged' };
    }
    if (gradientNorm === 0) return { loss: this.loss, gradientNorm, finished: 'gradient' };
    this.direction = this.nextDirection(rows, residuals);
    return { gradientNorm, ...(await this.move(this.loss)) };
  }

  state(): OptimizerState {
    return {
      name: this.name,
      numbers: {
        iteration: this.iteration,
        damping: this.damping,
        failures: this.failures,
        ...(this.loss === undefined ? {} : { loss: this.loss }),
      },
      vectors: { theta: this.parameters.slice(), direction: this.direction.slice() },
    };
  }

  /** Forgets the loss; direction and damping stay. */
  objectiveChanged(): void {
    this.loss = undefined;
    this.failures = 0;
  }

  private nextDirection(rows: Float64Array, residuals: Float64Array): Float64Array {
    const size = this.parameters.length;
    const count = residuals.length;
    const start = this.direction.map((value) => this.options.momentum * value);
    const target = plus(residuals, 1, timesVector(rows, start, count));
    const matrix = this.options.gram(rows, count, size);
    let trace = 0;
    for (let i = 0; i < count; i++) trace += matrix[i * count + i];
    for (let damping = this.damping; ; damping *= 10) {
      const damped = matrix.slice();
      for (let i = 0; i < count; i++) damped[i * count + i] += (damping * trace) / count;
      const factorization = this.options.factorize(damped, count);
      if (factorization !== null) {
        return plus(start, -1, transposedTimes(rows, factorization.solve(target), size));
      }
      // JJᵀ + λI is indefinite in floating point: λ is below its rounding.
      if (this.options.adaptive) this.damping = 10 * damping;
    }
  }

  private async move(loss: number): Promise<Pick<OptimizerStep, 'loss' | 'finished'>> {
    const { rate, longestStep, adaptive } = this.options;
    const length = Math.sqrt(dot(this.direction, this.direction));
    const longest = length > longestStep ? longestStep / length : 1;
    if (rate !== 'search') {
      const theta = plus(this.parameters, Math.min(rate, longest), this.direction);
      const reached = (await this.objective.loss(theta)).loss;
      if (!Number.isFinite(reached)) return { loss, finished: 'diverged' };
      this.parameters = theta;
      this.loss = reached;
      return { loss: reached };
    }
    let eta = longest;
    for (let k = 0; k <= halvings; k++, eta /= 2) {
      const theta = plus(this.parameters, eta, this.direction);
      const reached = (await this.objective.loss(theta)).loss;
      if (!(reached < loss)) continue;
      if (adaptive) this.scaleDamping(k === 0 ? easier : harder ** (k - 1));
      this.parameters = theta;
      this.loss = reached;
      this.failures = 0;
      return { loss: reached };
    }
    // Another sample from a standstill, with shorter steps.
    this.direction.fill(0);
    if (adaptive) this.scaleDamping(harder ** 4);
    this.failures += 1;
    return this.failures >= patience ? { loss, finished: 'line-search' } : { loss };
  }

  private scaleDamping(factor: number): void {
    this.damping = Math.min(largestDamping, Math.max(smallestDamping, factor * this.damping));
  }
}
