/** What runs in a worker; bundled to one text by scripts/build-kernels.mjs. */
import { AnsatzError } from '../../errors.ts';
import { ShardEvaluator, type ShardResult } from './shard-evaluator.ts';
import type { NumberedRequest, WorkerReply, WorkerRequest } from './worker-message.ts';

/** Answers requests, one after the other, with what `post` sends back. */
export function serve(
  post: (reply: WorkerReply, transfer: ArrayBufferLike[]) => void,
): (message: NumberedRequest) => void {
  let evaluator: ShardEvaluator | undefined;
  const answer = (request: WorkerRequest): ShardResult | undefined => {
    switch (request.kind) {
      case 'start':
        evaluator = new ShardEvaluator(request.module, request.plan, request.shard);
        return undefined;
      case 'update':
        evaluator!.update(request.shard);
        return undefined;
      case 'run':
        return evaluator!.run(request.task, request.theta, request.elsewhere);
    }
  };
  return ({ id, request }) => {
    try {
      const result = answer(request);
      const arrays = result === undefined ? [] : Object.values({ ...result } as Record<string, Float64Array>);
      post(
        { id, result },
        arrays.filter((array) => array !== undefined).map((array) => array.buffer),
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      post({ id, error: { message, own: error instanceof AnsatzError } }, []);
    }
  };
}
