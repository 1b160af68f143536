import type { ShardResult, Task } from './shard-evaluator.ts';
import type { SystemPlan } from './system-plan.ts';
import type { Shard } from './tile.ts';

export type WorkerRequest =
  | {
      readonly kind: 'start';
      readonly module: WebAssembly.Module;
      readonly plan: SystemPlan;
      readonly shard: Shard;
    }
  | { readonly kind: 'update'; readonly shard: Shard }
  | {
      readonly kind: 'run';
      readonly task: Task;
      readonly theta: Float64Array;
      readonly elsewhere?: Float64Array;
    };

export interface NumberedRequest {
  readonly id: number;
  readonly request: WorkerRequest;
}

export interface WorkerReply {
  readonly id: number;
  readonly result?: ShardResult;
  /** Message of an error, and whether it is one of the library's own. */
  readonly error?: { readonly message: string; readonly own: boolean };
}
