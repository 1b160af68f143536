/** Operators from equations and conditions alone. */
export {
  type PhysicsCoefficients,
  type PhysicsOptions,
  type PhysicsProgress,
  physicsCoefficients,
} from './physics-coefficients.ts';
export {
  type CoefficientEquations,
  type FieldCoefficients,
  type LossOfCoefficients,
  PhysicsLoss,
  type PhysicsLossOptions,
} from './physics-loss.ts';
