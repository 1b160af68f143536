/** The weighted Jacobian on samples of a system's points, in the calling thread: samples are small. */
import { minibatch } from '../../residual/minibatch.ts';
import type { ResidualSystem } from '../../residual/residual-system.ts';
import { inBlockOrder } from './block-order.ts';
import { ShardEvaluator } from './shard-evaluator.ts';
import { type SystemPlan, systemPlan } from './system-plan.ts';
import { sameStructure } from './system-structure.ts';
import { shards } from './tile.ts';

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
  ): Promise<{ rows: Float64Array; residuals: Float64Array }> {
    const sample = minibatch(system, residuals, seed);
    const own = sameStructure(system, sample) ? plan : await systemPlan(sample);
    const parts = shards(sample, own, 1);
    if (this.#evaluator?.plan === own) this.#evaluator.shard.update(parts[0]);
    else this.#evaluator = { shard: new ShardEvaluator(this.#module, own, parts[0]), plan: own };
    const result = this.#evaluator.shard.run('jacobian', theta);
    return {
      rows: inBlockOrder(sample, own, parts, () => result.rows!, own.size),
      residuals: inBlockOrder(sample, own, parts, () => result.residuals!, 1),
    };
  }
}
