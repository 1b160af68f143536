/** Sums and products of numbers that are loaded, equal ones built once: what a compiled loop computes. */

/** A number in a stream: `offset` bytes behind where the stream stands. */
export interface Place {
  readonly stream: number;
  readonly offset: number;
}

export type VectorNode =
  | ({ readonly kind: 'load' } & Place)
  | { readonly kind: 'constant'; readonly value: number }
  | {
      readonly kind: 'add' | 'subtract' | 'multiply';
      readonly left: VectorNode;
      readonly right: VectorNode;
    };

export class VectorExpressions {
  readonly #known = new Map<string, VectorNode>();
  readonly #numbers = new Map<VectorNode, number>();

  load(place: Place): VectorNode {
    return this.#unique(`load ${place.stream} ${place.offset}`, { kind: 'load', ...place });
  }

  constant(value: number): VectorNode {
    return this.#unique(`${value}`, { kind: 'constant', value });
  }

  /** Products with 1 are not computed; those with 0 are left out by {@link sum}. */
  multiply(a: VectorNode, b: VectorNode): VectorNode {
    if (isConstant(a, 1)) return b;
    if (isConstant(b, 1)) return a;
    if (a.kind === 'constant' && b.kind === 'constant') return this.constant(a.value * b.value);
    const [left, right] = this.#number(a) <= this.#number(b) ? [a, b] : [b, a];
    return this.#binary('multiply', left, right);
  }

  product(factors: readonly VectorNode[]): VectorNode {
    return factors.reduce((product, factor) => this.multiply(product, factor), this.constant(1));
  }

  /** Σ coefficient·value; 0 for the empty sum. */
  sum(terms: readonly { readonly coefficient: number; readonly value: VectorNode }[]): VectorNode {
    const present = terms.filter(({ coefficient }) => coefficient !== 0);
    if (present.length === 0) return this.constant(0);
    // A term to be subtracted does not stand first where that can be helped.
    const first = present.findIndex(({ coefficient }) => coefficient !== -1);
    if (first < 0) {
      return this.multiply(
        this.constant(-1),
        this.sum(present.map(({ value }) => ({ coefficient: 1, value }))),
      );
    }
    let sum = this.multiply(this.constant(present[first].coefficient), present[first].value);
    present.forEach(({ coefficient, value }, i) => {
      if (i === first) return;
      if (coefficient === -1) sum = this.#binary('subtract', sum, value);
      else sum = this.#binary('add', sum, this.multiply(this.constant(coefficient), value));
    });
    return sum;
  }

  #binary(kind: 'add' | 'subtract' | 'multiply', left: VectorNode, right: VectorNode): VectorNode {
    return this.#unique(`${kind} ${this.#number(left)} ${this.#number(right)}`, { kind, left, right });
  }

  #unique(key: string, node: VectorNode): VectorNode {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, node);
    this.#numbers.set(node, this.#numbers.size);
    return node;
  }

  #number(node: VectorNode): number {
    return this.#numbers.get(node)!;
  }
}

function isConstant(node: VectorNode, value: number): boolean {
  return node.kind === 'constant' && node.value === value;
}
