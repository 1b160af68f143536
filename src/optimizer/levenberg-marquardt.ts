import { ProblemError } from '../errors.ts';
import { cholesky, type Factorize } from './cholesky.ts';
import { DampedModel, type QuadraticModel, type Scaling } from './damped-step.ts';
import type { Objective, Optimizer, OptimizerState, OptimizerStep } from './optimizer.ts';
import { checkChoice, checkOption, StateReader } from './optimizer-state.ts';
import { allFinite, norm, plus } from './vector.ts';

export interface LevenbergMarquardtOptions {
  /** Damping by μI, by μ diag(JᵀJ), or whichever of the two goes lower. Default 'both'. */
  readonly scaling?: Scaling | 'both';
  /** First μ of the identity, in the units of JᵀJ. Default 0.1. */
  readonly damping?: number;
  /** First μ of the Jacobi scaling, relative to the diagonal. Default 1e-2. */
  readonly relativeDamping?: number;
  /** The largest step is taken whose actual decrease is at least this share of the predicted. Default 0.1. */
  readonly target?: number;
  /** With 'both', the scaling not in use is tried at every so many steps. Default 5. */
  readonly compareEvery?: number;
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
/** μ is divided by 4, 16, 64 for larger steps, … */
const growth = 4;
const growths = 3;
/** … and multiplied by 4, 8, 16, … for smaller ones. */
const retreats = 12;
/** A ratio from which a larger step is worth a factorisation. */
const confident = 0.5;
/** Damping below this share of the diagonal is lost in the rounding of the factorisation. */
const smallestDamping = 1e-16;
/** Decrease below this share of the loss is lost in the loss's rounding. */
const rounding = 4 * Number.EPSILON;

/**
 * Levenberg–Marquardt for L = ρᵀρ (Marquardt, J. SIAM 11, 1963; Moré, Numerical Analysis, LNM 630, 1978).
 *
 * JᵀJ costs far more than factorising it: for each one several dampings are tried, and of those the largest step
 * is taken whose ratio of actual to predicted decrease stays above the target, rather than the lowest loss: short
 * safe steps lower the loss more at once and less in the end. The identity and the Jacobi scaling each keep a
 * damping of their own, and the one that reached the lower loss when last compared is in use.
 */
export class LevenbergMarquardt implements Optimizer {
  readonly name = 'lm';
  private readonly objective: Required<Objective>;
  private readonly options: Required<LevenbergMarquardtOptions>;
  private parameters: Float64Array;
  private readonly damping: Record<Scaling, number>;
  private scaling: Scaling;
  private iteration = 0;
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
      compareEvery: options.compareEvery ?? 5,
      gradientTolerance: options.gradientTolerance ?? 0,
      factorize: options.factorize ?? cholesky,
    };
    const { damping, relativeDamping, target, compareEvery, gradientTolerance, scaling } = this.options;
    checkChoice('lm', 'scaling', scaling, ['both', ...scalings]);
    checkOption('lm', 'damping', damping, (value) => value > 0, 'greater than 0');
    checkOption('lm', 'relativeDamping', relativeDamping, (value) => value > 0, 'greater than 0');
    checkOption('lm', 'target', target, (value) => value > 0 && value < 1, 'in (0, 1)');
    checkOption('lm', 'compareEvery', compareEvery, (value) => value >= 1, 'at least 1');
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
    this.iteration = stored.number('iteration');
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

    let chosen = await this.search(damped, model, this.scaling);
    const compared = this.iteration % this.options.compareEvery === 0;
    if (this.options.scaling === 'both' && (compared || chosen === undefined)) {
      const other = await this.search(damped, model, this.scaling === 'identity' ? 'jacobi' : 'identity');
      if (chosen === undefined || (other !== undefined && other.loss < chosen.loss)) chosen = other;
    }
    if (chosen === undefined) return { loss, gradientNorm, finished: 'step' };
    this.iteration += 1;
    this.scaling = chosen.scaling;
    this.parameters = chosen.theta;
    return { loss: chosen.loss, gradientNorm };
  }

  state(): OptimizerState {
    return {
      name: this.name,
      numbers: {
        iteration: this.iteration,
        scaling: scalings.indexOf(this.scaling),
        identityDamping: this.damping.identity,
        jacobiDamping: this.damping.jacobi,
      },
      vectors: { theta: this.parameters.slice() },
    };
  }

  /** Nothing to forget: each step takes its own JᵀJ, and the dampings adapt. */
  objectiveChanged(): void {}

  /** The largest step with this scaling whose ratio is above the target, and the damping it is found by next time. */
  private async search(
    damped: DampedModel,
    model: QuadraticModel,
    scaling: Scaling,
  ): Promise<Trial | undefined> {
    const floor = smallestDamping * damped.scaleOf(scaling);
    const start = await this.measure(damped, model, scaling, Math.max(floor, this.damping[scaling]));
    if (!this.trusted(start)) return this.smaller(damped, model, start);
    let trial = start;
    for (let k = 1; k <= growths && trial.ratio >= confident && trial.damping > floor; k++) {
      const larger = await this.measure(damped, model, scaling, Math.max(floor, trial.damping / growth ** k));
      if (!this.trusted(larger)) break;
      const lengthened = larger.length / trial.length;
      trial = larger;
      if (lengthened < 1.01) break;
    }
    return this.keep(trial);
  }

  /** The first step shorter than the one given whose ratio is above the target. */
  private async smaller(damped: DampedModel, model: QuadraticModel, from: Trial): Promise<Trial | undefined> {
    let trial = from;
    for (let k = 0; k < retreats; k++) {
      // A shorter step promises even less, and rounding hides this one's promise already.
      if (trial.predicted <= rounding * model.loss) return undefined;
      trial = await this.measure(damped, model, trial.scaling, trial.damping * growth * 2 ** k);
      if (this.trusted(trial)) return this.keep(trial);
    }
    return undefined;
  }

  private trusted(trial: Trial): boolean {
    return trial.ratio >= this.options.target;
  }

  private keep(trial: Trial): Trial {
    this.damping[trial.scaling] = trial.damping;
    return trial;
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
