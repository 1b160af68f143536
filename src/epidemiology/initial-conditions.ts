import { ProblemError } from '../errors.ts';
import type { UnknownValue } from './parameters.ts';

export interface InitialPeople {
  /** Equations, one for each compartment. */
  readonly conditions: readonly string[];
  /** Unknown numbers of people, named I0 for I. */
  readonly unknowns: Readonly<Record<string, UnknownValue>>;
}

/** R0 would be read as the reproduction number. */
const nameOf = (compartment: string): string => (compartment === 'R' ? 'Rinitial' : `${compartment}0`);

/**
 * Who is where at the start: what is given, and in the first compartment of each population everybody else.
 *
 * @throws ProblemError for negative numbers, and numbers that do not add up to the population
 */
export function initialConditions(
  initial: Readonly<Record<string, number | UnknownValue>>,
  populations: Readonly<Record<string, readonly string[]>>,
  sizes: Readonly<Record<string, number>>,
  compartments: readonly string[],
): InitialPeople {
  for (const [name, value] of Object.entries(initial)) {
    const path = `initial.${name}`;
    if (!compartments.includes(name))
      throw new ProblemError(`\`${name}\` is no compartment`, {
        path,
        hint: `compartments are ${compartments.join(', ')}`,
      });
    const bounds = typeof value === 'number' ? [value] : [value.initial, value.min ?? 0];
    const wrong = bounds.find((x) => !(x >= 0 && Number.isFinite(x)));
    if (wrong !== undefined)
      throw new ProblemError(`${wrong} is no number of people`, { path, hint: 'none is the least' });
  }
  const unknowns: Record<string, UnknownValue> = {};
  const texts = new Map<string, string>();
  const value = (compartment: string, size: number | undefined): string => {
    const given = initial[compartment] ?? 0;
    if (typeof given === 'number') return String(given);
    const name = nameOf(compartment);
    unknowns[name] = { min: 0, ...(size === undefined ? {} : { max: size }), ...given };
    return name;
  };
  for (const [name, members] of Object.entries(populations)) {
    const size = sizes[name];
    const [first, ...others] = members;
    const rest = Object.hasOwn(initial, first) ? undefined : first;
    const told = members.reduce((sum, member) => {
      const given = initial[member] ?? 0;
      return sum + (typeof given === 'number' ? given : given.initial);
    }, 0);
    const numbersAlone = members.every((member) => typeof (initial[member] ?? 0) === 'number');
    const slack = 1e-12 * size;
    if (told > size + slack)
      throw new ProblemError(`${told} people at the start in a population of ${size}`, { path: 'initial' });
    if (rest === undefined && !numbersAlone)
      throw new ProblemError(
        `\`${first}\` is given although others are unknown: they may not add up to ${name}`,
        {
          path: `initial.${first}`,
          hint: `leave ${first} out: it holds the rest`,
        },
      );
    if (rest === undefined && Math.abs(told - size) > slack)
      throw new ProblemError(`${told} people at the start in a population of ${size}`, {
        path: 'initial',
        hint: `leave ${first} out: it holds the rest`,
      });
    const placed = others.map((member) => [member, value(member, size)] as const);
    const subtracted = placed.filter(([, text]) => text !== '0').map(([, text]) => ` - ${text}`);
    texts.set(first, rest === undefined ? String(initial[first]) : `${name}${subtracted.join('')}`);
    for (const [member, text] of placed) texts.set(member, text);
  }
  // what no population counts, as a reservoir of the pathogen
  for (const compartment of compartments)
    if (!texts.has(compartment)) texts.set(compartment, value(compartment, undefined));
  return { conditions: compartments.map((name) => `${name} = ${texts.get(name)}`), unknowns };
}
