/** Identities between rates, tested by values. */
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, type Leaf, leafKey } from '../expression/expression.ts';
import { randomGenerator } from '../random/generator.ts';

/**
 * Values between 0 and 1, so that shares and what remains of them are positive, at which identities are tested:
 * a rational expression that vanishes at all of them vanishes.
 */
export function randomValues(count: number): ((leaf: Leaf) => number)[] {
  const generator = randomGenerator(1);
  return Array.from({ length: count }, () => {
    const drawn = new Map<string, number>();
    return (leaf: Leaf): number => {
      const key = leafKey(leaf);
      if (!drawn.has(key)) drawn.set(key, 0.1 + 0.8 * generator.uniform());
      return drawn.get(key)!;
    };
  });
}

/** Whether the rate is zero for any values of the rest where nobody is in the given compartments. */
export function vanishesWithout(rate: Expression, compartments: ReadonlySet<string>): boolean {
  return randomValues(6).every((valueAt) => {
    const value = evaluateScalar(rate, (leaf) =>
      leaf.kind === 'field' && compartments.has(leaf.name) ? 0 : valueAt(leaf),
    );
    return value === 0;
  });
}
