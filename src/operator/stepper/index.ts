/** Steppers: operators of one step, applied over long horizons. */
export { horizonProblem, type StateRanges, stepProblem } from './step-problem.ts';
export type { HorizonInputs, RunOptions, State, SteppedTrajectory } from './stepper.ts';
export { Stepper } from './stepper.ts';
export {
  type FieldGrowth,
  type StepperErrorOptions,
  type StepperErrors,
  stepperErrors,
} from './stepper-errors.ts';
export { type StepperOptions, trainStepper } from './train-stepper.ts';
