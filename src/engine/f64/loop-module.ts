import { type FunctionBody, moduleBinary } from '../../webassembly/binary.ts';

/** A compiled loop: addresses of its streams, then the number of runs. */
export type Loop = (...parameters: number[]) => void;

/** Collects the loops of a plan and compiles them; equal ones are one function. */
export class LoopModule {
  readonly #functions: FunctionBody[] = [];
  readonly #known = new Map<string, number>();

  /** The number of the function in the compiled module, which exports it by this name. */
  add(body: FunctionBody): number {
    const key = JSON.stringify(body);
    const known = this.#known.get(key) ?? this.#functions.push(body) - 1;
    this.#known.set(key, known);
    return known;
  }

  compile(): Promise<WebAssembly.Module> {
    return WebAssembly.compile(moduleBinary(this.#functions));
  }
}
