/** Seeded random numbers: the same seed gives the same draws everywhere. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

export interface RandomGenerator {
  /** Uniform on [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform on the integers 0 … below − 1, below ≤ 2^53. */
  integer(below: number): number;
}

/**
 * The four words of the generator's state. The seed goes through the finaliser of MurmurHash3 on a Weyl
 * sequence (Steele, Lea & Flood, OOPSLA 2014): seeds are mostly small and consecutive, and a state with few
 * bits set gives first draws next to 1, and the same ones for neighbouring seeds.
 */
function stateOf(seed: number): [number, number, number, number] {
  const low = seed | 0;
  const high = Math.floor(seed / 2 ** 32) | 0;
  let word = Math.imul(high, 0x85ebca6b) ^ low;
  const next = (): number => {
    word = (word + 0x9e3779b9) | 0;
    let z = word;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
  return [next(), next(), next(), next()];
}

/** A generator that is a function of its seed (an integer) alone. */
export function randomGenerator(seed: number): RandomGenerator {
  const source = xoroshiro128plusFromState(stateOf(seed));
  const uniform = (): number => uniformFloat64(source);
  return {
    uniform,
    // Box & Muller, Ann. Math. Statist. 29 (1958): one of the pair, so that no state is kept between draws.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (below) => Math.floor(uniform() * below),
  };
}

/**
 * A seed for each of many draws under one seed, by its number (or several, as draw and part), an integer from 0 on:
 * the k-th does not depend on how many there are.
 */
export function streamSeed(seed: number, ...numbers: readonly number[]): number {
  return numbers.reduce((state, k) => randomGenerator(state).integer(2 ** 52) + k, seed);
}
