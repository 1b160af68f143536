/** The options of solve() and what stands in for those not given. */
import { ProblemError } from '../errors.ts';
import type { Sampling } from '../geometry/point-set.ts';
import { totalOrder } from '../jet/multi-index.ts';
import { type ActivationName, activationNamed } from '../network/index.ts';
import type { InitializationScheme } from '../network/initialize.ts';
import { highestOrder } from '../problem/consistency.ts';
import { hardAnsatz } from '../problem/hard/index.ts';
import { fieldLeaves } from '../problem/implied-value.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import { judgesPoints, type LossSettings, resolveLossSettings } from './loss-settings.ts';
import { type NetworkSettings, networkSettings, parameterEstimate } from './network-settings.ts';
import {
  checkRandomFeatures,
  checkSpectral,
  chooseOptimizers,
  gaussNewtonLimit,
  isDirect,
  isSpectral,
  type MethodName,
  type OptimizerChoice,
} from './optimizer-choice.ts';

/** By how much more parameters Gauss–Newton steps bear with subdomains; what limits them is room for JᵀJ. */
const subdomainSparsity = 1.5;

export interface ResolvedSettings extends LossSettings, OptimizerChoice, NetworkSettings {
  readonly engine: 'f64' | 'tfjs';
  /** Why this engine. */
  readonly engineReason: string;
  readonly backend: string | undefined;
  readonly threads: number | undefined;
  readonly learningRate: number;
  readonly schedule: SolveSettings['schedule'];
  /** Widths of the networks that open the run, in order; each is widened to the next, the last to `width`. */
  readonly openingWidths: readonly number[];
  /** Widths that the network is given in turn where what it has is not enough. */
  readonly laterWidths: readonly number[];
  readonly activation: ActivationName;
  readonly initialization: InitializationScheme | undefined;
  readonly points: number;
  /** Where fewer prove too few, up to so many are taken. */
  readonly largestPoints: number;
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
const defaultPoints = [128, 2000, 4000, 6000, 8000, 10_000];

/** On each face; from five coordinates on there are so many faces that fewer on each are enough. */
const leastConditionPoints = [1, 100, 400, 600, 500, 500];

/** Along a line, one for so many points inside: what an initial condition leaves open between its points stays. */
const pointsPerConditionPoint = 12;

const defaultTimeLimit = 60;

/** Residuals of 1e-6 of the largest term: more is sought where a time limit or a target is given. */
const defaultLossGoal = 1e-12;

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
  const network = networkSettings(given.network, problem);
  const parametersAt = (width: number): number => parameterEstimate(problem, network, width);
  const parameters = parametersAt(network.width);
  // Where networks of subdomains far from each other have nothing in common, most of JᵀJ is zero.
  const coupled = network.subdomains === undefined ? parameters : parameters / subdomainSparsity;
  const small = coupled <= gaussNewtonLimit;
  let engine = given.engine;
  let engineReason = 'asked for';
  if (engine === undefined) {
    const needsJacobian = /\b(lm|spring|random-features)\b/.exec(given.optimizer ?? '')?.[0];
    if (given.backend !== undefined)
      [engine, engineReason] = ['tfjs', `backend ${given.backend} was asked for`];
    else if (needsJacobian !== undefined && !small)
      [engine, engineReason] = ['f64', `${needsJacobian} needs the Jacobian of the residuals`];
    else if (small)
      [engine, engineReason] = [
        'f64',
        `the network is small (about ${parameters} parameters): second-order steps in double precision pay`,
      ];
    else [engine, engineReason] = ['tfjs', `the network is large (about ${parameters} parameters)`];
  }
  const { optimizers, optimizerReason, linear } = chooseOptimizers(problem, given, engine, coupled);
  if (given.engine === undefined && isDirect({ optimizers }))
    engineReason = 'least squares in double precision keeps nearly all digits';
  if (given.engine === undefined && isSpectral({ optimizers }))
    [engine, engineReason] = ['f64', 'double precision keeps nearly all digits'];
  checkSpectral(given, { engine, optimizers });
  checkRandomFeatures(problem, given, { engine, optimizers, ...network });
  const jacobian = optimizers.find((name) => name === 'lm' || name === 'spring');
  if (engine === 'tfjs' && jacobian !== undefined)
    throw new ProblemError(
      jacobian === 'lm'
        ? 'the tfjs engine does not give JᵀJ, which lm needs'
        : 'the tfjs engine does not give the Jacobian, which spring needs',
      { path: 'solve.optimizer', hint: 'use the f64 engine, or lbfgs' },
    );
  const sines = network.randomFeatures !== undefined || isDirect({ optimizers });
  const activation = (given.activation ?? (sines ? 'sine' : 'tanh')) as ActivationName;
  activationNamed(activation);
  const fixedFeatures = network.randomFeatures !== undefined;
  const lossSettings = resolveLossSettings(problem, given);
  const growing = optimizers.at(-1) === 'lm' && !fixedFeatures && judgesPoints(problem, lossSettings);
  const widens = growing && optimizers.length === 1;
  const count = defaultPointCounts(problem, optimizers, fixedFeatures, growing, parameters);
  const points = given.points ?? count.first;
  return {
    engine,
    engineReason,
    backend: given.backend,
    threads: given.threads,
    optimizers,
    optimizerReason,
    linear,
    learningRate: given.learningRate ?? 1e-2,
    schedule: given.schedule,
    ...network,
    openingWidths: widens ? openingWidths(network.width) : [],
    laterWidths:
      widens && given.network === undefined
        ? laterWidths.filter((width) => parametersAt(width) <= gaussNewtonLimit)
        : [],
    activation,
    initialization: given.initialization,
    points,
    largestPoints: given.points ?? count.largest,
    conditionPoints:
      given.conditionPoints ?? defaultConditionPointCount(dimension, given.points ?? count.ample),
    sampling: given.sampling ?? (dimension === 1 ? 'grid' : 'sobol'),
    ...lossSettings,
    seed: given.seed ?? 0,
    iterations: given.iterations,
    timeLimit: given.timeLimit ?? defaultTimeLimit,
    target: given.target,
    lossGoal: given.timeLimit === undefined && given.target === undefined ? defaultLossGoal : 0,
  };
}

