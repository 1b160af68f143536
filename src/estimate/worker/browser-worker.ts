/** Web Workers, started from a text, so that no bundler has to know of them. */
import type { WorkerConnection } from './worker-connection.ts';

const listener = `
self.onmessage = ((answer) => (event) => answer(event.data))(worker.serve((reply) => self.postMessage(reply)));
`;

export function connectBrowserWorker(code: string, name: string): WorkerConnection {
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
    terminate: async () => thread.terminate(),
  };
}
