import { describe, expect, it } from 'vitest';
import { kernelModule } from '../../../src/engine/f64/kernel-module.ts';
import { LinearMemory } from '../../../src/engine/f64/linear-memory.ts';
import {
  covarianceFunctions,
  covarianceNames,
} from '../../../src/operator/regression/covariance-function.ts';
import { gradientMetric, metricRoot } from '../../../src/operator/regression/gradient-metric.ts';
import { solveKernelSystem } from '../../../src/operator/regression/kernel-system.ts';
import { kernelValues, type StoredKernelRegression } from '../../../src/operator/regression/kernel-values.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const random = randomGenerator(5);
const draws = (length: number) => Float64Array.from({ length }, () => random.normal());

describe('kernels', () => {
  it('have the derivatives that differences say', () => {
    for (const name of covarianceNames) {
      const { value, derivative } = covarianceFunctions[name];
      expect(value(0)).toBe(1);
      for (const square of [0.3, 1, 4]) {
        const difference = (value(square + 1e-5) - value(square - 1e-5)) / 2e-5;
        expect(Math.abs(derivative(square) - difference)).toBeLessThan(1e-9);
      }
    }
  });

  it('foretell a row left out as a fit without it does', async () => {
    const memory = new LinearMemory((await kernelModule()).module);
    const covariance = covarianceFunctions['matern-5/2'].value;
    const [n, width, ridge] = [70, 3, 1e-4];
    const z = draws(n);
    const y = draws(n * width);
    const matrixOf = (places: readonly number[]) =>
      Float64Array.from(places.flatMap((i) => places.map((j) => covariance((z[i] - z[j]) ** 2))));
    const all = Array.from({ length: n }, (_, i) => i);
    const { residuals } = solveKernelSystem(memory, matrixOf(all), ridge, y, n)!;
    for (const out of [0, 33, 69]) {
      const rest = all.filter((i) => i !== out);
      const values = Float64Array.from(rest.flatMap((i) => [...y.subarray(i * width, (i + 1) * width)]));
      const { weights } = solveKernelSystem(memory, matrixOf(rest), ridge, values, n - 1)!;
      for (let j = 0; j < width; j++) {
        const foretold = rest.reduce(
          (sum, i, k) => sum + covariance((z[out] - z[i]) ** 2) * weights[k * width + j],
          0,
        );
        expect(residuals[out * width + j]).toBeCloseTo(y[out * width + j] - foretold, 7);
      }
    }
  });

  it('refuse a matrix that is not positive definite', async () => {
    const memory = new LinearMemory((await kernelModule()).module);
    expect(
      solveKernelSystem(memory, new Float64Array([1, 2, 2, 1]), 1e-9, new Float64Array([1, 1]), 2),
    ).toBeNull();
  });

  it('have gradients that differences say, one factor or two', () => {
    const [count, rank, outputs] = [12, 4, 2];
    for (const ranks of [[4], [3, 1]]) {
      const fit: StoredKernelRegression = {
        kind: 'kernel',
        inputs: rank,
        outputs,
        covariance: 'matern-7/2',
        mean: new Float64Array(rank),
        projection: Float64Array.from({ length: rank * rank }, (_, k) => (k % (rank + 1) === 0 ? 1 : 0)),
        ranks,
        centers: draws(count * rank),
        weights: draws(count * outputs),
        offset: draws(outputs),
        slopes: draws(rank * outputs),
      };
      const metric = gradientMetric(fit, new Float64Array(count).fill(1));
      const expected = new Float64Array(rank * rank);
      for (let i = 0; i < count; i++) {
        const jacobian = Array.from({ length: rank }, (_, k) => {
          const [up, down] = [1e-5, -1e-5].map((step) => {
            const row = fit.centers.slice(i * rank, (i + 1) * rank);
            row[k] += step;
            return kernelValues(fit, row, 1);
          });
          return up.map((value, j) => (value - down[j]) / 2e-5);
        });
        for (let k = 0; k < rank; k++) {
          for (let l = 0; l < rank; l++) {
            expected[k * rank + l] += jacobian[k].reduce((sum, value, j) => sum + value * jacobian[l][j], 0);
          }
        }
      }
      const largest = Math.max(...expected);
      metric.forEach((value, k) => {
        expect(Math.abs(value - expected[k])).toBeLessThan(1e-6 * largest);
      });
    }
  });

  it('take a metric to a power', () => {
    const root = metricRoot(new Float64Array([4, 0, 0, 1]), [2], 1);
    const square = [0, 1].map((i) =>
      [0, 1].map((j) => root[2 * i] * root[2 * j] + root[2 * i + 1] * root[2 * j + 1]),
    );
    expect(square[0][0]).toBeCloseTo(1, 12);
    expect(square[1][1]).toBeCloseTo(0.25, 12);
    expect(square[0][1]).toBeCloseTo(0, 12);
  });
});

describe('values for many functions', () => {
  it('by the compiled product are those of the functions one by one', async () => {
    await kernelModule();
    for (const ranks of [[7], [4, 3]])
      for (const covariance of covarianceNames) {
        const [inputs, rank, centers, outputs, count] = [9, 7, 83, 5, 301];
        const stored: StoredKernelRegression = {
          kind: 'kernel',
          inputs,
          outputs,
          covariance,
          mean: draws(inputs),
          projection: draws(inputs * rank),
          ranks,
          centers: draws(centers * rank),
          weights: draws(centers * outputs),
          offset: draws(outputs),
          slopes: draws(rank * outputs),
        };
        const rows = draws(count * inputs).map((value) => 0.3 * value);
        const together = kernelValues(stored, rows, count);
        for (let i = 0; i < count; i += 13) {
          const alone = kernelValues(stored, rows.subarray(i * inputs, (i + 1) * inputs), 1);
          alone.forEach((value, j) => {
            expect(Math.abs(together[i * outputs + j] - value)).toBeLessThan(1e-11);
          });
        }
      }
  });
});
