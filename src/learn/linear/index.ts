export {
  type Descent,
  type DescentOptions,
  type LinearModel,
  linearModel,
  linearRegression,
  linearRegressionByDescent,
} from './linear-regression.ts';
export {
  type LogisticFit,
  type LogisticModel,
  logisticModel,
  logisticRegression,
  logisticRegressionByDescent,
} from './logistic-regression.ts';
export { type NearestNeighbors, nearestNeighbors } from './nearest-neighbors.ts';
export {
  type LinearClassifier,
  linearClassifier,
  type PerceptronOptions,
  type TrainedPerceptron,
  trainPerceptron,
} from './perceptron.ts';
