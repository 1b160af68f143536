/** A worker of whatever platform; `Reply` is what it answers a `Request` with. */
export interface WorkerConnection<Request, Reply> {
  post(request: Request): void;
  /** Is told of every reply, and of the worker's end, whatever its cause. */
  listen(onReply: (reply: Reply) => void, onEnd: (reason: string) => void): void;
  /** Whether the worker keeps the process alive; at first it does. */
  hold(active: boolean): void;
  terminate(): Promise<void>;
}

export interface WorkerPlatform {
  /**
   * @param code a script that defines `worker.serve`, made by scripts/build-kernels.mjs
   * @param name what the worker is of, in words
   */
  connect<Request, Reply>(code: string, name: string): WorkerConnection<Request, Reply>;
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
