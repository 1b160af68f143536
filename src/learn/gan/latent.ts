/** What a generator starts from. */
import { randomGenerator, streamSeed } from '../../random/generator.ts';

/**
 * Independent standard normal numbers, (count, dimension). The n-th row does not depend on how many are drawn.
 *
 * @param dimension  of the latent space
 */
export function latentDraws(count: number, dimension: number, seed: number): Float32Array {
  const draws = new Float32Array(count * dimension);
  for (let n = 0; n < count; n++) {
    const random = randomGenerator(streamSeed(seed, n));
    for (let k = 0; k < dimension; k++) draws[n * dimension + k] = random.normal();
  }
  return draws;
}
