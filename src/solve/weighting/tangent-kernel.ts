/**
 * Balancing by the neural tangent kernel: under gradient descent the residuals ρ_i of a term decay at rates that are
 * the eigenvalues of K_i = J_i J_iᵀ. Weights inverse to the traces let all terms decay at the same mean rate (Wang,
 * Yu & Perdikaris, J. Comput. Phys. 449, 2022).
 */
import type { Engine } from '../../engine/engine.ts';
import { randomGenerator } from '../../random/generator.ts';
import { multiplierColumn, type ResidualBlock, type ResidualSystem } from '../../residual/index.ts';
import { singleBlock } from './single-block.ts';

export interface TraceEstimate {
  /** Random vectors for each block where the engine gives gradients alone; default 8. */
  readonly probes?: number;
  readonly seed: number;
  /** Positions of the blocks; default: all. */
  readonly chosen?: readonly number[];
}

/**
 * tr(J_i J_iᵀ) = ‖J_i‖²_F of each block, with J_i the Jacobian of its residuals over √N (point weights left in): the
 * mean over points, whatever their number.
 *
 * Exact where the engine gives JᵀJ. Otherwise E‖J_iᵀv‖² over random signs v (Hutchinson, Commun. Stat. Simul. Comput.
 * 19, 1990): with ρ_i moved to v by the blocks' multiplier columns, J_iᵀv is half of the gradient.
 *
 * The engine is left with another system: update it afterwards.
 *
 * @throws Error where neither JᵀJ nor multiplier columns are to be had
 */
export async function tangentKernelTraces(
  engine: Engine,
  system: ResidualSystem,
  theta: Float64Array,
  { probes = 8, seed, chosen = [...system.blocks.keys()] }: TraceEstimate,
): Promise<number[]> {
  const traces: number[] = [];
  for (const b of chosen) {
    const single = singleBlock(system, b);
    await engine.update(single);
    traces.push(
      engine.gaussNewton === undefined
        ? await probedTrace(engine, single, b, theta, probes, seed)
        : traceOf((await engine.gaussNewton(theta)).matrix, theta.length),
    );
  }
  return traces;
}

function traceOf(matrix: Float64Array, size: number): number {
  let trace = 0;
  for (let p = 0; p < size; p++) trace += matrix[p * size + p];
  return trace;
}

/**
 * With residuals r + m, r those now and m = v − r, the loss is Σ (w_n/N) v_n² and its gradient 2 Σ (w_n/N) v_n ∂r_n.
 * Signs over the square root of the weight w_n/N make that 2 Σ √(w_n/N) s_n ∂r_n = 2 J_iᵀ s.
 */
async function probedTrace(
  engine: Engine,
  single: ResidualSystem,
  b: number,
  theta: Float64Array,
  probes: number,
  seed: number,
): Promise<number> {
  const block = single.blocks[b];
  const outputs = block.residuals.length;
  const start = single.blocks
    .slice(0, b)
    .reduce((sum, { count, residuals }) => sum + count * residuals.length, 0);
  const present = (await engine.residuals(theta)).slice(start, start + block.count * outputs);
  const random = randomGenerator(seed);
  let sum = 0;
  for (let probe = 0; probe < probes; probe++) {
    const columns = { ...block.columns };
    for (let o = 0; o < outputs; o++) {
      // Of data the observed value is what can be moved, and it is subtracted.
      const observed = block.kind === 'data';
      const name = observed ? 'value' : multiplierColumn(o);
      const old = block.columns[name];
      if (old === undefined) throw new Error(`${block.path} has no multiplier columns`);
      columns[name] = old.map((value, n) => {
        const weight = (block.pointWeights?.[n] ?? 1) / block.count;
        const sign = random.uniform() < 0.5 ? -1 : 1;
        const shift = sign / Math.sqrt(weight) - present[n * outputs + o];
        return weight === 0 ? value : observed ? value - shift : value + shift;
      });
    }
    const probed: ResidualBlock = { ...block, columns };
    await engine.update({ ...single, blocks: single.blocks.map((other, i) => (i === b ? probed : other)) });
    const { gradient } = await engine.lossAndGradient(theta);
    sum += gradient.reduce((total, g) => total + (g * g) / 4, 0);
  }
  return sum / probes;
}
