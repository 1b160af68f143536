export type RegressionKind = 'linear' | 'kernel' | 'network';

export interface RegressionOptions {
  /** Default `auto`: linear where that is exact, else the better of linear and kernel. */
  readonly kind?: 'auto' | RegressionKind;
  /** Columns of x for each input function, in order; default: all of one. */
  readonly groups?: readonly number[];
  /** Whether branches of several input functions are multiplied, as in a MIONet, rather than joined. */
  readonly product?: boolean;
  readonly seed: number;
  /** Seconds, for a search among kernels or the training of a network. */
  readonly timeLimit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}
