/** Workers of Node. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WorkerConnection } from './worker-connection.ts';

const listener = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', worker.serve((reply, transfer) => parentPort.postMessage(reply, transfer)));
`;

export function availableCores(): number {
  return availableParallelism();
}

export function connectNodeWorker<Request, Reply>(
  code: string,
  name: string,
): WorkerConnection<Request, Reply> {
  const thread = new Worker(code + listener, { eval: true, name: `ansatz ${name}` });
  return {
    post: (request) => thread.postMessage(request),
    listen: (onReply, onEnd) => {
      thread.on('message', onReply);
      thread.on('error', (error) => onEnd(`a worker of the ${name} failed: ${error.message}`));
      thread.on('messageerror', (error) => onEnd(`a worker's message could not be read: ${error.message}`));
      thread.on('exit', (code) => onEnd(`a worker of the ${name} ended with code ${code}`));
    },
    hold: (active) => {
      if (active) thread.ref();
      else thread.unref();
    },
    terminate: async () => {
      await thread.terminate();
    },
  };
}
