/** Web Workers, started from a text, so that no bundler has to know of them. */
import { workerCode } from './generated/worker-code.ts';
import type { ReplicateConnection } from './worker-message.ts';

const source = `${workerCode}
self.onmessage = ((answer) => (event) => answer(event.data))(worker.serve((reply) => self.postMessage(reply)));
`;

export function connectBrowserWorker(): ReplicateConnection {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const thread = new Worker(url, { name: 'ansatz bootstrap' });
  return {
    post: (request) => thread.postMessage(request),
    listen: (onReply, onEnd) => {
      thread.onmessage = (event) => {
        // The first reply shows that the text has been read.
        URL.revokeObjectURL(url);
        onReply(event.data);
      };
      thread.onmessageerror = () => onEnd("a worker's message could not be read");
      thread.onerror = (event) => {
        event.preventDefault();
        onEnd(`a worker of the bootstrap failed: ${event.message ?? 'it could not be started'}`);
      };
    },
    terminate: async () => thread.terminate(),
  };
}
