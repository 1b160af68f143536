/** A trained operator: called with an input function it gives the solution. */
import type { Problem } from '../problem/problem.ts';
import {
  batchEvaluation,
  type GivenInputs,
  givenSamples,
  type InputBatch,
} from './evaluate/batch-evaluation.ts';
import { OperatorSolution } from './evaluate/operator-solution.ts';
import { distances, type InputRange, type OperatorWarning, warningsOf } from './evaluate/training-space.ts';
import type { OperatorModel } from './operator-model.ts';
import type { OperatorParts } from './operator-parts.ts';
import type { OperatorError, OperatorRun } from './operator-run.ts';
import { sensorValues } from './space/function-space.ts';
import { type StoredOperator, storedOperator } from './stored-operator.ts';

/**
 * A trained operator.
 *
 * @example
 * const integrate = await trainOperator(integrator);
 * integrate('cos(3*x)').at(0.3).u;
 */
export interface TrainedOperator {
  (given: GivenInputs): OperatorSolution;
  readonly problem: Problem;
  readonly model: OperatorModel;
  readonly run: OperatorRun;
  /** By field, over functions never trained on; null where nothing was there to compare with, see `reason`. */
  readonly errors: Readonly<Record<string, OperatorError>> | null;
  readonly reason?: string;
  /** Where the training functions lie, by input function. */
  readonly ranges: readonly InputRange[];
  /**
   * Every field for many functions at once, (functions, points) each, row-major. Points (points, d) are the same for
   * all functions, in one matrix product, unless there are as many for each, (functions, points, d), and `aligned` is
   * false.
   *
   * @throws ProblemError for sensors or points that do not fit
   */
  evaluate(
    inputs: InputBatch,
    points: ArrayLike<number>,
    options?: { readonly aligned?: boolean },
  ): Record<string, Float64Array>;
  /** In what a function is unlike those of training, with numbers; none: it is as those. */
  warnings(given: GivenInputs): OperatorWarning[];
  /** Mahalanobis distance of a function's sensors from those of training, in principal components, by input. */
  distance(given: GivenInputs): Record<string, number>;
  /** Plain data, which `operatorFrom` reads. */
  save(): StoredOperator;
}

export function trainedOperator(parts: OperatorParts): TrainedOperator {
  const { problem, model, ranges } = parts;
  const warn = (inputs: Readonly<Record<string, Float64Array>>): OperatorWarning[] =>
    warningsOf(ranges, inputs);
  const sensorsOf = (given: GivenInputs): Record<string, Float64Array> => {
    const samples = givenSamples(problem, given);
    return Object.fromEntries(
      problem.inputs.map((input) => [input.name, sensorValues(input, samples[input.name])]),
    );
  };
  const call = (given: GivenInputs): OperatorSolution =>
    new OperatorSolution(problem, model, givenSamples(problem, given), warn);
  return Object.assign(call, {
    ...parts,
    evaluate: batchEvaluation(problem, model),
    warnings: (given: GivenInputs) => warn(sensorsOf(given)),
    distance: (given: GivenInputs) => {
      const inputs = sensorsOf(given);
      return Object.fromEntries(
        ranges.map((range) => [range.input, distances(range, inputs[range.input], 1)[0]]),
      );
    },
    save: () => storedOperator(parts),
  });
}
