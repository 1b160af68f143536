export { categoricalCrossEntropy, type LossFunction, lossFunctions } from './loss-function.ts';
export { type Loss, type PenaltyOptions, penalized, weightPenalty } from './penalty.ts';
