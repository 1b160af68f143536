/** A network with the jet that a block needs of it: layers, places in θ, code of the activations. */
import { NotSupportedError, ProblemError } from '../../errors.ts';
import { type MultiIndex, totalOrder } from '../../jet/multi-index.ts';
import { activationNamed } from '../../network/activation/index.ts';
import type { Network } from '../../network/trial-solution.ts';
import { type ActivationCode, activationCode } from './activation-code.ts';
import type { CollapsedJet } from './collapsed-jet.ts';
import { type GateCode, gateCode } from './gate-code.ts';
import type { LoopModule } from './loop-module.ts';

export interface AffinePlan {
  readonly kind: 'affine';
  readonly inputs: number;
  readonly outputs: number;
  /** Where its matrix stands in θ, the bias after it. */
  readonly offset: number;
}

export interface EmbeddingPlan {
  readonly kind: 'embedding';
  readonly inputs: number;
  readonly outputs: number;
  readonly matrix: Float64Array;
  readonly bias: Float64Array;
  /** Columns without the sine. */
  readonly linear: readonly number[];
  readonly sine: ActivationCode;
}

export interface ActivationPlan {
  readonly kind: 'activation';
  readonly width: number;
  /** For the value of the loss alone. */
  readonly value: ActivationCode;
  /** With what the adjoint needs. */
  readonly full: ActivationCode;
}

export interface GatePlan extends GateCode {
  readonly kind: 'gate';
  readonly outputs: number;
  /** Whether it stands right behind the encodings. */
  readonly first: boolean;
}

export type LayerPlan = AffinePlan | EmbeddingPlan | ActivationPlan | GatePlan;

/** One network evaluated at one point set of a block. */
export interface PassPlan {
  readonly network: number;
  /** Point set. */
  readonly side: number;
  /** Number of jet components. */
  readonly components: number;
  readonly inputs: number;
  /** Fields. */
  readonly outputs: number;
  /** For every input its coordinate, and the constants that the components of its jet are, the value left out. */
  readonly coordinates: readonly { readonly coordinate: number; readonly slopes: readonly number[] }[];
  readonly layers: readonly LayerPlan[];
  /** The network's part of θ. */
  readonly offset: number;
  readonly size: number;
}

/** The encodings are what the first trained layer and its activation give, and the first gate follows them. */
function checkEncodings({ layers }: Network, n: number, gate: number): void {
  const trained = layers.findIndex(({ kind }) => kind === 'affine');
  if (trained < 0 || gate !== trained + 2 || layers[trained + 1].kind !== 'activation')
    throw new NotSupportedError(`the first gate of network ${n} does not stand behind its first activation`);
}

/** A multi-index of the problem in the coordinates of a network; null if it derives along another one. */
export function localIndex(network: Network, index: MultiIndex): MultiIndex | null {
  const own = network.coordinates;
  return index.every((k, i) => k === 0 || own.includes(i)) ? own.map((i) => index[i]) : null;
}

/**
 * @param n position of the network among those of the trial solution
 * @param offset where its parameters begin in θ
 * @param loops takes up the loops of the activations
 * @throws ProblemError if the layers do not fit together
 */
export function passPlan(
  network: Network,
  n: number,
  side: number,
  jet: CollapsedJet,
  offset: number,
  loops: LoopModule,
): PassPlan {
  let width = network.coordinates.length;
  let position = offset;
  let trained = false;
  const gates = network.layers.flatMap(({ kind }, l) => (kind === 'gate' ? [l] : []));
  if (gates.length > 0) checkEncodings(network, n, gates[0]);
  const layers = network.layers.map((layer, l): LayerPlan => {
    if (layer.kind === 'gate') {
      const first = l === gates[0];
      if (width !== (first ? 3 : 1) * layer.width)
        throw new ProblemError(`a gate of network ${n} has the width ${layer.width} and is given ${width}`);
      width = layer.width;
      return {
        kind: 'gate',
        outputs: width,
        first,
        ...gateCode(jet, width, first, l === gates.at(-1), loops),
      };
    }
    if (layer.kind === 'activation') {
      const activation = activationNamed(layer.activation);
      return {
        kind: 'activation',
        width,
        value: activationCode(activation, jet, width, false, loops),
        full: activationCode(activation, jet, width, trained, loops),
      };
    }
    if (layer.inputs !== width) {
      throw new ProblemError(`a layer of network ${n} takes ${layer.inputs} inputs and is given ${width}`);
    }
    width = layer.outputs;
    if (layer.kind === 'affine') {
      trained = true;
      const at = position;
      position += (layer.inputs + 1) * layer.outputs;
      return { kind: 'affine', inputs: layer.inputs, outputs: layer.outputs, offset: at };
    }
    if (trained) throw new NotSupportedError('an embedding stands behind a trained layer');
    return {
      kind: 'embedding',
      inputs: layer.inputs,
      outputs: layer.outputs,
      matrix: layer.matrix,
      bias: layer.bias,
      linear: layer.sine.flatMap((sine, column) => (sine ? [] : [column])),
      sine: activationCode(activationNamed('sine'), jet, layer.outputs, false, loops),
    };
  });
  if (width !== network.fields.length) {
    throw new ProblemError(`network ${n} has ${width} outputs for ${network.fields.length} fields`);
  }
  return {
    network: n,
    side,
    components: jet.components.length,
    inputs: network.coordinates.length,
    outputs: width,
    coordinates: network.coordinates.map((coordinate, i) => ({
      coordinate,
      slopes: jet.components
        .slice(1)
        .map((parts) => parts.find(({ index }) => totalOrder(index) === 1 && index[i] === 1)?.weight ?? 0),
    })),
    layers,
    offset,
    size: position - offset,
  };
}
