export { type ActiveUnits, activeUnits } from './active-units.ts';
export { type ActivityPenalty, absoluteActivity, divergenceFromActivity } from './activity-penalty.ts';
export { type Autoencoder, autoencoder } from './autoencoder.ts';
export {
  type AutoencoderSamples,
  type AutoencoderTrainingOptions,
  trainAutoencoder,
} from './autoencoder-training.ts';
export {
  type ConvolutionalAutoencoderOptions,
  convolutionalAutoencoder,
} from './convolutional-autoencoder.ts';
export { type CorruptionOptions, corrupted } from './corruption.ts';
export { type DenseAutoencoderOptions, denseAutoencoder } from './dense-autoencoder.ts';
export { type InkMoments, inkMoments } from './ink-moments.ts';
export { latentDirection, latentGrid, latentLine } from './latent-space.ts';
export { meanSquaredError } from './reconstruction-error.ts';
