export { contrastiveLoss } from './contrastive-loss.ts';
export { type DistanceThreshold, distanceThreshold, pairAccuracy } from './distance-threshold.ts';
export { differenceLayer, distanceLayer, embeddingDistance } from './embedding-distance.ts';
export { type SamplePairs, samplePairs } from './sample-pairs.ts';
export { type SiameseNetwork, type SiameseOptions, siameseNetwork } from './siamese-network.ts';
