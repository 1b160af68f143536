import type { NoiseModel } from '../../problem/noise.ts';
import { gaussian } from './gaussian.ts';
import { logNormal } from './log-normal.ts';
import { negativeBinomial } from './negative-binomial.ts';
import type { NoiseDistribution } from './noise-distribution.ts';
import { poisson } from './poisson.ts';

export type { NoiseDistribution } from './noise-distribution.ts';

const distributions: Readonly<Record<NoiseModel['distribution'], NoiseDistribution>> = {
  gaussian,
  poisson,
  'negative-binomial': negativeBinomial,
  'log-normal': logNormal,
};

export function noiseDistribution(model: NoiseModel): NoiseDistribution {
  return distributions[model.distribution];
}

/** The parameter's value where the model states it. */
export function statedParameter(model: NoiseModel): number | undefined {
  switch (model.distribution) {
    case 'poisson':
      return undefined;
    case 'negative-binomial':
      return model.dispersion;
    default:
      return model.standardDeviation;
  }
}
