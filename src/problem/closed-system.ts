/** Whether the fields are parts of a whole that neither grows nor shrinks, as the compartments of a population. */
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Leaf, leafKey } from '../expression/expression.ts';
import { randomGenerator } from '../random/generator.ts';
import type { Equation, Field, Unknown } from './problem.ts';

const samples = 32;
const rounding = 1e-9;

/**
 * Whether the rates of all fields add up to zero and none leads a field below zero, at random values of the
 * fields. Fields then stay between zero and the sum of their initial values.
 */
export function isClosed(
  equations: readonly Equation[],
  fields: readonly Field[],
  unknowns: readonly Unknown[],
): boolean {
  const rates = fields.map(({ name }) =>
    equations.filter(
      ({ left, where }) =>
        where === undefined &&
        left.kind === 'field' &&
        left.name === name &&
        left.order.reduce((sum, k) => sum + k, 0) === 1,
    ),
  );
  if (fields.length < 2 || equations.length !== fields.length) return false;
  if (rates.some((own) => own.length !== 1)) return false;
  const random = randomGenerator(0);
  for (let n = 0; n < samples; n++) {
    const empty = n < fields.length ? fields[n].name : undefined;
    const drawn = new Map<string, number>();
    const leafValue = (leaf: Leaf): number => {
      if (leaf.kind === 'unknown') return unknowns.find(({ name }) => name === leaf.name)!.initial;
      if (leaf.kind === 'field' && leaf.order.some((k) => k > 0)) return Number.NaN;
      if (leaf.kind === 'field' && leaf.name === empty) return 0;
      const key = leafKey(leaf);
      if (!drawn.has(key)) drawn.set(key, 0.1 + random.uniform());
      return drawn.get(key)!;
    };
    const values = rates.map(([{ right }]) => evaluateScalar(right, leafValue));
    const size = values.reduce((sum, value) => sum + Math.abs(value), 0);
    const total = values.reduce((sum, value) => sum + value, 0);
    if (!(Math.abs(total) <= rounding * size)) return false;
    if (empty !== undefined && values[n] < -rounding * size) return false;
  }
  return true;
}
