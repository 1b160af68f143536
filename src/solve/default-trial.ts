/** The trial solution that solve() builds where nothing else is asked for. */
import {
  fourierFeatures,
  multilayerPerceptron,
  periodicEmbedding,
  randomFeatureNetwork,
  requireSmoothness,
} from '../network/index.ts';
import type { EmbeddingLayer, Network, TrialSolution } from '../network/trial-solution.ts';
import type { Problem } from '../problem/index.ts';
import { problemOrder, type ResolvedSettings } from './settings.ts';

/** Coordinates whose periodic condition holds by construction: every field that depends on them is embedded. */
export function periodicCoordinates(problem: Problem, settings: ResolvedSettings): Set<number> {
  if (settings.fourierFeatures !== undefined) return new Set();
  const conditions = problem.definition.conditions ?? [];
  return new Set(
    problem.conditions.flatMap((condition) => {
      if (condition.kind !== 'periodic' || condition.order < 1) return [];
      const index = problem.conditions.indexOf(condition);
      return conditions[index]?.hard === false ? [] : [condition.coordinate];
    }),
  );
}

function embeddingOf(
  coordinates: readonly number[],
  periodic: ReadonlySet<number>,
  settings: ResolvedSettings,
): EmbeddingLayer | undefined {
  const positions = coordinates.flatMap((c, i) => (periodic.has(c) ? [i] : []));
  if (positions.length > 0) return periodicEmbedding({ inputs: coordinates.length, periodic: positions });
  if (settings.fourierFeatures === undefined) return undefined;
  return fourierFeatures({ inputs: coordinates.length, ...settings.fourierFeatures, seed: settings.seed });
}

/** Random features that are periodic where the conditions say so; each network draws its own. */
function featuresOf(
  coordinates: readonly number[],
  fields: readonly string[],
  periodic: ReadonlySet<number>,
  { randomFeatures, seed }: ResolvedSettings,
  position: number,
): Network {
  return randomFeatureNetwork({
    coordinates,
    fields,
    count: randomFeatures!.count,
    scales: coordinates.map((c) => randomFeatures!.scales[c]),
    periodic: coordinates.flatMap((c, i) => (periodic.has(c) ? [i] : [])),
    seed: seed + position,
  });
}

/**
 * One network, a multilayer perceptron or random features, for all fields that depend on the same coordinates.
 *
 * @throws ProblemError where the activation lacks a derivative that the equations need.
 */
export function defaultTrial(problem: Problem, settings: ResolvedSettings): TrialSolution {
  const order = problemOrder(problem);
  requireSmoothness(settings.activation, order);
  const periodic = periodicCoordinates(problem, settings);
  const groups = new Map<string, { coordinates: readonly number[]; fields: string[] }>();
  for (const { name, of } of problem.fields) {
    const key = of.join(',');
    const group = groups.get(key) ?? { coordinates: of, fields: [] };
    group.fields.push(name);
    groups.set(key, group);
  }
  const networks = [...groups.values()].map(({ coordinates, fields }, n): Network => {
    if (settings.randomFeatures !== undefined) return featuresOf(coordinates, fields, periodic, settings, n);
    return multilayerPerceptron({
      coordinates,
      fields,
      width: settings.width,
      depth: settings.depth,
      activation: settings.activation,
      embedding: embeddingOf(coordinates, periodic, settings),
    });
  });
  return { dimension: problem.coordinates.length, networks };
}
