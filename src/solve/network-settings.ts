/** What the option `network` says, with defaults. */
import { ProblemError } from '../errors.ts';
import { type Architecture, parseNetworkSize } from '../network/index.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';

export interface NetworkSettings {
  readonly width: number;
  readonly depth: number;
  readonly architecture: Architecture;
  /** A network for each field, also where several depend on the same coordinates. */
  readonly separate: boolean;
  /** By group of features its scale along each coordinate of the problem, per normalised coordinate. */
  readonly fourierFeatures:
    | { readonly count: number; readonly scales: readonly (readonly number[])[] }
    | undefined;
  /** In place of hidden layers; largest frequencies by coordinate, per normalised coordinate. */
  readonly randomFeatures: { readonly count: number; readonly scales: readonly number[] } | undefined;
  /** Into how many parts each coordinate is divided, and by what share of a part neighbours overlap. */
  readonly subdomains: { readonly counts: readonly number[]; readonly overlap: number } | undefined;
}

type NetworkOption = Exclude<SolveSettings['network'], string | undefined>;
type FourierOption = Extract<NetworkOption, { fourierFeatures?: unknown }>['fourierFeatures'];

/** With less, ramps are so steep that they are hard to make up for; with more, more networks meet at every point. */
const defaultOverlap = 0.75;

const plain = {
  architecture: 'multilayer-perceptron',
  separate: false,
  fourierFeatures: undefined,
  randomFeatures: undefined,
  subdomains: undefined,
} as const;

/** More parameters, and more networks, than a computer's memory holds with what training needs beside them. */
const mostParameters = 20_000_000;
const mostSubdomains = 10_000;

/** @throws ProblemError where scales or subdomains are not those of the problem's coordinates, or too large */
export function networkSettings(network: SolveSettings['network'], problem: Problem): NetworkSettings {
  const settings = readNetwork(network, problem);
  const parameters = parameterEstimate(problem, settings);
  if (parameters > mostParameters)
    throw new ProblemError(`a network of about ${parameters.toExponential(0)} parameters is too large`, {
      path: 'solve.network',
      hint: `at most ${mostParameters} are supported; hundreds to thousands suffice for most problems`,
    });
  return settings;
}

function readNetwork(network: SolveSettings['network'], problem: Problem): NetworkSettings {
  const usual = problem.coordinates.length === 1 ? { width: 16, depth: 2 } : { width: 20, depth: 3 };
  if (network === undefined) return { ...usual, ...plain };
  if (typeof network === 'string') return { ...parseNetworkSize(network), ...plain };
  const subdomains = subdomainsOf(network.subdomains, problem);
  if ('randomFeatures' in network) {
    const { count, scale } = network.randomFeatures;
    const scales =
      typeof scale === 'number'
        ? problem.coordinates.map(() => scale)
        : byCoordinate(scale, problem, 'randomFeatures');
    return { width: count, depth: 1, ...plain, randomFeatures: { count, scales }, subdomains };
  }
  const { width, depth, architecture, separate, fourierFeatures } = network;
  return {
    width: width ?? usual.width,
    depth: depth ?? usual.depth,
    architecture: architecture ?? plain.architecture,
    separate: separate ?? false,
    fourierFeatures: fourierOf(fourierFeatures, problem),
    randomFeatures: undefined,
    subdomains,
  };
}

/** The option that these settings come from. */
export function networkOption(
  settings: NetworkSettings,
  problem: Pick<Problem, 'coordinates'>,
): NetworkOption {
  const { width, depth, architecture, separate, fourierFeatures, randomFeatures, subdomains } = settings;
  const names = problem.coordinates.map(({ name }) => name);
  const keyed = <T>(values: readonly T[]): Record<string, T> =>
    Object.fromEntries(values.map((value, i) => [names[i], value]));
  // Runs that were stored before there were these have none of them.
  const divided = subdomains && {
    subdomains: { ...keyed(subdomains.counts), overlap: subdomains.overlap },
  };
  if (randomFeatures !== undefined) {
    const { count, scales } = randomFeatures;
    return { randomFeatures: { count, scale: keyed(scales) }, ...divided };
  }
  return {
    width,
    depth,
    ...(architecture === 'modified' && { architecture }),
    ...(separate && { separate }),
    ...(fourierFeatures && { fourierFeatures: storedFourier(fourierFeatures, keyed) }),
    ...divided,
  };
}

