/** Noise models: how an observed value is distributed about the mean that the model predicts. */
import type { z } from 'zod';
import { ProblemError } from '../errors.ts';
import type { noiseSchema } from './definition.ts';

/** A size that is undefined is to be estimated. */
export type NoiseModel =
  | { readonly distribution: 'gaussian'; readonly standardDeviation: number | undefined }
  | { readonly distribution: 'poisson' }
  /** Variance μ + μ²/k with k the dispersion. */
  | { readonly distribution: 'negative-binomial'; readonly dispersion: number | undefined }
  /** The standard deviation is that of ln y; the predicted value is the median. */
  | { readonly distribution: 'log-normal'; readonly standardDeviation: number | undefined };

type NoiseDefinition = z.output<typeof noiseSchema>;

/** @throws ProblemError for a parameter that the distribution does not have. */
export function readNoise(definition: NoiseDefinition | undefined, path: string): NoiseModel {
  const stated =
    typeof definition === 'number'
      ? { distribution: 'gaussian' as const, standardDeviation: definition }
      : typeof definition === 'string'
        ? { distribution: definition }
        : (definition ?? { distribution: 'gaussian' as const });
  const { distribution, dispersion, standardDeviation } = {
    dispersion: undefined,
    standardDeviation: undefined,
    ...stated,
  };
  const own =
    distribution === 'negative-binomial'
      ? 'dispersion'
      : distribution === 'poisson'
        ? undefined
        : 'standardDeviation';
  for (const [name, value] of Object.entries({ dispersion, standardDeviation }))
    if (value !== undefined && name !== own)
      throw new ProblemError(`a ${distribution} distribution has no ${name}`, {
        path: `${path}.${name}`,
        hint: own === undefined ? 'its variance is its mean; leave this out' : `its parameter is \`${own}\``,
      });
  switch (distribution) {
    case 'poisson':
      return { distribution };
    case 'negative-binomial':
      return { distribution, dispersion };
    default:
      return { distribution, standardDeviation };
  }
}

/** Whether what is observed are counts: whole numbers that are not negative. */
export function isCount({ distribution }: NoiseModel): boolean {
  return distribution === 'poisson' || distribution === 'negative-binomial';
}

/** The standard deviation in the unit observed, where it is stated and the same for all values. */
export function statedDeviation(noise: NoiseModel): number | undefined {
  return noise.distribution === 'gaussian' ? noise.standardDeviation : undefined;
}

/** The standard deviation of a value about its mean, in the unit observed, where the model tells. */
export function deviationAt(noise: NoiseModel, mean: number): number | undefined {
  const size = Math.abs(mean);
  switch (noise.distribution) {
    case 'gaussian':
      return noise.standardDeviation;
    case 'poisson':
      return Math.sqrt(size);
    case 'negative-binomial':
      return noise.dispersion === undefined ? undefined : Math.sqrt(size + size ** 2 / noise.dispersion);
    case 'log-normal':
      return noise.standardDeviation === undefined ? undefined : size * noise.standardDeviation;
  }
}

/** The noise model in a few words: `negative binomial noise, dispersion 13.1`. */
export function noiseWords(noise: NoiseModel, format: (value: number) => string = String): string {
  switch (noise.distribution) {
    case 'poisson':
      return 'Poisson noise';
    case 'negative-binomial':
      return `negative binomial noise, dispersion ${noise.dispersion === undefined ? 'estimated' : format(noise.dispersion)}`;
    default: {
      const { distribution, standardDeviation } = noise;
      const name = distribution === 'gaussian' ? 'Gaussian' : 'log-normal';
      return `${name} noise, standard deviation ${standardDeviation === undefined ? 'estimated' : format(standardDeviation)}`;
    }
  }
}
