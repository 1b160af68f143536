import { ProblemError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import { randomGenerator } from '../random/generator.ts';
import { noiseDistribution, statedParameter } from './noise/index.ts';
import { noiseParameters as estimatedParameters } from './noise-parameters.ts';

/**
 * Draws values for every observation from its noise model about predicted values.
 *
 * @param predicted (N) for each observation
 * @param noiseParameters values of the noise parameters that the problem does not state, by name
 * @throws ProblemError where one of them is missing or not positive, or a predicted value is out of range
 */
export function simulateObservations(
  problem: Problem,
  predicted: readonly Float64Array[],
  noiseParameters: Readonly<Record<string, number>>,
  seed: number,
): Float64Array[] {
  const random = randomGenerator(seed);
  const estimated = estimatedParameters(problem);
  return problem.observations.map(({ noise, weight, path }, o) => {
    const distribution = noiseDistribution(noise);
    const parameter = estimated.find(({ observations }) => observations.includes(o));
    const size = parameter === undefined ? (statedParameter(noise) ?? 1) : noiseParameters[parameter.name];
    if (!(size > 0))
      throw new ProblemError(`${size} is no value for the ${parameter?.name}`, { hint: 'it is positive' });
    const a = noise.distribution === 'gaussian' ? size / Math.sqrt(weight) : size;
    return predicted[o].map((mean) => {
      if (distribution.positive ? mean < 0 : !Number.isFinite(mean))
        throw new ProblemError(`${noise.distribution} noise has no mean ${mean}`, { path });
      return distribution.sample(mean, a, random);
    });
  });
}
