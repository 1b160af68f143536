/** Kernels that a tfjs backend lacks and training needs, composed of those that it has. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import { convolutionFilterGradient } from './convolution-filter-gradient.ts';

type Arguments = Parameters<TensorFlow.KernelFunc>[0];

/** What stands in for each kernel. Operations inside a kernel are not recorded for differentiation. */
const substitutes: Readonly<Record<string, (tf: TensorLibrary, call: Arguments) => TensorFlow.Tensor>> = {
  Conv2DBackpropFilter: (tf, { inputs, attrs }) =>
    convolutionFilterGradient(
      tf,
      inputs.x as TensorFlow.Tensor4D,
      inputs.dy as TensorFlow.Tensor4D,
      attrs as unknown as Parameters<typeof convolutionFilterGradient>[3],
    ),
  // Rows of x with the same segment are added up: what a gather, as in an embedding, hands back.
  UnsortedSegmentSum: (tf, { inputs, attrs }) =>
    tf.tidy(() => {
      const x = inputs.x as TensorFlow.Tensor;
      const [rows, ...rest] = x.shape;
      const segments = inputs.segmentIds as TensorFlow.Tensor1D;
      const { numSegments } = attrs as unknown as { numSegments: number };
      const members = tf.oneHot(segments, numSegments).cast('float32').transpose();
      return tf.matMul(members, x.reshape([rows, -1])).reshape([numSegments, ...rest]);
    }),
};

/**
 * Registers what `backend` lacks of the kernels that training needs here, once; a kernel that it has stays.
 *
 * @param backend  its name in tfjs
 * @returns names of the kernels registered now
 */
export function registerMissingKernels(tf: TensorLibrary, backend: string): string[] {
  return Object.entries(substitutes).flatMap(([kernelName, compute]) => {
    if (tf.getKernel(kernelName, backend) !== undefined) return [];
    tf.registerKernel({ kernelName, backendName: backend, kernelFunc: (call) => compute(tf, call) });
    return [kernelName];
  });
}