const smallestWidth = 10;

/** Of the network that is taken where none is given. */
const laterWidths = [28, 36];

/** Each has half the parameters of the next. */
function openingWidths(width: number): number[] {
  const widths: number[] = [];
  for (let next = Math.round(width / Math.SQRT2); next >= smallestWidth; next = Math.round(next / Math.SQRT2))
    widths.unshift(next);
  return widths;
}

/**
 * Second-order steps fit whatever freedom they are given: with fewer residuals than a few per parameter they
 * vanish at the points and nowhere else. Along a line points leave no such gaps as in the plane.
 */
const residualsPerParameter = (dimension: number): number => (dimension === 1 ? 2 : 4);

/** Where points are drawn anew every few steps, the early ones need no more: what one draw leaves open, the next finds. */
const firstResidualsPerParameter = 2;

const largestResidualsPerParameter = 16;

/** Points at the start of a run, those that are enough without new draws, and the most that are taken. */
interface PointCounts {
  readonly first: number;
  readonly ample: number;
  readonly largest: number;
}

function defaultPointCounts(
  problem: Problem,
  optimizers: readonly MethodName[],
  fixedFeatures: boolean,
  growing: boolean,
  parameters: number,
): PointCounts {
  const dimension = problem.coordinates.length;
  const usual = defaultPoints[dimension - 1];
  if (!optimizers.includes('lm') && !fixedFeatures) return { first: usual, ample: usual, largest: usual };
  // Where data alone are fitted there are no collocation points.
  const equations = Math.max(1, problem.equations.length);
  const points = (perParameter: number): number => Math.ceil((perParameter * parameters) / equations);
  const ample = Math.max(usual, points(residualsPerParameter(dimension)));
  const largest = Math.max(ample, points(largestResidualsPerParameter));
  return { first: growing ? points(firstResidualsPerParameter) : ample, ample, largest };
}

function defaultConditionPointCount(dimension: number, points: number): number {
  const least = leastConditionPoints[dimension - 1];
  return dimension === 2 ? Math.max(least, Math.ceil(points / pointsPerConditionPoint)) : least;
}

/** Highest order of a derivative of a network's output in the equations. */
export function problemOrder(problem: Problem): number {
  const ansatz = hardAnsatz(problem);
  return Math.max(
    ...problem.fields.map(({ name }) => {
      const built = ansatz.get(name);
      const own = built === undefined ? [] : fieldLeaves([built]).map(({ order }) => totalOrder(order));
      return highestOrder(problem, name) + Math.max(0, ...own);
    }),
  );
}
