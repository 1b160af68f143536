/** Operator learning: input functions, their spaces, and the problems that are left when they are given. */

export {
  type AssessOperatorOptions,
  assessOperator,
  type OperatorAssessment,
  type VariedErrors,
} from './assessment/assess-operator.ts';
export type { FunctionError } from './assessment/function-errors.ts';
export type { OperatorCase } from './assessment/test-cases.ts';
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
export type { GivenInputs, InputBatch } from './evaluate/batch-evaluation.ts';
export { type OperatorPoint, OperatorSolution } from './evaluate/operator-solution.ts';
export type { InputRange, OperatorWarning } from './evaluate/training-space.ts';
export { operatorFrom } from './operator-from.ts';
export type { OperatorModel } from './operator-model.ts';
export type { OperatorError, OperatorRun } from './operator-run.ts';
export {
  type CoefficientEquations,
  type FieldCoefficients,
  type LossOfCoefficients,
  type PhysicsCoefficients,
  PhysicsLoss,
  type PhysicsLossOptions,
  type PhysicsOptions,
  type PhysicsProgress,
  physicsCoefficients,
} from './physics/index.ts';
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
export * from './stepper/index.ts';
export type { StoredOperator } from './stored-operator.ts';
export type { TrainedOperator } from './trained-operator.ts';
export type { CoefficientSet, SolutionBasis } from './training/coefficient-set.ts';
export type { TrainOptions } from './training/resolve-training.ts';
export { trainOperator } from './training/train-operator.ts';
export type { OperatorProgress } from './training/training-hooks.ts';
