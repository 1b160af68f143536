export {
  type AssessedError,
  type AssessedEstimate,
  type Assessment,
  type AssessOptions,
  assess,
} from './assess.ts';
export {
  type Assumption,
  type AssumptionOptions,
  type AssumptionResult,
  assumptionsOf,
  compareAssumptions,
} from './assumptions.ts';
export type { Band } from './band.ts';
export { type Bootstrap, type BootstrapOptions, type BootstrapProgress, bootstrap } from './bootstrap.ts';
export {
  type Ensemble,
  type EnsembleOptions,
  type EnsembleProgress,
  ensemble,
  type FieldSpread,
} from './ensemble.ts';
export {
  type EstimatedValue,
  type EstimateOptions,
  type EstimationMethod,
  type EstimationResult,
  type EstimationStage,
  estimate,
  type StageName,
} from './estimate.ts';
export {
  type EulerMapFit,
  type EulerMapFitOptions,
  type EulerMapOptions,
  type EulerMapTrajectory,
  fitEulerMap,
  iterateEulerMap,
} from './euler-map.ts';
export type { UndeterminedDirection } from './identifiability.ts';
export type { Estimate, Intervals } from './intervals.ts';
export type { LikelihoodPoint } from './likelihood-point.ts';
export { type LikelihoodMaximum, type LikelihoodOptions, maximizeLikelihood } from './maximum-likelihood.ts';
export { type BandFit, type PredictionBandOptions, predictionBands } from './prediction-bands.ts';
export type { ProfileCurve } from './profile-curve.ts';
export {
  identifiability,
  type ProfileLikelihoodOptions,
  profileLikelihood,
} from './profile-likelihood.ts';
export type { SampleSummary } from './quantiles.ts';
export type { ShootingOptions, ShootingResult } from './shoot.ts';
export { fitAt, gaussNewtonIntervals, shoot, shootFrom, trajectorySumOfSquares } from './shoot.ts';
export { simulateObservations } from './simulate.ts';
export {
  type TimeCurve,
  type TimeVaryingOptions,
  type TimeVaryingResult,
  timeVarying,
} from './time-varying.ts';
export { TrajectoryLikelihood } from './trajectory-likelihood.ts';
export { withObservedValues } from './with-values.ts';
