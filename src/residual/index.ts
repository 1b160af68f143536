export { type AdaptiveDistribution, resampled } from './adaptive-points.ts';
export { outputRatio, sideValues } from './ansatz.ts';
export { conditionBetween } from './boundary-blocks.ts';
export { buildResidualSystem, type CollocationOptions, multiplierColumn } from './build-residual-system.ts';
export type { Importance, ResidualsOf } from './candidates.ts';
export { type ExpressionPlaces, expressionEvaluator } from './evaluate-expressions.ts';
export { atHeldOutPoints } from './held-out-points.ts';
export { type FieldRange, fieldRanges } from './magnitudes.ts';
export { minibatch } from './minibatch.ts';
export { withPointSets } from './moved-points.ts';
export { reweighted } from './noise-weights.ts';
export { type Refinement, refined } from './refinement.ts';
export type { ResidualBlock, ResidualSystem } from './residual-system.ts';
export {
  derivativeScale,
  type FieldScale,
  inNormalizedVariables,
  type Scaling,
  scalingOf,
  toNormalizedPoints,
  toUserPoints,
} from './scaling.ts';
export type { UnknownTransform } from './unknown-transform.ts';
