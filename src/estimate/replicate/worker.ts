/** What runs in a worker; bundled to one text by scripts/build-kernels.mjs. */
import { ReplicateRunner } from './replicate.ts';
import type { ReplicateReply, ReplicateRequest } from './worker-message.ts';

/** Answers requests, one after the other, with what `post` sends back. */
export function serve(post: (reply: ReplicateReply) => void): (request: ReplicateRequest) => void {
  let runner: ReplicateRunner | undefined;
  return (request) => {
    try {
      if (request.kind === 'start') {
        runner = new ReplicateRunner(request.setup);
        post({ kind: 'started' });
      } else post({ kind: 'done', index: request.index, outcome: runner!.run(request.seed) });
    } catch (error) {
      post({ kind: 'error', message: error instanceof Error ? error.message : String(error) });
    }
  };
}
