import { describe, expect, it } from 'vitest';
import { SolveError } from '../../../src/errors.ts';
import { fitRegression, regressionOf } from '../../../src/operator/regression/regression.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const SENSORS = 20;

/** Smooth functions at sensors: cosines with falling random amplitudes. */
function functions(count: number, seed: number): Float64Array {
  const random = randomGenerator(seed);
  const rows = new Float64Array(count * SENSORS);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 6; k++) {
      const amplitude = random.normal() * 2 ** -k;
      for (let j = 0; j < SENSORS; j++)
        rows[i * SENSORS + j] += amplitude * Math.cos((Math.PI * k * j) / SENSORS);
    }
  }
  return rows;
}

function outputsOf(rows: Float64Array, map: (row: Float64Array) => number[]): Float64Array {
  const count = rows.length / SENSORS;
  return Float64Array.from(
    Array.from({ length: count }, (_, i) => map(rows.subarray(i * SENSORS, (i + 1) * SENSORS))).flat(),
  );
}

/** Mean over rows. */
function relativeError(found: Float64Array, right: Float64Array, count: number): number {
  const width = found.length / count;
  const norm = (row: Float64Array) => Math.hypot(...row);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const own = right.subarray(i * width, (i + 1) * width);
    sum += norm(own.map((value, j) => value - found[i * width + j])) / norm(own);
  }
  return sum / count;
}

const mean = (row: Float64Array): number => row.reduce((sum, value) => sum + value / SENSORS, 0);
const affine = (row: Float64Array): number[] => [1 + mean(row), row[3] - 2 * row[7], 0.5];
const curved = (row: Float64Array): number[] => [
  Math.sin(row[2]) + 2,
  mean(row) * row[5],
  1 / (2 + Math.cos(row[9])),
];

describe('regression', () => {
  it('finds a linear map to rounding, by itself', async () => {
    const x = functions(40, 1);
    const fit = await fitRegression(x, outputsOf(x, affine), 40, { seed: 0 });
    const fresh = functions(10, 2);
    expect(fit.kind).toBe('linear');
    expect(fit.validation).toBeLessThan(1e-12);
    expect(relativeError(fit.predict(fresh, 10), outputsOf(fresh, affine), 10)).toBeLessThan(1e-12);
  });

  it('takes a kernel for a curved map, and says what error fresh functions have', async () => {
    const x = functions(300, 1);
    const fit = await fitRegression(x, outputsOf(x, curved), 300, { seed: 0 });
    const fresh = functions(200, 2);
    const error = relativeError(fit.predict(fresh, 200), outputsOf(fresh, curved), 200);
    expect(fit.kind).toBe('kernel');
    expect(error).toBeLessThan(0.02);
    expect(fit.validation / error).toBeGreaterThan(1 / 3);
    expect(fit.validation / error).toBeLessThan(3);
  });

  it('comes back the same from what was stored', async () => {
    const x = functions(60, 1);
    const fresh = functions(10, 2);
    for (const kind of ['linear', 'kernel'] as const) {
      const fit = await fitRegression(x, outputsOf(x, curved), 60, { seed: 0, kind });
      expect(regressionOf(fit.store()).predict(fresh, 10)).toEqual(fit.predict(fresh, 10));
    }
  });

  it('refuses what cannot be fitted, and says why', async () => {
    const x = functions(10, 1);
    const y = outputsOf(x, affine);
    await expect(fitRegression(x, y, 3, { seed: 0 })).rejects.toThrow(SolveError);
    await expect(fitRegression(x, y.subarray(1), 10, { seed: 0 })).rejects.toThrow(/29 coefficients/);
    await expect(
      fitRegression(
        x.map(() => 1),
        y,
        10,
        { seed: 0 },
      ),
    ).rejects.toThrow(/only 1 of 10/);
    await expect(fitRegression(x, y, 10, { seed: 0, groups: [4, 4] })).rejects.toThrow(/4 \+ 4 sensors/);
    await expect(
      fitRegression(
        x.map((v, k) => (k === 25 ? Number.NaN : v)),
        y,
        10,
        { seed: 0 },
      ),
    ).rejects.toThrow(/training function 1/);
  });
});
