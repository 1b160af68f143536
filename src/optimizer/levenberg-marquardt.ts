import { ProblemError } from '../errors.ts';
import { cholesky, type Factorize } from './cholesky.ts';
import { type CorrectedStep, correctedStep } from './corrected-step.ts';
import { type DampedModel, NormalModel, OrthogonalModel, type Scaling } from './damped-step.ts';
import type { Objective, Optimizer, OptimizerState, OptimizerStep } from './optimizer.ts';
import { checkChoice, checkOption, StateReader } from './optimizer-state.ts';
import { type FoldDiagonal, foldDiagonal } from './triangular-factor.ts';
import { allFinite, norm } from './vector.ts';

export interface LevenbergMarquardtOptions {
  /** Damping by μI, by μ diag(JᵀJ), or by whichever lately made the faster headway. Default 'identity'. */
  readonly scaling?: Scaling | 'both';
  /** First μ of the identity, in the units of JᵀJ. Default 0.1. */
  readonly damping?: number;
  /** First μ of the Jacobi scaling, relative to the diagonal. Default 1e-2. */
  readonly relativeDamping?: number;
  /** A step is taken if the actual decrease is at least this share of the predicted. Default 0.25. */
  readonly target?: number;
  /** At most so many corrections per step, each as costly as a gradient. Default 10. */
  readonly corrections?: number;
  /** With 'both', the two scalings are compared after every so many steps. Default 5. */
  readonly window?: number;
  /** Finished ('gradient') once the gradient's norm is at most this. Default 0. */
  readonly gradientTolerance?: number;
  /**
   * Steps by a Cholesky factorisation of JᵀJ + μD, by an orthogonal one of J, which costs twice as much and keeps
   * the digits that JᵀJ loses, or by the former as long as the damping is well above rounding. Default 'auto'.
   */
  readonly factorization?: FactorizationChoice;
  /** Default: a blocked Cholesky factorisation in plain TypeScript. */
  readonly factorize?: Factorize;
  /** Default: Householder reflections in plain TypeScript. */
  readonly foldDiagonal?: FoldDiagonal;
}

export type FactorizationChoice = 'cholesky' | 'qr' | 'auto';

const factorizations: readonly FactorizationChoice[] = ['cholesky', 'qr', 'auto'];

const scalings: readonly Scaling[] = ['identity', 'jacobi'];
/** A step whose loss falls by this share of what was predicted needs no correction. */
const satisfactory = 0.75;
/** μ is divided by 4 for longer steps and multiplied by 4, 8, 16, … for shorter ones. */
const stride = 4;
const retreats = 12;
/** Half the loss in five steps is what a scaling not yet tried is expected to do. */
const expectedPace = Math.log(2) / 5;
const [slowest, fastest] = [1e-4, 1e2];
const aging = 1.2;
/** Damping below this share of the diagonal is lost in the rounding of the factorisation. */
const smallestDamping = { cholesky: 1e-16, qr: 1e-31 };
/**
 * Below this share of the diagonal damping asks for an orthogonal factorisation, above ten times it no more: some tens
 * of times the rounding of JᵀJ. On Poisson's equation and the heat equation (networks of 361 parameters, 18 s) the
 * error then falls to 7e-10 and 3e-10, where the normal equations end at 6e-9 and 4e-9.
 */
const orthogonalBelow = 1e-14;
/** Decrease below this share of the loss is lost in the loss's rounding. */
const rounding = 4 * Number.EPSILON;

/**
 * Levenberg–Marquardt for L = ρᵀρ (Marquardt, J. SIAM 11, 1963; Moré, Numerical Analysis, LNM 630, 1978) with
 * steps along curves.
 *
 * JᵀJ costs far more than all else: each one is used for a step as long as can be had, bent to follow the
 * residual's curvature by corrections (see {@link correctedStep}). For the wave equation, a network of 921
 * parameters came to an error of 2e-5 in 55 steps that way, to 6e-3 in 80 by straight ones at whatever damping
 * served best. Optionally the identity and the Jacobi scaling each keep a damping of their own, and the one
 * with the better pace is in use.
 */
