import { InterruptedError, SolveError } from '../../errors.ts';
import { type ReplicateOutcome, ReplicateRunner, type ReplicateSetup } from './replicate.ts';
import type { ReplicateConnection } from './worker-message.ts';

export interface ReplicatePoolOptions {
  /** 1: in this thread. Default: as many as there are cores, where there is work enough for them. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Called after every replicate. */
  readonly onOutcome?: (outcome: ReplicateOutcome) => void;
}

/** Milliseconds of work from which on workers are started: to start them takes about 100. */
const WORTH_SHARING = 400;
const MOST_THREADS = 16;
/** Milliseconds for which this thread works without looking at its events. */
const PATIENCE = 40;

/**
 * Runs one replicate for every seed. What comes out depends on the seeds alone, not on the threads.
 *
 * @throws InterruptedError once the signal is aborted
 */
export async function runReplicates(
  setup: ReplicateSetup,
  seeds: readonly number[],
  options: ReplicatePoolOptions = {},
): Promise<ReplicateOutcome[]> {
  const { threads, signal, onOutcome } = options;
  const outcomes: ReplicateOutcome[] = [];
  const take = (index: number, outcome: ReplicateOutcome): void => {
    outcomes[index] = outcome;
    onOutcome?.(outcome);
  };
  let next = 0;
  if (threads === undefined || threads <= 1) {
    const runner = new ReplicateRunner(setup);
    const start = performance.now();
    let paused = start;
    while (next < seeds.length) {
      throwIfAborted(signal);
      take(next, runner.run(seeds[next]));
      next++;
      const now = performance.now();
      // The first are slow: their code has not been compiled yet.
      const expected = ((now - start) / next) * (seeds.length - next);
      if (threads === undefined && next >= 4 && next % 4 === 0 && expected > WORTH_SHARING) break;
      if (now - paused > PATIENCE) {
        await new Promise((resolve) => setTimeout(resolve));
        paused = performance.now();
      }
    }
  }
  if (next === seeds.length) return outcomes;

  const connect = await connector();
  const count = Math.min(threads ?? connect?.cores ?? 1, MOST_THREADS, seeds.length - next);
  const begin = next;
  if (connect !== null && count > 1) {
    throwIfAborted(signal);
    const started = await runInWorkers(connect.connect, count, setup, seeds, begin, signal, take);
    if (started) return outcomes;
  }
  await runReplicates(setup, seeds.slice(begin), {
    threads: 1,
    signal,
    onOutcome: (outcome) => take(next++, outcome),
  });
  return outcomes;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InterruptedError('the bootstrap was interrupted');
}

/** Resolves to false where workers cannot be started (a content security policy, say). */
async function runInWorkers(
  connect: () => ReplicateConnection,
  count: number,
  setup: ReplicateSetup,
  seeds: readonly number[],
  begin: number,
  signal: AbortSignal | undefined,
  take: (index: number, outcome: ReplicateOutcome) => void,
): Promise<boolean> {
  const workers: ReplicateConnection[] = [];
  let abort: (() => void) | undefined;
  try {
    return await new Promise<boolean>((resolve, reject) => {
      let next = begin;
      let open = seeds.length - begin;
      let started = false;
      abort = () => reject(new InterruptedError('the bootstrap was interrupted'));
      signal?.addEventListener('abort', abort);
      const fail = (reason: string): void => {
        if (started) reject(new SolveError(reason));
        else resolve(false);
      };
      try {
        for (let i = 0; i < count; i++) workers.push(connect());
      } catch {
        resolve(false);
        return;
      }
      for (const worker of workers) {
        const feed = (): void => {
          if (next < seeds.length) worker.post({ kind: 'run', index: next, seed: seeds[next++] });
        };
        worker.listen((reply) => {
          if (reply.kind === 'error') {
            fail(reply.message);
            return;
          }
          started = true;
          if (reply.kind === 'done') {
            try {
              take(reply.index, reply.outcome);
            } catch (error) {
              reject(error);
              return;
            }
            if (--open === 0) resolve(true);
          }
          feed();
        }, fail);
        worker.post({ kind: 'start', setup });
      }
    });
  } finally {
    if (abort !== undefined) signal?.removeEventListener('abort', abort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function connector(): Promise<{ connect: () => ReplicateConnection; cores: number } | null> {
  if (typeof process !== 'undefined' && process.versions?.node !== undefined) {
    const { availableCores, connectNodeWorker } = await import('./node-worker.ts');
    return { connect: connectNodeWorker, cores: availableCores() };
  }
  if (typeof Worker === 'undefined' || typeof Blob === 'undefined') return null;
  const { connectBrowserWorker } = await import('./browser-worker.ts');
  return { connect: connectBrowserWorker, cores: navigator.hardwareConcurrency ?? 1 };
}
