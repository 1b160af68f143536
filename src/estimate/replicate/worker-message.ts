import type { ReplicateOutcome, ReplicateSetup } from './replicate.ts';

export type ReplicateRequest =
  | { readonly kind: 'start'; readonly setup: ReplicateSetup }
  | { readonly kind: 'run'; readonly index: number; readonly seed: number };

export type ReplicateReply =
  | { readonly kind: 'started' }
  | { readonly kind: 'done'; readonly index: number; readonly outcome: ReplicateOutcome }
  | { readonly kind: 'error'; readonly message: string };

/** A worker of whatever platform. */
export interface ReplicateConnection {
  post(request: ReplicateRequest): void;
  /** Is told of every reply, and of the worker's end, whatever its cause. */
  listen(onReply: (reply: ReplicateReply) => void, onEnd: (reason: string) => void): void;
  terminate(): Promise<void>;
}
