import type { Objective, Optimizer, OptimizerState, OptimizerStep } from './optimizer.ts';
import { checkOption, StateReader } from './optimizer-state.ts';
import {
  checkSchedule,
  noPlateau,
  observeLoss,
  type PlateauMemory,
  rateAt,
  type Schedule,
} from './schedule.ts';
import { allFinite, norm } from './vector.ts';

export interface AdamOptions {
  /** Learning rate: a number, or a schedule. Default 1e-3. */
  readonly rate?: number | Schedule;
  /** Decay of the mean of the gradient, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of the squared gradient, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
  /** Decoupled weight decay λ: θ loses η·λ·θ at each step (AdamW). Default 0. */
  readonly weightDecay?: number;
  /** Finished ('gradient') once the gradient's norm is at most this. Default 0. */
  readonly gradientTolerance?: number;
}

/**
 * Adam (Kingma and Ba, ICLR 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter, ICLR 2019).
 *
 * Each step moves by the gradient at hand and then evaluates where it has arrived, so that a step costs one
 * evaluation and reports the loss it leaves behind. With a fresh batch at every step, do not call
 * `objectiveChanged`: the gradient at hand, taken at these parameters on the batch before, is as good.
 */
export class Adam implements Optimizer {
  readonly name = 'adam';
  private readonly objective: Objective;
  private readonly options: Required<Omit<AdamOptions, 'rate'>>;
  private readonly schedule: Schedule;
  private parameters: Float64Array;
  private readonly mean: Float64Array;
  private readonly square: Float64Array;
  private iteration = 0;
  private plateau: PlateauMemory = noPlateau;
  private current: { readonly loss: number; readonly gradient: Float64Array } | undefined;

  /** @throws ProblemError for an option out of its range, or a state that does not fit. */
  constructor(objective: Objective, theta0: Float64Array, options: AdamOptions = {}, state?: OptimizerState) {
    const rate = options.rate ?? 1e-3;
    this.objective = objective;
    this.schedule = typeof rate === 'number' ? { kind: 'constant', rate } : rate;
    this.options = {
      beta1: options.beta1 ?? 0.9,
      beta2: options.beta2 ?? 0.999,
      epsilon: options.epsilon ?? 1e-8,
      weightDecay: options.weightDecay ?? 0,
      gradientTolerance: options.gradientTolerance ?? 0,
    };
    checkSchedule(this.schedule, 'adam options.rate');
    for (const key of ['beta1', 'beta2'] as const) {
      checkOption('adam', key, this.options[key], (value) => value >= 0 && value < 1, 'in [0, 1)');
    }
    for (const key of ['epsilon', 'weightDecay', 'gradientTolerance'] as const) {
      checkOption('adam', key, this.options[key], (value) => value >= 0, 'at least 0');
    }
    const size = theta0.length;
    if (state === undefined) {
      this.parameters = theta0.slice();
      this.mean = new Float64Array(size);
      this.square = new Float64Array(size);
      return;
    }
    const stored = new StateReader(state, this.name);
    this.parameters = stored.vector('theta', size);
    this.mean = stored.vector('mean', size);
    this.square = stored.vector('square', size);
    this.iteration = stored.number('iteration');
    this.plateau = {
      best: stored.number('best'),
      waited: stored.number('waited'),
      reductions: stored.number('reductions'),
    };
    const gradient = stored.optionalVector('gradient', size);
    if (gradient !== undefined) this.current = { loss: stored.number('loss'), gradient };
  }

  get theta(): Float64Array {
    return this.parameters;
  }

  async step(): Promise<OptimizerStep> {
    this.current ??= await this.objective.lossAndGradient(this.parameters);
    const { loss, gradient } = this.current;
    const gradientNorm = norm(gradient);
    if (!Number.isFinite(loss) || !allFinite(gradient)) return { loss, gradientNorm, finished: 'diverged' };
    if (gradientNorm <= this.options.gradientTolerance) return { loss, gradientNorm, finished: 'gradient' };
    const theta = this.moved(gradient);
    const reached = await this.objective.lossAndGradient(theta);
    if (!Number.isFinite(reached.loss) || !allFinite(reached.gradient)) {
      return { loss, gradientNorm, finished: 'diverged' };
    }
    this.parameters = theta;
    this.current = { loss: reached.loss, gradient: reached.gradient };
    this.plateau = observeLoss(this.schedule, this.plateau, reached.loss);
    return { loss: reached.loss, gradientNorm: norm(reached.gradient) };
  }

  state(): OptimizerState {
    const { best, waited, reductions } = this.plateau;
    return {
      name: this.name,
      numbers: {
        iteration: this.iteration,
        best,
        waited,
        reductions,
        ...(this.current === undefined ? {} : { loss: this.current.loss }),
      },
      vectors: {
        theta: this.parameters.slice(),
        mean: this.mean.slice(),
        square: this.square.slice(),
        ...(this.current === undefined ? {} : { gradient: this.current.gradient.slice() }),
      },
    };
  }

  /** Forgets loss and gradient and the best loss of a plateau; the moments stay. */
  objectiveChanged(): void {
    this.current = undefined;
    this.plateau = { ...noPlateau, reductions: this.plateau.reductions };
  }

  /** Updates the moments by the gradient and returns the parameters that they lead to. */
  private moved(gradient: Float64Array): Float64Array {
    const { beta1, beta2, epsilon, weightDecay } = this.options;
    const rate = rateAt(this.schedule, this.iteration, this.plateau);
    this.iteration += 1;
    const correction1 = 1 - beta1 ** this.iteration;
    const correction2 = 1 - beta2 ** this.iteration;
    const theta = this.parameters.slice();
    for (let i = 0; i < theta.length; i++) {
      const g = gradient[i];
      this.mean[i] = beta1 * this.mean[i] + (1 - beta1) * g;
      this.square[i] = beta2 * this.square[i] + (1 - beta2) * g * g;
      const direction = this.mean[i] / correction1 / (Math.sqrt(this.square[i] / correction2) + epsilon);
      theta[i] -= rate * (direction + weightDecay * theta[i]);
    }
    return theta;
  }
}
