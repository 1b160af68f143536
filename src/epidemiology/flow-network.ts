/** A compartment model as a network: compartments, and flows with rates as expressions. */
import { ProblemError } from '../errors.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, type FieldNode, leavesOf } from '../expression/expression.ts';
import type { Problem } from '../problem/index.ts';

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
export function evaluateRate(
  expression: Expression,
  { state, unknowns, time }: RateValues,
  columns: ReadonlyMap<string, number> = new Map(),
): number {
  return evaluateScalar(expression, (leaf) => {
    if (leaf.kind === 'coordinate') return time;
    if (leaf.kind === 'column') return columns.get(leaf.name)!;
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

export function nameOf(from: string | undefined, to: string | undefined): string {
  return `${from ?? ''} -> ${to ?? ''}`.trim();
}
