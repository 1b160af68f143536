import { ProblemError } from '../errors.ts';
import { activationNamed } from './activation/index.ts';
import type { ActivationName } from './activation.ts';
import type { AffineLayer, EmbeddingLayer, Layer, Network } from './trial-solution.ts';

export interface MultilayerPerceptronOptions {
  /** Positions of the problem's coordinates that are its inputs. */
  readonly coordinates: readonly number[];
  /** Names of its outputs. */
  readonly fields: readonly string[];
  /** Neurons of each hidden layer. */
  readonly width: number;
  /** Number of hidden layers. */
  readonly depth: number;
  readonly activation: ActivationName;
  /** A fixed map in front, with as many inputs as there are coordinates. */
  readonly embedding?: EmbeddingLayer;
  /** Default: multilayer-perceptron. */
  readonly architecture?: Architecture;
}

export type Architecture = 'multilayer-perceptron' | 'modified';

/**
 * A fully connected network: `depth` hidden layers of `width` neurons, then a linear output layer. In the modified
 * architecture every hidden layer z is a gate between two encodings of the input, h = (1 − z)∘U + z∘V with
 * U = σ(x·W_U + b_U), V = σ(x·W_V + b_V) (Wang, Teng & Perdikaris, Understanding and mitigating gradient flow
 * pathologies in physics-informed neural networks, SIAM J. Sci. Comput. 43, 2021).
 *
 * @throws ProblemError if a size is not a positive whole number or the embedding does not fit
 */
export function multilayerPerceptron(options: MultilayerPerceptronOptions): Network {
  const { coordinates, fields, width, depth, activation, embedding, architecture } = options;
  const gated = architecture === 'modified';
  activationNamed(activation);
  for (const [name, value] of Object.entries({ width, depth })) {
    if (!Number.isInteger(value) || value < 1)
      throw new ProblemError(`the network's ${name} is ${value}`, {
        hint: 'it has to be a whole number above 0',
      });
  }
  if (coordinates.length === 0 || fields.length === 0)
    throw new ProblemError('a network needs at least one coordinate and one field');
  if (embedding !== undefined && embedding.inputs !== coordinates.length) {
    throw new ProblemError(
      `the embedding takes ${embedding.inputs} inputs, the network has ${coordinates.length} coordinates`,
    );
  }
  const layers: Layer[] = embedding === undefined ? [] : [embedding];
  let inputs = embedding?.outputs ?? coordinates.length;
  for (let i = 0; i < depth; i++) {
    // U, V and the first z are one layer.
    const parts = gated && i === 0 ? 3 : 1;
    const affine: AffineLayer = { kind: 'affine', inputs, outputs: parts * width };
    layers.push(parts === 1 ? affine : { ...affine, parts }, { kind: 'activation', activation });
    if (gated) layers.push({ kind: 'gate', width });
    inputs = width;
  }
  layers.push({ kind: 'affine', inputs, outputs: fields.length });
  return { coordinates, layers, fields };
}

/**
 * Reads a size written as `20x4`: width 20, depth 4.
 *
 * @throws ProblemError if the text is not of that form
 */
export function parseNetworkSize(text: string): { width: number; depth: number } {
  const match = /^\s*(\d+)\s*[x×]\s*(\d+)\s*$/i.exec(text);
  const hint = 'write width x depth, as in 20x4: four hidden layers of 20 neurons';
  if (match === null) throw new ProblemError(`\`${text}\` is not a network size`, { hint });
  const [width, depth] = [Number(match[1]), Number(match[2])];
  if (width < 1 || depth < 1 || width > 1e5 || depth > 1e3)
    throw new ProblemError(`a network of width ${width} and depth ${depth} cannot be built`, { hint });
  return { width, depth };
}
