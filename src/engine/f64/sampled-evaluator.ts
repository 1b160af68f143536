/** The weighted Jacobian on samples of a system's points, in the calling thread: samples are small. */
import { minibatch } from '../../residual/minibatch.ts';
import type { ResidualSystem } from '../../residual/residual-system.ts';
import { ShardEvaluator } from './shard-evaluator.ts';
import { type SystemPlan, systemPlan } from './system-plan.ts';
import { sameStructure } from './system-structure.ts';
import { shards } from './tile.ts';

/** The weighted Jacobian on a sample of the residuals that stands for all of them. */
export interface SampledJacobian {
  /** (M, P) row-major, in no particular order of the residuals. */
  readonly rows: Float64Array;
  /** ρ, (M). */
  readonly residuals: Float64Array;
  /** ρᵀρ of the same residuals at other parameters; until another sample is taken. */
  loss(theta: Float64Array): Promise<number>;
}

export class SampledEvaluator {
  readonly #module: WebAssembly.Module;
  #evaluator: { readonly shard: ShardEvaluator; readonly plan: SystemPlan } | undefined;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** @param plan of the whole system, which holds for a sample of the same structure */
  async jacobian(
    system: ResidualSystem,
    plan: SystemPlan,
    theta: Float64Array,
    residuals: number,
    seed: number,
  ): Promise<SampledJacobian> {
    const sample = minibatch(system, residuals, seed);
    const own = sameStructure(system, sample) ? plan : await systemPlan(sample);
    const parts = shards(sample, own, 1);
    if (this.#evaluator?.plan === own) this.#evaluator.shard.update(parts[0]);
    else this.#evaluator = { shard: new ShardEvaluator(this.#module, own, parts[0]), plan: own };
    const { shard } = this.#evaluator;
    const result = shard.run('jacobian', theta);
    return {
      rows: result.rows!,
      residuals: result.residuals!,
      loss: async (elsewhere) => shard.run('loss', elsewhere).terms.reduce((sum, term) => sum + term, 0),
    };
  }
}
