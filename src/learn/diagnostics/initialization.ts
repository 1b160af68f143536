/** How weights begin: the same small deviation everywhere, or one that fits the layer. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';

export interface Initialization {
  readonly name: string;
  readonly tex: string;
  /** Deviation of a weight of a layer with so many inputs and outputs. */
  deviation(inputs: number, outputs: number): number;
  initializer(tf: TensorLibrary, seed: number): ReturnType<typeof TensorFlow.initializers.zeros>;
  /** What it is made for. */
  readonly remark: string;
}

/** Deviation of the naive one: TensorFlow's habit for years. */
const small = 0.05;

/**
 * A layer z = W a of n inputs and m outputs multiplies the variance of signals by n Var(w) E[φ(z)²]/Var(z) on the way
 * forward, and that of gradients by m Var(w) E[φ′(z)²] on the way back. Both should be about one in every layer, else signals or
 * gradients vanish or explode with the depth. The draws are uniform: those of tfjs that are called normal are cut off
 * at two deviations without making up for it, and so have 0.88 of the deviation that they should have.
 *
 * LeCun, Bottou, Orr & Müller, Efficient backprop (1998); Glorot & Bengio, Understanding the difficulty of training
 * deep feedforward neural networks, AISTATS 2010; He, Zhang, Ren & Sun, Delving deep into rectifiers, ICCV 2015.
 */
export const initializations: readonly Initialization[] = [
  {
    name: 'naive',
    tex: `\\sigma = ${small}`,
    deviation: () => small,
    initializer: (tf, seed) => tf.initializers.randomNormal({ mean: 0, stddev: small, seed }),
    remark: 'whatever the layer: signals and gradients shrink from layer to layer',
  },
  {
    name: 'Glorot',
    tex: '\\sigma = \\sqrt{2 / (n + m)}',
    deviation: (inputs, outputs) => Math.sqrt(2 / (inputs + outputs)),
    initializer: (tf, seed) => tf.initializers.glorotUniform({ seed }),
    remark: 'a compromise of both ways, for tanh, whose slope is one at zero',
  },
  {
    name: 'He',
    tex: '\\sigma = \\sqrt{2 / n}',
    deviation: (inputs) => Math.sqrt(2 / inputs),
    initializer: (tf, seed) => tf.initializers.heUniform({ seed }),
    remark: 'for ReLU, which lets half of the variance pass',
  },
  {
    name: 'LeCun',
    tex: '\\sigma = \\sqrt{1 / n}',
    deviation: (inputs) => Math.sqrt(1 / inputs),
    initializer: (tf, seed) => tf.initializers.leCunUniform({ seed }),
    remark: 'keeps the variance of the sums; for tanh and SELU',
  },
];
