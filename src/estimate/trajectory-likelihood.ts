import { ProblemError, SolveError } from '../errors.ts';
import { statedDeviation } from '../problem/noise.ts';
import type { Observation, Problem } from '../problem/problem.ts';
import { EvaluatedPoint, type LikelihoodTerm, type ScoringPoint } from './likelihood-point.ts';
import { type NoiseDistribution, noiseDistribution, statedParameter } from './noise/index.ts';
import { type NoiseParameter, noiseParameters } from './noise-parameters.ts';
import { ObservedTrajectory } from './observed-trajectory.ts';

export type { LikelihoodPoint, ScoringPoint } from './likelihood-point.ts';

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
  readonly terms: readonly LikelihoodTerm[];
  /** By observation: position of its noise parameter among `noiseParameters`, or −1. */
  private readonly parameterOf: Int32Array;
  /** By noise parameter: position in x, or −1 where it is profiled out. */
  private readonly placeOf: Int32Array;

  /**
   * @param options.trajectory  that of the same problem, which may have been observed to have other values
   * @throws NotSupportedError where the problem is no initial value problem with observations; ProblemError
   * for an observed value that its noise model cannot give
   */
  constructor(
    readonly problem: Problem,
    options: { readonly rtol?: number; readonly trajectory?: ObservedTrajectory } = {},
  ) {
    const { unknowns, observations } = problem;
    this.model = options.trajectory ?? ObservedTrajectory.of(problem, options.rtol ?? 1e-10);
    this.model.reset();
    for (const observation of observations)
      assertSupported(observation, noiseDistribution(observation.noise));
    this.noiseParameters = noiseParameters(problem);
    this.parameterOf = Int32Array.from(observations, (_, o) =>
      this.noiseParameters.findIndex((parameter) => parameter.observations.includes(o)),
    );
    const dispersions = this.noiseParameters.filter(({ kind }) => kind === 'dispersion');
    this.placeOf = Int32Array.from(this.noiseParameters, (parameter) => {
      const index = dispersions.indexOf(parameter);
      return index < 0 ? -1 : unknowns.length + index;
    });
    this.terms = observations.map(
      ({ noise, values, weight }, o): LikelihoodTerm => ({
        values,
        distribution: noiseDistribution(noise),
        factor: noise.distribution === 'gaussian' ? 1 : weight,
        unit: Math.sqrt(weight) / (statedDeviation(noise) ?? 1),
        place: this.parameterOf[o] < 0 ? -1 : this.placeOf[this.parameterOf[o]],
      }),
    );
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
    const parameters = this.problem.observations.map(({ noise, weight }, o): number => {
      const index = this.parameterOf[o];
      const place = this.terms[o].place;
      const value = index < 0 ? (statedParameter(noise) ?? 0) : place < 0 ? deviations[index] : x[place];
      return noise.distribution === 'gaussian' ? value / Math.sqrt(weight) : value;
    });
    const copy = x.slice();
    return new EvaluatedPoint(this, {
      x: copy,
      prediction,
      means,
      parameters,
      noise: Object.fromEntries(
        this.noiseParameters.map(({ name }, i) => [
          name,
          this.placeOf[i] < 0 ? deviations[i] : x[this.placeOf[i]],
        ]),
      ),
      trajectory: () => this.model.trajectory(copy.subarray(0, this.unknowns)),
    });
  }

  /** Predicted values as means of the noise distribution: positive where it must be. */
  private means(predicted: Float64Array, o: number): Float64Array {
    if (!this.terms[o].distribution.positive) return predicted;
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

function assertSupported({ values, noise, path }: Observation, distribution: NoiseDistribution): void {
  const wrong = values.find((y) => !distribution.supports(y));
  if (wrong === undefined) return;
  throw new ProblemError(`${wrong} cannot be observed with ${noise.distribution} noise`, {
    path,
    hint: noise.distribution === 'log-normal' ? 'values must be positive' : 'counts must not be negative',
  });
}
