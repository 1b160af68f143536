/** Workers of Node. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { workerCode } from './generated/worker-code.ts';
import type { ReplicateConnection } from './worker-message.ts';

const source = `${workerCode}
const { parentPort } = require('node:worker_threads');
parentPort.on('message', worker.serve((reply) => parentPort.postMessage(reply)));
`;

export function availableCores(): number {
  return availableParallelism();
}

export function connectNodeWorker(): ReplicateConnection {
  const thread = new Worker(source, { eval: true, name: 'ansatz bootstrap' });
  return {
    post: (request) => thread.postMessage(request),
    listen: (onReply, onEnd) => {
      thread.on('message', onReply);
      thread.on('error', (error) => onEnd(`a worker of the bootstrap failed: ${error.message}`));
      thread.on('messageerror', (error) => onEnd(`a worker's message could not be read: ${error.message}`));
      thread.on('exit', (code) => onEnd(`a worker of the bootstrap ended with code ${code}`));
    },
    terminate: async () => {
      await thread.terminate();
    },
  };
}
