/** Many input functions at once. */
import { ProblemError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import type { OperatorModel } from '../operator-model.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import { sensorValues } from '../space/function-space.ts';
import { type GivenFunction, sampleOf } from '../space/given-function.ts';
import { samplesOf } from '../space/problem-of.ts';
import { HardPart } from './hard-part.ts';

/** For the only input function what stands for it, for several what stands for each, by name. */
export type GivenInputs = GivenFunction | Readonly<Record<string, GivenFunction>>;

/** Input functions of a batch: values at the sensors, (count, sensors) each, by name; or one after the other. */
export type InputBatch = Readonly<Record<string, Float64Array>> | readonly GivenInputs[];

export type BatchEvaluation = (
  inputs: InputBatch,
  points: ArrayLike<number>,
  options?: { readonly aligned?: boolean },
) => Record<string, Float64Array>;

/** @throws ProblemError for an input function that is missing or not as it should be */
export function givenSamples(problem: Problem, given: GivenInputs): Record<string, FunctionSample> {
  const byName =
    typeof given === 'object' && given !== null && !('expression' in given) && !('length' in given);
  if (byName) return samplesOf(problem, given as Readonly<Record<string, GivenFunction>>);
  const [input, ...others] = problem.inputs;
  if (others.length > 0)
    throw new ProblemError(`one function stands for the ${problem.inputs.length} inputs of ${problem.name}`, {
      path: 'inputs',
      hint: `give { ${problem.inputs.map(({ name }) => `${name}: …`).join(', ')} }`,
    });
  return { [input.name]: sampleOf(input, given as GivenFunction, problem.constants) };
}

interface Batch {
  readonly inputs: Readonly<Record<string, Float64Array>>;
  readonly count: number;
  /** Of one function. */
  readonly samples: (n: number) => Record<string, FunctionSample>;
}

function batchOf(problem: Problem, inputs: InputBatch): Batch {
  if (Array.isArray(inputs)) {
    const samples = inputs.map((given: GivenInputs) => givenSamples(problem, given));
    const count = samples.length;
    const joined = problem.inputs.map((input) => {
      const all = new Float64Array(count * input.sensorCount);
      samples.forEach((own, n) => void all.set(sensorValues(input, own[input.name]), n * input.sensorCount));
      return [input.name, all] as const;
    });
    return { inputs: Object.fromEntries(joined), count, samples: (n) => samples[n] };
  }
  const given = inputs as Readonly<Record<string, Float64Array>>;
  let count: number | undefined;
  for (const { name, sensorCount } of problem.inputs) {
    const values = given[name];
    const path = `inputs.${name}`;
    if (values === undefined)
      throw new ProblemError(`the input function \`${name}\` is missing`, {
        path,
        hint: 'give its values at the sensors, a row for each function',
      });
    if (values.length % sensorCount !== 0)
      throw new ProblemError(`${values.length} numbers are no rows of ${sensorCount} sensors`, { path });
    count ??= values.length / sensorCount;
    if (values.length / sensorCount !== count)
      throw new ProblemError(
        `there are ${values.length / sensorCount} functions here and ${count} elsewhere`,
        {
          path,
        },
      );
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new ProblemError(`the value at sensor ${bad % sensorCount} is ${values[bad]}`, { path });
  }
  const rowOf = (n: number): Record<string, FunctionSample> =>
    Object.fromEntries(
      problem.inputs.map((input) => {
        const row = given[input.name].subarray(n * input.sensorCount, (n + 1) * input.sensorCount);
        return [input.name, sampleOf(input, row, problem.constants)];
      }),
    );
  return { inputs: given, count: count!, samples: rowOf };
}

/** What evaluates a model on many functions at once; see `TrainedOperator.evaluate`. */
export function batchEvaluation(problem: Problem, model: OperatorModel): BatchEvaluation {
  return (given, points, { aligned = true } = {}) =>
    batchValues(problem, model, given, Float64Array.from(points), aligned);
}

function batchValues(
  problem: Problem,
  model: OperatorModel,
  given: InputBatch,
  points: Float64Array,
  aligned: boolean,
): Record<string, Float64Array> {
  const { inputs, count, samples } = batchOf(problem, given);
  const d = problem.coordinates.length;
  const pointCount = points.length / (d * (aligned ? 1 : count));
  if (!Number.isInteger(pointCount))
    throw new ProblemError(
      aligned
        ? `${points.length} numbers are no points of ${d} coordinates`
        : `${points.length} numbers are not as many points for each of ${count} functions`,
      { path: 'points' },
    );
  const values = model.evaluate({ inputs, count, points, pointCount, aligned });
  const hard = new HardPart(problem);
  return Object.fromEntries(
    problem.fields.map(({ name }) => [
      name,
      hard.has(name)
        ? hard.around(
            name,
            values[name],
            (order) => model.evaluate({ inputs, count, points, pointCount, aligned }, order)[name],
            { count, points, pointCount, aligned, samples },
          )
        : values[name],
    ]),
  );
}
