import { ProblemError } from '../errors.ts';
import { cholesky, type Factorize } from './cholesky.ts';
import { type Gram, gram, timesVector, transposedTimes } from './jacobian-product.ts';
import type { Objective, Optimizer, OptimizerState, OptimizerStep, SampledJacobian } from './optimizer.ts';
import { checkOption, StateReader } from './optimizer-state.ts';
import { allFinite, dot, norm, plus, scaled } from './vector.ts';

export interface SpringOptions {
  /** μ: the share of the last direction that a new one begins from, in [0, 1). Default 0.8. */
  readonly momentum?: number;
  /** First λ, as a share of the mean of the diagonal of JJᵀ. Default 1e-3. */
  readonly damping?: number;
  /** λ falls after steps taken at full length and rises after those cut short. Default true. */
  readonly adaptive?: boolean;
  /**
   * η of θ + ηφ: a number, for steps taken as they are; or 'search' for the longest of 1, 1/2, 1/4, … at which the
   * sample's loss falls by a tenth at least of what its linearisation says. Default 'search'.
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
/** Shares of the predicted decrease that make a step acceptable, and that allow a smaller λ. */
const [target, satisfactory] = [0.1, 0.75];
/** Factors of λ after a satisfactory step, and for each halving of its length. */
const [easier, harder] = [1 / 2, 2];
const [smallestDamping, largestDamping] = [1e-13, 1e3];
/** What is still not positive definite with this has no number that would make it so. */
const hopelessDamping = 1e20;
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
 * nothing of is kept of the step before. Length and λ are judged by the loss of the sample alone: where the full loss
 * had to fall at each step, noise of the samples would soon end the run. After a step at which it rose, momentum
 * starts from nothing (O'Donoghue and Candès, Found. Comput. Math. 15, 2015): at full length steps that agree with
 * each sample in turn may otherwise grow without bound in what the samples leave open.
 */
export class Spring implements Optimizer {
  readonly name = 'spring';
  private readonly objective: Objective & Required<Pick<Objective, 'sample'>>;
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
    if (objective.sample === undefined) {
      throw new ProblemError('spring needs an engine that gives the Jacobian of the residuals', {
        hint: 'the tfjs engine does not: use --engine f64, or adam',
      });
    }
    this.objective = objective as typeof this.objective;
    this.options = {
      momentum: options.momentum ?? 0.8,
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
    const sample = await this.objective.sample(this.parameters, this.iteration);
    const { rows, residuals } = sample;
    this.iteration += 1;
    const gradientNorm = 2 * norm(transposedTimes(rows, residuals, this.parameters.length));
    if (!Number.isFinite(this.loss) || !allFinite(residuals) || !Number.isFinite(gradientNorm)) {
      return { loss: this.loss, gradientNorm, finished: 'diverged' };
    }
    if (gradientNorm === 0) return { loss: this.loss, gradientNorm, finished: 'gradient' };
    const step = await this.nextStep(sample);
    if (step === undefined) {
      this.direction.fill(0);
      this.failures += 1;
      return this.failures < patience
        ? { loss: this.loss, gradientNorm }
        : { loss: this.loss, gradientNorm, finished: 'line-search' };
    }
    const theta = plus(this.parameters, 1, step);
    const { loss } = await this.objective.loss(theta);
    if (!Number.isFinite(loss)) return { loss: this.loss, gradientNorm, finished: 'diverged' };
    this.parameters = theta;
    this.direction = loss > this.loss ? new Float64Array(step.length) : step;
    this.loss = loss;
    this.failures = 0;
    return { loss, gradientNorm };
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

  /** The step that the sample asks for; undefined where none makes its loss fall. */
  private async nextStep(sample: SampledJacobian): Promise<Float64Array | undefined> {
    const { rate, longestStep, adaptive } = this.options;
    const { residuals } = sample;
    const direction = this.nextDirection(sample);
    if (direction === undefined) return undefined;
    const length = norm(direction);
    const longest = length > 0 ? longestStep / length : 1;
    if (rate !== 'search') return scaled(Math.min(rate, longest), direction);
    const before = dot(residuals, residuals);
    // Linearised, the residuals along the step are ρ + ηJφ.
    const change = timesVector(sample.rows, direction, residuals.length);
    let eta = Math.min(1, longest);
    for (let k = 0; k <= halvings; k++, eta /= 2) {
      const step = scaled(eta, direction);
      const predicted = -eta * (2 * dot(residuals, change) + eta * dot(change, change));
      const actual = before - (await sample.loss(plus(this.parameters, 1, step)));
      const ratio = predicted > 0 ? actual / predicted : actual > 0 ? 1 : 0;
      if (!(ratio >= target)) continue;
      if (adaptive) this.scaleDamping(k > 0 ? harder ** k : ratio > satisfactory ? easier : 1);
      return step;
    }
    if (adaptive) this.scaleDamping(harder ** 4);
    return undefined;
  }

  /** Undefined where JJᵀ is beyond the range of numbers. */
  private nextDirection({ rows, residuals }: SampledJacobian): Float64Array | undefined {
    const size = this.parameters.length;
    const count = residuals.length;
    const start = scaled(this.options.momentum, this.direction);
    const wanted = plus(residuals, 1, timesVector(rows, start, count));
    const matrix = this.options.gram(rows, count, size);
    let trace = 0;
    for (let i = 0; i < count; i++) trace += matrix[i * count + i];
    if (!Number.isFinite(trace)) return undefined;
    for (let damping = this.damping; damping <= hopelessDamping; damping *= 10) {
      const damped = matrix.slice();
      for (let i = 0; i < count; i++) damped[i * count + i] += (damping * trace) / count;
      const factorization = this.options.factorize(damped, count);
      if (factorization !== null) {
        return plus(start, -1, transposedTimes(rows, factorization.solve(wanted), size));
      }
      // JJᵀ + λI is indefinite in floating point: λ is below its rounding.
      if (this.options.adaptive) this.damping = 10 * damping;
    }
    return undefined;
  }

  private scaleDamping(factor: number): void {
    this.damping = Math.min(largestDamping, Math.max(smallestDamping, factor * this.damping));
  }
}
