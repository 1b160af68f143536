export { checkpoint } from './checkpoint.ts';
export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts';
export { type GradientNoise, type GradientNoiseOptions, gradientNoise } from './gradient-noise.ts';
export type { LearningCallback, LearningState } from './learning-callback.ts';
export {
  cosineDecay,
  exponentialDecay,
  learningRateSchedule,
  type RateSchedule,
  stepDecay,
  warmUp,
} from './learning-rate-schedule.ts';
export { progressLines } from './progress-lines.ts';
export { type DropoutOptions, seededDropout } from './seeded-dropout.ts';
export { type SeededLayers, seededLayers } from './seeded-layers.ts';
export { restoreWeights, type StoredWeights, storedWeights } from './stored-weights.ts';
export { type Samples, type TrainingHistory, type TrainingOptions, trainModel } from './train-model.ts';
export { weightDisplacement } from './weight-displacement.ts';
