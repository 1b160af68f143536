import type { ShardEvaluator, ShardResult, Task } from './shard-evaluator.ts';
import type { Shard } from './tile.ts';

/** Where a shard is evaluated: in this thread or in a worker. */
export interface ShardHost {
  run(task: Task, theta: Float64Array, elsewhere?: Float64Array): Promise<ShardResult>;
  update(shard: Shard): Promise<void>;
  dispose(): Promise<void>;
}

/** A shard in the calling thread. */
export class LocalShard implements ShardHost {
  readonly #evaluator: ShardEvaluator;

  constructor(evaluator: ShardEvaluator) {
    this.#evaluator = evaluator;
  }

  async run(task: Task, theta: Float64Array, elsewhere?: Float64Array): Promise<ShardResult> {
    return this.#evaluator.run(task, theta, elsewhere);
  }

  async update(shard: Shard): Promise<void> {
    this.#evaluator.update(shard);
  }

  async dispose(): Promise<void> {}
}
