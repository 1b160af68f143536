import { SolveError } from '../../errors.ts';
import type { Kernels } from './kernels.ts';
import type { Loop } from './loop-module.ts';

const PAGE = 65536;
const ALIGNMENT = 64;
/** One less than there could be: the address after the last byte has to be a number of 32 bits. */
const MOST_PAGES = 65535;

/** An instance of the kernels with a memory of its own, handed out from the bottom up. */
export class LinearMemory {
  readonly kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  #top: number;
  #floats: Float64Array;
  #words: Int32Array;
  readonly #loops = new Map<WebAssembly.Module, readonly Loop[]>();

  constructor(module: WebAssembly.Module) {
    this.#memory = reserved();
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.kernels = instance.exports as unknown as Kernels;
    this.#top = align(this.kernels.heapBase());
    this.#floats = new Float64Array(this.#memory.buffer);
    this.#words = new Int32Array(this.#memory.buffer);
  }

  /** All of memory as doubles: address a is at a/8. To be asked for anew after every `allocate`. */
  get floats(): Float64Array {
    return this.#floats;
  }

  /** All of memory as 32-bit words: address a is at a/4. To be asked for anew after every `allocate`. */
  get words(): Int32Array {
    return this.#words;
  }

  /** The functions of a module that imports this memory, by their position. */
  loops(module: WebAssembly.Module): readonly Loop[] {
    let loops = this.#loops.get(module);
    if (loops === undefined) {
      const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
      loops = Object.values(exports) as Loop[];
      this.#loops.set(module, loops);
    }
    return loops;
  }

  /** The address from which the next allocation will be taken; `release` goes back to it. */
  mark(): number {
    return this.#top;
  }

  /** Gives back everything allocated since the mark was taken. */
  release(mark: number): void {
    this.#top = mark;
  }

  /**
   * Address of `bytes` bytes, aligned to cache lines; what they hold is not defined.
   * @throws SolveError if memory cannot grow that far (at most 4 GiB for one thread)
   */
  allocate(bytes: number): number {
    const address = this.#top;
    const end = align(address + bytes);
    const missing = Math.ceil((end - this.#memory.buffer.byteLength) / PAGE);
    if (missing > 0) {
      if (!this.#grow(missing)) {
        const mebibytes = Math.ceil(end / 2 ** 20);
        throw new SolveError(
          `the f64 engine needs ${mebibytes} MiB for one thread and the memory cannot grow that far; use a smaller network, fewer points, or an optimiser without the Gauss–Newton matrix`,
        );
      }
      this.#floats = new Float64Array(this.#memory.buffer);
      this.#words = new Int32Array(this.#memory.buffer);
    }
    this.#top = end;
    return address;
  }

  /** By an eighth at least, since each growth may copy; by what is missing where that cannot be had. */
  #grow(missing: number): boolean {
    const pages = this.#memory.buffer.byteLength / PAGE;
    for (const wanted of [Math.max(missing, Math.min(pages >> 3, MOST_PAGES - pages)), missing]) {
      try {
        this.#memory.grow(wanted);
        return true;
      } catch {}
    }
    return false;
  }

  /** Address of a copy of the numbers. */
  allocateFloats(values: ArrayLike<number>): number {
    const address = this.allocate(8 * values.length);
    this.#floats.set(values, address / 8);
    return address;
  }

  /** Address of a copy of the 32-bit integers. */
  allocateWords(values: ArrayLike<number>): number {
    const address = this.allocate(4 * values.length);
    this.#words.set(values, address / 4);
    return address;
  }

  /** A copy of `length` doubles at an address. */
  read(address: number, length: number): Float64Array {
    return this.#floats.slice(address / 8, address / 8 + length);
  }
}

function reserved(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES });
  } catch {
    throw new SolveError('the f64 engine finds no room for its memory; use fewer threads');
  }
}

function align(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}
