import { ProblemError } from '../errors.ts';
import { cholesky, type Factorize } from './cholesky.ts';
import { DampedModel, type QuadraticModel, type Scaling } from './damped-step.ts';
import type { Objective, Optimizer, OptimizerState, OptimizerStep } from './optimizer.ts';
import { checkChoice, checkOption, StateReader } from './optimizer-state.ts';
import { allFinite, norm, plus } from './vector.ts';

export interface LevenbergMarquardtOptions {
  /** Damping by μI, by μ diag(JᵀJ), or by whichever lately made the faster headway. Default 'both'. */
  readonly scaling?: Scaling | 'both';
  /** First μ of the identity, in the units of JᵀJ. Default 0.1. */
  readonly damping?: number;
  /** First μ of the Jacobi scaling, relative to the diagonal. Default 1e-2. */
  readonly relativeDamping?: number;
  /** The largest step is taken whose actual decrease is at least this share of the predicted. Default 0.1. */
  readonly target?: number;
  /** How often the gap between a damping above the target and one below is halved. Default 3. */
  readonly halvings?: number;
  /** With 'both', the two scalings are compared after every so many steps. Default 5. */
  readonly window?: number;
  /** Finished ('gradient') once the gradient's norm is at most this. Default 0. */
  readonly gradientTolerance?: number;
  /** Default: a blocked Cholesky factorisation in plain TypeScript. */
  readonly factorize?: Factorize;
}

/** A trial whose loss has been measured. */
interface Trial {
  readonly scaling: Scaling;
  readonly damping: number;
  readonly theta: Float64Array;
  readonly loss: number;
  readonly length: number;
  readonly predicted: number;
  /** Actual over predicted decrease; −∞ where the loss is not finite. */
  readonly ratio: number;
}

const scalings: readonly Scaling[] = ['identity', 'jacobi'];
/** μ is divided by 4, 16, 64 for longer steps, … */
const stride = 4;
const advances = 3;
/** … and multiplied by 4, 8, 16, … for shorter ones. */
const retreats = 12;
/** Half the loss in five steps is what a scaling not yet tried is expected to do. */
const expectedPace = Math.log(2) / 5;
const [slowest, fastest] = [1e-4, 1e2];
const aging = 1.2;
/** Damping below this share of the diagonal is lost in the rounding of the factorisation. */
const smallestDamping = 1e-16;
/** Decrease below this share of the loss is lost in the loss's rounding. */
const rounding = 4 * Number.EPSILON;

/**
 * Levenberg–Marquardt for L = ρᵀρ (Marquardt, J. SIAM 11, 1963; Moré, Numerical Analysis, LNM 630, 1978).
 *
 * JᵀJ costs far more than factorising it: for each one several dampings are tried, and of those the largest step
 * is taken whose ratio of actual to predicted decrease stays above the target, rather than the lowest loss. Short
 * safe steps lower the loss more at once and end in narrow valleys: a network of 161 parameters for the Poisson
 * equation came to errors near 1e-8 in 100 steps by this rule, to 3e-5 by dampings four times apart. The identity
 * and the Jacobi scaling each keep a damping of their own, and the one with the better pace is in use.
 */
export class LevenbergMarquardt implements Optimizer {
  readonly name = 'lm';
  private readonly objective: Required<Objective>;
  private readonly options: Required<LevenbergMarquardtOptions>;
  private parameters: Float64Array;
  private readonly damping: Record<Scaling, number>;
  private scaling: Scaling;
  /** Steps since the loss was `reference`. */
  private steps = 0;
  private reference = 0;
  /** Decrease of the logarithm of the loss per step when each scaling was last in use. */
  private readonly pace: Record<Scaling, number> = { identity: expectedPace, jacobi: expectedPace };
  private workspace = new Float64Array(0);

