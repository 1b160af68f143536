import { describe, expect, it } from 'vitest';
import { InterruptedError, SolveError } from '../../../src/errors.ts';
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
    for (const kind of ['linear', 'kernel', 'network'] as const) {
      const fit = await fitRegression(x, outputsOf(x, curved), 60, { seed: 0, kind, timeLimit: 0.3 });
      expect(fit.kind).toBe(kind);
      expect(regressionOf(fit.store()).predict(fresh, 10)).toEqual(fit.predict(fresh, 10));
    }
  });

  it('gives the same fit for the same seed', async () => {
    const x = functions(60, 1);
    const fresh = functions(5, 2);
    for (const kind of ['kernel', 'network'] as const) {
      const fits = await Promise.all(
        [3, 3].map((seed) =>
          fitRegression(x.slice(0, 30 * SENSORS), outputsOf(x, curved).slice(0, 90), 30, { seed, kind }),
        ),
      );
      expect(fits[0].predict(fresh, 5)).toEqual(fits[1].predict(fresh, 5));
      expect(fits[0].validation).toBe(fits[1].validation);
    }
  });

  it('trains a network that is better than the linear map it starts from', async () => {
    const x = functions(120, 1);
    const y = outputsOf(x, curved);
    const linear = await fitRegression(x, y, 120, { seed: 0, kind: 'linear' });
    const network = await fitRegression(x, y, 120, { seed: 0, kind: 'network', timeLimit: 3 });
    const fresh = functions(100, 2);
    const right = outputsOf(fresh, curved);
    expect(relativeError(network.predict(fresh, 100), right, 100)).toBeLessThan(
      0.6 * relativeError(linear.predict(fresh, 100), right, 100),
    );
  });

  it('learns products of two input functions of different units, joined or by a product of branches', async () => {
    const count = 150;
    const pair = (seed: number, rows: number) => {
      const first = functions(rows, seed);
      const second = functions(rows, seed + 100);
      const x = new Float64Array(rows * (SENSORS + 1));
      const y = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        x.set(first.subarray(i * SENSORS, (i + 1) * SENSORS), i * (SENSORS + 1));
        const number = 0.01 * second[i * SENSORS];
        x[i * (SENSORS + 1) + SENSORS] = number;
        y[i] = 3 + Math.sin(first[i * SENSORS + 4]) * Math.cos(100 * number);
      }
      return { x, y };
    };
    const data = pair(1, count);
    const fresh = pair(2, 100);
    const errors: number[] = [];
    for (const [kind, product] of [
      ['linear', false],
      ['kernel', false],
      ['kernel', true],
      ['network', true],
    ] as const) {
      const fit = await fitRegression(data.x, data.y, count, {
        seed: 0,
        kind,
        product,
        groups: [SENSORS, 1],
        timeLimit: 4,
      });
      errors.push(relativeError(fit.predict(fresh.x, 100), fresh.y, 100));
    }
    expect(Math.max(errors[1], errors[2])).toBeLessThan(1e-3);
    expect(errors[3]).toBeLessThan(errors[0]);
  });

  it('finds a map that is nearly linear far better than the linear map does', async () => {
    const nearly = (row: Float64Array): number[] => [
      row[3] + 0.01 * row[2] ** 2 + 1,
      mean(row) - 0.02 * row[7] * row[2],
    ];
    const x = functions(150, 1);
    const y = outputsOf(x, nearly);
    const fresh = functions(100, 2);
    const [linear, kernel] = await Promise.all(
      (['linear', 'kernel'] as const).map(async (kind) => {
        const fit = await fitRegression(x, y, 150, { seed: 0, kind });
        return relativeError(fit.predict(fresh, 100), outputsOf(fresh, nearly), 100);
      }),
    );
    expect(kernel).toBeLessThan(0.05 * linear);
  });

  it('sees reciprocals of positive functions where the map depends on them, and stays finite beyond', async () => {
    const positive = (seed: number, count: number) =>
      functions(count, seed).map((value) => Math.exp(value / 2));
    const travel = (row: Float64Array): number[] => [
      row.reduce((sum, v) => sum + 1 / v, 0) / SENSORS,
      1 / row[4],
    ];
    const x = positive(1, 100);
    const fit = await fitRegression(x, outputsOf(x, travel), 100, { seed: 0, kind: 'kernel' });
    const fresh = positive(2, 50);
    expect(relativeError(fit.predict(fresh, 50), outputsOf(fresh, travel), 50)).toBeLessThan(1e-4);
    expect(fit.predict(new Float64Array(SENSORS).fill(-1), 1).every(Number.isFinite)).toBe(true);
  });

  it('stops when it is asked to', async () => {
    const x = functions(60, 1);
    const controller = new AbortController();
    controller.abort();
    const run = fitRegression(x, outputsOf(x, curved), 60, {
      seed: 0,
      kind: 'kernel',
      signal: controller.signal,
    });
    await expect(run).rejects.toThrow(InterruptedError);
  });

  it('joins functions that were given twice', async () => {
    const x = functions(60, 1);
    const y = outputsOf(x, curved);
    const twice = (rows: Float64Array) => Float64Array.from([...rows, ...rows]);
    const once = await fitRegression(x, y, 60, { seed: 0, kind: 'kernel' });
    const double = await fitRegression(twice(x), twice(y), 120, { seed: 0, kind: 'kernel' });
    expect(double.validation).toBe(once.validation);
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
