/** Stored operators, read again and checked. */
import { z } from 'zod';
import { kernelModule } from '../engine/f64/kernel-module.ts';
import { ProblemError } from '../errors.ts';
import { type Problem, problem as readProblem } from '../problem/index.ts';
import { validate } from '../problem/validate.ts';
import { decode } from '../solve/stored-format.ts';
import { CoefficientModel } from './coefficient-model.ts';
import type { InputRange } from './evaluate/training-space.ts';
import { FourierModel } from './network/fourier-model.ts';
import type { OperatorModel } from './operator-model.ts';
import type { StoredBlock, StoredValue } from './stored-block.ts';
import { format, type StoredOperator, version } from './stored-operator.ts';
import { type TrainedOperator, trainedOperator } from './trained-operator.ts';

const finite = z.number();
const errorShape = z.looseObject({
  relativeL2: finite.nullable(),
  median: finite.nullable(),
  worst: finite.nullable(),
  functions: z.int().min(0),
  against: z.enum(['exact', 'reference', 'data']),
  each: z.array(finite.nullable()),
  draws: z.array(finite),
});
const shape = z.looseObject({
  format: z.literal(format),
  version: z.literal(version),
  problem: z.looseObject({ name: z.string() }),
  run: z.looseObject({
    engine: z.string(),
    loss: z.string(),
    branch: z.string(),
    seed: z.int(),
    functions: z.int().min(0),
    seconds: finite,
    stopped: z.string(),
    notes: z.array(z.string()),
  }),
  errors: z.record(z.string(), errorShape).nullable(),
  reason: z.string().optional(),
  ranges: z.array(
    z.looseObject({
      input: z.string(),
      sensors: z.int().positive(),
      distance: finite,
      remainder: finite,
      amplitude: finite,
    }),
  ),
  model: z.looseObject({ kind: z.string() }),
});

function decoded(value: unknown, path: string): StoredValue {
  if (Array.isArray(value)) return value.map((inner, i) => decoded(inner, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return value as StoredValue;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0][0] === 'float64' && typeof entries[0][1] === 'string')
    return decode(entries[0][1], path);
  return Object.fromEntries(entries.map(([key, inner]) => [key, decoded(inner, `${path}.${key}`)]));
}

/**
 * A stored operator ready for use.
 *
 * @throws ProblemError where the value is no stored operator, of another version, or damaged
 */
export async function operatorFrom(value: unknown): Promise<TrainedOperator> {
  if (typeof value !== 'object' || value === null || Reflect.get(value, 'format') !== format)
    throw new ProblemError('this is not a stored operator', { hint: `its "format" would be "${format}"` });
  const found = Reflect.get(value, 'version');
  if (found !== version)
    throw new ProblemError(`the stored operator is of version ${String(found)}`, {
      hint: `this version reads ${version}`,
    });
  // Checked on its own plain form: NaN, which an operator in memory may hold, is null there.
  validate(shape, JSON.parse(JSON.stringify(value)));
  const stored = value as StoredOperator;
  const problem = readProblem(stored.problem);
  const model = await modelFrom(decoded(stored.model, 'model') as StoredBlock, problem);
  const ranges = stored.ranges.map((range, i) => decoded(range, `ranges[${i}]`) as unknown as InputRange);
  problem.inputs.forEach(({ name, sensorCount }, i) => {
    const { input, sensors, mean, directions, deviations } = ranges[i] ?? {};
    const fits =
      input === name &&
      sensors === sensorCount &&
      mean instanceof Float64Array &&
      mean.length === sensors &&
      deviations instanceof Float64Array &&
      directions instanceof Float64Array &&
      directions.length === sensors * deviations.length;
    if (!fits)
      throw new ProblemError(`the training functions of ${name} are not described`, {
        path: `ranges[${i}]`,
        hint: 'the file is damaged',
      });
  });
  const { run, errors, reason } = stored;
  return trainedOperator({
    problem,
    model,
    run,
    errors,
    ...(reason === undefined ? {} : { reason }),
    ranges,
  });
}

async function modelFrom(block: StoredBlock, problem: Problem): Promise<OperatorModel> {
  if (block.kind === CoefficientModel.kind) {
    const model = CoefficientModel.restored(block, problem);
    // Batches are several times faster by the compiled product; without it they are the same.
    if (model.branch.store().kind === 'kernel') await kernelModule().catch(() => undefined);
    return model;
  }
  if (block.kind === FourierModel.kind) return FourierModel.restored(block, problem);
  throw new ProblemError(`a model of the kind ${block.kind} is not known`, {
    path: 'model.kind',
    hint: 'the file is of another version, or damaged',
  });
}
