import { subtract, sum } from '../expression/build.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { leafKey } from '../expression/expression.ts';
import type { Problem } from '../problem/index.ts';
import { randomGenerator } from '../random/generator.ts';
import { initialPeople } from './initial-people.ts';
import { flowNetwork } from './problem-network.ts';

export interface Conservation {
  /**
   * `closed`: every flow goes from compartment to compartment, the sum of all changes vanishes identically;
   * `balanced`: people enter and leave, as many as each other; `open`: their number changes.
   */
  readonly kind: 'closed' | 'balanced' | 'open';
  /** Flows from and to the outside, by name. */
  readonly openFlows: readonly string[];
  readonly words: string;
}

/**
 * Whether a compartment model conserves people. That births and deaths balance is found by values: at states
 * with as many people as at the start, drawn at random.
 *
 * @throws NotSupportedError for a problem that is no compartment model
 */
export function conservationOfPeople(problem: Problem): Conservation {
  const network = flowNetwork(problem);
  const open = network.flows.filter(({ from, to }) => from === undefined || to === undefined);
  const openFlows = open.map(({ name }) => name);
  if (open.length === 0)
    return { kind: 'closed', openFlows, words: 'people are conserved: every flow joins two compartments' };
  const inward = sum(open.filter(({ from }) => from === undefined).map(({ rate }) => rate));
  const outward = sum(open.filter(({ to }) => to === undefined).map(({ rate }) => rate));
  const change = subtract(inward, outward);
  const generator = randomGenerator(2);
  const unknowns = Object.fromEntries(problem.unknowns.map(({ name, initial }) => [name, initial]));
  const start = initialPeople(network, unknowns);
  const total = network.compartments.reduce((people, name) => people + (start[name] ?? Number.NaN), 0);
  const drift = Array.from({ length: 8 }, () => {
    const shares = network.compartments.map(() => 0.05 + generator.uniform());
    const whole = shares.reduce((a, b) => a + b, 0);
    const people = Number.isFinite(total) ? total : 1;
    const drawn = new Map<string, number>();
    const valueAt = (leaf: Parameters<typeof leafKey>[0]): number => {
      const index = leaf.kind === 'field' ? network.compartments.indexOf(leaf.name) : -1;
      if (index >= 0) return (people * shares[index]) / whole;
      const key = leafKey(leaf);
      if (!drawn.has(key)) drawn.set(key, 0.25 + generator.uniform());
      return drawn.get(key)!;
    };
    const size = Math.abs(evaluateScalar(inward, valueAt)) + Math.abs(evaluateScalar(outward, valueAt));
    return size === 0 ? 0 : Math.abs(evaluateScalar(change, valueAt)) / size;
  });
  const list = openFlows.map((name) => `\`${name}\``).join(', ');
  if (drift.every((value) => value < 1e-12))
    return {
      kind: 'balanced',
      openFlows,
      words: `people enter and leave by ${list}; their number stays what it is at the start`,
    };
  return { kind: 'open', openFlows, words: `the number of people changes by ${list}` };
}
