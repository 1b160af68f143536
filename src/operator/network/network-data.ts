/** Solutions that operator networks are trained on, and those that are kept to judge them by. */

import { NotSupportedError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { randomGenerator } from '../../random/generator.ts';
import type { OperatorData } from '../data/operator-data.ts';
import type { OutputPoints } from '../data/output-points.ts';
import { HardPart } from '../evaluate/hard-part.ts';
import type { OperatorModel } from '../operator-model.ts';
import { withoutOffset } from '../training/data-coefficients.ts';
import type { ResolvedTraining } from '../training/resolve-training.ts';
import { requireEnough, selected, timedData } from '../training/training-data.ts';
import type { TrainingHooks } from '../training/training-hooks.ts';

/** What a network is to be at the output points: û, where conditions are hard. */
export interface FieldTargets {
  readonly field: string;
  /** By which values are divided. */
  readonly scale: number;
  /** (u − g)/scale, (count, pointCount). */
  readonly values: Float64Array;
  /** φ at the points, as many as there are; undefined: one. */
  readonly factors: Float64Array | undefined;
  /** Mean square of u/scale of each function, (count). */
  readonly squares: Float64Array;
}

export interface NetworkData {
  readonly data: OperatorData;
  readonly targets: readonly FieldTargets[];
}

export interface SplitData {
  readonly train: NetworkData;
  /** Functions that are not trained on. */
  readonly held: NetworkData;
  /** Their places where the data set was given, none where it was made here. */
  readonly numbers: readonly number[] | undefined;
  readonly dataSeconds: number;
  readonly notes: readonly string[];
}

const heldShare = 0.1;
const leastHeld = 8;
const mostHeld = 100;
const fewest = 8;
/** Of the time. */
const dataShare = 0.6;

/**
 * A given data set, a tenth of it held out (or what `functions` leaves of it), or one made here, with a tenth more
 * functions than are trained on.
 */
export async function splitData(
  problem: Problem,
  settings: ResolvedTraining,
  given: OperatorData | undefined,
  { signal, show, seconds }: TrainingHooks,
  functions: number,
  points: OutputPoints | undefined,
): Promise<SplitData> {
  const { seed, threads, timeLimit } = settings;
  const extra = (count: number): number =>
    Math.min(mostHeld, Math.max(leastHeld, Math.round(heldShare * count)));
  let data = given;
  let dataSeconds = 0;
  if (data === undefined) {
    const before = seconds();
    const wanted = functions + extra(functions);
    data = requireEnough(
      await timedData(problem, {
        functions: wanted,
        seed,
        points,
        threads,
        signal,
        timeLimit: dataShare * timeLimit,
        onProgress: ({ done }) => show({ phase: 'solutions', done, total: wanted }),
      }),
      2 * fewest,
      timeLimit,
    );
    dataSeconds = seconds() - before;
  } else requireEnough(data, 2 * fewest, timeLimit);
  const all = Array.from({ length: data.count }, (_, n) => n);
  let held: readonly number[];
  if (given === undefined)
    held = all.slice(Math.min(functions, data.count - extra(Math.floor(data.count / (1 + heldShare)))));
  else if (settings.functions !== undefined && settings.functions < data.count)
    held = all.slice(settings.functions);
  else {
    const random = randomGenerator(seed);
    const keys = all.map(() => random.uniform());
    held = [...all]
      .sort((a, b) => keys[a] - keys[b])
      .slice(0, extra(data.count))
      .sort((a, b) => a - b);
  }
  const out = new Set(held);
  const scales = fieldScales(problem, data);
  const network = (chosen: readonly number[]): NetworkData =>
    networkData(problem, selected(data, chosen), scales);
  const notes: string[] = [];
  if (!data.aligned) notes.push('output points differ from function to function');
  if (data.failures.length > 0)
    notes.push(`${data.failures.length} draws were left out: ${data.failures[0].reason}`);
  return {
    train: network(all.filter((n) => !out.has(n))),
    held: network(held),
    numbers: given === undefined ? undefined : held,
    dataSeconds,
    notes,
  };
}

function fieldScales(problem: Problem, { fields }: OperatorData): ReadonlyMap<string, number> {
  return new Map(
    problem.fields.map(({ name }) => {
      const values = fields[name];
      return [name, Math.sqrt(values.reduce((sum, u) => sum + u * u, 0) / values.length) || 1];
    }),
  );
}

export function networkData(
  problem: Problem,
  data: OperatorData,
  scales: ReadonlyMap<string, number> = fieldScales(problem, data),
): NetworkData {
  const hard = new HardPart(problem);
  const { count, pointCount } = data;
  const unit = {
    size: 1,
    values: (_: Float64Array, rows: number, index?: readonly number[]): Float64Array => {
      if (index?.some((k) => k > 0))
        throw new NotSupportedError('hard conditions on derivatives with an operator network', {
          hint: 'leave `hard` out, or take the engine f64',
        });
      return new Float64Array(rows).fill(1);
    },
  };
  const targets = problem.fields.map(({ name: field }) => {
    const scale = scales.get(field)!;
    const squares = new Float64Array(count);
    data.fields[field].forEach((u, k) => {
      squares[Math.floor(k / pointCount)] += (u / scale) ** 2 / pointCount;
    });
    return {
      field,
      scale,
      values: withoutOffset(problem, data, hard, field).map((value) => value / scale),
      factors: hard.has(field) ? hard.applied(field, unit, data.points) : undefined,
      squares,
    };
  });
  return { data, targets };
}

/** Mean over functions and fields of the relative L2 error at the output points. */
export function relativeErrorOf(model: OperatorModel, { data, targets }: NetworkData): number {
  const { inputs, count, points, pointCount, aligned } = data;
  const found = model.evaluate({ inputs, count, points, pointCount, aligned });
  let sum = 0;
  for (const { field, scale, values, factors, squares } of targets)
    for (let n = 0; n < count; n++) {
      let square = 0;
      for (let j = 0; j < pointCount; j++) {
        const k = n * pointCount + j;
        const factor = factors === undefined ? 1 : factors[aligned ? j : k];
        square += ((factor * found[field][k]) / scale - values[k]) ** 2 / pointCount;
      }
      sum += Math.sqrt(square / (squares[n] || 1));
    }
  return sum / (count * targets.length);
}
