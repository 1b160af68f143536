/**
 * How much each observation counts, by its noise model. Gaussian noise counts by the inverse square of its size;
 * sizes that are not stated are those of the residuals. The variance of counts depends on their mean: they count by the inverse of the variance at the mean
 * fitted last, and at the observed value before there is one. Where that is repeated until nothing changes,
 * the fit is the one of maximum likelihood (iteratively reweighted least squares: Wedderburn, Biometrika 61,
 * 1974; McCullagh & Nelder, Generalized Linear Models, 1989, ch. 9).
 */
import { isCount, type NoiseModel } from '../problem/noise.ts';
import { expressionEvaluator } from './evaluate-expressions.ts';
import type { BlockNoise, ResidualBlock, ResidualSystem } from './residual-system.ts';

/** The column by which the residual of a count is multiplied. */
export const precisionColumn = 'precision';

/** Of negative binomial counts, where it is to be estimated and nothing is fitted yet. */
const firstDispersion = 10;
const dispersions = { low: 1e-3, high: 1e6 };

/** A fitted mean is not trusted further from the observed value than by this factor: weights must not run away. */
const trustedRatio = 10;

/** The mean at which a count's variance is taken. */
function trusted(mean: number, observed: number): number {
  const size = Math.max(observed, 1);
  return Math.min(Math.max(mean, size / trustedRatio), size * trustedRatio);
}

/** ln Γ(x) for x > 0: Stirling's series (Abramowitz & Stegun 1964, 6.1.40) beyond 10, by recurrence below. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += Math.log(z);
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w / 1680))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/**
 * The dispersion of maximum likelihood at given means (Lawless, Canad. J. Statist. 15, 1987), by golden
 * section in ln k.
 */
