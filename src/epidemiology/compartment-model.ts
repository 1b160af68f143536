/** Compartment models in short notation: a name or a list of flows, with the values that belong to it. */
import { ProblemError } from '../errors.ts';
import { nearestName } from '../expression/suggestion.ts';
import { compartmentsOf, readFlows } from '../problem/flows.ts';
import type { ProblemDefinition } from '../problem/index.ts';
import { initialConditions } from './initial-conditions.ts';
import { type CompartmentModel, type CompartmentModelName, compartmentModels } from './model-catalogue.ts';
import {
  closedForms,
  completeParameters,
  type ParameterValue,
  sortParameters,
  type UnknownValue,
} from './parameters.ts';

/** A model of one's own. */
export interface CompartmentModelDefinition {
  readonly title?: string;
  /** "S -> I: beta*S*I/N"; an empty side is the outside. */
  readonly flows: readonly string[];
  /** Refused where it is not exactly these that the flows name. */
  readonly compartments?: readonly string[];
  /** Constants that hold numbers of people, with the compartments they count; default: `N`, all of them. */
  readonly populations?: Readonly<Record<string, readonly string[]>>;
  /** Refuses flows from or to the outside. */
  readonly closed?: boolean;
}

type DataDefinition = NonNullable<ProblemDefinition['data']>[number];

export interface CompartmentModelOptions {
  /** Number of people, or a number for each of the model's populations ({ N1: 400, N2: 600 }). */
  readonly population: number | Readonly<Record<string, number>>;
  /**
   * Numbers of people at the start by compartment. Those not named hold nobody, but for the first of each
   * population, S, which holds the rest. An unknown one is estimated under the name I0 (E0, …).
   */
  readonly initial: Readonly<Record<string, number | UnknownValue>>;
  /** From `start` on, in units of time. */
  readonly duration: number;
  /** Default 0. */
  readonly start?: number;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** As a problem's `data`; `at` may be left out where the column of time is named t, `observe` where it stands below. */
  readonly data?:
    | (Omit<DataDefinition, 'at' | 'observe'> & Partial<Pick<DataDefinition, 'at' | 'observe'>>)
    | readonly DataDefinition[];
  /** Compartment or expression: column. */
  readonly observe?: DataDefinition['observe'];
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  readonly source?: string;
  readonly derived?: ProblemDefinition['derived'];
  readonly solve?: ProblemDefinition['solve'];
}

/**
 * The problem of a compartment model: its flows as they are, numbers as constants, the rest as unknowns.
 * Where a named model has a reproduction number in closed form and a parameter in it is unknown, it is among
 * the derived quantities.
 *
 * @throws ProblemError for a model or parameter that is not known, a rate that is negative or missing, people
 * at the start who are fewer than none or not as many as the population
 * @example
 * problem(compartmentModel('SEIR', {
 *   population: 1000,
 *   initial: { I: 1 },
 *   duration: 60,
 *   parameters: { beta: 0.5, sigma: { initial: 0.2, min: 0, max: 2 }, gamma: 0.1 },
 *   data: { file: 'cases.csv', at: { t: 'day' } },
 *   observe: { I: 'sick' },
 * }));
 */
export function compartmentModel(
  model: CompartmentModelName | CompartmentModelDefinition,
  options: CompartmentModelOptions,
): ProblemDefinition {
  const { start = 0, duration } = options;
  if (!Number.isFinite(start)) throw new ProblemError(`${start} is no time`, { path: 'start' });
  if (!(duration > 0 && Number.isFinite(duration)))
    throw new ProblemError(`${duration} is no duration`, { path: 'duration', hint: 'use a number above 0' });
  const known = typeof model === 'string' ? namedModel(model) : undefined;
  const definition = known ?? (model as CompartmentModelDefinition);
  const compartments = checkFlows(definition, known === undefined ? model : undefined);
  const populations = definition.populations ?? { N: susceptibleFirst(compartments) };
  const sizes = populationSizes(options.population, populations, compartments);
  const parameters =
    known === undefined ? (options.parameters ?? {}) : completeParameters(known, options.parameters);
  const sorted = sortParameters(parameters, new Set([...compartments, ...Object.keys(sizes)]));
  const people = initialConditions(options.initial, populations, sizes, compartments);
  const derived = { ...closedForms(known, sorted), ...options.derived };
  const name = options.name ?? (typeof model === 'string' ? model : 'compartment model');
  const title = options.title ?? definition.title;
  const unknowns = { ...sorted.unknowns, ...people.unknowns };
  return {
    name,
    ...(title === undefined ? {} : { title }),
    ...(options.description === undefined ? {} : { description: options.description }),
    ...optional('source', options.source ?? known?.source),
    domain: { t: [start, start + duration] },
    constants: { ...sizes, ...sorted.constants },
    ...nonempty('unknowns', unknowns),
    ...nonempty('functions', sorted.functions),
    ...nonempty('fields', sorted.fields),
    flows: [...definition.flows],
    conditions: people.conditions.map((equation) => ({ on: `t = ${start}`, equation })),
    ...optional('data', dataOf(options)),
    ...nonempty('derived', derived),
    ...optional('solve', options.solve),
  };
}

