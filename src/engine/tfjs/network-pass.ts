/** One network on one set of points: jets forward through its trained layers, and the reverse sweep. */
import type { JetPlan } from '../../jet/jet-plan.ts';
import { activationNamed } from '../../network/activation/index.ts';
import type { ActivationLayer, AffineLayer, Network } from '../../network/trial-solution.ts';
import {
  type ActivationRecord,
  activationAdjoint,
  activationForward,
  type TensorJets,
} from './activation-jets.ts';
import type { MaybeTensor, Tensor, TensorArithmetic } from './tensor-arithmetic.ts';

/** W (inputs, outputs) and b (1, outputs) of an affine layer. */
export interface AffineTensors {
  readonly matrix: Tensor;
  readonly bias: Tensor;
}

/** What {@link networkAdjoint} needs of the way forward, layer by layer. */
export type LayerRecord =
  | { readonly kind: 'affine'; readonly x: TensorJets }
  | { readonly kind: 'activation'; readonly record: ActivationRecord };

export function trainedLayers(network: Network): (AffineLayer | ActivationLayer)[] {
  return network.layers.filter((layer) => layer.kind !== 'embedding');
}

/** The jets of the outputs, each component (N, fields), (1, fields) or null. */
export function networkForward(
  arithmetic: TensorArithmetic,
  network: Network,
  plan: JetPlan,
  parameters: readonly AffineTensors[],
  input: TensorJets,
  adjoint: boolean,
): { output: TensorJets; records: LayerRecord[] } {
  const { tf } = arithmetic;
  const records: LayerRecord[] = [];
  let jets = input;
  let affine = 0;
  for (const layer of trainedLayers(network)) {
    if (layer.kind === 'affine') {
      const { matrix, bias } = parameters[affine++];
      records.push({ kind: 'affine', x: jets });
      jets = jets.map((x, component) => {
        if (x === null) return component === 0 ? bias : null;
        const z = tf.matMul(x, matrix);
        return component === 0 ? tf.add(z, bias) : z;
      });
    } else {
      const step = activationForward(arithmetic, activationNamed(layer.activation), plan, jets, adjoint);
      records.push({ kind: 'activation', record: step.record });
      jets = step.y;
    }
  }
  return { output: jets, records };
}

/** The gradient with respect to every affine layer's parameters, given that of the outputs. */
export function networkAdjoint(
  arithmetic: TensorArithmetic,
  plan: JetPlan,
  parameters: readonly AffineTensors[],
  records: readonly LayerRecord[],
  outputBar: readonly MaybeTensor[],
): { matrix: MaybeTensor; bias: MaybeTensor }[] {
  const { tf } = arithmetic;
  const gradients: { matrix: MaybeTensor; bias: MaybeTensor }[] = parameters.map(() => ({
    matrix: null,
    bias: null,
  }));
  let bars = outputBar;
  let affine = parameters.length;
  for (let l = records.length - 1; l >= 0; l--) {
    const record = records[l];
    if (record.kind === 'activation') {
      bars = activationAdjoint(arithmetic, plan, record.record, bars);
      continue;
    }
    affine--;
    let matrix: MaybeTensor = null;
    record.x.forEach((x, component) => {
      const bar = bars[component];
      if (x === null || bar === null) return;
      matrix = arithmetic.add(matrix, arithmetic.transposedProduct(x, bar));
    });
    gradients[affine] = { matrix, bias: bars[0] === null ? null : arithmetic.rowSum(bars[0]) };
    if (affine === 0) break;
    const transposed = arithmetic.transposedOperand(parameters[affine].matrix);
    bars = bars.map((bar, component) =>
      bar === null || record.x[component] === null ? null : tf.matMul(bar, transposed),
    );
  }
  return gradients;
}
