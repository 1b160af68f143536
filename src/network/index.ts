export { activationNamed, activations, requireSmoothness } from './activation/index.ts';
export type { ActivationName } from './activation.ts';
export type { InversionChart, NetworkChart, SectorChart } from './chart.ts';
export {
  type FourierFeaturesOptions,
  fourierFeatures,
  type PeriodicEmbeddingOptions,
  periodicEmbedding,
} from './embedding.ts';
export { evaluateTrial } from './evaluate.ts';
export {
  defaultScheme,
  type InitializationScheme,
  type InitializeOptions,
  initialize,
} from './initialize.ts';
export {
  type Architecture,
  type MultilayerPerceptronOptions,
  multilayerPerceptron,
  parseNetworkSize,
} from './multilayer-perceptron.ts';
export {
  type RandomFeatureNetworkOptions,
  type RandomFeaturesOptions,
  randomFeatureNetwork,
  randomFeatures,
} from './random-features.ts';
export { boxEmbedding, type Subdomain, type SubdomainOptions, subdomains } from './subdomains.ts';
export {
  type ActivationLayer,
  type AffineLayer,
  type EmbeddingLayer,
  type GateLayer,
  hasWindows,
  type Layer,
  type Network,
  networkSize,
  type TrialSolution,
  trialSize,
} from './trial-solution.ts';
export { widened } from './widen.ts';
export { type NetworkWindow, reachedPoints, type WindowSpan, windowDerivatives } from './window.ts';
