import { ProblemError, SolveError } from '../errors.ts';
import { statedDeviation } from '../problem/noise.ts';
import type { Observation, Problem } from '../problem/problem.ts';
import type { ResidualPoint } from './bounded-levenberg-marquardt.ts';
import { type NoiseDistribution, noiseDistribution, statedParameter } from './noise/index.ts';
import { type NoiseParameter, noiseParameters } from './noise-parameters.ts';
import { ObservedTrajectory, type Prediction } from './observed-trajectory.ts';

/** The likelihood of the data at one value of the unknowns and noise parameters. */
export interface LikelihoodPoint {
  readonly x: Float64Array;
  /** −ℓ; standard deviations that are not stated are at their maximum likelihood (profiled out). */
  readonly negativeLogLikelihood: number;
  /** ∂(−ℓ)/∂x. */
  readonly score: Float64Array;
  /** Expected Fisher information, (n, n) row-major. */
  readonly information: Float64Array;
  /** Σ weight·(predicted − observed)², each over the stated Gaussian standard deviation where there is one. */
  readonly sumOfSquares: number;
  /** By observation, (N). */
  readonly predicted: readonly Float64Array[];
  /** ∂predicted/∂unknown by observation, (N, unknowns) row-major. */
  readonly sensitivities: readonly Float64Array[];
  /** Every estimated noise parameter, by name; standard deviations at their maximum likelihood. */
  readonly noise: Readonly<Record<string, number>>;
  readonly trajectory: { at(t: number): Record<string, number> };
}

/** A point of the likelihood as a step of Fisher's scoring sees it, dispersions on a logarithmic scale. */
export interface ScoringPoint extends LikelihoodPoint, ResidualPoint {}

/** Dispersions beyond these are a Poisson distribution, or no distribution that counts would follow. */
const smallestDispersion = 1e-3;
const largestDispersion = 1e8;
/** Counts predicted below this share of the largest one observed are taken to be this. */
const smallestMean = 1e-9;

/**
 * The likelihood of a problem's unknowns and noise parameters, given its observations, along the trajectory
 * integrated from the initial conditions. Observations of weight w count w times; a Gaussian one has its
 * variance divided by w instead.
 */
export class TrajectoryLikelihood {
  /** The problem's unknowns, then the dispersions that are estimated. */
  readonly names: readonly string[];
  /** How many of the names are unknowns of the problem. */
  readonly unknowns: number;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly start: Float64Array;
  /** Typical sizes, positive. */
  readonly scale: Float64Array;
  /** All noise parameters that are estimated, those that are profiled out included. */
  readonly noiseParameters: readonly NoiseParameter[];
  /** Whether all noise is Gaussian and the maximum is one of least squares. */
  readonly leastSquares: boolean;
  /** Number of observed values. */
  readonly count: number;
  private readonly model: ObservedTrajectory;
  private readonly distributions: readonly NoiseDistribution[];
  /** By observation: position of its noise parameter among `noiseParameters`, or −1. */
  private readonly parameterOf: Int32Array;
  /** By noise parameter: position in x, or −1 where it is profiled out. */
  private readonly placeOf: Int32Array;

  /**
   * @throws NotSupportedError where the problem is no initial value problem with observations; ProblemError
   * for an observed value that its noise model cannot give
   */
  constructor(
    readonly problem: Problem,
    options: { readonly rtol?: number } = {},
  ) {
    const { unknowns, observations } = problem;
    this.model = new ObservedTrajectory(problem, options.rtol ?? 1e-10);
    this.distributions = observations.map(({ noise }) => noiseDistribution(noise));
    observations.forEach((observation, o) => {
      assertSupported(observation, this.distributions[o]);
    });
    this.noiseParameters = noiseParameters(problem);
    this.parameterOf = Int32Array.from(observations, (_, o) =>
      this.noiseParameters.findIndex((parameter) => parameter.observations.includes(o)),
    );
    const dispersions = this.noiseParameters.filter(({ kind }) => kind === 'dispersion');
    this.placeOf = Int32Array.from(this.noiseParameters, (parameter) => {
      const index = dispersions.indexOf(parameter);
      return index < 0 ? -1 : unknowns.length + index;
    });
    this.unknowns = unknowns.length;
    this.names = [...unknowns.map(({ name }) => name), ...dispersions.map(({ name }) => name)];
    const extended = (values: number[], rest: number) =>
      Float64Array.from([...values, ...dispersions.map(() => rest)]);
    this.low = extended(
      unknowns.map(({ min }) => min ?? Number.NEGATIVE_INFINITY),
      smallestDispersion,
    );
    this.high = extended(
      unknowns.map(({ max }) => max ?? Number.POSITIVE_INFINITY),
      largestDispersion,
    );
    this.start = extended(
      unknowns.map(({ initial }) => initial),
      1,
    );
    this.scale = extended(
      unknowns.map(({ scale, initial }) => scale ?? (Math.abs(initial) || 1)),
      1,
    );
    const gaussian = observations.filter(({ noise }) => noise.distribution === 'gaussian');
    const stated = gaussian.filter(({ noise }) => statedDeviation(noise) !== undefined);
    this.leastSquares =
      gaussian.length === observations.length && (stated.length === 0 || stated.length === gaussian.length);
    this.count = observations.reduce((sum, { values }) => sum + values.length, 0);
  }

