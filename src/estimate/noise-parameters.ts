import type { Observation, Problem } from '../problem/problem.ts';
import { noiseDistribution, statedParameter } from './noise/index.ts';

/** A parameter of the noise that is estimated, and the observations that share it. */
export interface NoiseParameter {
  /** `dispersion of I`. */
  readonly name: string;
  readonly observations: readonly number[];
  /** A standard deviation has its maximum in closed form; a dispersion is searched for with the unknowns. */
  readonly kind: 'standard deviation' | 'dispersion';
}

/**
 * The noise parameters that are estimated: one for all Gaussian observations of unknown standard deviation
 * (weights say how theirs differ), one for every other observation that states none.
 */
export function noiseParameters({ observations }: Problem): NoiseParameter[] {
  const open = [...observations.keys()].filter((o) => {
    const { noise } = observations[o];
    return noiseDistribution(noise).parameter !== undefined && statedParameter(noise) === undefined;
  });
  const gaussian = open.filter((o) => observations[o].noise.distribution === 'gaussian');
  const groups = open.flatMap((o) => {
    if (observations[o].noise.distribution !== 'gaussian') return [[o]];
    return o === gaussian[0] ? [gaussian] : [];
  });
  return groups.map((group): NoiseParameter => {
    const kind = noiseDistribution(observations[group[0]].noise).parameter!;
    return { name: nameOf(kind, group, observations), observations: group, kind };
  });
}

function nameOf(kind: string, group: readonly number[], observations: readonly Observation[]): string {
  if (group.length > 1) return kind;
  const { text, path } = observations[group[0]];
  const alone = observations.filter((other) => other.text === text).length === 1;
  return alone ? `${kind} of ${text}` : `${kind} of ${text} (${path.replace(/\.observe.*$/, '')})`;
}
