/** Digits for the examples: drawn ones, or those of real MNIST files: `--mnist FOLDER`. */
import { parseArgs } from 'node:util';
import { drawnDigits, imagesAt, type LabelledImages, permutation, readIdxImages } from 'ansatz/learn/node';

export interface DigitSets {
  readonly training: LabelledImages;
  readonly test: LabelledImages;
  /** Where they come from, in words. */
  readonly source: string;
}

export async function digitImages(training: number, test: number, seed: number): Promise<DigitSets> {
  const { values } = parseArgs({ options: { mnist: { type: 'string' } } });
  if (values.mnist === undefined) {
    return {
      training: drawnDigits({ count: training, seed }),
      test: drawnDigits({ count: test, seed: seed + 1 }),
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