function storedFourier(
  fourierFeatures: NonNullable<NetworkSettings['fourierFeatures']>,
  keyed: (values: readonly number[][]) => Record<string, number[]>,
): FourierOption {
  const { count, scales } = fourierFeatures;
  if (scales === undefined) return fourierFeatures as unknown as FourierOption;
  return { count, scale: keyed(scales[0].map((_, c) => scales.map((group) => group[c]))) };
}

/** About how many parameters the networks have, unknowns not counted. */
export function parameterEstimate(
  problem: Problem,
  settings: NetworkSettings,
  width = settings.width,
): number {
  const { depth, architecture, separate, randomFeatures, subdomains } = settings;
  const [dimension, fields] = [problem.coordinates.length, problem.fields.length];
  const regions = Math.max(...problem.fields.map((field) => field.pieces?.length ?? 1));
  const pieces = regions * (subdomains?.counts.reduce((product, count) => product * count, 1) ?? 1);
  if (randomFeatures !== undefined) return pieces * (width + 1) * fields;
  const encodings = architecture === 'modified' ? 2 * width * (dimension + 1) : 0;
  const ofOne = (outputs: number): number =>
    width * width * (depth - 1) + width * (dimension + outputs + depth) + encodings;
  return pieces * (separate ? fields * ofOne(1) : ofOne(fields));
}

function byCoordinate<T>(values: Readonly<Record<string, T>>, problem: Problem, key: string): T[] {
  const names = problem.coordinates.map(({ name }) => name);
  const fits = names.every((name) => values[name] !== undefined);
  if (!fits || Object.keys(values).length !== names.length)
    throw new ProblemError(
      `the scales of the ${key === 'randomFeatures' ? 'random' : 'Fourier'} features are not those of the coordinates`,
      {
        path: `solve.network.${key}.scale`,
        hint: `give one number, or one for each of ${names.join(', ')}`,
      },
    );
  return names.map((name) => values[name]);
}

function fourierOf(option: FourierOption, problem: Problem): NetworkSettings['fourierFeatures'] {
  if (option === undefined) return undefined;
  const { count, scale } = option;
  const lists =
    typeof scale === 'number' || Array.isArray(scale)
      ? problem.coordinates.map(() => [scale].flat())
      : byCoordinate(scale, problem, 'fourierFeatures').map((value) => [value].flat());
  const groups = Math.max(...lists.map(({ length }) => length));
  if (lists.some(({ length }) => length !== 1 && length !== groups))
    throw new ProblemError('the coordinates have different numbers of scales', {
      path: 'solve.network.fourierFeatures.scale',
      hint: 'give each as many, or one',
    });
  if (count < groups)
    throw new ProblemError(`${count} Fourier features cannot have ${groups} scales`, {
      path: 'solve.network.fourierFeatures',
      hint: 'use as many features as scales, or more',
    });
  return {
    count,
    scales: Array.from({ length: groups }, (_, k) => lists.map((list) => list[Math.min(k, list.length - 1)])),
  };
}

function subdomainsOf(option: NetworkOption['subdomains'], problem: Problem): NetworkSettings['subdomains'] {
  if (option === undefined) return undefined;
  const { overlap = defaultOverlap, ...parts } = option;
  const names = problem.coordinates.map(({ name }) => name);
  const stranger = Object.keys(parts).find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw new ProblemError(`\`${stranger}\` is not a coordinate`, {
      path: 'solve.network.subdomains',
      hint: `coordinates are ${names.join(', ')}; beside them there is overlap`,
    });
  const counts = names.map((name) => parts[name] ?? 1);
  const boxes = counts.reduce((product, count) => product * count, 1);
  if (boxes > mostSubdomains)
    throw new ProblemError(`${boxes} subdomains are too many`, {
      path: 'solve.network.subdomains',
      hint: `each has a network of its own; at most ${mostSubdomains} are supported`,
    });
  return counts.every((count) => count === 1) ? undefined : { counts, overlap };
}