function optional<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, T>);
}

function nonempty<K extends string, T extends object>(key: K, value: T): Partial<Record<K, T>> {
  return optional(key, Object.keys(value).length === 0 ? undefined : value);
}

function namedModel(name: string): CompartmentModel {
  if (Object.hasOwn(compartmentModels, name)) return compartmentModels[name as CompartmentModelName];
  const names = Object.keys(compartmentModels);
  const candidate = nearestName(name, names);
  throw new ProblemError(`there is no compartment model \`${name}\``, {
    hint: candidate === undefined ? `models are ${names.join(', ')}` : `did you mean \`${candidate}\`?`,
  });
}

function checkFlows(
  { flows, compartments, closed }: CompartmentModelDefinition,
  own: unknown,
): readonly string[] {
  if (own !== undefined && !Array.isArray(flows))
    throw new ProblemError('the flows are missing', {
      path: 'flows',
      hint: 'name a model, or give { flows: ["S -> I: beta*S*I/N", …] }',
    });
  const read = readFlows(flows);
  const found = compartmentsOf(read);
  for (const name of compartments ?? [])
    if (!found.includes(name))
      throw new ProblemError(`no flow goes from or to \`${name}\``, { path: 'compartments' });
  for (const name of found)
    if (compartments !== undefined && !compartments.includes(name))
      throw new ProblemError(`the flows name \`${name}\`, which is no compartment`, {
        path: 'compartments',
        hint: `compartments are ${compartments.join(', ')}`,
      });
  const open = read.findIndex(({ from, to }) => from === undefined || to === undefined);
  if (closed === true && open >= 0)
    throw new ProblemError(
      `\`${flows[open]}\` does not conserve people: it ${read[open].from === undefined ? 'comes from' : 'goes to'} the outside`,
      { path: `flows[${open}]`, hint: 'name the compartment, e.g. D for the dead' },
    );
  return compartments ?? found;
}

const susceptibleFirst = (compartments: readonly string[]): string[] =>
  [...compartments].sort((a, b) => Number(b === 'S') - Number(a === 'S'));

/** Constants with the number of people each holds. */
function populationSizes(
  given: CompartmentModelOptions['population'],
  populations: Readonly<Record<string, readonly string[]>>,
  compartments: readonly string[],
): Record<string, number> {
  const names = Object.keys(populations);
  const listed = names.flatMap((name) => populations[name]);
  for (const name of listed)
    if (!compartments.includes(name) || listed.indexOf(name) !== listed.lastIndexOf(name))
      throw new ProblemError(
        compartments.includes(name) ? `\`${name}\` is counted twice` : `\`${name}\` is no compartment`,
        { path: 'populations', hint: `compartments are ${compartments.join(', ')}` },
      );
  if (typeof given === 'number' && names.length !== 1)
    throw new ProblemError(`one number for ${names.length} populations`, {
      path: 'population',
      hint: `give { ${names.map((name) => `${name}: …`).join(', ')} }`,
    });
  const sizes: Record<string, number> = typeof given === 'number' ? { [names[0]]: given } : { ...given };
  for (const name of new Set([...names, ...Object.keys(sizes)])) {
    const path = typeof given === 'number' ? 'population' : `population.${name}`;
    if (!names.includes(name))
      throw new ProblemError(`\`${name}\` is no population of the model`, {
        path,
        hint: `populations are ${names.join(', ')}`,
      });
    if (!(sizes[name] > 0 && Number.isFinite(sizes[name])))
      throw new ProblemError(`${sizes[name]} is no number of people`, { path, hint: 'use a number above 0' });
  }
  return sizes;
}

function dataOf({ data, observe }: CompartmentModelOptions): DataDefinition[] | undefined {
  if (data === undefined) {
    if (observe === undefined) return undefined;
    throw new ProblemError('what is observed has no data', { path: 'data', hint: 'give `file` or `rows`' });
  }
  const listed = Array.isArray(data);
  const entries: readonly Partial<DataDefinition>[] = listed ? data : [data as Partial<DataDefinition>];
  return entries.map((entry, i) => {
    const observed = entry.observe ?? observe;
    if (observed === undefined)
      throw new ProblemError('what the data observe is not said', {
        path: listed ? `data[${i}].observe` : 'observe',
        hint: 'name a compartment and its column, e.g. { I: "cases" }',
      });
    return { ...entry, at: entry.at ?? { t: 't' }, observe: observed };
  });
}
