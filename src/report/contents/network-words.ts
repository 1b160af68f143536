/** A trial solution in words. */

import { featureSumLayers } from '../../network/feature-sum.ts';
import { axisCount } from '../../network/separable.ts';
import {
  type EmbeddingLayer,
  type Network,
  networkSize,
  type TrialSolution,
} from '../../network/trial-solution.ts';
import type { Problem } from '../../problem/index.ts';

/** A count with thousands set apart: 1,761. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/**
 * A periodic embedding has, in each sine, one coordinate alone with a whole multiple of π; the map to a subdomain's box
 * has none.
 */
function embeddingWords(layer: EmbeddingLayer, names: readonly string[]): string | undefined {
  if (!layer.sine.some(Boolean)) return undefined;
  const periodic = new Set<string>();
  for (let j = 0; j < layer.outputs; j++) {
    if (!layer.sine[j]) continue;
    const active = names.flatMap((_, i) => (layer.matrix[i * layer.outputs + j] === 0 ? [] : [i]));
    const harmonic = layer.matrix[active[0] * layer.outputs + j] / Math.PI;
    if (active.length !== 1 || Math.abs(harmonic - Math.round(harmonic)) > 1e-12)
      return `${layer.outputs / 2} Fourier features`;
    periodic.add(names[active[0]]);
  }
  return `periodic in ${[...periodic].join(', ')}`;
}

/** Largest frequencies in the user's units are of no use to a reader who does not know the scaling: waves are. */
function featureWords({ inputs, outputs, matrix }: EmbeddingLayer, names: readonly string[]): string {
  const waves = Array.from({ length: inputs }, (_, i) => {
    const largest = Math.max(...matrix.subarray(i * outputs, (i + 1) * outputs).map(Math.abs));
    return `${(largest / Math.PI).toPrecision(2)} along ${names[i]}`;
  });
  return `${countText(outputs)} random features of up to ${waves.join(', ')} waves`;
}

function oneNetwork(network: Network, problem: Problem): string {
  const names = network.coordinates.map((i) => problem.coordinates[i].name);
  const { separable } = network;
  if (separable !== undefined) {
    const along = separable.axes.map((axis, i) => {
      const kind = axis.kind === 'chebyshev' ? 'polynomials' : 'waves';
      return `${countText(axisCount(axis))} ${kind} along ${names[i]}`;
    });
    return `all products of ${along.join(', ')}: ${countText(networkSize(network))} coefficients`;
  }
  const sum = featureSumLayers(network);
  if (sum !== undefined)
    return `${featureWords(sum.features, names)}, ${countText(networkSize(network))} parameters`;
  const hidden = network.layers.flatMap((layer) => (layer.kind === 'affine' ? [layer.outputs] : []));
  hidden.pop();
  const gated = network.layers.some(({ kind }) => kind === 'gate');
  // Two encodings stand beside the first hidden layer.
  if (gated) hidden[0] /= 3;
  const alike = hidden.every((width) => width === hidden[0]);
  const size = alike ? `${hidden[0]} × ${hidden.length}` : hidden.join(', ');
  const activation = network.layers.find((layer) => layer.kind === 'activation');
  const embedding = network.layers.find((layer) => layer.kind === 'embedding');
  const words = embedding && embeddingWords(embedding, names);
  return [
    gated ? `modified ${size}` : size,
    ...(activation === undefined ? [] : [activation.activation]),
    ...(words === undefined ? [] : [words]),
    `${countText(networkSize(network))} parameters`,
  ].join(', ');
}

/** "4 along x, 2 along y": distinct ramps up, and the subdomain that begins with the domain. */
function divisionWords(networks: readonly Network[], problem: Problem): string {
  const ramps = new Map<number, Set<string>>();
  for (const { window } of networks)
    for (const { coordinate, rise } of window!.spans)
      ramps.set(coordinate, (ramps.get(coordinate) ?? new Set()).add(String(rise)));
  return [...ramps]
    .sort(([a], [b]) => a - b)
    .map(([coordinate, rises]) => `${rises.size} along ${problem.coordinates[coordinate].name}`)
    .join(', ');
}

/**
 * "20 × 4, tanh, 1,341 parameters" (width × depth); several networks with the fields they give, those of subdomains
 * together.
 */
export function networkWords(trial: TrialSolution, problem: Problem): string {
  const groups = new Map<string, Network[]>();
  trial.networks.forEach((network) => {
    const key = network.fields.join(', ');
    groups.set(key, [...(groups.get(key) ?? []), network]);
  });
  const words = [...groups.values()].map((all) => {
    const networks = all.filter(({ chart }) => chart === undefined);
    const around = all.length - networks.length;
    const charted = around === 0 ? '' : `, and ${countText(around)} around holes and corners`;
    const own = oneNetwork(networks[0], problem);
    if (networks[0].window === undefined) return own + charted;
    return `${countText(networks.length)} subdomains (${divisionWords(networks, problem)}), in each ${own}${charted}`;
  });
  if (groups.size === 1) return words[0];
  return [...groups.keys()].map((fields, i) => `${fields}: ${words[i]}`).join('; ');
}