  /** @throws ProblemError for an objective without JᵀJ, an option out of its range, a state that does not fit. */
  constructor(
    objective: Objective,
    theta0: Float64Array,
    options: LevenbergMarquardtOptions = {},
    state?: OptimizerState,
  ) {
    if (objective.gaussNewton === undefined) {
      throw new ProblemError('lm needs an engine that gives JᵀJ', {
        hint: 'the tfjs engine does not: use --engine f64, or lbfgs',
      });
    }
    this.objective = objective as Required<Objective>;
    this.options = {
      scaling: options.scaling ?? 'both',
      damping: options.damping ?? 0.1,
      relativeDamping: options.relativeDamping ?? 1e-2,
      target: options.target ?? 0.1,
      halvings: options.halvings ?? 3,
      window: options.window ?? 5,
      gradientTolerance: options.gradientTolerance ?? 0,
      factorize: options.factorize ?? cholesky,
    };
    const { damping, relativeDamping, target, halvings, window, gradientTolerance, scaling } = this.options;
    checkChoice('lm', 'scaling', scaling, ['both', ...scalings]);
    checkOption('lm', 'damping', damping, (value) => value > 0, 'greater than 0');
    checkOption('lm', 'relativeDamping', relativeDamping, (value) => value > 0, 'greater than 0');
    checkOption('lm', 'target', target, (value) => value > 0 && value < 1, 'in (0, 1)');
    checkOption('lm', 'halvings', halvings, (value) => value >= 0, 'at least 0');
    checkOption('lm', 'window', window, (value) => value >= 1, 'at least 1');
    checkOption('lm', 'gradientTolerance', gradientTolerance, (value) => value >= 0, 'at least 0');
    if (state === undefined) {
      this.parameters = theta0.slice();
      this.damping = { identity: damping, jacobi: relativeDamping };
      this.scaling = scaling === 'both' ? 'identity' : scaling;
      return;
    }
    const stored = new StateReader(state, this.name);
    this.parameters = stored.vector('theta', theta0.length);
    this.damping = { identity: stored.number('identityDamping'), jacobi: stored.number('jacobiDamping') };
    this.scaling = scaling === 'both' ? scalings[stored.number('scaling')] : scaling;
    this.steps = stored.number('steps');
    this.pace = { identity: stored.number('identityPace'), jacobi: stored.number('jacobiPace') };
    this.reference = stored.number('reference');
  }

  get theta(): Float64Array {
    return this.parameters;
  }

  async step(): Promise<OptimizerStep> {
    const model = await this.objective.gaussNewton(this.parameters);
    const { loss, matrix, vector } = model;
    const gradientNorm = 2 * norm(vector);
    if (!Number.isFinite(loss) || !allFinite(vector) || !allFinite(matrix)) {
      return { loss, gradientNorm, finished: 'diverged' };
    }
    if (gradientNorm <= this.options.gradientTolerance) return { loss, gradientNorm, finished: 'gradient' };
    if (this.workspace.length !== matrix.length) this.workspace = new Float64Array(matrix.length);
    const damped = new DampedModel(model, this.options.factorize, this.workspace);

    if (this.steps === 0) this.reference = loss;
    let chosen = await this.search(damped, model);
    if (chosen === undefined && this.options.scaling === 'both') {
      this.pace[this.scaling] = slowest;
      this.changeScaling(loss);
      chosen = await this.search(damped, model);
    }
    if (chosen === undefined) return { loss, gradientNorm, finished: 'step' };
    this.parameters = chosen.theta;
    this.steps += 1;
    if (this.options.scaling === 'both' && this.steps >= this.options.window)
      this.compareScalings(chosen.loss);
    return { loss: chosen.loss, gradientNorm };
  }

  state(): OptimizerState {
    return {
      name: this.name,
      numbers: {
        steps: this.steps,
        identityPace: this.pace.identity,
        jacobiPace: this.pace.jacobi,
        reference: this.reference,
        scaling: scalings.indexOf(this.scaling),
        identityDamping: this.damping.identity,
        jacobiDamping: this.damping.jacobi,
      },
      vectors: { theta: this.parameters.slice() },
    };
  }

