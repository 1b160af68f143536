import { randomGenerator } from '../random/generator.ts';

/** The first `count` primes. */
function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}

/** The digits of n in the base, mirrored at the point. */
function radicalInverse(n: number, base: number): number {
  let [rest, value, place] = [n, 0, 1 / base];
  while (rest > 0) {
    value += (rest % base) * place;
    rest = Math.floor(rest / base);
    place /= base;
  }
  return value;
}

/**
 * Halton's sequence (Numer. Math. 2, 1960), one prime base per axis, shifted at random modulo 1 (Cranley &
 * Patterson, SIAM J. Numer. Anal. 13, 1976). (count, dimension) row-major, in the unit cube.
 */
export function haltonPoints(count: number, dimension: number, seed: number): Float64Array {
  const random = randomGenerator(seed);
  const bases = primes(dimension);
  const shifts = bases.map(() => random.uniform());
  const points = new Float64Array(count * dimension);
  for (let n = 0; n < count; n++)
    for (let axis = 0; axis < dimension; axis++)
      points[n * dimension + axis] = (radicalInverse(n, bases[axis]) + shifts[axis]) % 1;
  return points;
}
