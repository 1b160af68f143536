import { ProblemError } from '../errors.ts';
import type { NoiseModel } from '../problem/noise.ts';
import type { Problem } from '../problem/problem.ts';
import type { Band } from './band.ts';
import { determinedVariance } from './determined-variance.ts';
import { noiseDistribution, statedParameter } from './noise/index.ts';
import { noiseParameters } from './noise-parameters.ts';
import { normalProbability, twoSidedNormal } from './normal-distribution.ts';
import { ObservedTrajectory } from './observed-trajectory.ts';
import { type PredictedQuantity, type PredictionGridOptions, predictionGrid } from './prediction-grid.ts';
import { twoSidedStudentT } from './student-t.ts';

export interface PredictionBandOptions extends PredictionGridOptions {
  /** Confidence level; default that of the fit. */
  readonly level?: number;
  /** Relative tolerance of the integration; default 1e-10. */
  readonly rtol?: number;
}

/** What a band needs of a fit; `shoot()` gives it. */
export interface BandFit {
  readonly estimates: Readonly<Record<string, { readonly value: number }>>;
  /** Of the unknowns, in the problem's order. */
  readonly covariance: readonly (readonly number[])[];
  readonly level: number;
  readonly degreesOfFreedom: number;
  /** Noise parameters by name: `dispersion of I`. */
  readonly noise: Readonly<Record<string, { readonly value: number }>>;
}

/**
 * Bands by the delta method: the variance sᵀCs of a prediction with sensitivities s to the unknowns and their
 * covariance C. For every observed expression and every other field the band of its mean, for observed ones also that
 * of a new observation, with its noise. Quantiles are Student's where all noise is Gaussian, else normal. What cannot be negative gets its band by factors. For counts and log-normal values the uncertainty
 * of the mean is taken up by the noise distribution: a negative binomial one of dispersion 1/(1/k + v/m²).
 * Seber & Wild (1989), Nonlinear Regression, section 5.1. Where the data do not determine all unknowns, what they
 * determine has its band all the same, and the rest an infinite one.
 *
 * @throws ProblemError for times outside the domain; SolveError where the trajectory cannot be integrated
 */
export function predictionBands(problem: Problem, fit: BandFit, options: PredictionBandOptions = {}): Band[] {
  const { level = fit.level, rtol = 1e-10 } = options;
  if (!(level > 0 && level < 1)) {
    throw new ProblemError(`${level} is no confidence level`, {
      path: 'level',
      hint: 'use a number between 0 and 1',
    });
  }
  const grid = predictionGrid(problem, options);
  const x = Float64Array.from(problem.unknowns, ({ name }) => fit.estimates[name].value);
  const { predicted, sensitivities } = ObservedTrajectory.of(grid.problem, rtol).predict(x, true);
  const leastSquares = problem.observations.every(({ noise }) => noise.distribution === 'gaussian');
  const quantile = leastSquares ? twoSidedStudentT(level, fit.degreesOfFreedom) : twoSidedNormal(level);
  const determined = fit.covariance.every((row, i) => Number.isFinite(row[i]));
  const variance = determined ? quadraticForm(fit.covariance) : determinedVariance(problem, fit, rtol);
  return grid.quantities.flatMap((quantity, q): Band[] => {
    const error = standardErrors(sensitivities[q], variance, quantity.times.length);
    const mean = meanBand(quantity, predicted[q], error, quantile);
    if (quantity.noise === undefined) return [mean];
    const size = noiseSize(problem, quantity.observation, fit);
    return [mean, observationBand(quantity, quantity.noise, size, predicted[q], error, quantile)];
  });
}

function quadraticForm(matrix: readonly (readonly number[])[]): (slopes: Float64Array) => number {
  return (slopes) =>
    matrix.reduce((sum, row, i) => row.reduce((part, c, j) => part + slopes[i] * c * slopes[j], sum), 0);
}

function standardErrors(
  sensitivities: Float64Array,
  variance: (slopes: Float64Array) => number,
  count: number,
): Float64Array {
  const n = sensitivities.length / count;
  return Float64Array.from({ length: count }, (_, i) =>
    Math.sqrt(Math.max(0, variance(sensitivities.subarray(i * n, (i + 1) * n)))),
  );
}

function meanBand(
  { name, noise, times: t }: PredictedQuantity,
  value: Float64Array,
  error: Float64Array,
  quantile: number,
): Band {
  const byFactors = noise !== undefined && noiseDistribution(noise).positive;
  const end = (sign: -1 | 1): Float64Array =>
    value.map((m, i) =>
      byFactors && m > 0 ? m * Math.exp((sign * quantile * error[i]) / m) : m + sign * quantile * error[i],
    );
  return { name, t, value, low: end(-1), high: end(1), kind: 'mean' };
}

/** The parameter of an observation's noise, stated or estimated; of Gaussian noise for this observation's weight. */
function noiseSize(problem: Problem, o: number, fit: BandFit): number {
  const { noise, weight } = problem.observations[o];
  const estimated = noiseParameters(problem).find(({ observations }) => observations.includes(o));
  const size = estimated === undefined ? (statedParameter(noise) ?? 0) : fit.noise[estimated.name].value;
  return noise.distribution === 'gaussian' ? size / Math.sqrt(weight) : size;
}

function observationBand(
  { name, times: t }: PredictedQuantity,
  noise: NoiseModel,
  parameter: number,
  value: Float64Array,
  error: Float64Array,
  quantile: number,
): Band {
  const distribution = noiseDistribution(noise);
  const end = (sign: -1 | 1): Float64Array =>
    value.map((m, i) => {
      if (noise.distribution === 'gaussian') return m + sign * quantile * Math.hypot(error[i], parameter);
      if (!(m > 0)) return 0;
      const relative = error[i] / m;
      if (relative === Number.POSITIVE_INFINITY) return sign < 0 ? 0 : relative;
      if (noise.distribution === 'log-normal') {
        return m * Math.exp(sign * quantile * Math.hypot(relative, parameter));
      }
      const spread = relative ** 2 + (noise.distribution === 'poisson' ? 0 : 1 / parameter);
      const wide = noiseDistribution({ distribution: 'negative-binomial', dispersion: undefined });
      const p = normalProbability(sign * quantile);
      return spread > 1e-9 ? wide.quantile(p, m, 1 / spread) : distribution.quantile(p, m, parameter);
    });
  return { name, t, value, low: end(-1), high: end(1), kind: 'prediction' };
}
