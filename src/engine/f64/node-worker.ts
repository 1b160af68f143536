/** Workers of Node. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { workerCode } from './generated/worker-code.ts';
import type { WorkerConnection } from './worker-shard.ts';

const source = `${workerCode}
const { parentPort } = require('node:worker_threads');
parentPort.on('message', worker.serve((reply, transfer) => parentPort.postMessage(reply, transfer)));
`;

export function availableCores(): number {
  return availableParallelism();
}

export function connectNodeWorker(): WorkerConnection {
  const thread = new Worker(source, { eval: true, name: 'ansatz f64' });
  return {
    post: (message) => thread.postMessage(message),
    listen: (onReply, onEnd) => {
      thread.on('message', onReply);
      thread.on('error', (error) => onEnd(`a worker of the f64 engine failed: ${error.message}`));
      thread.on('messageerror', (error) => onEnd(`a worker's message could not be read: ${error.message}`));
      thread.on('exit', (code) => onEnd(`a worker of the f64 engine ended with code ${code}`));
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
