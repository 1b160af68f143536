import { randomGenerator } from '../random/generator.ts';

/**
 * Latin hypercube sampling (McKay, Beckman & Conover, Technometrics 21, 1979): along every axis each of
 * `count` equal slices holds exactly one point. (count, dimension) row-major, in the unit cube.
 */
export function latinHypercubePoints(count: number, dimension: number, seed: number): Float64Array {
  const random = randomGenerator(seed);
  const points = new Float64Array(count * dimension);
  for (let axis = 0; axis < dimension; axis++) {
    const slices = Array.from({ length: count }, (_, n) => n);
    for (let n = count - 1; n > 0; n--) {
      const other = random.integer(n + 1);
      [slices[n], slices[other]] = [slices[other], slices[n]];
    }
    for (let n = 0; n < count; n++) points[n * dimension + axis] = (slices[n] + random.uniform()) / count;
  }
  return points;
}
