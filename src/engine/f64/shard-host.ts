import { AnsatzError, SolveError } from '../../errors.ts';
import type { ShardEvaluator, ShardResult, Task } from './shard-evaluator.ts';
import type { Shard } from './tile.ts';

/** Where a shard is evaluated: in this thread or in a worker. */
export interface ShardHost {
  run(task: Task, theta: Float64Array, elsewhere?: Float64Array): Promise<ShardResult>;
  update(shard: Shard): Promise<void>;
  dispose(): Promise<void>;
}

/** Traps and memory that is not to be had are failures of the run. */
function typed<T>(work: () => T): T {
  try {
    return work();
  } catch (failure) {
    if (failure instanceof AnsatzError) throw failure;
    throw new SolveError(`the f64 engine failed: ${failure instanceof Error ? failure.message : failure}`);
  }
}

/** A shard in the calling thread. */
export class LocalShard implements ShardHost {
  readonly #evaluator: ShardEvaluator;

  constructor(evaluator: ShardEvaluator) {
    this.#evaluator = evaluator;
  }

  async run(task: Task, theta: Float64Array, elsewhere?: Float64Array): Promise<ShardResult> {
    return typed(() => this.#evaluator.run(task, theta, elsewhere));
  }

  async update(shard: Shard): Promise<void> {
    typed(() => this.#evaluator.update(shard));
  }

  async dispose(): Promise<void> {}
}
