/**
 * The trial solution (the ansatz): networks whose outputs are the fields, in normalised coordinates and
 * normalised field values. It is plain data; engines give it life.
 *
 * The flat parameter vector θ holds the networks in order, each layer by layer (an affine layer's matrix,
 * row-major, then its bias), and after the last network the raw values of the unknowns.
 */
import type { ActivationName } from './activation.ts';
import type { NetworkChart } from './chart.ts';
import { type SeparableForm, separableSize } from './separable.ts';
import type { NetworkWindow } from './window.ts';

/** z = x·W + b with W of shape (inputs, outputs), row-major in θ, followed by b of length outputs. */
export interface AffineLayer {
  readonly kind: 'affine';
  readonly inputs: number;
  readonly outputs: number;
  /** Its columns are so many layers side by side, each drawn and widened for itself; absent means one. */
  readonly parts?: number;
}

/** The activation, on every column. */
export interface ActivationLayer {
  readonly kind: 'activation';
  readonly activation: ActivationName;
}

/**
 * h = (1 − z)∘U + z∘V on jets, where U and V are the first and the second third of what the network's first
 * activation gives, which has 3·width columns; z is the layer's own input, for the gate right behind that activation
 * its last third (Wang, Teng & Perdikaris, SIAM J. Sci. Comput. 43, 2021).
 */
export interface GateLayer {
  readonly kind: 'gate';
  readonly width: number;
}

/**
 * A fixed map in front of the trained layers: z = x·matrix + bias, then on each column j sin(z_j) or z_j.
 * Fourier features and periodic embeddings are of this form (cos z = sin(z + π/2)).
 */
export interface EmbeddingLayer {
  readonly kind: 'embedding';
  readonly inputs: number;
  readonly outputs: number;
  /** (inputs, outputs), row-major. */
  readonly matrix: Float64Array;
  /** (outputs). */
  readonly bias: Float64Array;
  /** For each output column whether the sine is applied. */
  readonly sine: readonly boolean[];
}

export type Layer = AffineLayer | ActivationLayer | GateLayer | EmbeddingLayer;

export interface Network {
  /** Positions of the problem's coordinates that are its inputs, in order. */
  readonly coordinates: readonly number[];
  readonly layers: readonly Layer[];
  /** One output column each. */
  readonly fields: readonly string[];
  /** A field that several networks have is the sum of their outputs, each times its window. */
  readonly window?: NetworkWindow;
  /** Coordinates of its own, in place of a window. */
  readonly chart?: NetworkChart;
  /** In place of layers, of which there are none then. It is evaluated on the host: engines do not know of it. */
  readonly separable?: SeparableForm;
}

export interface TrialSolution {
  /** Number of coordinates of the problem. */
  readonly dimension: number;
  readonly networks: readonly Network[];
}

/** Number of parameters of one network. */
export function networkSize(network: Network): number {
  if (network.separable !== undefined) return separableSize(network.separable);
  return network.layers.reduce(
    (sum, layer) => sum + (layer.kind === 'affine' ? (layer.inputs + 1) * layer.outputs : 0),
    0,
  );
}

/** Positions in θ of the parameters of every network's last layer, in which its fields are linear. */
export function lastLayerParameters(trial: TrialSolution): number[] {
  let offset = 0;
  return trial.networks.flatMap((network) => {
    offset += networkSize(network);
    const last = network.layers.findLast((layer) => layer.kind === 'affine');
    const size = last === undefined ? 0 : (last.inputs + 1) * last.outputs;
    return Array.from({ length: size }, (_, i) => offset - size + i);
  });
}

/** Number of parameters of all networks, unknowns not counted. */
export function trialSize(trial: TrialSolution): number {
  return trial.networks.reduce((sum, network) => sum + networkSize(network), 0);
}

/** Whether fields are sums of products, which engines do not know of. */
export function isSeparable({ networks }: TrialSolution): boolean {
  return networks.some(({ separable }) => separable !== undefined);
}

/** Whether fields are put together from several networks. */
export function hasWindows({ networks }: TrialSolution): boolean {
  return networks.some(({ window, chart }) => window !== undefined || chart !== undefined);
}
