/** Operator learning: input functions, their spaces, and the problems that are left when they are given. */

export { decodeOperatorData, encodeOperatorData } from './data/data-format.ts';
export { requireMatch } from './data/data-match.ts';
export { type DataProgress, makeOperatorData, type OperatorDataOptions } from './data/make-operator-data.ts';
export {
  type FailedDraw,
  type GivenData,
  type OperatorData,
  operatorDataFrom,
  type Rows,
} from './data/operator-data.ts';
export type { OutputPoints } from './data/output-points.ts';
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
