/** The options of solve() and what stands in for those not given. */
import { ProblemError } from '../errors.ts';
import type { Sampling } from '../geometry/point-set.ts';
import { type ActivationName, activationNamed, parseNetworkSize } from '../network/index.ts';
import type { InitializationScheme } from '../network/initialize.ts';
import { type OptimizerName, optimizerNames } from '../optimizer/index.ts';
import { highestOrder } from '../problem/consistency.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import { type LossSettings, resolveLossSettings } from './loss-settings.ts';

export interface ResolvedSettings extends LossSettings {
  readonly engine: 'f64' | 'tfjs';
  /** Why this engine. */
  readonly engineReason: string;
  readonly backend: string | undefined;
  readonly threads: number | undefined;
  /** One after another. */
  readonly optimizers: readonly OptimizerName[];
  readonly learningRate: number;
  readonly schedule: SolveSettings['schedule'];
  readonly width: number;
  readonly depth: number;
  readonly fourierFeatures: { readonly count: number; readonly scale: number } | undefined;
  readonly activation: ActivationName;
  readonly initialization: InitializationScheme | undefined;
  readonly points: number;
  readonly conditionPoints: number;
  readonly sampling: Sampling;
  readonly seed: number;
  /** At most so many optimizer steps; undefined: as many as each phase plans. */
  readonly iterations: number | undefined;
  /** Seconds. */
  readonly timeLimit: number;
  readonly target: number | undefined;
  /** The run ends when the loss, a mean square in normalised variables, is at most this. */
  readonly lossGoal: number;
}

/** By number of coordinates, from one on. */
const defaultPoints = [128, 2000, 4000, 6000];
const defaultConditionPoints = [1, 100, 400, 600];
const defaultTimeLimit = 60;

/** Residuals of 1e-6 of the largest term: more is sought where a time limit or a target is given. */
const defaultLossGoal = 1e-12;

/** Above so many parameters JᵀJ costs more than it gains. */
const gaussNewtonLimit = 3000;

function networkSize(
  network: SolveSettings['network'],
  problem: Problem,
): Pick<ResolvedSettings, 'width' | 'depth' | 'fourierFeatures'> {
  if (network === undefined)
    return problem.coordinates.length === 1
      ? { width: 16, depth: 2, fourierFeatures: undefined }
      : { width: 20, depth: 3, fourierFeatures: undefined };
  if (typeof network === 'string') return { ...parseNetworkSize(network), fourierFeatures: undefined };
  return { width: network.width, depth: network.depth, fourierFeatures: network.fourierFeatures };
}

/** Above so many parameters a dense inverse Hessian costs more than it gains. */
const denseHessianLimit = 2000;

function defaultOptimizers(engine: 'f64' | 'tfjs', parameters: number, inverse: boolean): string {
  if (engine === 'f64' && parameters <= gaussNewtonLimit) return 'lm';
  if (parameters > denseHessianLimit) return 'adam+lbfgs';
  // Adam fits the noise of data before the equations have a say.
  return inverse ? 'broyden' : 'adam+broyden';
}

function optimizersOf(text: string): OptimizerName[] {
  return text.split('+').map((part) => {
    const name = optimizerNames.find((known) => known === part.trim());
    if (name === undefined)
      throw new ProblemError(`\`${part.trim()}\` is no optimizer`, {
        path: 'solve.optimizer',
        hint: `choose from ${optimizerNames.join(', ')}; "adam+lbfgs" runs one after the other`,
      });
    return name;
  });
}

/**
 * Options over the problem's own `solve` key over defaults.
 *
 * @throws ProblemError for an optimizer, activation or network that does not exist.
 */
export function resolveSettings(problem: Problem, options: SolveSettings): ResolvedSettings {
  const given: SolveSettings = { ...problem.definition.solve };
  for (const [key, value] of Object.entries(options))
    if (value !== undefined) Object.assign(given, { [key]: value });
  const dimension = problem.coordinates.length;
  const network = networkSize(given.network, problem);
  const parameters =
    network.width * network.width * (network.depth - 1) +
    network.width * (dimension + problem.fields.length + network.depth);
  const small = parameters <= gaussNewtonLimit;
  let engine = given.engine;
  let engineReason = 'asked for';
  if (engine === undefined) {
    const needsLm = given.optimizer?.includes('lm') ?? false;
    if (given.backend !== undefined)
      [engine, engineReason] = ['tfjs', `backend ${given.backend} was asked for`];
    else if (small || needsLm)
      [engine, engineReason] = [
        'f64',
        `the network is small (about ${parameters} parameters): second-order steps in double precision pay`,
      ];
    else [engine, engineReason] = ['tfjs', `the network is large (about ${parameters} parameters)`];
  }
  const optimizers = optimizersOf(
    given.optimizer ?? defaultOptimizers(engine, parameters, problem.observations.length > 0),
  );
  if (engine === 'tfjs' && optimizers.includes('lm'))
    throw new ProblemError('the tfjs engine does not give JᵀJ, which lm needs', {
      path: 'solve.optimizer',
      hint: 'use the f64 engine, or lbfgs',
    });
  const activation = (given.activation ?? 'tanh') as ActivationName;
  activationNamed(activation);
  return {
    engine,
    engineReason,
    backend: given.backend,
    threads: given.threads,
    optimizers,
    learningRate: given.learningRate ?? 1e-2,
    schedule: given.schedule,
    ...network,
    activation,
    initialization: given.initialization,
    points: given.points ?? defaultPointCount(problem, optimizers, parameters),
    conditionPoints: given.conditionPoints ?? defaultConditionPoints[dimension - 1],
    sampling: given.sampling ?? (dimension === 1 ? 'grid' : 'sobol'),
    ...resolveLossSettings(problem, given),
    seed: given.seed ?? 0,
    iterations: given.iterations,
    timeLimit: given.timeLimit ?? defaultTimeLimit,
    target: given.target,
    lossGoal: given.timeLimit === undefined && given.target === undefined ? defaultLossGoal : 0,
  };
}

/**
 * Second-order steps fit whatever freedom they are given: with fewer residuals than a few per parameter they
 * vanish at the points and nowhere else. Along a line points leave no such gaps as in the plane.
 */
const residualsPerParameter = (dimension: number): number => (dimension === 1 ? 2 : 4);

function defaultPointCount(
  problem: Problem,
  optimizers: readonly OptimizerName[],
  parameters: number,
): number {
  const dimension = problem.coordinates.length;
  const usual = defaultPoints[dimension - 1];
  if (!optimizers.includes('lm')) return usual;
  const residuals = residualsPerParameter(dimension) * parameters;
  return Math.max(usual, Math.ceil(residuals / problem.equations.length));
}

/** Highest order of a derivative in the equations. */
export function problemOrder(problem: Problem): number {
  return Math.max(...problem.fields.map((field) => highestOrder(problem, field.name)));
}
