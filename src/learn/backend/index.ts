export { convolutionFilterGradient } from './convolution-filter-gradient.ts';
export { type LearningBackend, learningBackend } from './learning-backend.ts';
export { registerMissingKernels } from './missing-kernels.ts';
