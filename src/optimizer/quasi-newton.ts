import type { Objective, Optimizer, OptimizerState, OptimizerStep } from './optimizer.ts';
import { checkOption, StateReader } from './optimizer-state.ts';
import { type LinePoint, strongWolfe } from './strong-wolfe.ts';
import { allFinite, dot, norm, plus, scaled } from './vector.ts';

/** One accepted step, as an approximation of the inverse Hessian learns from it. */
export interface CurvaturePair {
  /** s = θ₊ − θ. */
  readonly displacement: Float64Array;
  /** y = ∇L(θ₊) − ∇L(θ). */
  readonly gradientChange: Float64Array;
  /** α, where s = −α H g. */
  readonly step: number;
  /** g = ∇L(θ). */
  readonly gradient: Float64Array;
}

/** A positive definite approximation H of the inverse Hessian. */
export interface InverseHessian {
  /** H is still the identity. */
  readonly fresh: boolean;
  /** H·vector, a new array. */
  apply(vector: Float64Array): Float64Array;
  /** Takes a pair with sᵀy > 0. */
  update(pair: CurvaturePair): void;
  /** Back to the identity. */
  reset(): void;
  store(): Pick<OptimizerState, 'numbers' | 'vectors'>;
  restore(stored: StateReader): void;
}

export interface QuasiNewtonOptions {
  /** Finished ('gradient') once the gradient's norm is at most this. Default 0. */
  readonly gradientTolerance?: number;
  /**
   * Relative noise of the loss, within which the line search trusts slopes rather than values. Default 1e-6,
   * which suits losses in single precision and does no harm in double.
   */
  readonly lossNoise?: number;
  /** Finished ('step') when the loss has not fallen by its noise over so many steps. Default 100. */
  readonly patience?: number;
  /** c₂ of the strong Wolfe conditions. Default 0.9. */
  readonly curvature?: number;
  /** Most evaluations of one line search. Default 25. */
  readonly evaluations?: number;
}

interface LineEvaluation extends LinePoint {
  readonly theta: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * Quasi-Newton iteration with a strong-Wolfe line search, over any approximation of the inverse Hessian
 * (Nocedal and Wright, Numerical Optimization, 2006, chapter 6). A failed search forgets the approximation
 * and tries steepest descent; if that fails too, the run is finished ('line-search').
 */
export abstract class QuasiNewton implements Optimizer {
  readonly name: string;
  private readonly objective: Objective;
  private readonly inverseHessian: InverseHessian;
  private readonly options: Required<QuasiNewtonOptions>;
  private parameters: Float64Array;
  private current: { readonly loss: number; readonly gradient: Float64Array } | undefined;
  /** Length of the last step taken, 0 before the first. */
  private length = 0;
  /** Lowest loss so far; finite from the start so that it can be stored as JSON. */
  private best = Number.MAX_VALUE;
  private stalled = 0;

  /** @throws ProblemError for an option out of its range, or a state that does not fit. */
  constructor(
    name: string,
    inverseHessian: InverseHessian,
    objective: Objective,
    theta0: Float64Array,
    options: QuasiNewtonOptions,
    state: OptimizerState | undefined,
  ) {
    this.name = name;
    this.objective = objective;
    this.inverseHessian = inverseHessian;
    this.options = {
      gradientTolerance: options.gradientTolerance ?? 0,
      lossNoise: options.lossNoise ?? 1e-6,
      patience: options.patience ?? 100,
      curvature: options.curvature ?? 0.9,
      evaluations: options.evaluations ?? 25,
    };
    const { gradientTolerance, lossNoise, patience, curvature, evaluations } = this.options;
    checkOption(name, 'gradientTolerance', gradientTolerance, (value) => value >= 0, 'at least 0');
    checkOption(name, 'lossNoise', lossNoise, (value) => value >= 0 && value < 1, 'in [0, 1)');
    checkOption(name, 'patience', patience, (value) => value >= 1, 'at least 1');
    checkOption(name, 'curvature', curvature, (value) => value > 1e-4 && value < 1, 'in (1e-4, 1)');
    checkOption(name, 'evaluations', evaluations, (value) => value >= 1, 'at least 1');
    if (state === undefined) {
      this.parameters = theta0.slice();
      return;
    }
    const stored = new StateReader(state, name);
    this.parameters = stored.vector('theta', theta0.length);
    this.length = stored.number('length');
    this.best = stored.number('best');
    this.stalled = stored.number('stalled');
    const gradient = stored.optionalVector('gradient', theta0.length);
    if (gradient !== undefined) this.current = { loss: stored.number('loss'), gradient };
    inverseHessian.restore(stored);
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
    for (;;) {
      const wasFresh = this.inverseHessian.fresh;
      const search = await this.search(loss, gradient, gradientNorm);
      if (search !== undefined && search.outcome !== 'failed') {
        this.learn(search.point, gradient);
        return this.reached(search.point);
      }
      this.inverseHessian.reset();
      if (search !== undefined && search.point.value < loss - this.options.lossNoise * Math.abs(loss)) {
        return this.reached(search.point);
      }
      if (wasFresh) return { loss, gradientNorm, finished: 'line-search' };
    }
  }

