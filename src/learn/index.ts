/** Neural networks from the perceptron on: small modules with their mathematics, on tfjs. */
export * from './backend/index.ts';
export * from './data/index.ts';