export function fittedDispersion(observed: Float64Array, means: Float64Array): number {
  const logLikelihood = (logK: number): number => {
    const k = Math.exp(logK);
    const atZero = logGamma(k);
    return observed.reduce(
      (sum, y, n) => sum + logGamma(k + y) - atZero - y * logK - (y + k) * Math.log1p(means[n] / k),
      0,
    );
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(dispersions.low), Math.log(dispersions.high)];
  for (let i = 0; i < 50; i++) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (logLikelihood(left) > logLikelihood(right)) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

/** Relative sizes of Gaussian and log-normal noise where nothing is said, and before anything is fitted. */
const firstDeviation = 0.1;
/** A fit that follows the noise leaves less of it than there is: what it leaves is not trusted below this. */
const leastDeviation = 0.01;
/** Observations of one deviation in very different units still count for something. */
const leastPrecision = 1e-4;

const isOpenGaussian = ({ model }: BlockNoise): boolean =>
  model.distribution === 'gaussian' && model.standardDeviation === undefined;

/** Root mean square of several residuals, each times its unit and counted by its weight. */
function rootMeanSquare(
  parts: readonly { readonly values: Float64Array; readonly unit: number; readonly weight: number }[],
): number {
  const count = parts.reduce((sum, { values }) => sum + values.length, 0);
  const squares = parts.reduce(
    (sum, { values, unit, weight }) => sum + weight * values.reduce((s, r) => s + (unit * r) ** 2, 0),
    0,
  );
  return Math.sqrt(squares / count);
}

/**
 * The deviation that Gaussian observations share where none is stated, in the unit observed, as in maximum
 * likelihood by shooting; undefined where there are none.
 */
function sharedDeviation(
  blocks: readonly ResidualBlock[],
  residuals: readonly (Float64Array | undefined)[] | undefined,
): number | undefined {
  const open = blocks.flatMap(({ noise }, b) =>
    noise !== undefined && isOpenGaussian(noise) ? [{ noise, values: residuals?.[b] }] : [],
  );
  if (open.length === 0) return undefined;
  const largest = Math.max(...open.map(({ noise }) => noise.size));
  const fitted = open.flatMap(({ noise: { size, weight }, values }) =>
    values === undefined ? [] : [{ values, unit: size, weight }],
  );
  return fitted.length === 0
    ? firstDeviation * largest
    : Math.max(leastDeviation * largest, rootMeanSquare(fitted));
}

/** Variances in the residual's unit before precision, one for all or (N). */
function variancesOf(
  { model, observed, size }: BlockNoise,
  residuals: Float64Array | undefined,
  shared: number | undefined,
  settled: boolean,
): Float64Array | number {
  switch (model.distribution) {
    case 'gaussian':
      return ((model.standardDeviation ?? shared!) / size) ** 2;
    case 'log-normal': {
      const found =
        residuals === undefined || !settled
          ? firstDeviation
          : Math.max(leastDeviation, rootMeanSquare([{ values: residuals, unit: 1, weight: 1 }]));
      return (model.standardDeviation ?? found) ** 2;
    }
    default: {
      const means = observed.map((y, n) => trusted(residuals === undefined ? y : y + size * residuals[n], y));
      const dispersion = dispersionOf(
        model,
        observed,
        residuals === undefined || !settled ? undefined : means,
      );
      return means.map((m) => (m + (m * m) / dispersion) / size ** 2);
    }
  }
}

function dispersionOf(model: NoiseModel, observed: Float64Array, means: Float64Array | undefined): number {
  if (model.distribution !== 'negative-binomial') return Number.POSITIVE_INFINITY;
  return model.dispersion ?? (means === undefined ? firstDispersion : fittedDispersion(observed, means));
}

/**
 * Sets the weights of data blocks and the precision of their counts: observations count by their inverse
 * variances, the block that holds the most precise ones with its factor alone.
 *
 * @param residuals  by block, before precision, where something is fitted
 */
export function withNoiseWeights(
  blocks: readonly ResidualBlock[],
  residuals?: readonly (Float64Array | undefined)[],
  settled = true,
): ResidualBlock[] {
  const shared = sharedDeviation(blocks, settled ? residuals : undefined);
  const precisions = blocks.map(({ noise }, b) => {
    if (noise === undefined) return undefined;
    const variances = variancesOf(noise, residuals?.[b], shared, settled);
    if (typeof variances === 'number') return { precision: 1 / variances, own: undefined };
    // Of the mean variance: the few smallest counts, by far the most precise, must not set the unit.
    const mean = variances.reduce((sum, value) => sum + value, 0) / variances.length;
    return { precision: 1 / mean, own: variances.map((v) => Math.sqrt(mean / v)) };
  });
  const most = Math.max(...precisions.map((p) => p?.precision ?? 0));
  return blocks.map((block, b) => {
    const own = precisions[b];
    if (block.noise === undefined || own === undefined) return block;
    const relative = own.precision / most;
    return {
      ...block,
      weight:
        block.noise.factor * (isOpenGaussian(block.noise) ? Math.max(leastPrecision, relative) : relative),
      ...(own.own === undefined ? {} : { columns: { ...block.columns, [precisionColumn]: own.own } }),
    };
  });
}

/** Whether weights depend on what is fitted: counts, or sizes of noise that are found beside others. */
function depends(noises: readonly BlockNoise[]): boolean {
  return (
    noises.some(({ model }) => isCount(model)) ||
    (noises.length > 1 &&
      noises.some(({ model }) => 'standardDeviation' in model && model.standardDeviation === undefined) &&
      !noises.every(isOpenGaussian))
  );
}

/**
 * The system with its data weighted by the noise as fitted at θ; itself where that changes nothing.
 *
 * @param settled  whether the fit no longer follows the noise: before that the size of the noise is not read off it
 */
export function reweighted(system: ResidualSystem, theta: Float64Array, settled = true): ResidualSystem {
  const { blocks, unknowns } = system;
  if (!depends(blocks.flatMap(({ noise }) => (noise === undefined ? [] : [noise])))) return system;
  const raw = theta.slice(theta.length - unknowns.length);
  const residuals = blocks.map(({ noise, columns, residuals: own, points }) => {
    if (noise === undefined) return undefined;
    const places = { ...system, points, columns };
    const [values] = expressionEvaluator(own, places, theta)(raw);
    const precision = columns[precisionColumn];
    return precision === undefined ? values : values.map((r, n) => r / precision[n]);
  });
  if (residuals.some((values) => values?.every(Number.isFinite) === false)) return system;
  return { ...system, blocks: withNoiseWeights(blocks, residuals, settled) };
}
