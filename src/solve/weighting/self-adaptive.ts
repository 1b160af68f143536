/**
 * Self-adaptive weights: every point has a weight of its own, trained to raise the loss while the parameters lower it,
 * so that attention goes where residuals stay large (McClenny & Braga-Neto, J. Comput. Phys. 474, 2023).
 */
import type { ResidualSystem } from '../../residual/index.ts';

/**
 * One step of gradient ascent of Σ_i (1/N_i) Σ_n m(λ_n) r_n² in the λ, with the mask m(λ) = λ². The step is measured
 * by the mean of the gradient, so that the rate means the same for residuals of any size, and the weights are divided
 * by their mean over all blocks: what counts is how attention is shared, and the loss keeps its size.
 *
 * @param weights  m(λ) by block, (N) each; undefined: 1 everywhere
 * @param residuals  block after block, (N, outputs) row-major each
 * @returns m(λ) after the step
 */
export function raisedAttention(
  { blocks }: ResidualSystem,
  weights: readonly Float64Array[] | undefined,
  residuals: Float64Array,
  rate: number,
): Float64Array[] {
  let start = 0;
  const slopes = blocks.map(({ count, residuals: outputs, pointWeights }, b) => {
    const width = outputs.length;
    const slope = new Float64Array(count);
    for (let n = 0; n < count; n++) {
      let square = 0;
      for (let o = 0; o < width; o++) square += residuals[start + n * width + o] ** 2;
      const masked = (pointWeights?.[n] ?? 1) * square;
      slope[n] = 2 * Math.sqrt(weights?.[b][n] ?? 1) * (Number.isFinite(masked) ? masked : 0);
    }
    start += count * width;
    return slope;
  });
  const mean = meanOverBlocks(slopes);
  const raised = slopes.map((slope, b) =>
    slope.map((value, n) => (Math.sqrt(weights?.[b][n] ?? 1) + (mean > 0 ? (rate * value) / mean : 0)) ** 2),
  );
  const scale = meanOverBlocks(raised);
  return raised.map((values) => values.map((value) => value / scale));
}

function meanOverBlocks(blocks: readonly Float64Array[]): number {
  const means = blocks.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  return means.reduce((sum, mean) => sum + mean, 0) / means.length;
}
