/** A compartment model as a network: compartments, and flows with rates as expressions. */
import { NotSupportedError, ProblemError } from '../errors.ts';
import { coefficientOf, multiply, number, subtract, termsOf } from '../expression/build.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, type FieldNode, type Leaf, leafKey, leavesOf } from '../expression/expression.ts';
import { parseExpression } from '../expression/parse.ts';
import { compartmentsOf, readFlows } from '../problem/flows.ts';
import { type Problem, type ProblemDefinition, problem, scopeOf } from '../problem/index.ts';
import { randomGenerator } from '../random/generator.ts';

export interface RatedFlow {
  /** "S -> I". */
  readonly name: string;
  /** Undefined for the outside. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly rate: Expression;
}

export interface FlowNetwork {
  readonly problem: Problem;
  readonly compartments: readonly string[];
  readonly flows: readonly RatedFlow[];
}

/** Values of what stands in rates: compartments and unknown functions, unknowns, and the time. */
export interface RateValues {
  readonly state: Readonly<Record<string, number>>;
  readonly unknowns: Readonly<Record<string, number>>;
  readonly time: number;
}

/** @throws ProblemError for a leaf without a value */
export function evaluateRate(expression: Expression, { state, unknowns, time }: RateValues): number {
  return evaluateScalar(expression, (leaf) => {
    if (leaf.kind === 'coordinate') return time;
    const values = leaf.kind === 'unknown' ? unknowns : state;
    const value = Object.hasOwn(values, leaf.name) ? values[leaf.name] : undefined;
    if (value !== undefined && Number.isFinite(value)) return value;
    throw new ProblemError(
      value === undefined ? `\`${leaf.name}\` has no value here` : `${value} is no value of \`${leaf.name}\``,
      { hint: leaf.kind === 'unknown' ? 'give values of the unknowns' : 'give it in the state' },
    );
  });
}

/** The leaf of a compartment in a rate. */
export function compartmentLeaf(name: string): FieldNode {
  return { kind: 'field', name, order: [0], of: [0], side: 0 };
}

/** Whether the rate depends on the compartment. */
export function dependsOn(rate: Expression, compartment: string): boolean {
  return leavesOf([rate]).some((leaf) => leaf.kind === 'field' && leaf.name === compartment);
}

/** The compartments that a rate depends on. */
export function compartmentsIn(rate: Expression, compartments: readonly string[]): string[] {
  return compartments.filter((name) => dependsOn(rate, name));
}

/** Positive values at which identities are tested: a rational expression that vanishes at all of them vanishes. */
function randomValues(count: number): ((leaf: Leaf) => number)[] {
  const generator = randomGenerator(1);
  return Array.from({ length: count }, () => {
    const drawn = new Map<string, number>();
    return (leaf: Leaf): number => {
      const key = leafKey(leaf);
      if (!drawn.has(key)) drawn.set(key, 0.25 + generator.uniform());
      return drawn.get(key)!;
    };
  });
}

/** Whether the rate is zero for any values of the rest where nobody is in the given compartments. */
export function vanishesWithout(rate: Expression, compartments: ReadonlySet<string>): boolean {
  return randomValues(6).every((valueOf) => {
    const value = evaluateScalar(rate, (leaf) =>
      leaf.kind === 'field' && compartments.has(leaf.name) ? 0 : valueOf(leaf),
    );
    return value === 0;
  });
}

/**
 * The network of a problem: of its `flows`, or of its equations where what one loses another gains.
 *
 * @throws NotSupportedError for a problem that is no system of balances in time
 */
export function flowNetwork(source: Problem): FlowNetwork {
  if (source.time === null || source.coordinates.length !== 1)
    throw new NotSupportedError('a compartment model has one coordinate, time', { path: 'domain' });
  const written = source.definition.flows;
  if (written === undefined) return networkOfEquations(source);
  const flows = readFlows(written);
  const scope = scopeOf(source);
  return {
    problem: source,
    compartments: compartmentsOf(flows),
    flows: flows.map(({ from, to, aligned }, i) => ({
      name: nameOf(from, to),
      from,
      to,
      rate: parseExpression(aligned, scope, `flows[${i}]`),
    })),
  };
}

export function nameOf(from: string | undefined, to: string | undefined): string {
  return `${from ?? ''} -> ${to ?? ''}`.trim();
}

/** Terms that two equations share with opposite signs are flows between them; the rest goes in or out. */
function networkOfEquations(source: Problem): FlowNetwork {
  const points = randomValues(4);
  const terms = source.equations.flatMap(({ left, right, where, path }) => {
    const parts = termsOf(subtract(right, left));
    const derivatives = parts.filter((part) => {
      const { rest } = coefficientOf(part);
      return rest.kind === 'field' && rest.order[0] === 1;
    });
    const { coefficient, rest } = coefficientOf(derivatives[0] ?? number(0));
    const balance = parts.filter((part) => part !== derivatives[0]);
    if (
      derivatives.length !== 1 ||
      rest.kind !== 'field' ||
      where !== undefined ||
      leavesOf(balance).some((leaf) => leaf.kind === 'field' && leaf.order[0] > 0)
    )
      throw new NotSupportedError('the equation is no balance of a compartment', {
        path,
        hint: 'write the model with `flows`',
      });
    return balance.map((part) => {
      const rate = multiply(number(-1 / coefficient), part);
      return { compartment: rest.name, rate, values: points.map((valueOf) => evaluateScalar(rate, valueOf)) };
    });
  });
  const flows: RatedFlow[] = [];
  const open = new Set(terms);
  for (const term of terms) {
    if (!open.delete(term)) continue;
    const gain = term.values[0] > 0;
    const partner = [...open].find(
      ({ compartment, values }) =>
        compartment !== term.compartment &&
        values.every((value, i) => Math.abs(value + term.values[i]) <= 1e-12 * Math.abs(value)),
    );
    if (partner !== undefined) open.delete(partner);
    const [from, to] = gain ? [partner, term] : [term, partner];
    flows.push({
      name: nameOf(from?.compartment, to?.compartment),
      from: from?.compartment,
      to: to?.compartment,
      rate: gain ? term.rate : multiply(number(-1), term.rate),
    });
  }
  return { problem: source, compartments: [...new Set(terms.map((term) => term.compartment))], flows };
}

/** A problem and values for its unknowns; of a definition, whatever its data are, they need not be read. */
export function withValues(
  source: Problem | ProblemDefinition,
  values: Readonly<Record<string, number>>,
): { problem: Problem; values: Readonly<Record<string, number>> } {
  const given = isProblem(source)
    ? source.unknowns.map(({ name }) => name)
    : Object.keys(source.unknowns ?? {});
  for (const [name, value] of Object.entries(values)) {
    if (!given.includes(name))
      throw new ProblemError(`\`${name}\` is not an unknown of the problem`, {
        hint: given.length === 0 ? 'it has none' : `unknowns are ${given.join(', ')}`,
      });
    if (!Number.isFinite(value)) throw new ProblemError(`${value} is no value for the unknown ${name}`);
  }
  if (isProblem(source)) return { problem: source, values };
  const { data: _, derived: __, unknowns = {}, ...rest } = source;
  const missing = Object.keys(unknowns).find((name) => values[name] === undefined);
  if (missing !== undefined)
    throw new ProblemError(`the unknown \`${missing}\` has no value`, {
      hint: 'give values of the unknowns',
    });
  return { problem: problem({ ...rest, constants: { ...rest.constants, ...values } }), values: {} };
}

function isProblem(source: Problem | ProblemDefinition): source is Problem {
  return 'definition' in source;
}
