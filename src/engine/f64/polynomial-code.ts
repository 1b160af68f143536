/**
 * Lists of instructions for `kernels/polynomial.ts`. Registers are named here by what they hold; addresses
 * are put in when the buffers of a tile are laid out.
 */

/** `scratch` registers live for one piece of a column only, all others are buffers of a whole tile. */
export type RegisterKind = 'argument' | 'result' | 'derivative' | 'seed' | 'adjoint' | 'scratch';

export interface Register {
  readonly kind: RegisterKind;
  /** Jet component, order of the derivative, or number of the scratch register. */
  readonly index: number;
}

export interface PolynomialCode {
  readonly words: Int32Array;
  readonly instructions: number;
  readonly coefficients: Float64Array;
  readonly registers: readonly Register[];
}

/** Words of an instruction; the kernels' `instructionWidth()`. */
export const INSTRUCTION_WIDTH = 8;
const MOST_FACTORS = 3;

export class PolynomialCodeBuilder {
  readonly #words: number[] = [];
  readonly #coefficients: number[] = [];
  readonly #registers: Register[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #started = new Set<number>();
  #scratch = 0;

  register(kind: RegisterKind, index: number): number {
    const key = `${kind}${index}`;
    let known = this.#byKey.get(key);
    if (known === undefined) {
      known = this.#registers.push({ kind, index }) - 1;
      this.#byKey.set(key, known);
    }
    return known;
  }

  scratch(): number {
    return this.register('scratch', this.#scratch++);
  }

  /** target = base function of source; `second` receives the cosine that comes with a sine. */
  base(code: number, target: number, source: number, second?: number): void {
    this.#emit(0, target, code, second === undefined ? [source] : [source, second]);
    this.#started.add(target);
    if (second !== undefined) this.#started.add(second);
  }

  /** target += coefficient · ∏ factors, or = the first time. */
  term(target: number, coefficient: number, factors: readonly number[]): void {
    let rest = [...factors];
    while (rest.length > MOST_FACTORS) {
      const product = this.scratch();
      this.term(product, 1, rest.slice(0, MOST_FACTORS));
      rest = [product, ...rest.slice(MOST_FACTORS)];
    }
    let index = this.#coefficients.indexOf(coefficient);
    if (index < 0) index = this.#coefficients.push(coefficient) - 1;
    this.#emit(this.#started.has(target) ? 2 : 1, target, index, rest);
    this.#started.add(target);
  }

  /** Zero for targets that no term has reached. */
  finish(targets: readonly number[]): PolynomialCode {
    for (const target of targets) if (!this.#started.has(target)) this.term(target, 0, []);
    return {
      words: Int32Array.from(this.#words),
      instructions: this.#words.length / INSTRUCTION_WIDTH,
      coefficients: Float64Array.from(this.#coefficients),
      registers: this.#registers,
    };
  }

  #emit(kind: number, target: number, argument: number, factors: readonly number[]): void {
    const words = [kind, target, argument, factors.length, ...factors];
    while (words.length < INSTRUCTION_WIDTH) words.push(0);
    this.#words.push(...words);
  }
}
