export { type HiddenLayer, type HiddenLayerOptions, hiddenLayerFit } from './one-hidden-layer.ts';
