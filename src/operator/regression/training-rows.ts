/** What a regression is fitted to. */
import { SolveError } from '../../errors.ts';

export interface TrainingRows {
  readonly count: number;
  readonly inputs: number;
  readonly outputs: number;
  /** (count, inputs) */
  readonly x: Float64Array;
  /** (count, outputs) */
  readonly y: Float64Array;
  /** Columns of x for each input function. */
  readonly groups: readonly number[];
}

/** Fewer cannot be left out one by one. */
const LEAST = 4;

/**
 * Rows checked, and those that have the same x joined into one with the mean of their y: a row left out would be
 * foretold by its twin.
 *
 * @throws SolveError where numbers of columns do not fit, values are not finite, or there are too few different rows
 */
export function trainingRows(
  x: Float64Array,
  y: Float64Array,
  count: number,
  groups?: readonly number[],
): TrainingRows {
  if (!Number.isInteger(count) || count < LEAST)
    throw new SolveError(
      `a regression needs at least ${LEAST} training functions, there are ${count}; draw more functions`,
    );
  const inputs = columns(x, count, 'sensor values');
  const outputs = columns(y, count, 'coefficients');
  const widths = groups ?? [inputs];
  const sum = widths.reduce((total, width) => total + width, 0);
  if (sum !== inputs || widths.some((width) => !Number.isInteger(width) || width < 1))
    throw new SolveError(
      `input functions with ${widths.join(' + ')} sensors have ${sum} values, a row has ${inputs}; give the sensors of every input function`,
    );
  const places = new Map<string, number[]>();
  for (let i = 0; i < count; i++) {
    const key = x.subarray(i * inputs, (i + 1) * inputs).join();
    const twins = places.get(key);
    if (twins === undefined) places.set(key, [i]);
    else twins.push(i);
  }
  if (places.size < LEAST)
    throw new SolveError(
      `only ${places.size} of ${count} training functions differ at the sensors, ${LEAST} are needed; draw more functions, or place sensors where they differ`,
    );
  if (places.size === count) return { count, inputs, outputs, x, y, groups: widths };
  const distinct = [...places.values()];
  return {
    count: distinct.length,
    inputs,
    outputs,
    x: Float64Array.from(distinct.flatMap(([i]) => [...x.subarray(i * inputs, (i + 1) * inputs)])),
    y: Float64Array.from(
      distinct.flatMap((twins) =>
        Array.from({ length: outputs }, (_, j) => {
          return twins.reduce((total, i) => total + y[i * outputs + j], 0) / twins.length;
        }),
      ),
    ),
    groups: widths,
  };
}

function columns(values: Float64Array, count: number, what: string): number {
  const width = values.length / count;
  if (!Number.isInteger(width) || width < 1)
    throw new SolveError(
      `${values.length} ${what} are no table of ${count} rows; give the same number for every training function`,
    );
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new SolveError(
      `${values[bad]} stands among the ${what} of training function ${Math.floor(bad / width)}; leave that function out`,
    );
  return width;
}
