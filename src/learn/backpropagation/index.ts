export {
  backwardPass,
  descended,
  type ForwardPass,
  forwardPass,
  lossOf,
  type TwoLayerLoss,
  type TwoLayerOptions,
  type TwoLayerWeights,
  twoLayerWeights,
} from './two-layer-network.ts';
