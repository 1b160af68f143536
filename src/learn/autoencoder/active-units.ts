/** How many units of a code speak. */
import { ProblemError } from '../../errors.ts';

export interface ActiveUnits {
  /** Mean number of units above the threshold in one sample. */
  readonly perSample: number;
  /** Units above it in at least one sample. */
  readonly ever: number;
  /** Mean activity of each unit, (units). */
  readonly meanActivity: Float64Array;
}

/**
 * @param codes  (N, units), row-major
 * @param threshold  a unit is active where its magnitude is above this; default 0.1
 */
export function activeUnits(codes: ArrayLike<number>, units: number, threshold = 0.1): ActiveUnits {
  const count = codes.length / units;
  if (!Number.isInteger(count) || count < 1)
    throw new ProblemError(`${codes.length} numbers are no codes of ${units}`, { path: 'codes' });
  const active = new Uint32Array(units);
  const meanActivity = new Float64Array(units);
  for (let i = 0; i < codes.length; i++) {
    meanActivity[i % units] += codes[i] / count;
    if (Math.abs(codes[i]) > threshold) active[i % units] += 1;
  }
  return {
    perSample: active.reduce((a, b) => a + b, 0) / count,
    ever: active.filter((own) => own > 0).length,
    meanActivity,
  };
}
