/** How far a trained operator is from solutions of functions that it was never trained on. */
import { SolveError } from '../../errors.ts';
import { rowsOf } from '../../problem/domain-points.ts';
import { comparisonPoints, evaluateExact, fieldError } from '../../solve/error-norms.ts';
import type { OperatorData } from '../data/operator-data.ts';
import type { OperatorError } from '../operator-run.ts';
import { drawInputs } from '../space/function-space.ts';
import { problemOf } from '../space/problem-of.ts';
import type { TrainedOperator } from '../trained-operator.ts';
import { timedData } from './training-data.ts';

/** Draws from here on are those of test functions: no training run comes so far. */
export const firstTestDraw = 1_000_000;

export interface TestOptions {
  readonly functions: number;
  readonly seed: number;
  readonly threads?: number;
  /** Seconds for references. */
  readonly timeLimit: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Where they are compared, rows of points; default: on a grid over the domain. */
  readonly points?: readonly (readonly number[])[];
}

export type TestResult =
  | { readonly errors: Readonly<Record<string, OperatorError>> }
  | { readonly errors: null; readonly reason: string };

/** By number of coordinates: sides of the grid on which functions are compared. */
const sides = [201, 51, 15, 9];

/**
 * Against the exact solution where the problem has one for every field, else against classical references of draws of
 * their own.
 */
export async function testErrors(operator: TrainedOperator, options: TestOptions): Promise<TestResult> {
  const { problem } = operator;
  if (options.functions === 0) return { errors: null, reason: 'no test functions were asked for' };
  if (problem.fields.every(({ name }) => problem.exact.has(name))) return exactErrors(operator, options);
  const side = sides[problem.coordinates.length - 1];
  const points =
    options.points !== undefined
      ? { list: options.points }
      : problem.space === undefined && side !== undefined
        ? { grid: side }
        : { list: rowsOf(comparisonPoints(problem), problem.coordinates.length).slice(0, 4000) };
  const { functions, seed, threads, timeLimit, signal, onProgress } = options;
  let data: OperatorData | undefined;
  try {
    data = await timedData(problem, {
      functions,
      seed,
      first: firstTestDraw,
      points,
      threads,
      timeLimit,
      signal,
      onProgress: ({ done, wanted }) => onProgress?.(done, wanted),
    });
  } catch (error) {
    if (!(error instanceof SolveError) || signal?.aborted) throw error;
    return { errors: null, reason: error.message };
  }
  if (data === undefined)
    return { errors: null, reason: `no reference was found within ${Math.round(timeLimit)} s` };
  return { errors: dataErrors(operator, data, 'reference') };
}

/** Errors on the functions of a data set. */
export function dataErrors(
  operator: Pick<TrainedOperator, 'problem' | 'evaluate'>,
  data: OperatorData,
  against: 'reference' | 'data',
  numbers: readonly number[] = [...(data.draws ?? Float64Array.from({ length: data.count }, (_, n) => n))],
): Record<string, OperatorError> {
  const { inputs, points, pointCount, aligned, count } = data;
  const found = operator.evaluate(inputs, points, { aligned });
  const worst = data.errorEstimates.reduce((a, b) => Math.max(a, b), 0);
  return Object.fromEntries(
    operator.problem.fields.map(({ name }) => {
      const each = Array.from({ length: count }, (_, n) => {
        const row = (all: Float64Array): Float64Array => all.subarray(n * pointCount, (n + 1) * pointCount);
        return fieldError(row(found[name]), row(data.fields[name])).relativeL2;
      });
      return [name, { ...summary(each, numbers, against), ...(worst > 0 ? { referenceError: worst } : {}) }];
    }),
  );
}

function exactErrors(
  operator: TrainedOperator,
  { functions, seed, onProgress, signal, points: given }: TestOptions,
): TestResult {
  const { problem } = operator;
  const points = given === undefined ? comparisonPoints(problem) : Float64Array.from(given.flat());
  const draws = Array.from({ length: functions }, (_, k) => firstTestDraw + k);
  const samples = draws.map((draw) => drawInputs(problem, seed, draw));
  const found = operator.evaluate(samples, points);
  const count = points.length / problem.coordinates.length;
  const each: Record<string, number[]> = Object.fromEntries(problem.fields.map(({ name }) => [name, []]));
  samples.forEach((sample, n) => {
    if (signal?.aborted) return;
    const exact = evaluateExact(problemOf(problem, sample), points, {});
    for (const { name } of problem.fields)
      each[name].push(fieldError(found[name].subarray(n * count, (n + 1) * count), exact[name]).relativeL2);
    onProgress?.(n + 1, functions);
  });
  return {
    errors: Object.fromEntries(
      problem.fields.map(({ name }) => [
        name,
        summary(each[name], draws.slice(0, each[name].length), 'exact'),
      ]),
    ),
  };
}

function summary(
  each: readonly number[],
  draws: readonly number[],
  against: OperatorError['against'],
): OperatorError {
  const ascending = [...each].sort((a, b) => a - b);
  const middle = ascending.length >> 1;
  return {
    relativeL2: each.reduce((sum, error) => sum + error, 0) / each.length,
    median: ascending.length % 2 === 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2,
    worst: ascending[ascending.length - 1],
    functions: each.length,
    against,
    each,
    draws,
  };
}
