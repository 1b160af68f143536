/** From a distance to a decision. */
import { ProblemError } from '../../errors.ts';

export interface DistanceThreshold {
  /** Pairs that are closer than this are taken for like ones. */
  readonly threshold: number;
  /** Share of the pairs that it decides rightly. */
  readonly accuracy: number;
}

/**
 * Share of pairs for which "closer than the threshold" is "of one class".
 *
 * @param same  1 for like pairs, 0 for unlike ones
 */
export function pairAccuracy(
  distances: ArrayLike<number>,
  same: ArrayLike<number>,
  threshold: number,
): number {
  if (distances.length !== same.length || same.length === 0)
    throw new ProblemError(`${distances.length} distances of ${same.length} pairs`, { path: 'distances' });
  let right = 0;
  for (let k = 0; k < same.length; k++) if (distances[k] < threshold === (same[k] === 1)) right += 1;
  return right / same.length;
}

/** The threshold, halfway between two distances, that decides most pairs rightly; to be chosen on training pairs. */
export function distanceThreshold(distances: ArrayLike<number>, same: ArrayLike<number>): DistanceThreshold {
  const nothing = pairAccuracy(distances, same, -Infinity);
  const order = Array.from({ length: same.length }, (_, k) => k).sort((a, b) => distances[a] - distances[b]);
  let right = Math.round(nothing * same.length);
  let best = { threshold: distances[order[0]], right };
  order.forEach((own, k) => {
    right += same[own] === 1 ? 1 : -1;
    const next = k + 1 < order.length ? distances[order[k + 1]] : distances[own] + 1;
    // Pairs at one distance cannot be told apart.
    if (right > best.right && next > distances[own]) best = { threshold: (distances[own] + next) / 2, right };
  });
  return { threshold: best.threshold, accuracy: best.right / same.length };
}
