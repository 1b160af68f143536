/** When a fit has to stop, and what it says of how far it is. */
import { InterruptedError } from '../../errors.ts';
import type { RegressionOptions } from './regression-options.ts';

/** Milliseconds after which others get their turn. */
const TURN = 40;

export class Pace {
  readonly #options: RegressionOptions;
  readonly #end: number;
  #turn = performance.now();

  constructor(options: RegressionOptions) {
    this.#options = options;
    this.#end = performance.now() + 1000 * (options.timeLimit ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Whether there is time left.
   * @throws InterruptedError when the signal is aborted
   */
  async proceed(): Promise<boolean> {
    const now = performance.now();
    if (now - this.#turn > TURN) {
      await new Promise((resolve) => setTimeout(resolve));
      this.#turn = performance.now();
    }
    if (this.#options.signal?.aborted) throw new InterruptedError('the regression was interrupted');
    return now < this.#end;
  }

  report(done: number, total: number): void {
    this.#options.onProgress?.(done, total);
  }
}
