/**
 * Compartment models by their flows: "S -> I: beta*S*I/N" moves people from S to I at the given rate, so
 * that dS/dt loses the rate and dI/dt gains it. An empty side is the outside: births and deaths.
 */
import { ProblemError } from '../errors.ts';

export interface CompartmentModel {
  /** Compartments in the order of first mention. */
  readonly fields: string[];
  /** One equation for each compartment. */
  readonly equations: string[];
}

/** @throws ProblemError for a flow that is not of the form "from -> to: rate". */
export function equationsOfFlows(flows: readonly string[], time: string): CompartmentModel {
  const terms = new Map<string, string[]>();
  const gather = (compartment: string, term: string): void => {
    terms.set(compartment, [...(terms.get(compartment) ?? []), term]);
  };
  flows.forEach((flow, i) => {
    const path = `flows[${i}]`;
    const match = /^\s*(\p{L}[\p{L}\p{N}_]*)?\s*->\s*(\p{L}[\p{L}\p{N}_]*)?\s*:\s*(\S.*)$/u.exec(flow);
    if (match === null || (match[1] === undefined && match[2] === undefined))
      throw new ProblemError(`\`${flow}\` is not a flow`, {
        path,
        hint: 'write "S -> I: rate"; one side may be empty for births or deaths',
      });
    const [, from, to, rate] = match;
    if (from === to) throw new ProblemError(`the flow goes from ${from} to itself`, { path });
    if (from !== undefined) gather(from, `- (${rate})`);
    if (to !== undefined) gather(to, `+ (${rate})`);
  });
  return {
    fields: [...terms.keys()],
    equations: [...terms].map(
      ([compartment, sum]) =>
        `d${compartment}/d${time} = ${sum.join(' ').replace(/^\+ /, '').replace(/^- /, '-')}`,
    ),
  };
}
