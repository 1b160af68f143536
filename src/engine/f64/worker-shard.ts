import { SolveError } from '../../errors.ts';
import { type WorkerConnection, workerPlatform } from '../../worker/worker-connection.ts';
import { workerCode } from './generated/worker-code.ts';
import type { ShardResult, Task } from './shard-evaluator.ts';
import type { ShardHost } from './shard-host.ts';
import type { SystemPlan } from './system-plan.ts';
import type { Shard } from './tile.ts';
import type { NumberedRequest, WorkerReply, WorkerRequest } from './worker-message.ts';

type Connection = WorkerConnection<NumberedRequest, WorkerReply>;

/** A shard in a worker. Once the worker has ended, every call fails with a SolveError. */
export class WorkerShard implements ShardHost {
  readonly #connection: Connection;
  readonly #pending = new Map<
    number,
    { resolve: (result: ShardResult | undefined) => void; reject: (error: SolveError) => void }
  >();
  #next = 0;
  #ended: string | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.listen(
      ({ id, result, error }) => {
        const call = this.#pending.get(id);
        this.#pending.delete(id);
        if (this.#pending.size === 0) connection.hold(false);
        if (error === undefined) call?.resolve(result);
        else call?.reject(new SolveError(error.own ? error.message : `a worker failed: ${error.message}`));
      },
      (reason) => {
        this.#end(reason);
      },
    );
    connection.hold(false);
  }

  async start(module: WebAssembly.Module, plan: SystemPlan, shard: Shard): Promise<void> {
    await this.#call({ kind: 'start', module, plan, shard });
  }

  async run(task: Task, theta: Float64Array, elsewhere?: Float64Array): Promise<ShardResult> {
    return (await this.#call({ kind: 'run', task, theta, elsewhere }))!;
  }

  async update(shard: Shard): Promise<void> {
    await this.#call({ kind: 'update', shard });
  }

  async dispose(): Promise<void> {
    this.#end('the f64 engine has been disposed of');
    await this.#connection.terminate();
  }

  #call(request: WorkerRequest): Promise<ShardResult | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(new SolveError(this.#ended));
        return;
      }
      const id = this.#next++;
      this.#pending.set(id, { resolve, reject });
      this.#connection.hold(true);
      try {
        this.#connection.post({ id, request });
      } catch (error) {
        this.#pending.delete(id);
        reject(new SolveError(`a worker cannot be reached: ${(error as Error).message}`));
      }
    });
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    for (const { reject } of this.#pending.values()) reject(new SolveError(this.#ended));
    this.#pending.clear();
  }
}

/** One worker for every shard, or null where workers are not to be had. */
export async function startWorkers(
  module: WebAssembly.Module,
  plan: SystemPlan,
  parts: readonly Shard[],
): Promise<WorkerShard[] | null> {
  const platform = await workerPlatform();
  if (platform === null) return null;
  const workers: WorkerShard[] = [];
  try {
    for (const _ of parts) workers.push(new WorkerShard(platform.connect(workerCode, 'f64 engine')));
    await Promise.all(workers.map((worker, i) => worker.start(module, plan, parts[i])));
    return workers;
  } catch {
    // A content security policy, say. What is wrong with the system itself will show in this thread.
    await Promise.all(workers.map((worker) => worker.dispose()));
    return null;
  }
}
