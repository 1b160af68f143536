/** Sequences as a forecasting network learns from them. */
import { ProblemError } from '../../errors.ts';
import type { Sequences } from '../data/sequences.ts';

export interface ForecastSamples {
  /** (count, length, 1). */
  readonly inputs: Float32Array;
  /** (count, length, horizon): in row t the entries t + 1 … t + horizon. */
  readonly targets: Float32Array;
  readonly count: number;
  /** Entries that are read: those with a whole horizon after them. */
  readonly length: number;
}

/** @throws ProblemError where sequences are too short */
export function forecastSamples(
  { values, count, length: whole }: Sequences,
  { horizon }: { readonly horizon: number },
): ForecastSamples {
  const length = whole - horizon;
  if (!Number.isInteger(horizon) || horizon < 1 || length < 1)
    throw new ProblemError(`sequences of ${whole} have no ${horizon} entries after the first`, {
      path: 'horizon',
      hint: `give 1 to ${whole - 1}`,
    });
  const inputs = new Float32Array(count * length);
  const targets = new Float32Array(count * length * horizon);
  for (let n = 0; n < count; n++)
    for (let t = 0; t < length; t++) {
      inputs[n * length + t] = values[n * whole + t];
      for (let k = 0; k < horizon; k++)
        targets[(n * length + t) * horizon + k] = values[n * whole + t + 1 + k];
    }
  return { inputs, targets, count, length };
}
