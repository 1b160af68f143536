import type { TaskReply, TaskRequest } from './task-message.ts';

/** A worker of whatever platform. */
export interface WorkerConnection {
  post(request: TaskRequest): void;
  /** Is told of every reply, and of the worker's end, whatever its cause. */
  listen(onReply: (reply: TaskReply) => void, onEnd: (reason: string) => void): void;
  terminate(): Promise<void>;
}

export interface WorkerPlatform {
  /** @param code a script that defines `worker.serve`, made by scripts/build-kernels.mjs */
  connect(code: string, name: string): WorkerConnection;
  readonly cores: number;
}

/** Null where workers are not to be had. */
export async function workerPlatform(): Promise<WorkerPlatform | null> {
  if (typeof process !== 'undefined' && process.versions?.node !== undefined) {
    const { availableCores, connectNodeWorker } = await import('./node-worker.ts');
    return { connect: connectNodeWorker, cores: availableCores() };
  }
  if (typeof Worker === 'undefined' || typeof Blob === 'undefined') return null;
  const { connectBrowserWorker } = await import('./browser-worker.ts');
  return { connect: connectBrowserWorker, cores: navigator.hardwareConcurrency ?? 1 };
}
