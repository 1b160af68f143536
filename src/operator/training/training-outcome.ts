import type { OperatorData } from '../data/operator-data.ts';
import type { OperatorModel } from '../operator-model.ts';
import type { OperatorRun } from '../operator-run.ts';

/** What a way of training leads to. */
export interface TrainingOutcome {
  readonly model: OperatorModel;
  /** Sensors of the training functions, (functions, sensors) each. */
  readonly inputs: Readonly<Record<string, Float64Array>>;
  readonly run: Pick<
    OperatorRun,
    | 'optimizer'
    | 'branch'
    | 'functions'
    | 'points'
    | 'dataSeconds'
    | 'iterations'
    | 'validation'
    | 'stopped'
    | 'notes'
  >;
  /** Where it can be tested, rows of points, if not all over the domain. */
  readonly testPoints?: readonly (readonly number[])[];
  /** Functions of a given data set that were not trained on, and their places in it. */
  readonly heldOut?: { readonly data: OperatorData; readonly numbers: readonly number[] };
}
