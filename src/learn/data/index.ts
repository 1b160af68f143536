export { type CsvTableOptions, csvTable } from './csv.ts';
export { type DigitOptions, drawnDigits } from './digits.ts';
export { type IdxArray, idxArray, imagesFromIdx } from './idx.ts';
export { imagesAt, type LabelledImages, pixelsOf } from './labelled-images.ts';
export { blobs, exclusiveOr, type LabelledPoints, moons, rings, spirals } from './labelled-points.ts';
export { expectedScore, type ScoreData, studentScores, type TabularData } from './scores.ts';
export {
  type EpidemicCurves,
  type EpidemicOptions,
  epidemicCurves,
  type Sequences,
  slidingWindows,
  type Windows,
} from './sequences.ts';
export { folds, permutation, trainingSplit } from './split.ts';
export { type Standardization, standardization } from './standardization.ts';