  state(): OptimizerState {
    const { numbers, vectors } = this.inverseHessian.store();
    const { length, best, stalled, current } = this;
    return {
      name: this.name,
      numbers: {
        ...numbers,
        length,
        best,
        stalled,
        ...(current === undefined ? {} : { loss: current.loss }),
      },
      vectors: {
        ...vectors,
        theta: this.parameters.slice(),
        ...(current === undefined ? {} : { gradient: current.gradient.slice() }),
      },
    };
  }

  /**
   * Forgets loss and gradient. The inverse Hessian stays: it is positive definite whatever the objective, near
   * the truth after a mild change, and given up by the first line search that fails.
   */
  objectiveChanged(): void {
    this.current = undefined;
    this.best = Number.MAX_VALUE;
    this.stalled = 0;
  }

  /** A line search from θ along −H g, or undefined where rounding has left no descent in it. */
  private search(loss: number, gradient: Float64Array, gradientNorm: number) {
    const { fresh } = this.inverseHessian;
    const direction = scaled(-1, fresh ? gradient : this.inverseHessian.apply(gradient));
    const slope = dot(direction, gradient);
    if (!(slope < 0) || !allFinite(direction)) return undefined;
    const at = async (step: number): Promise<LineEvaluation> => {
      const theta = plus(this.parameters, step, direction);
      const { loss: value, gradient: there } = await this.objective.lossAndGradient(theta);
      return { step, value, slope: dot(there, direction), theta, gradient: there };
    };
    const origin: LineEvaluation = { step: 0, value: loss, slope, theta: this.parameters, gradient };
    const { lossNoise: noise, curvature, evaluations } = this.options;
    const initial = fresh ? this.steepestStep(gradient, gradientNorm) : 1;
    return strongWolfe(at, origin, { initial, noise, curvature, evaluations });
  }

  /** First trial along −g: as long as the last step, or at most 1 in the sum of absolute changes. */
  private steepestStep(gradient: Float64Array, gradientNorm: number): number {
    if (this.length > 0) return this.length / gradientNorm;
    return Math.min(1, 1 / gradient.reduce((sum, value) => sum + Math.abs(value), 0));
  }

  private learn(point: LineEvaluation, gradient: Float64Array): void {
    const displacement = plus(point.theta, -1, this.parameters);
    const gradientChange = plus(point.gradient, -1, gradient);
    const curvature = dot(displacement, gradientChange);
    // A smaller product is cancellation, and would make H nearly singular.
    if (curvature > 1e-14 * norm(displacement) * norm(gradientChange)) {
      this.inverseHessian.update({ displacement, gradientChange, step: point.step, gradient });
    }
  }

  private reached(point: LineEvaluation): OptimizerStep {
    this.length = norm(plus(point.theta, -1, this.parameters));
    this.parameters = point.theta;
    this.current = { loss: point.value, gradient: point.gradient };
    const step = { loss: point.value, gradientNorm: norm(point.gradient) };
    if (this.length === 0) return { ...step, finished: 'step' };
    if (point.value < this.best - this.options.lossNoise * Math.abs(this.best)) {
      this.best = point.value;
      this.stalled = 0;
    } else {
      this.stalled += 1;
    }
    return this.stalled >= this.options.patience ? { ...step, finished: 'step' } : step;
  }
}