  /** Relative tolerance of the trajectories. */
  get rtol(): number {
    return this.model.rtol;
  }

  /**
   * @param rtol of this trajectory, where it need not have all its digits
   * @throws SolveError where there is no trajectory, or a mean that the noise cannot have
   */
  evaluate(x: Float64Array, rtol = this.rtol): ScoringPoint {
    const prediction = this.model.predict(x.subarray(0, this.unknowns), true, rtol);
    const means = prediction.predicted.map((predicted, o) => this.means(predicted, o));
    const deviations = this.deviations(means);
    const parameters = this.problem.observations.map(({ noise }, o): number => {
      const index = this.parameterOf[o];
      if (index < 0) return statedParameter(noise) ?? 0;
      return this.placeOf[index] < 0 ? deviations[index] : x[this.placeOf[index]];
    });
    return new EvaluatedPoint(this, x.slice(), prediction, means, parameters);
  }

  /** @internal */
  parts() {
    const { distributions, parameterOf, placeOf, model } = this;
    return { distributions, parameterOf, placeOf, model };
  }

  /** Predicted values as means of the noise distribution: positive where it must be. */
  private means(predicted: Float64Array, o: number): Float64Array {
    if (!this.distributions[o].positive) return predicted;
    const { noise, values, text, points } = this.problem.observations[o];
    const floor = noise.distribution === 'log-normal' ? 0 : smallestMean * Math.max(1, ...values);
    return predicted.map((mean, i) => {
      if (mean > floor) return mean;
      if (floor > 0 && mean >= -1e3 * floor) return floor;
      throw new SolveError(
        `${text} = ${mean} is predicted at ${this.problem.coordinates[0].name} = ${points[i]}, ` +
          `which ${noise.distribution} noise cannot have as its mean`,
      );
    });
  }

  /** Standard deviations at their maximum likelihood, by noise parameter. */
  private deviations(means: readonly Float64Array[]): Float64Array {
    const { observations } = this.problem;
    return Float64Array.from(this.noiseParameters, ({ kind, observations: members }) => {
      if (kind === 'dispersion') return Number.NaN;
      let square = 0;
      let count = 0;
      let size = 0;
      for (const o of members) {
        const { values, weight, noise } = observations[o];
        const logarithmic = noise.distribution === 'log-normal';
        for (let i = 0; i < values.length; i++) {
          const residual = logarithmic ? Math.log(values[i] / means[o][i]) : values[i] - means[o][i];
          square += weight * residual ** 2;
          size = Math.max(size, logarithmic ? 1 : Math.abs(values[i]));
        }
        count += logarithmic ? weight * values.length : values.length;
      }
      // A perfect fit has no likelihood; rounding is all the noise that can be told from none.
      return Math.max(Math.sqrt(square / count), Number.EPSILON * (size || 1));
    });
  }
}

class EvaluatedPoint implements ScoringPoint {
  readonly predicted: readonly Float64Array[];
  readonly sensitivities: readonly Float64Array[];
  readonly negativeLogLikelihood: number;
  readonly score: Float64Array;
  readonly sumOfSquares: number;
  readonly residuals: Float64Array;
  readonly jacobian: Float64Array;
  readonly merit: number | undefined;
  readonly noise: Readonly<Record<string, number>>;
  private expected: Float64Array | undefined;

