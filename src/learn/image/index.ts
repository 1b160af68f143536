export { type Classification, classification } from './classification.ts';
export { type ConfusionMatrix, confusionMatrix } from './confusion-matrix.ts';
export { featureMaps, filterPictures, type PictureStack } from './feature-maps.ts';
export {
  type ConvolutionalOptions,
  convolutionalNetwork,
  type ImageClassifierOptions,
  type ImagePerceptronOptions,
  imagePerceptron,
} from './image-classifier.ts';
export { type ImageSamples, imageSamples } from './image-samples.ts';
export { shiftedImage } from './shifted-image.ts';
