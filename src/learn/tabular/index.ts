export {
  type CrossValidation,
  crossValidation,
  type Predictor,
  samplesAt,
  type TabularLearner,
  type TabularSamples,
} from './cross-validation.ts';
export {
  type NetworkLearnerOptions,
  networkLearner,
  type RegressionNetworkOptions,
  regressionNetwork,
} from './regression-network.ts';
