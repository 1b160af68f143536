/** Seeded random numbers: the same seed gives the same draws everywhere. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface RandomGenerator {
  /** Uniform on [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform on the integers 0 … below − 1. */
  integer(below: number): number;
}

/** A generator that is a function of its seed (an integer) alone. */
export function randomGenerator(seed: number): RandomGenerator {
  const source = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(source);
  return {
    uniform,
    // Box & Muller, Ann. Math. Statist. 29 (1958): one of the pair, so that no state is kept between draws.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (below) => Math.floor(uniform() * below),
  };
}
