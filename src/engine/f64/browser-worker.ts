/** Web Workers, started from a text, so that no bundler has to know of them. */
import { workerCode } from './generated/worker-code.ts';
import type { WorkerConnection } from './worker-shard.ts';

const source = `${workerCode}
const answer = worker.serve((reply, transfer) => self.postMessage(reply, transfer));
self.onmessage = (event) => answer(event.data);
`;

export function connectBrowserWorker(): WorkerConnection {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const thread = new Worker(url, { name: 'ansatz f64' });
  return {
    post: (message) => thread.postMessage(message),
    listen: (onReply, onEnd) => {
      thread.onmessage = (event) => {
        // The first reply shows that the text has been read.
        URL.revokeObjectURL(url);
        onReply(event.data);
      };
      thread.onmessageerror = () => onEnd("a worker's message could not be read");
      thread.onerror = (event) => {
        event.preventDefault();
        onEnd(`a worker of the f64 engine failed: ${event.message ?? 'it could not be started'}`);
      };
    },
    hold: () => {},
    terminate: async () => thread.terminate(),
  };
}
