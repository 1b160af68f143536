/** Kernels of the wasm backend that are slow as they come, computed by its fast ones instead. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';
import type { ConvolutionAttributes } from './convolution-filter-gradient.ts';
import { convolutionInputGradient } from './convolution-input-gradient.ts';
import { maxPoolGradient } from './max-pool-gradient.ts';

type Call = Parameters<TensorFlow.KernelFunc>[0];
type Kernel = (
  tf: TensorLibrary,
  call: Call,
  original: TensorFlow.KernelFunc,
) => ReturnType<TensorFlow.KernelFunc>;

/** ∂L/∂x of a convolution: with stride 1 four to five times as fast as the backend's own. */
const convolutionBackpropInput: Kernel = (tf, call, original) => {
  const { dy, filter } = call.inputs as Record<string, TensorFlow.Tensor4D>;
  const { strides, pad, dataFormat, dimRoundingMode, inputShape } =
    call.attrs as unknown as ConvolutionAttributes & { inputShape: [number, number, number, number] };
  const unit = [strides].flat().every((stride) => stride === 1);
  if (!unit || dataFormat !== 'NHWC') return original(call);
  const { padInfo } = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, 1, 1, pad, dimRoundingMode);
  if (padInfo.top >= filter.shape[0] || padInfo.left >= filter.shape[1]) return original(call);
  return convolutionInputGradient(tf, dy, filter, inputShape, padInfo);
};

/** ∂L/∂x of max-pooling. */
const maxPoolBackprop: Kernel = (tf, call) => {
  const { input, dy } = call.inputs as Record<string, TensorFlow.Tensor4D>;
  const { filterSize, strides, pad, dimRoundingMode } = call.attrs as unknown as {
    readonly filterSize: [number, number] | number;
    readonly strides: [number, number] | number;
    readonly pad: 'same' | 'valid' | number;
    readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  };
  const windows = tf.backend_util.computePool2DInfo(
    input.shape,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return tf.tensor4d(maxPoolGradient(input.dataSync(), dy.dataSync(), windows), input.shape);
};

/** A product with transposed factors, as in the gradients of dense layers: eight times as fast once they are transposed. */
const transposedProduct: Kernel = (tf, call, original) => {
  const { a, b } = call.inputs as Record<string, TensorFlow.Tensor>;
  const { transposeA, transposeB } = call.attrs as { transposeA?: boolean; transposeB?: boolean };
  if (!transposeA && !transposeB) return original(call);
  const turned = (factor: TensorFlow.Tensor, turn?: boolean): TensorFlow.Tensor => {
    if (!turn) return factor;
    const axes = factor.shape.map((_, k) => k);
    return tf.transpose(factor, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
  };
  return tf.tidy(() => tf.matMul(turned(a, transposeA), turned(b, transposeB)));
};

const faster: Readonly<Record<string, Kernel>> = {
  Conv2DBackpropInput: convolutionBackpropInput,
  MaxPoolGrad: maxPoolBackprop,
  BatchMatMul: transposedProduct,
};
const replaced = new WeakSet<TensorFlow.KernelFunc>();

/**
 * Puts faster kernels in the place of the wasm backend's, once.
 *
 * @returns names of the kernels replaced now
 */
export function replaceSlowKernels(tf: TensorLibrary, backend: string): string[] {
  if (backend !== 'wasm') return [];
  return Object.entries(faster).flatMap(([kernelName, compute]) => {
    const original = tf.getKernel(kernelName, backend)?.kernelFunc;
    if (original === undefined || replaced.has(original)) return [];
    const kernelFunc: TensorFlow.KernelFunc = (call) => compute(tf, call, original);
    replaced.add(kernelFunc);
    tf.unregisterKernel(kernelName, backend);
    tf.registerKernel({ kernelName, backendName: backend, kernelFunc });
    return [kernelName];
  });
}