  /** Each step takes its own JᵀJ and the dampings adapt: what is forgotten is how far the loss had come. */
  objectiveChanged(): void {
    this.steps = 0;
  }

  /**
   * Changes over to the other scaling if that was faster when last in use. Its pace is trusted the less the older
   * it is, so that the slower one gets another chance, the sooner the nearer the two are. Comparing single steps
   * by their loss would favour the short-sighted.
   */
  private compareScalings(loss: number): void {
    const other = otherThan(this.scaling);
    const pace = Math.log(this.reference / loss) / this.steps;
    this.pace[this.scaling] = Math.min(fastest, Math.max(slowest, pace));
    if (this.pace[other] > this.pace[this.scaling]) {
      this.changeScaling(loss);
    } else {
      this.pace[other] *= aging;
      this.steps = 0;
    }
  }

  private changeScaling(loss: number): void {
    this.scaling = otherThan(this.scaling);
    this.steps = 0;
    this.reference = loss;
  }

  /**
   * The largest step with this scaling whose ratio is above the target: one damping above the target and one
   * below are looked for in big strides, and the gap between them is halved a few times.
   */
  private async search(damped: DampedModel, model: QuadraticModel): Promise<Trial | undefined> {
    const { scaling } = this;
    const floor = smallestDamping * damped.scaleOf(scaling);
    const at = (damping: number) => this.measure(damped, model, scaling, Math.max(floor, damping));
    let trial = await at(this.damping[scaling]);
    let tooLong: number | undefined;
    for (let k = 0; !this.trusted(trial); k++) {
      // A shorter step promises even less: there is no point where rounding hides this one's promise already.
      if (k === retreats || trial.predicted <= rounding * model.loss) return undefined;
      tooLong = trial.damping;
      trial = await at(trial.damping * stride * 2 ** k);
    }
    for (let k = 1; tooLong === undefined && k <= advances && this.worthLengthening(trial, floor); k++) {
      const longer = await at(trial.damping / stride ** k);
      const gain = longer.length / trial.length;
      if (this.trusted(longer)) trial = longer;
      else tooLong = longer.damping;
      if (gain < 1.01) break;
    }
    for (
      let k = 0;
      tooLong !== undefined && k < this.options.halvings && this.worthLengthening(trial, floor);
      k++
    ) {
      const between = await at(Math.sqrt(tooLong * trial.damping));
      if (this.trusted(between)) trial = between;
      else tooLong = between.damping;
    }
    this.damping[scaling] = trial.damping;
    return trial;
  }

  private worthLengthening(trial: Trial, floor: number): boolean {
    return trial.damping > floor && trial.ratio >= 2 * this.options.target;
  }

  private trusted(trial: Trial): boolean {
    return trial.ratio >= this.options.target;
  }

  private async measure(
    damped: DampedModel,
    model: QuadraticModel,
    scaling: Scaling,
    damping: number,
  ): Promise<Trial> {
    const step = damped.step(scaling, damping);
    if (step === undefined) return { scaling, damping, ...untaken, theta: this.parameters };
    const theta = plus(this.parameters, 1, step.delta);
    const { loss } = await this.objective.loss(theta);
    const ratio = Number.isFinite(loss) ? (model.loss - loss) / step.predicted : Number.NEGATIVE_INFINITY;
    return { scaling, damping, theta, loss, ratio, length: step.length, predicted: step.predicted };
  }
}

/** A damping too small for its matrix to be factorised. */
const untaken = {
  loss: Number.POSITIVE_INFINITY,
  length: 0,
  predicted: Number.POSITIVE_INFINITY,
  ratio: Number.NEGATIVE_INFINITY,
};

function otherThan(scaling: Scaling): Scaling {
  return scaling === 'identity' ? 'jacobi' : 'identity';
}
