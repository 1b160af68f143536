import { Matrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { maximizePenalizedLikelihood } from '../../src/estimate/penalized-likelihood.ts';

const design = [
  [1, 0.5, 0.2],
  [1, -0.3, 0.9],
  [1, 0.8, -0.4],
  [1, 0.1, 0.1],
];
const observed = [1.2, 0.3, 2.1, 0.7];
const penalty = Float64Array.from([0, 0, 0, 0, 2, -1, 0, -1, 2]);

function linearLikelihood(low: number[], high: number[]) {
  return {
    low: Float64Array.from(low),
    high: Float64Array.from(high),
    evaluate: (x: Float64Array) => {
      const r = design.map((row, i) => row.reduce((sum, a, j) => sum + a * x[j], -observed[i]));
      const information = new Float64Array(9);
      const score = new Float64Array(3);
      design.forEach((row, i) => {
        row.forEach((a, p) => {
          score[p] += a * r[i];
          row.forEach((b, q) => {
            information[p * 3 + q] += a * b;
          });
        });
      });
      return { negativeLogLikelihood: 0.5 * r.reduce((s, v) => s + v * v, 0), score, information };
    },
  };
}

const options = { maxIterations: 100, tolerance: 1e-14 };

describe('the maximum of a penalised likelihood', () => {
  it('of a linear Gaussian model is that of ridge regression', () => {
    const free = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const { x, precision } = maximizePenalizedLikelihood(
      linearLikelihood(
        free.map((v) => -v),
        free,
      ),
      penalty,
      new Float64Array(3),
      options,
    );
    const X = new Matrix(design);
    const normal = X.transpose()
      .mmul(X)
      .add(Matrix.from1DArray(3, 3, Array.from(penalty)));
    const expected = solve(normal, X.transpose().mmul(Matrix.columnVector(observed)));
    x.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.get(i, 0), 6);
    });
    expect(precision.sub(normal).norm()).toBeLessThan(1e-12);
  });

  it('within bounds has no gradient along the parameters that are free', () => {
    const likelihood = linearLikelihood([-5, -5, -5], [5, 0.1, 5]);
    const { x } = maximizePenalizedLikelihood(likelihood, penalty, new Float64Array(3), options);
    const { score } = likelihood.evaluate(x);
    const gradient = score.map((s, i) => s + x.reduce((sum, v, j) => sum + penalty[i * 3 + j] * v, 0));
    expect(x[1]).toBe(0.1);
    expect(gradient[1]).toBeLessThan(0);
    expect(Math.abs(gradient[0])).toBeLessThan(1e-5);
    expect(Math.abs(gradient[2])).toBeLessThan(1e-5);
  });
});
