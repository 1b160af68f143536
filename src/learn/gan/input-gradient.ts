/** The gradient of a network with respect to its input, itself made of operations that can be differentiated. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { NotSupportedError } from '../../errors.ts';

type Tensor = TensorFlow.Tensor;

/** A layer at one input: what it gives, and how a gradient at its output becomes one at its input. */
interface LayerPass {
  readonly output: Tensor;
  back(gradient: Tensor): Tensor;
}

/** φ(a), and φ′(a) by means of it. */
interface Activation {
  value(tf: TensorLibrary, a: Tensor): Tensor;
  slope(tf: TensorLibrary, a: Tensor, value: Tensor): Tensor;
}

/** The step 0 → `below`, 1 otherwise. */
const slopes = (tf: TensorLibrary, a: Tensor, below: number): Tensor =>
  tf.step(a, below === 0 ? undefined : below);

const activations: Readonly<Record<string, Activation>> = {
  relu: { value: (tf, a) => tf.relu(a), slope: (tf, a) => slopes(tf, a, 0) },
  tanh: { value: (tf, a) => tf.tanh(a), slope: (tf, _, h) => tf.sub(1, h.square()) },
  sigmoid: { value: (tf, a) => tf.sigmoid(a), slope: (tf, _, h) => h.mul(tf.sub(1, h)) },
  softplus: { value: (tf, a) => tf.softplus(a), slope: (tf, a) => tf.sigmoid(a) },
  elu: {
    value: (tf, a) => tf.elu(a),
    // e^a below zero, where min(h, 0) = e^a − 1, and 1 above.
    slope: (tf, _, h) => tf.minimum(h, 0).add(1),
  },
  swish: {
    value: (tf, a) => a.mul(tf.sigmoid(a)),
    slope: (tf, a, h) => tf.sigmoid(a).mul(tf.sub(1, h).add(a)),
  },
};

function activated(tf: TensorLibrary, name: string, a: Tensor, layer: string): LayerPass {
  if (name === 'linear') return { output: a, back: (gradient) => gradient };
  const activation = activations[name];
  if (activation === undefined)
    throw new NotSupportedError(
      `the input gradient of the activation "${name}" of layer "${layer}" is not known here; use one of linear, ${Object.keys(activations).join(', ')}, or a layer of leaky ReLU`,
    );
  const output = activation.value(tf, a);
  return { output, back: (gradient) => gradient.mul(activation.slope(tf, a, output)) };
}

function densePass(tf: TensorLibrary, layer: TensorFlow.layers.Layer, x: Tensor): LayerPass {
  const { activation, useBias } = layer.getConfig() as { activation: string; useBias: boolean };
  const [kernel, bias] = layer.getWeights() as [TensorFlow.Tensor2D, TensorFlow.Tensor1D?];
  const product = tf.matMul(x as TensorFlow.Tensor2D, kernel);
  const after = activated(tf, activation, useBias ? product.add(bias!) : product, layer.name);
  return {
    output: after.output,
    back: (gradient) => tf.matMul(after.back(gradient) as TensorFlow.Tensor2D, kernel, false, true),
  };
}

function convolutionPass(tf: TensorLibrary, layer: TensorFlow.layers.Layer, x: Tensor): LayerPass {
  const { activation, useBias, strides, padding, dataFormat, dilationRate } = layer.getConfig() as {
    activation: string;
    useBias: boolean;
    strides: [number, number];
    padding: 'same' | 'valid';
    dataFormat: string;
    dilationRate: number | readonly number[];
  };
  if (dataFormat === 'channelsFirst' || [dilationRate].flat().some((rate) => rate !== 1))
    throw new NotSupportedError(
      `the input gradient of layer "${layer.name}" is known for channels last and a dilation of 1`,
    );
  const [kernel, bias] = layer.getWeights() as [TensorFlow.Tensor4D, TensorFlow.Tensor1D?];
  const image = x as TensorFlow.Tensor4D;
  const product = tf.conv2d(image, kernel, strides, padding);
  const after = activated(tf, activation, useBias ? product.add(bias!) : product, layer.name);
  return {
    output: after.output,
    back: (gradient) =>
      tf.conv2dTranspose(after.back(gradient) as TensorFlow.Tensor4D, kernel, image.shape, strides, padding),
  };
}

function layerPass(tf: TensorLibrary, layer: TensorFlow.layers.Layer, x: Tensor): LayerPass {
  const kind = layer.getClassName();
  const config = layer.getConfig();
  switch (kind) {
    case 'InputLayer':
      return { output: x, back: (gradient) => gradient };
    case 'Dense':
      return densePass(tf, layer, x);
    case 'Conv2D':
      return convolutionPass(tf, layer, x);
    case 'Activation':
      return activated(tf, config.activation as string, x, layer.name);
    case 'ReLU':
      return activated(tf, 'relu', x, layer.name);
    case 'LeakyReLU': {
      const below = (config.alpha as number | null) ?? 0.3;
      const output = tf.leakyRelu(x, below);
      return { output, back: (gradient) => gradient.mul(slopes(tf, x, below)) };
    }
    case 'Flatten':
    case 'Reshape':
      return {
        output: layer.apply(x) as Tensor,
        back: (gradient) => gradient.reshape(x.shape),
      };
    default:
      throw new NotSupportedError(
        `the input gradient of a layer of kind ${kind} ("${layer.name}") is not known here; use Dense, Conv2D, Flatten, Reshape, Activation, ReLU or LeakyReLU`,
      );
  }
}

/**
 * ∂/∂x of the sum of a network's outputs, which for a network that maps sample by sample is the gradient of each
 * sample's output. The chain rule is written out layer by layer from the last to the first,
 *
 *   g ← (g ∘ φ′(a)) Wᵀ  (dense),   g ← W ⋆ᵀ (g ∘ φ′(a))  (convolution: its transpose),
 *
 * in operations that automatic differentiation can go through once more: the gradient of a loss of this gradient
 * with respect to the weights needs no differentiation within a differentiation, which tfjs gets wrong.
 *
 * @param network  layers in a row: dense, two-dimensional convolution, flatten, reshape, activations
 * @param x  (count, …)
 * @returns of the shape of x
 * @throws NotSupportedError for another layer or activation
 */
export function inputGradient(tf: TensorLibrary, network: TensorFlow.LayersModel, x: Tensor): Tensor {
  return tf.tidy(() => {
    const passes: LayerPass[] = [];
    for (const layer of network.layers) {
      const below = passes[passes.length - 1]?.output ?? x;
      passes.push(layerPass(tf, layer, below));
    }
    const last = passes[passes.length - 1].output;
    return passes.reduceRight((gradient, pass) => pass.back(gradient), tf.onesLike(last) as Tensor);
  });
}
