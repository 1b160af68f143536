/** Which functions a step is taken on. */
import { randomGenerator, streamSeed } from '../../random/generator.ts';

/** All of 0 … count − 1 in a random order, then in another; `size` of them at a time. */
export class Batches {
  readonly size: number;
  readonly #count: number;
  readonly #random;
  #order: number[] = [];

  constructor(count: number, size: number, seed: number) {
    this.#count = count;
    this.size = Math.min(count, size);
    this.#random = randomGenerator(streamSeed(seed, 1));
  }

  /** Whether every step is taken on all. */
  get whole(): boolean {
    return this.size === this.#count;
  }

  next(): number[] {
    if (this.#order.length < this.size) {
      const rest = new Set(this.#order);
      const fresh = Array.from({ length: this.#count }, (_, k) => k).filter((k) => !rest.has(k));
      for (let i = fresh.length - 1; i > 0; i--) {
        const j = this.#random.integer(i + 1);
        [fresh[i], fresh[j]] = [fresh[j], fresh[i]];
      }
      this.#order = [...this.#order, ...fresh];
    }
    return this.#order.splice(0, this.size);
  }
}

/** Rows of a table (count, width) one after the other, as float32. */
export function gathered(table: Float64Array, width: number, rows: readonly number[]): Float32Array {
  const result = new Float32Array(rows.length * width);
  rows.forEach((row, i) => void result.set(table.subarray(row * width, (row + 1) * width), i * width));
  return result;
}
