/** Operator learning: input functions, their spaces, and the problems that are left when they are given. */
export type { FunctionSample } from './space/function-sample.ts';
export {
  drawInput,
  drawInputs,
  type FunctionSpace,
  functionSpace,
  sensorValues,
} from './space/function-space.ts';
export { type GivenFunction, sampleOf } from './space/given-function.ts';
export { problemOf, samplesOf } from './space/problem-of.ts';
