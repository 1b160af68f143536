export {
  type AdversarialObjective,
  logLossObjective,
  wassersteinObjective,
} from './adversarial-objective.ts';
export {
  type AdversarialCallback,
  type AdversarialHistory,
  type AdversarialOptions,
  type AdversarialState,
  generatedSamples,
  trainAdversaries,
} from './adversarial-training.ts';
export {
  type DenseDiscriminatorOptions,
  type DenseGeneratorOptions,
  denseDiscriminator,
  denseGenerator,
} from './dense-networks.ts';
export {
  type ImageDiscriminatorOptions,
  type ImageGeneratorOptions,
  imageDiscriminator,
  imageGenerator,
} from './image-networks.ts';
export { inputGradient } from './input-gradient.ts';
export { latentDraws } from './latent.ts';
export { type ModeCoverage, modeCoverage } from './mode-coverage.ts';
export { type WeightAverage, weightAverage } from './weight-average.ts';
