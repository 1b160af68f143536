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
export { inputGradient } from './input-gradient.ts';
export { latentDraws } from './latent.ts';
