/** How far training has moved the weights of a network. */
import { ProblemError } from '../../errors.ts';
import type { StoredWeights } from './stored-weights.ts';

/**
 * |θ − θ₀| / |θ₀| over all weights together, in the Euclidean norm. In a network of width m whose output is scaled by
 * 1/√m it falls like 1/√m: the wider, the less each weight has to move, until the network is as good as linear in its
 * weights (Jacot, Gabriel & Hongler, Neural tangent kernel, NeurIPS 2018; Chizat, Oyallon & Bach, On lazy training in
 * differentiable programming, NeurIPS 2019).
 *
 * @param start  θ₀, see `storedWeights`
 * @throws ProblemError where the two are not of one network, or θ₀ is zero
 */
export function weightDisplacement(start: StoredWeights, now: StoredWeights): number {
  if (start.length !== now.length || start.some(({ values }, k) => values.length !== now[k].values.length))
    throw new ProblemError('these are weights of unlike networks', { path: 'now' });
  let [moved, length] = [0, 0];
  for (const [k, { values }] of start.entries())
    for (let i = 0; i < values.length; i++) {
      moved += (now[k].values[i] - values[i]) ** 2;
      length += values[i] ** 2;
    }
  if (length === 0) throw new ProblemError('all weights are zero at the start', { path: 'start' });
  return Math.sqrt(moved / length);
}
