/**
 * Residual-based adaptive distribution (RAD): collocation points drawn anew with a density that follows the
 * residual, p ∝ |r|^k / mean |r|^k + c (Wu, Zhu, Tan, Kartha & Lu, Comput. Methods Appl. Mech. Eng. 403, 2023).
 */
import type { Sampling } from '../geometry/point-set.ts';
import { randomGenerator } from '../random/generator.ts';
import {
  type Candidates,
  candidatePoints,
  type Importance,
  movableGroups,
  type ResidualsOf,
} from './candidates.ts';
import { withMovedPoints } from './moved-points.ts';
import type { ResidualSystem } from './residual-system.ts';

export interface AdaptiveDistribution {
  /** Exponent of the residual; default 1. */
  readonly k?: number;
  /** Uniform part of the density; default 1. */
  readonly c?: number;
  /** How many points are drawn from; default 4 for each that is drawn, and never fewer than are drawn. */
  readonly candidates?: number;
  readonly importance?: Importance;
  /** Points that are drawn, of the largest set where there are several; default: as many as there are. */
  readonly count?: number;
}

const candidatesPerPoint = 4;

/** The density at each candidate, up to a factor. */
export function adaptiveDensity(sizes: Float64Array, k: number, c: number): Float64Array {
  // Over the largest first, so that no power overflows.
  const largest = sizes.reduce((max, size) => Math.max(max, size), 0);
  if (largest === 0) return new Float64Array(sizes.length).fill(1);
  const powers = sizes.map((size) => (size / largest) ** k);
  const mean = powers.reduce((sum, power) => sum + power, 0) / powers.length;
  return powers.map((power) => power / mean + c);
}

/**
 * So many of the candidates by weighted draws without replacement (Efraimidis & Spirakis, Inf. Process. Lett. 97,
 * 2006).
 *
 * @returns (count, d), row-major, normalised
 */
function drawnPoints(
  { points, count: total, sizes }: Candidates,
  count: number,
  k: number,
  c: number,
  seed: number,
): Float64Array {
  const d = points.length / total;
  const random = randomGenerator(seed);
  const keys = adaptiveDensity(sizes, k, c).map((density) => {
    const logarithm = Math.log(1 - random.uniform());
    return density > 0 ? logarithm / density : Number.NEGATIVE_INFINITY;
  });
  const order = Uint32Array.from(keys, (_, n) => n).sort((a, b) =>
    keys[a] === keys[b] ? a - b : keys[b] - keys[a],
  );
  const drawn = new Float64Array(Math.min(count, total) * d);
  for (let n = 0; n * d < drawn.length; n++)
    drawn.set(points.subarray(order[n] * d, (order[n] + 1) * d), n * d);
  return drawn;
}

/** The system with the points of its equations drawn anew, where they hold in the whole domain. */
export async function resampled(
  system: ResidualSystem,
  residualsOf: ResidualsOf,
  sampling: Sampling,
  seed: number,
  { k = 1, c = 1, candidates, importance, count: wanted }: AdaptiveDistribution = {},
): Promise<ResidualSystem> {
  const present = movableGroups(system).map(([{ count }]) => count);
  const most = Math.max(...present);
  const counts = present.map((count) => (wanted === undefined ? count : Math.round((wanted * count) / most)));
  const totals = counts.map((count) => Math.max(count, candidates ?? candidatesPerPoint * count));
  const choices = await candidatePoints(system, residualsOf, sampling, totals, seed, importance);
  const drawn = [...choices].map(
    ([old, choice], g) => [old, drawnPoints(choice, counts[g], k, c, seed)] as const,
  );
  return withMovedPoints(system, new Map(drawn));
}
