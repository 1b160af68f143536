export { type AdamWOptions, adamW } from './adamw.ts';
export { type LarsOptions, lars } from './lars.ts';
export { momentum } from './momentum.ts';
export { type OptimizerKind, optimizerKinds } from './optimizer-kinds.ts';
export { descentPath, type TestSurface, testSurfaces } from './test-surface.ts';
