export { convolutionFilterGradient } from './convolution-filter-gradient.ts';
export { replaceSlowKernels } from './faster-kernels.ts';
export { type LearningBackend, learningBackend } from './learning-backend.ts';
export { registerMissingKernels } from './missing-kernels.ts';
