/** One network on one set of points: jets forward through its trained layers, and the reverse sweep. */
import type { JetPlan } from '../../jet/jet-plan.ts';
import { productTerms } from '../../jet/product-terms.ts';
import { activationNamed } from '../../network/activation/index.ts';
import type { ActivationLayer, AffineLayer, GateLayer, Network } from '../../network/trial-solution.ts';
import {
  type ActivationRecord,
  activationAdjoint,
  activationForward,
  type TensorJets,
} from './activation-jets.ts';
import { type GateRecord, gateAdjoint, gateForward } from './gate-jets.ts';
import type { MaybeTensor, Tensor, TensorArithmetic } from './tensor-arithmetic.ts';

/** W (inputs, outputs) and b (1, outputs) of an affine layer. */
export interface AffineTensors {
  readonly matrix: Tensor;
  readonly bias: Tensor;
}

/** What {@link networkAdjoint} needs of the way forward, layer by layer. */
export type LayerRecord =
  | { readonly kind: 'affine'; readonly x: TensorJets }
  | { readonly kind: 'activation'; readonly record: ActivationRecord }
  | { readonly kind: 'gate'; readonly record: GateRecord };

export function trainedLayers(network: Network): (AffineLayer | ActivationLayer | GateLayer)[] {
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
  const layers = trainedLayers(network);
  const gated = layers.some(({ kind }) => kind === 'gate');
  const products = gated ? productTerms(plan.indices) : [];
  /** What the first activation gives, which every gate needs. */
  let encodings: TensorJets | undefined;
  for (const layer of layers) {
    const before = jets;
    // What only this layer needed is freed with it, so that the next one finds warm memory.
    tf.tidy(() => {
      if (layer.kind === 'affine') {
        const { matrix, bias } = parameters[affine++];
        if (adjoint) records.push({ kind: 'affine', x: jets });
        jets = jets.map((x, component) => {
          if (x === null) return component === 0 ? bias : null;
          const z = tf.matMul(x, matrix);
          return component === 0 ? tf.add(z, bias) : z;
        });
        return present(jets);
      }
      if (layer.kind === 'gate') {
        const step = gateForward(arithmetic, products, layer.width, encodings!, jets);
        jets = step.y;
        if (!adjoint) return present(jets);
        records.push({ kind: 'gate', record: step.record });
        return present([...jets, ...step.record.z, ...step.record.difference]);
      }
      const step = activationForward(arithmetic, activationNamed(layer.activation), plan, jets, adjoint);
      jets = step.y;
      if (gated) encodings ??= jets;
      if (!adjoint) return present(jets);
      records.push({ kind: 'activation', record: step.record });
      return [...present(jets), ...recorded(step.record)];
    });
    if (!adjoint) free(before, [...jets, ...(encodings ?? [])]);
  }
  return { output: jets, records };
}

function present(tensors: readonly MaybeTensor[]): Tensor[] {
  return tensors.filter((tensor) => tensor !== null);
}

function recorded({ z, derivatives, inner }: ActivationRecord): Tensor[] {
  return present([...z, ...derivatives, ...inner.flatMap((byDerivative) => [...byDerivative.values()])]);
}

/** Disposes of tensors that are neither constants nor still needed. */
function free(tensors: readonly MaybeTensor[], needed: readonly MaybeTensor[]): void {
  for (const tensor of tensors) {
    if (tensor !== null && !tensor.kept && !needed.includes(tensor)) tensor.dispose();
  }
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
  /** Of the encodings, what gates have left so far. */
  let encodingBars: readonly MaybeTensor[] | undefined;
  const products = records.some(({ kind }) => kind === 'gate') ? productTerms(plan.indices) : [];
  let affine = parameters.length;
  for (let l = records.length - 1; l >= 0; l--) {
    const record = records[l];
    const before = bars;
    tf.tidy(() => {
      if (record.kind === 'activation') {
        bars = activationAdjoint(arithmetic, plan, record.record, bars);
        return present(bars);
      }
      if (record.kind === 'gate') {
        const step = gateAdjoint(arithmetic, products, record.record, bars, encodingBars);
        ({ bars, encodingBars } = step);
        return present([...bars, ...encodingBars]);
      }
      affine--;
      const gradient = affineGradient(arithmetic, record.x, bars);
      gradients[affine] = gradient;
      if (affine > 0) {
        const transposed = arithmetic.transposedOperand(parameters[affine].matrix);
        bars = bars.map((bar, component) =>
          bar === null || record.x[component] === null ? null : tf.matMul(bar, transposed),
        );
      }
      return present([gradient.matrix, gradient.bias, ...bars]);
    });
    const { matrix, bias } = gradients[affine] ?? { matrix: null, bias: null };
    free(before, [...bars, matrix, bias]);
    if (record.kind === 'activation') free(recorded(record.record), bars);
    if (affine === 0) break;
  }
  return gradients;
}

function affineGradient(
  arithmetic: TensorArithmetic,
  x: TensorJets,
  bars: readonly MaybeTensor[],
): { matrix: MaybeTensor; bias: MaybeTensor } {
  let matrix: MaybeTensor = null;
  x.forEach((component, i) => {
    const bar = bars[i];
    if (component === null || bar === null) return;
    matrix = arithmetic.add(matrix, arithmetic.transposedProduct(component, bar));
  });
  return { matrix, bias: bars[0] === null ? null : arithmetic.rowSum(bars[0]) };
}
