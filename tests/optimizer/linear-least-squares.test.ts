import { Matrix, QrDecomposition, solve as solveDense } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { createOptimizer, type Objective } from '../../src/optimizer/index.ts';

/** ‖r(θ)‖² with its factors by ml-matrix. */
function leastSquares(
  residual: (theta: Float64Array) => number[],
  jacobian: (theta: Float64Array) => number[][],
): Objective & { calls: number } {
  const loss = (theta: Float64Array) => residual(theta).reduce((sum, r) => sum + r * r, 0);
  return {
    calls: 0,
    loss: async (theta) => ({ loss: loss(theta) }),
    lossAndGradient: () => {
      throw new Error('not needed');
    },
    async orthogonalFactor(theta) {
      this.calls++;
      const qr = new QrDecomposition(new Matrix(jacobian(theta)));
      const vector = qr.orthogonalMatrix.transpose().mmul(Matrix.columnVector(residual(theta)));
      return {
        loss: loss(theta),
        factor: Float64Array.from(qr.upperTriangularMatrix.to1DArray()),
        vector: Float64Array.from(vector.to1DArray()),
      };
    },
  };
}

/** Rows of 1, t, t², … at 30 places. */
const vandermonde = (n: number): number[][] =>
  Array.from({ length: 30 }, (_, i) => Array.from({ length: n }, (_, k) => (i / 29) ** k));

function polynomialFit(n: number) {
  const rows = vandermonde(n);
  const values = rows.map(([, t]) => Math.exp(t));
  const objective = leastSquares(
    (theta) => rows.map((row, i) => row.reduce((sum, a, k) => sum + a * theta[k], -values[i])),
    () => rows,
  );
  return { rows, values, objective };
}

describe('a residual that is affine in the parameters', () => {
  test('is brought to its minimum in one step, from anywhere', async () => {
    const { rows, values, objective } = polynomialFit(5);
    const expected = solveDense(new Matrix(rows), Matrix.columnVector(values)).to1DArray();
    for (const start of [0, 17]) {
      const theta = new Float64Array(5).fill(start);
      const optimizer = createOptimizer('random-features', objective, theta, { affine: true });
      const step = await optimizer.step();
      expect(step.finished).toBe('step');
      optimizer.theta.forEach((value, k) => {
        expect(value).toBeCloseTo(expected[k], 9);
      });
    }
  });

  test('is solved to the rounding of its residual where the normal equations would fail', async () => {
    // cond(J)² is beyond 1e30.
    const { objective } = polynomialFit(18);
    const optimizer = createOptimizer('random-features', objective, new Float64Array(18), { affine: true });
    expect((await optimizer.step()).loss).toBeLessThan(1e-26);
  });

  test('is not solved twice, nor after having been stored', async () => {
    const { objective } = polynomialFit(4);
    const optimizer = createOptimizer('random-features', objective, new Float64Array(4), { affine: true });
    const { loss } = await optimizer.step();
    const restored = createOptimizer(
      'random-features',
      objective,
      new Float64Array(4),
      { affine: true },
      optimizer.state(),
    );
    expect(await restored.step()).toMatchObject({ loss, finished: 'step' });
    expect(objective.calls).toBe(1);
    expect(restored.theta).toEqual(optimizer.theta);
    restored.objectiveChanged();
    await restored.step();
    expect(objective.calls).toBe(2);
  });

  test('keeps a parameter that it does not depend on', async () => {
    const rows = vandermonde(3).map(([a, b, c]) => [a, b, 0, c]);
    const objective = leastSquares(
      (theta) => rows.map((row, i) => row.reduce((sum, a, k) => sum + a * theta[k], -(i ** 2))),
      () => rows,
    );
    const optimizer = createOptimizer('random-features', objective, Float64Array.of(0, 0, 5, 0), {
      affine: true,
    });
    expect((await optimizer.step()).loss).toBeLessThan(1e-20);
    expect(optimizer.theta[2]).toBe(5);
  });
});

describe('some of the parameters', () => {
  test('are found as if the others were constants', async () => {
    const { rows, values, objective } = polynomialFit(4);
    const start = Float64Array.of(0, 2, 0, -1);
    const optimizer = createOptimizer('random-features', objective, start, { parameters: [0, 2] });
    await optimizer.step();
    const right = values.map((value, i) => value - 2 * rows[i][1] + rows[i][3]);
    const expected = solveDense(
      new Matrix(rows.map((row) => [row[0], row[2]])),
      Matrix.columnVector(right),
    ).to1DArray();
    expect(optimizer.theta[0]).toBeCloseTo(expected[0], 10);
    expect(optimizer.theta[2]).toBeCloseTo(expected[1], 10);
    expect([optimizer.theta[1], optimizer.theta[3]]).toEqual([2, -1]);
  });

  test('stay small with damping: the minimum of ‖r‖² + μ‖δ‖²', async () => {
    const { rows, values, objective } = polynomialFit(3);
    const damping = 0.1;
    const optimizer = createOptimizer('random-features', objective, new Float64Array(3), { damping });
    await optimizer.step();
    const matrix = new Matrix(rows);
    const largest = Math.max(...[0, 1, 2].map((k) => Math.hypot(...rows.map((row) => row[k]))));
    const normal = matrix
      .transpose()
      .mmul(matrix)
      .add(Matrix.eye(3).mul((damping * largest) ** 2));
    const expected = solveDense(normal, matrix.transpose().mmul(Matrix.columnVector(values))).to1DArray();
    optimizer.theta.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k], 10);
    });
  });
});

test('a residual that is not affine is followed by Gauss–Newton steps until they gain nothing', async () => {
  // Rosenbrock's function (Comput. J. 3, 1960), whose minimum is 0 at (1, 1).
  const objective = leastSquares(
    ([x, y]) => [10 * (y - x * x), 1 - x],
    ([x]) => [
      [-20 * x, 10],
      [-1, 0],
    ],
  );
  const optimizer = createOptimizer('random-features', objective, Float64Array.of(-1.2, 1));
  let loss = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 100; i++) {
    const step = await optimizer.step();
    expect(step.loss).toBeLessThanOrEqual(loss);
    loss = step.loss;
    if (loss < 1e-20) break;
  }
  expect(loss).toBeLessThan(1e-20);
});

test('an objective without factors, and damping below zero, are refused', () => {
  const { orthogonalFactor: _, ...plain } = polynomialFit(3).objective;
  const theta = new Float64Array(3);
  expect(() => createOptimizer('random-features', plain, theta)).toThrow(ProblemError);
  expect(() =>
    createOptimizer('random-features', polynomialFit(3).objective, theta, { damping: -1 }),
  ).toThrow(ProblemError);
});
