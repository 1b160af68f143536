/** How well a model predicts what it has not seen. */
import { folds as foldsOf } from '../data/split.ts';
import { standardization } from '../data/standardization.ts';

/** Rows (count, columns), row-major, and a target for each. */
export interface TabularSamples {
  readonly rows: Float64Array;
  readonly targets: Float64Array;
  readonly count: number;
}

/** Learns from samples, and predicts targets of rows (count, columns): (count). */
export type TabularLearner = (samples: TabularSamples, fold: number) => Predictor | Promise<Predictor>;

export interface Predictor {
  predict(rows: Float64Array): Float64Array;
  /** Frees what the predictor keeps. */
  dispose?(): void;
}

export interface CrossValidation {
  /** Root mean square error on the held-out rows of each fold, in units of the targets. */
  readonly errors: readonly number[];
  /** Root of the mean of their squares. */
  readonly error: number;
  /** Standard error of the mean of the folds' errors. The folds share rows, so that it is a rough one. */
  readonly uncertainty: number;
  /** What was predicted of each sample when it was held out, (count). */
  readonly predicted: Float64Array;
}

/** The samples at some positions. */
export function samplesAt(samples: TabularSamples, positions: ArrayLike<number>): TabularSamples {
  const columns = samples.rows.length / samples.count;
  const rows = new Float64Array(positions.length * columns);
  const targets = new Float64Array(positions.length);
  for (let n = 0; n < positions.length; n++) {
    rows.set(samples.rows.subarray(positions[n] * columns, (positions[n] + 1) * columns), n * columns);
    targets[n] = samples.targets[positions[n]];
  }
  return { rows, targets, count: positions.length };
}

/**
 * Cross-validation: every sample is held out once, and predicted by a model of the others (Stone, J. R. Statist. Soc. B
 * 36 (1974)). Columns and targets are standardized by what is trained on in each fold; learners see numbers of mean 0
 * and deviation 1. The same seed gives the same folds, so that learners can be compared on them.
 *
 * @throws ProblemError for a number of folds that there cannot be
 */
export async function crossValidation(
  samples: TabularSamples,
  learner: TabularLearner,
  { folds, seed }: { readonly folds: number; readonly seed: number },
): Promise<CrossValidation> {
  const columns = samples.rows.length / samples.count;
  const predicted = new Float64Array(samples.count);
  const errors: number[] = [];
  for (const [fold, { training, heldOut }] of foldsOf(samples.count, { folds, seed }).entries()) {
    const [seen, unseen] = [samplesAt(samples, training), samplesAt(samples, heldOut)];
    const inputs = standardization(seen.rows, columns);
    const outputs = standardization(seen.targets, 1);
    const predictor = await learner(
      { rows: inputs.apply(seen.rows), targets: outputs.apply(seen.targets), count: seen.count },
      fold,
    );
    try {
      const own = outputs.invert(predictor.predict(inputs.apply(unseen.rows)));
      let squares = 0;
      for (const [n, position] of heldOut.entries()) {
        predicted[position] = own[n];
        squares += (own[n] - unseen.targets[n]) ** 2;
      }
      errors.push(Math.sqrt(squares / unseen.count));
    } finally {
      predictor.dispose?.();
    }
  }
  const mean = errors.reduce((sum, error) => sum + error, 0) / folds;
  const spread = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (folds - 1);
  return {
    errors,
    error: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / folds),
    uncertainty: Math.sqrt(spread / folds),
    predicted,
  };
}
