export { crc32c } from './crc32c.ts';
export { GradientNorms, type Recorded, WeightHistograms } from './diagnostic-callbacks.ts';
export { type EventLogOptions, eventLog } from './event-log.ts';
export { eventFileHeader, eventRecord, type TrainingEvent } from './event-record.ts';
export { type Histogram, histogram, histogramDeviation } from './histogram.ts';
export { type Initialization, initializations } from './initialization.ts';
export {
  gradientNorms,
  type LayerGradient,
  type LayerHistogram,
  type LayerKernel,
  layerKernels,
  weightHistograms,
} from './layer-weights.ts';
export { type LayerSignal, signalDeviations } from './signal-deviation.ts';
