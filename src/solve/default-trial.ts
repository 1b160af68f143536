/** The trial solution that solve() builds where nothing else is asked for. */
import { NotSupportedError } from '../errors.ts';
import {
  boxEmbedding,
  fourierFeatures,
  multilayerPerceptron,
  periodicEmbedding,
  randomFeatureNetwork,
  requireSmoothness,
  type Subdomain,
  subdomains,
} from '../network/index.ts';
import type { EmbeddingLayer, Network, TrialSolution } from '../network/trial-solution.ts';
import type { Problem } from '../problem/index.ts';
import { networkFields } from '../problem/pieces.ts';
import { chartFeatures, chartsOfGeometry } from './random-features/charts-of-geometry.ts';
import { problemOrder, type ResolvedSettings } from './settings.ts';

/**
 * Coordinates whose periodic condition holds by construction: every field that depends on them is embedded. Where the
 * domain is divided along one, its first and last network know nothing of each other.
 */
export function periodicCoordinates(problem: Problem, settings: ResolvedSettings): Set<number> {
  const conditions = problem.definition.conditions ?? [];
  return new Set(
    problem.conditions.flatMap((condition) => {
      if (condition.kind !== 'periodic') return [];
      const { hard } = conditions[problem.conditions.indexOf(condition)] ?? {};
      const missing =
        condition.order < 1
          ? 'a periodic network has periodic derivatives too'
          : (settings.subdomains?.counts[condition.coordinate] ?? 1) > 1
            ? 'the domain is divided along the coordinate'
            : undefined;
      if (hard === true && missing !== undefined)
        throw new NotSupportedError(`${condition.text} cannot be built in here: ${missing}`, {
          path: `${condition.path}.hard`,
          hint: 'leave `hard` out to have it in the loss',
        });
      return hard === false || missing !== undefined ? [] : [condition.coordinate];
    }),
  );
}

function embeddingOf(
  coordinates: readonly number[],
  periodic: ReadonlySet<number>,
  settings: ResolvedSettings,
  seed: number,
): EmbeddingLayer | undefined {
  const positions = coordinates.flatMap((c, i) => (periodic.has(c) ? [i] : []));
  const inputs = coordinates.length;
  if (settings.fourierFeatures !== undefined) {
    const { count, scales } = settings.fourierFeatures;
    const scale = scales.map((group) => coordinates.map((c) => group[c]));
    return fourierFeatures({ inputs, count, scale, periodic: positions, seed });
  }
  return positions.length > 0 ? periodicEmbedding({ inputs, periodic: positions }) : undefined;
}

/** Random features that are periodic where the conditions say so. */
function featuresOf(
  coordinates: readonly number[],
  fields: readonly string[],
  periodic: ReadonlySet<number>,
  { randomFeatures }: ResolvedSettings,
  seed: number,
): Network {
  return randomFeatureNetwork({
    coordinates,
    fields,
    count: randomFeatures!.count,
    scales: coordinates.map((c) => randomFeatures!.scales[c]),
    periodic: coordinates.flatMap((c, i) => (periodic.has(c) ? [i] : [])),
    seed,
  });
}

/** Random features around each hole and each re-entrant corner. */
function chartNetworks(problem: Problem, settings: ResolvedSettings, before: number): Network[] {
  const charts = chartsOfGeometry(problem);
  return fieldGroups(problem, settings.separate).flatMap(({ coordinates, fields: all }, group) =>
    charts.flatMap((chart, i): Network[] => {
      const own = chart.kind === 'polar' ? chart.fields : undefined;
      const fields = own === undefined ? all : all.filter((name) => own.includes(name));
      if (fields.length === 0) return [];
      const { count, scale } = chartFeatures(problem, chart, settings.randomFeatures!.count);
      const features = randomFeatureNetwork({
        coordinates,
        fields,
        count,
        scales: coordinates.map((c) =>
          chart.coordinates.includes(c) ? scale : settings.randomFeatures!.scales[c],
        ),
        seed: settings.seed + before + group * charts.length + i,
      });
      return [{ ...features, chart }];
    }),
  );
}

/** The same network on its own box, with its inputs measured in that box. */
function inSubdomain(network: Network, { window, box }: Subdomain): Network {
  const [first, ...rest] = network.layers;
  const own = network.coordinates.map((c) => box[c]);
  const layers =
    first.kind === 'embedding' ? [boxEmbedding(own, first), ...rest] : [boxEmbedding(own), first, ...rest];
  return { ...network, layers, window };
}

/** The fields that share a network, with the coordinates they depend on. */
function fieldGroups(
  problem: Problem,
  separate: boolean,
): { readonly coordinates: readonly number[]; readonly fields: readonly string[] }[] {
  const groups = new Map<string, { coordinates: readonly number[]; fields: string[] }>();
  for (const { name, field, region } of networkFields(problem)) {
    const { of } = field;
    const key = separate ? name : `${of.join(',')} ${region ?? ''}`;
    const group = groups.get(key) ?? { coordinates: of, fields: [] };
    group.fields.push(name);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/**
 * One network, a multilayer perceptron or random features, for all fields that depend on the same coordinates, or for
 * each field; where the domain is divided, one for each subdomain.
 *
 * @throws ProblemError where the activation lacks a derivative that the equations need.
 */
export function defaultTrial(problem: Problem, settings: ResolvedSettings): TrialSolution {
  const order = problemOrder(problem);
  requireSmoothness(settings.activation, order);
  const periodic = periodicCoordinates(problem, settings);
  const networkOf = (coordinates: readonly number[], fields: readonly string[], seed: number): Network => {
    if (settings.randomFeatures !== undefined)
      return featuresOf(coordinates, fields, periodic, settings, seed);
    return multilayerPerceptron({
      coordinates,
      fields,
      width: settings.width,
      depth: settings.depth,
      activation: settings.activation,
      architecture: settings.architecture,
      embedding: embeddingOf(coordinates, periodic, settings, settings.seed),
    });
  };
  const networks: Network[] = [];
  for (const { coordinates, fields } of fieldGroups(problem, settings.separate)) {
    const counts = settings.subdomains?.counts.map((count, c) => (coordinates.includes(c) ? count : 1));
    if (counts === undefined || counts.every((count) => count === 1))
      networks.push(networkOf(coordinates, fields, settings.seed + networks.length));
    else {
      const { overlap } = settings.subdomains!;
      for (const subdomain of subdomains({ counts, overlap, smoothness: Math.max(1, order) })) {
        const network = networkOf(coordinates, fields, settings.seed + networks.length);
        networks.push(inSubdomain(network, subdomain));
      }
    }
  }
  if (settings.randomFeatures !== undefined)
    networks.push(...chartNetworks(problem, settings, networks.length));
  return { dimension: problem.coordinates.length, networks };
}
