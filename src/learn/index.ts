/** Neural networks from the perceptron on: small modules with their mathematics, on tfjs. */
export * from './activation/index.ts';
export * from './approximation/index.ts';
export * from './autoencoder/index.ts';
export * from './backend/index.ts';
export * from './backpropagation/index.ts';
export * from './data/index.ts';
export * from './gan/index.ts';
export * from './diagnostics/index.ts';
export * from './image/index.ts';
export * from './linear/index.ts';
export * from './loss/index.ts';
export * from './optimizer/index.ts';
export * from './statistics/index.ts';
export * from './training/index.ts';
