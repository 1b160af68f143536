/**
 * Causal weights: residuals at a time count only where those at earlier times are small already, since a solution
 * found before its past is known is a wrong one (Wang, Sankaran & Perdikaris, Comput. Methods Appl. Mech. Eng. 421,
 * 2024).
 */
import type { ResidualSystem } from '../../residual/index.ts';

/** Time in equal slabs: the coordinate that is time, how many, and from which end weights fall. */
export interface TimeSlabs {
  readonly time: number;
  readonly slabs: number;
  readonly from: -1 | 1;
}

/** The slab of a normalised time, counted from the start. */
function slabOf(t: number, { slabs, from }: TimeSlabs): number {
  const share = from === -1 ? (t + 1) / 2 : (1 - t) / 2;
  return Math.min(slabs - 1, Math.max(0, Math.floor(share * slabs)));
}

/**
 * Mean square of the equations' residuals in each slab, over the points that count; 0 in a slab without any.
 *
 * @param residuals  block after block, (N, outputs) row-major each
 */
export function slabLosses(system: ResidualSystem, residuals: Float64Array, slabs: TimeSlabs): Float64Array {
  const d = system.trial.dimension;
  const losses = new Float64Array(slabs.slabs);
  let start = 0;
  for (const block of system.blocks) {
    const width = block.residuals.length;
    if (block.kind === 'equation') {
      const sums = new Float64Array(slabs.slabs);
      const counts = new Float64Array(slabs.slabs);
      for (let n = 0; n < block.count; n++) {
        if (block.pointWeights?.[n] === 0) continue;
        const slab = slabOf(block.points[0][n * d + slabs.time], slabs);
        counts[slab]++;
        for (let o = 0; o < width; o++) sums[slab] += residuals[start + n * width + o] ** 2;
      }
      for (let s = 0; s < slabs.slabs; s++) if (counts[s] > 0) losses[s] += sums[s] / counts[s];
    }
    start += block.count * width;
  }
  return losses;
}

/** w_i = exp(−ε Σ_{k<i} L_k): 1 in the first slab, falling with what is left of the loss before. */
export function causalWeights(losses: Float64Array, epsilon: number): Float64Array {
  let before = 0;
  return losses.map((loss) => {
    const weight = Math.exp(-epsilon * before);
    before += Number.isFinite(loss) ? loss : Number.MAX_VALUE;
    return weight;
  });
}

/** With all weights above this the next ε may come. */
const satisfied = 0.99;

/** The weights at the given rung of ε, or at the next one whose predecessor is satisfied. */
export function climbedWeights(
  losses: Float64Array,
  epsilons: readonly number[],
  rung: number,
): { readonly rung: number; readonly weights: Float64Array } {
  let at = rung;
  let weights = causalWeights(losses, epsilons[at]);
  while (at + 1 < epsilons.length && weights[weights.length - 1] > satisfied)
    weights = causalWeights(losses, epsilons[++at]);
  return { rung: at, weights };
}

/** The weight at each of the points (N, d), (N). */
export function weightsAt(
  points: Float64Array,
  d: number,
  weights: Float64Array,
  slabs: TimeSlabs,
): Float64Array {
  return Float64Array.from(
    { length: points.length / d },
    (_, n) => weights[slabOf(points[n * d + slabs.time], slabs)],
  );
}
