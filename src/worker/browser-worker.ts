/** Web Workers, started from a text, so that no bundler has to know of them. */
import type { WorkerConnection } from './worker-connection.ts';

const listener = `
const answer = worker.serve((reply, transfer) => self.postMessage(reply, transfer ?? []));
self.onmessage = (event) => answer(event.data);
`;

export function connectBrowserWorker<Request, Reply>(
  code: string,
  name: string,
): WorkerConnection<Request, Reply> {
  const url = URL.createObjectURL(new Blob([code, listener], { type: 'text/javascript' }));
  const thread = new Worker(url, { name: `ansatz ${name}` });
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
        onEnd(`a worker of the ${name} failed: ${event.message ?? 'it could not be started'}`);
      };
    },
    hold: () => {},
    terminate: async () => thread.terminate(),
  };
}