export class LevenbergMarquardt implements Optimizer {
  readonly name = 'lm';
  private readonly objective: Objective;
  private readonly options: Required<LevenbergMarquardtOptions>;
  private parameters: Float64Array;
  private readonly damping: Record<Scaling, number>;
  private scaling: Scaling;
  /** Whether the next step is by an orthogonal factorisation. */
  private orthogonal: boolean;
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
    if (objective.gaussNewton === undefined && options.factorization !== 'qr') {
      throw new ProblemError('lm needs an engine that gives JᵀJ', {
        hint: 'the tfjs engine does not: use --engine f64, or lbfgs',
      });
    }
    if (objective.orthogonalFactor === undefined && options.factorization === 'qr') {
      throw new ProblemError('lm with factorization "qr" needs an engine that factorises J', {
        hint: 'use --engine f64, or factorization "cholesky"',
      });
    }
    this.objective = objective;
    this.options = {
      scaling: options.scaling ?? 'identity',
      damping: options.damping ?? 0.1,
      relativeDamping: options.relativeDamping ?? 1e-2,
      target: options.target ?? 0.25,
      corrections: options.corrections ?? 10,
      window: options.window ?? 5,
      gradientTolerance: options.gradientTolerance ?? 0,
      factorization: options.factorization ?? 'auto',
      factorize: options.factorize ?? cholesky,
      foldDiagonal: options.foldDiagonal ?? foldDiagonal,
    };
    const { damping, relativeDamping, target, corrections, window, gradientTolerance } = this.options;
    const { scaling, factorization } = this.options;
    checkChoice('lm', 'scaling', scaling, ['both', ...scalings]);
    checkChoice('lm', 'factorization', factorization, factorizations);
    checkOption('lm', 'damping', damping, (value) => value > 0, 'greater than 0');
    checkOption('lm', 'relativeDamping', relativeDamping, (value) => value > 0, 'greater than 0');
    checkOption('lm', 'target', target, (value) => value > 0 && value < 1, 'in (0, 1)');
    checkOption('lm', 'corrections', corrections, (value) => value >= 0, 'at least 0');
    checkOption('lm', 'window', window, (value) => value >= 1, 'at least 1');
    checkOption('lm', 'gradientTolerance', gradientTolerance, (value) => value >= 0, 'at least 0');
    this.orthogonal = factorization === 'qr';
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
    if (this.mayChange && stored.has('orthogonal')) this.orthogonal = stored.number('orthogonal') === 1;
  }

  get theta(): Float64Array {
    return this.parameters;
  }

  async step(): Promise<OptimizerStep> {
    let model = await this.model();
    const { loss, vector, diagonal } = model;
    const gradientNorm = 2 * norm(vector);
    // No entry of JᵀJ is larger than the largest of its diagonal, and none is NaN where the diagonal has none.
    if (!Number.isFinite(loss) || !allFinite(vector) || !allFinite(diagonal)) {
      return { loss, gradientNorm, finished: 'diverged' };
    }
    if (gradientNorm <= this.options.gradientTolerance) return { loss, gradientNorm, finished: 'gradient' };

    if (this.steps === 0) this.reference = loss;
    let chosen = await this.search(model);
    if (chosen === undefined && this.mayChange && !this.orthogonal) {
      this.orthogonal = true;
      model = await this.model();
      chosen = await this.search(model);
    }
    if (chosen === undefined && this.options.scaling === 'both') {
      this.pace[this.scaling] = slowest;
      this.changeScaling(loss);
      chosen = await this.search(model);
    }
    if (chosen === undefined) return { loss, gradientNorm, finished: 'step' };
    this.parameters = chosen.theta;
    this.steps += 1;
    if (this.options.scaling === 'both' && this.steps >= this.options.window)
      this.compareScalings(chosen.loss);
    if (this.mayChange) {
      const relative = this.damping[this.scaling] / model.scaleOf(this.scaling);
      this.orthogonal = relative < (this.orthogonal ? 10 : 1) * orthogonalBelow;
    }
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
        orthogonal: this.orthogonal ? 1 : 0,
      },
      vectors: { theta: this.parameters.slice() },
    };
  }

  /** Each step takes its own JᵀJ and the dampings adapt: what is forgotten is how far the loss had come. */
  objectiveChanged(): void {
    this.steps = 0;
  }

  private get mayChange(): boolean {
    return this.options.factorization === 'auto' && this.objective.orthogonalFactor !== undefined;
  }

  private async model(): Promise<DampedModel> {
    if (this.orthogonal) {
      const triangle = await this.objective.orthogonalFactor!(this.parameters);
      return new OrthogonalModel(triangle, this.options.foldDiagonal);
    }
    const pieces = await this.objective.gaussNewton!(this.parameters);
    if (this.workspace.length !== pieces.matrix.length)
      this.workspace = new Float64Array(pieces.matrix.length);
    return new NormalModel(pieces, this.options.factorize, this.workspace);
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
   * A step with this scaling, corrected for the curvature of the residual. The damping follows the number of
   * corrections: few of them mean that a longer step would have come out as well.
   */
  private async search(model: DampedModel): Promise<CorrectedStep | undefined> {
    const { scaling } = this;
    const { target, corrections: most } = this.options;
    const floor = smallestDamping[this.orthogonal ? 'qr' : 'cholesky'] * model.scaleOf(scaling);
    let damping = Math.max(floor, this.damping[scaling]);
    for (let k = 0; k <= retreats; k++) {
      const system = model.system(scaling, damping);
      if (system === undefined && this.mayChange && !this.orthogonal) return undefined;
      if (system !== undefined) {
        const step = await correctedStep(this.objective, this.parameters, model.loss, system, {
          satisfactory,
          most,
        });
        if (step.ratio >= target) {
          this.damping[scaling] = k > 0 ? damping : damping * this.changeAfter(step);
          return step;
        }
        // A shorter step promises even less: there is no point where rounding hides this one's promise already.
        if (system.predicted <= rounding * model.loss) return undefined;
      }
      damping *= stride * 2 ** k;
    }
    return undefined;
  }

  /** The factor of the damping after a step that was taken at the first attempt. */
  private changeAfter({ corrections, ratio }: CorrectedStep): number {
    const { corrections: most } = this.options;
    if (most === 0 || this.objective.crossGradient === undefined) {
      return ratio > satisfactory ? 1 / stride : ratio < 1 - satisfactory ? 2 : 1;
    }
    const effort = corrections / most;
    return effort < 0.4 ? 1 / stride : effort <= 0.5 ? 1 / 2 : effort > 0.7 ? 2 : 1;
  }
}

function otherThan(scaling: Scaling): Scaling {
  return scaling === 'identity' ? 'jacobi' : 'identity';
}
