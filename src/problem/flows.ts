/**
 * Compartment models by their flows: "S -> I: beta*S*I/N" moves people from S to I at the given rate, so
 * that dS/dt loses the rate and dI/dt gains it. An empty side is the outside: births and deaths.
 */
import { ProblemError } from '../errors.ts';

export interface Flow {
  /** Undefined for the outside. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly rate: string;
  /** The whole text with everything before the rate blanked out, so that columns in it are those of the flow. */
  readonly aligned: string;
}

/** @throws ProblemError for a flow that is not of the form "from -> to: rate". */
export function readFlows(flows: readonly string[]): Flow[] {
  return flows.map((flow, i) => {
    const path = `flows[${i}]`;
    const match = /^(\s*(\p{L}[\p{L}\p{N}_]*)?\s*->\s*(\p{L}[\p{L}\p{N}_]*)?\s*:\s*)(\S.*)$/u.exec(flow);
    if (match === null || (match[2] === undefined && match[3] === undefined))
      throw new ProblemError(`\`${flow}\` is not a flow`, {
        path,
        hint: 'write "S -> I: rate"; one side may be empty for births or deaths',
      });
    const [, head, from, to, rate] = match;
    if (from === to) throw new ProblemError(`the flow goes from ${from} to itself`, { path });
    return { from, to, rate, aligned: ' '.repeat(head.length) + rate };
  });
}

/** Compartments in the order of first mention. */
export function compartmentsOf(flows: readonly Flow[]): string[] {
  const names = flows.flatMap(({ from, to }) => [from, to]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/**
 * The fields of a compartment model: compartments, then the unknown functions in their rates.
 *
 * @throws ProblemError where a compartment is declared again
 */
export function compartmentsBeside<T extends object>(
  compartments: readonly string[],
  unknownFields: Readonly<Record<string, T>>,
): Record<string, T | Record<string, never>> {
  for (const name of compartments)
    if (Object.hasOwn(unknownFields, name))
      throw new ProblemError(`\`${name}\` is a compartment of the flows`, {
        path: `fields.${name}`,
        hint: 'leave it out here: the flows declare it',
      });
  return { ...Object.fromEntries(compartments.map((name) => [name, {}])), ...unknownFields };
}

/** The compartment's equation as a text. */
export function balanceText(compartment: string, flows: readonly Flow[], time: string): string {
  const terms = flows.flatMap(({ from, to, rate }) =>
    from === compartment ? [`- (${rate})`] : to === compartment ? [`+ (${rate})`] : [],
  );
  return `d${compartment}/d${time} = ${terms.join(' ').replace(/^\+ /, '').replace(/^- /, '-')}`;
}
