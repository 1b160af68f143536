/** Digits for the examples: drawn ones, or those of real MNIST files: `--mnist FOLDER`. */
import { parseArgs } from 'node:util';
import {
  type DigitOptions,
  drawnDigits,
  imagesAt,
  type LabelledImages,
  permutation,
  readIdxImages,
} from 'ansatz/learn/node';

export interface DigitSets {
  readonly training: LabelledImages;
  readonly test: LabelledImages;
  /** Where they come from, in words. */
  readonly source: string;
}

/** @param style  of the drawn ones; default: that of handwriting */
export async function digitImages(
  training: number,
  test: number,
  seed: number,
  style: Pick<DigitOptions, 'distortion' | 'noise'> = {},
): Promise<DigitSets> {
  const { values } = parseArgs({ options: { mnist: { type: 'string' } } });
  if (values.mnist === undefined) {
    return {
      training: drawnDigits({ ...style, count: training, seed }),
      test: drawnDigits({ ...style, count: test, seed: seed + 1 }),
      source: 'drawn digits',
    };
  }
  const some = (data: LabelledImages, count: number): LabelledImages =>
    imagesAt(data, permutation(data.count, seed).subarray(0, count));
  return {
    training: some(await readIdxImages(values.mnist, 'training'), training),
    test: some(await readIdxImages(values.mnist, 'test'), test),
    source: `MNIST from ${values.mnist}`,
  };
}