  constructor(
    private readonly likelihood: TrajectoryLikelihood,
    readonly x: Float64Array,
    { predicted, sensitivities }: Prediction,
    private readonly means: readonly Float64Array[],
    private readonly parameters: readonly number[],
  ) {
    const { problem, unknowns, count, leastSquares, noiseParameters } = likelihood;
    const { distributions, parameterOf, placeOf } = likelihood.parts();
    const width = x.length;
    const dispersions = width - unknowns;
    this.predicted = predicted;
    this.sensitivities = sensitivities;
    this.score = new Float64Array(width);
    this.residuals = new Float64Array(count + dispersions);
    this.jacobian = new Float64Array((count + dispersions) * width);
    const curvature = new Float64Array(dispersions);
    let negative = 0;
    let sumOfSquares = 0;
    let row = 0;
    problem.observations.forEach(({ values, weight, noise }, o) => {
      const distribution = distributions[o];
      const isGaussian = noise.distribution === 'gaussian';
      const a = isGaussian ? parameters[o] / Math.sqrt(weight) : parameters[o];
      const factor = isGaussian ? 1 : weight;
      const unit = Math.sqrt(weight) / (statedDeviation(noise) ?? 1);
      const place = parameterOf[o] < 0 ? -1 : placeOf[parameterOf[o]];
      for (let i = 0; i < values.length; i++, row++) {
        const y = values[i];
        const m = means[o][i];
        const residual = unit * (predicted[o][i] - y);
        sumOfSquares += residual ** 2;
        negative -= factor * distribution.logDensity(y, m, a);
        const slope = -factor * distribution.score(y, m, a);
        const length = Math.sqrt(factor * distribution.information(m, a));
        this.residuals[row] = leastSquares ? residual : slope / length;
        const column = leastSquares ? unit : length;
        for (let k = 0; k < unknowns; k++) {
          const derivative = sensitivities[o][i * unknowns + k];
          this.score[k] += slope * derivative;
          this.jacobian[row * width + k] = column * derivative;
        }
        if (place < 0) continue;
        this.score[place] -= factor * distribution.parameterScore(y, m, a);
        curvature[place - unknowns] += factor * approximateLogInformation(m, a);
      }
    });
    for (let d = 0; d < dispersions; d++) {
      const place = unknowns + d;
      const length = Math.sqrt(Math.max(curvature[d], Number.MIN_VALUE));
      this.jacobian[(count + d) * width + place] = length;
      this.residuals[count + d] = (x[place] * this.score[place]) / length;
    }
    this.negativeLogLikelihood = negative;
    this.sumOfSquares = sumOfSquares;
    this.merit = leastSquares ? undefined : 2 * negative;
    this.noise = Object.fromEntries(
      noiseParameters.map(({ name, observations }) => [name, parameters[observations[0]]]),
    );
  }

  get information(): Float64Array {
    this.expected ??= this.expectedInformation();
    return this.expected;
  }

  get trajectory(): { at(t: number): Record<string, number> } {
    const { model } = this.likelihood.parts();
    return model.trajectory(this.x.subarray(0, this.likelihood.unknowns));
  }

  private expectedInformation(): Float64Array {
    const { likelihood, means, parameters, sensitivities } = this;
    const { problem, unknowns } = likelihood;
    const { distributions, parameterOf, placeOf } = likelihood.parts();
    const width = this.x.length;
    const information = new Float64Array(width * width);
    problem.observations.forEach(({ values, weight, noise }, o) => {
      const isGaussian = noise.distribution === 'gaussian';
      const a = isGaussian ? parameters[o] / Math.sqrt(weight) : parameters[o];
      const factor = isGaussian ? 1 : weight;
      const place = parameterOf[o] < 0 ? -1 : placeOf[parameterOf[o]];
      for (let i = 0; i < values.length; i++) {
        const own = factor * distributions[o].information(means[o][i], a);
        for (let j = 0; j < unknowns; j++) {
          const left = own * sensitivities[o][i * unknowns + j];
          for (let k = 0; k < unknowns; k++) {
            information[j * width + k] += left * sensitivities[o][i * unknowns + k];
          }
        }
        if (place >= 0)
          information[place * width + place] +=
            factor * distributions[o].parameterInformation(means[o][i], a);
      }
    });
    return information;
  }
}

/**
 * About the information of a count on the logarithm of its dispersion k: ½ where the mean is far above k, and
 * ½ (m/k)² where it is far below. The exact one is a sum over all counts, too slow for every step.
 */
function approximateLogInformation(m: number, k: number): number {
  return 0.5 * (m / (k + m)) ** 2;
}

function assertSupported({ values, noise, path }: Observation, distribution: NoiseDistribution): void {
  const wrong = values.find((y) => !distribution.supports(y));
  if (wrong === undefined) return;
  throw new ProblemError(`${wrong} cannot be observed with ${noise.distribution} noise`, {
    path,
    hint: noise.distribution === 'log-normal' ? 'values must be positive' : 'counts must not be negative',
  });
}
