export { type ActivationFunction, activationFunctions } from './activation-function.ts';
export { maxout, softmax, softmaxJacobian } from './softmax.ts';
