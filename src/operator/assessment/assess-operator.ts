/** What a trained operator is worth: single functions beside the reference, and errors away from the training space. */
import { InterruptedError, SolveError } from '../../errors.ts';
import { rowsOf } from '../../problem/domain-points.ts';
import type { Problem } from '../../problem/problem.ts';
import { comparisonPoints } from '../../solve/error-norms.ts';
import type { OutputPoints } from '../data/output-points.ts';
import { drawInputs, sensorValues } from '../space/function-space.ts';
import type { TrainedOperator } from '../trained-operator.ts';
import { firstTestDraw } from '../training/test-errors.ts';
import { timedData } from '../training/training-data.ts';
import { type FunctionError, functionErrors, jointDistances } from './function-errors.ts';
import { type OperatorCase, testCases } from './test-cases.ts';
import { hasAmplitude, hasLengthScale, type SpaceFactors, variedSpace } from './varied-space.ts';

export interface AssessOperatorOptions {
  /** Functions for each other length scale and amplitude; default 12. */
  readonly functions?: number;
  /** Seconds for references; default 30. */
  readonly timeLimit?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Functions from a space with another length scale or amplitude. */
export interface VariedErrors {
  readonly measure: keyof SpaceFactors;
  /** Of what the operator was trained on; 1: as in training. */
  readonly factor: number;
  readonly functions: readonly FunctionError[];
}

export interface OperatorAssessment {
  /** The worst, the median and the best test function beside the reference. */
  readonly cases: readonly OperatorCase[];
  /** Every test function. */
  readonly tested: readonly FunctionError[];
  readonly varied: readonly VariedErrors[];
  /** What could not be had, and why. */
  readonly notes: readonly string[];
}

const lengthFactors = [0.25, 0.5, 0.75, 1, 1.5, 2, 4];
const amplitudeFactors = [0.25, 0.5, 1, 1.5, 2, 3, 4];

/** Along each coordinate, by their number. */
const sides = [201, 51, 15, 9];
const mostScattered = 4000;
/** Of the time, for the functions that are drawn. */
const caseShare = 0.25;

function outputPoints(problem: Problem): OutputPoints {
  const d = problem.coordinates.length;
  const side = sides[d - 1];
  if (problem.space === undefined && side !== undefined) return { grid: side };
  return { list: rowsOf(comparisonPoints(problem), d).slice(0, mostScattered) };
}

/** Errors of the test functions again, each with its distance from those of training. */
function testedFunctions(operator: TrainedOperator): FunctionError[] {
  const { problem, run, errors } = operator;
  const [first] = Object.values(errors ?? {});
  if (first === undefined || first.against === 'data') return [];
  const count = first.draws.length;
  const inputs = Object.fromEntries(
    problem.inputs.map(({ name, sensorCount }) => [name, new Float64Array(count * sensorCount)]),
  );
  first.draws.forEach((draw, n) => {
    const samples = drawInputs(problem, run.seed, draw);
    for (const input of problem.inputs)
      inputs[input.name].set(sensorValues(input, samples[input.name]), n * input.sensorCount);
  });
  const away = jointDistances(operator, inputs, count);
  return Array.from(away, (distance, n) => ({
    distance,
    relativeL2: Object.fromEntries(Object.entries(errors!).map(([name, { each }]) => [name, each[n]])),
  }));
}

/**
 * Draws the worst, the median and the best test function, and tests the operator on functions whose length scale and
 * amplitude are others than those of training.
 *
 * @throws InterruptedError once the signal is aborted
 */
export async function assessOperator(
  operator: TrainedOperator,
  { functions = 12, timeLimit = 30, threads, signal, onProgress }: AssessOperatorOptions = {},
): Promise<OperatorAssessment> {
  const { problem, run } = operator;
  const begun = performance.now();
  const left = (): number => timeLimit - (performance.now() - begun) / 1000;
  const notes: string[] = [];
  const tested = testedFunctions(operator);
  if (tested.length === 0)
    notes.push('single functions are not shown: the test functions are none that can be drawn again');
  const cases = await testCases(operator, (caseShare * timeLimit) / 3);
  const definitions = Object.values(problem.definition.inputs ?? {});
  const wanted = [
    ...(definitions.some(hasLengthScale)
      ? lengthFactors.map((factor) => ['lengthScale', factor] as const)
      : []),
    ...(definitions.some(hasAmplitude)
      ? amplitudeFactors.map((factor) => ['amplitude', factor] as const)
      : []),
  ];
  const varied: VariedErrors[] = [];
  for (const [k, [measure, factor]] of wanted.entries()) {
    if (signal?.aborted) throw new InterruptedError('the assessment was interrupted');
    onProgress?.(k, wanted.length);
    if (factor === 1) {
      if (tested.length > 0) varied.push({ measure, factor, functions: tested });
      continue;
    }
    const name = measure === 'lengthScale' ? 'length scales' : 'amplitudes';
    try {
      const other = variedSpace(problem, { [measure]: factor });
      const data = await timedData(other, {
        functions,
        seed: run.seed,
        first: firstTestDraw,
        points: outputPoints(problem),
        threads,
        signal,
        timeLimit: Math.max(0.5, left() / (wanted.length - k)),
      });
      if (data === undefined)
        notes.push(`${name} of ${factor} times those of training: no reference in time`);
      else varied.push({ measure, factor, functions: functionErrors(operator, data) });
    } catch (error) {
      if (!(error instanceof SolveError)) throw error;
      notes.push(`${name} of ${factor} times those of training: ${error.message}`);
    }
  }
  onProgress?.(wanted.length, wanted.length);
  return { cases, tested, varied, notes };
}
