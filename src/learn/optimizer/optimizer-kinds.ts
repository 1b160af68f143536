/** The optimizers of a course, and what each of them remembers. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { adamW } from './adamw.ts';
import { lars } from './lars.ts';
import { momentum } from './momentum.ts';

export interface OptimizerKind {
  readonly name: string;
  readonly tex: string;
  /** Numbers remembered for each parameter. */
  readonly memory: 0 | 1 | 2;
  /** What it is good at. */
  readonly remark: string;
  make(tf: TensorLibrary, learningRate: number): TensorFlow.Optimizer;
}

export const optimizerKinds: readonly OptimizerKind[] = [
  {
    name: 'SGD',
    tex: 'w \\leftarrow w - \\eta g',
    memory: 0,
    remark: 'Needs nothing but the gradient; slow along valleys, since one rate serves all directions.',
    make: (tf, rate) => tf.train.sgd(rate),
  },
  {
    name: 'momentum',
    tex: 'v \\leftarrow \\mu v + g, \\quad w \\leftarrow w - \\eta v',
    memory: 1,
    remark: 'Gathers speed along a valley and averages out its walls; may run past the minimum.',
    make: momentum,
  },
  {
    name: 'AdaGrad',
    tex: 's \\leftarrow s + g^2, \\quad w \\leftarrow w - \\eta g / \\sqrt{s + \\varepsilon}',
    memory: 1,
    remark: 'A rate for each weight, good for rare inputs; rates only fall, and training may come to a halt.',
    make: (tf, rate) => tf.train.adagrad(rate),
  },
  {
    name: 'RMSprop',
    tex: 's \\leftarrow \\rho s + (1 - \\rho) g^2, \\quad w \\leftarrow w - \\eta g / \\sqrt{s + \\varepsilon}',
    memory: 1,
    remark: 'AdaGrad that forgets, so that rates can rise again.',
    make: (tf, rate) => tf.train.rmsprop(rate),
  },
  {
    name: 'Adam',
    tex: 'w \\leftarrow w - \\eta\\, \\hat m / (\\sqrt{\\hat v} + \\varepsilon)',
    memory: 2,
    remark: 'Momentum and a rate for each weight; works without tuning more often than others.',
    make: (tf, rate) => tf.train.adam(rate),
  },
  {
    name: 'AdamW',
    tex: 'w \\leftarrow w - \\eta\\, (\\hat m / (\\sqrt{\\hat v} + \\varepsilon) + \\lambda w)',
    memory: 2,
    remark: 'Adam whose weight decay is not divided by the size of gradients.',
    make: (tf, learningRate) => adamW(tf, { learningRate }),
  },
  {
    name: 'LARS',
    tex: 'v \\leftarrow \\mu v + \\eta \\tau \\tfrac{|w|}{|g|} g, \\quad w \\leftarrow w - v',
    memory: 1,
    remark: 'Every layer moves by the same share of its norm: for very large batches.',
    make: (tf, learningRate) => lars(tf, { learningRate }),
  },
];
