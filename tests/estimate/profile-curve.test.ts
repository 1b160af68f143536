import { describe, expect, it } from 'vitest';
import { type LikelihoodFunction, parameter } from '../../src/estimate/likelihood-function.ts';
import { profileCurves } from '../../src/estimate/profile-curve.ts';

const threshold = 3.841458820694124;
const settings = { level: 0.95, threshold };
const infinite = (n: number) => new Float64Array(n).fill(Number.POSITIVE_INFINITY);

/** Least squares about predictions: −ℓ = Σ (f_i − y_i)²/2, with the Gauss–Newton information. */
function leastSquares(
  names: string[],
  predict: (x: Float64Array) => number[],
  slopes: (x: Float64Array) => number[][],
  y: readonly number[],
  low = infinite(names.length).map((v) => -v),
  high = infinite(names.length),
): LikelihoodFunction {
  const n = names.length;
  return {
    names,
    low,
    high,
    evaluate: (x) => {
      const r = predict(x).map((f, i) => f - y[i]);
      const jacobian = slopes(x);
      const score = Float64Array.from(x, (_, j) => r.reduce((sum, v, i) => sum + v * jacobian[i][j], 0));
      const information = new Float64Array(n * n);
      for (let a = 0; a < n; a++)
        for (let b = 0; b < n; b++)
          information[a * n + b] = jacobian.reduce((sum, row) => sum + row[a] * row[b], 0);
      return { negativeLogLikelihood: r.reduce((s, v) => s + v * v, 0) / 2, score, information };
    },
  };
}

const all = (likelihood: LikelihoodFunction) => likelihood.names.map((_, j) => parameter(likelihood, j));

describe('the profile of a quadratic likelihood', () => {
  const rows = [
    [1, 0.3, -1],
    [0.5, 2, 0.1],
    [-1, 1, 0.4],
    [0.2, 0.2, 3],
  ];
  const truth = [2, -1, 0.5];
  const y = rows.map((row) => row.reduce((sum, v, j) => sum + v * truth[j], 0));
  const linear = leastSquares(
    ['a', 'b', 'c'],
    (x) => rows.map((row) => row.reduce((sum, v, j) => sum + v * x[j], 0)),
    () => rows,
    y,
  );
  // (AᵀA)⁻¹ by NumPy.
  const variances = [0.45413426, 0.20094619, 0.10284889];

  it('is the parabola that gives the Wald interval', () => {
    for (const [j, curve] of profileCurves(
      linear,
      all(linear),
      Float64Array.of(0, 0, 0),
      settings,
    ).entries()) {
      const half = Math.sqrt(threshold * variances[j]);
      expect(curve.low).toBeCloseTo(truth[j] - half, 6);
      expect(curve.high).toBeCloseTo(truth[j] + half, 6);
      curve.values.forEach((v, i) => {
        expect(curve.deviance[i]).toBeCloseTo((v - truth[j]) ** 2 / variances[j], 5);
      });
      expect(curve.identifiable).toBe('yes');
      expect(curve.values.length).toBeGreaterThanOrEqual(8);
    }
  });

  it('of a quotient is where the constrained minimum, by Fieller, crosses', () => {
    const quotient = {
      name: 'a/c',
      low: -Infinity,
      high: Infinity,
      value: (x: Float64Array) => x[0] / x[2],
      gradient: (x: Float64Array) => Float64Array.of(1 / x[2], 0, -x[0] / x[2] ** 2),
    };
    const precise = leastSquares(
      linear.names as string[],
      (x) => rows.map((row) => 10 * row.reduce((sum, v, j) => sum + v * x[j], 0)),
      () => rows.map((row) => row.map((v) => 10 * v)),
      y.map((v) => 10 * v),
    );
    const [curve] = profileCurves(precise, [quotient], Float64Array.of(1, 1, 1), settings);
    // Fieller: (a − ρc)² = threshold·Var(a − ρc), Var from (AᵀA)⁻¹/100.
    const variance = (rho: number) => (0.45413426 - 2 * rho * 0.03672448 + rho * rho * 0.10284889) / 100;
    for (const rho of [curve.low!, curve.high!])
      expect((2 - rho * 0.5) ** 2 / variance(rho)).toBeCloseTo(threshold, 4);
  });
});

describe('a likelihood that does not determine its parameters', () => {
  const t = [0, 1, 2, 3];
  it('through a product says so, and bounds neither factor', () => {
    const likelihood = leastSquares(
      ['beta', 'rho', 'gamma'],
      ([b, r, g]) => t.map((s) => b * r * Math.exp(-g * s)),
      ([b, r, g]) => t.map((s) => [r, b, -s * b * r].map((v) => v * Math.exp(-g * s))),
      t.map((s) => 60 * Math.exp(-0.5 * s)),
      Float64Array.of(0, 0, 0),
      Float64Array.of(100, 100, 10),
    );
    const start = Float64Array.of(5, 10, 0.4);
    const [beta, rho, gamma] = profileCurves(likelihood, all(likelihood), start, settings);
    for (const curve of [beta, rho]) {
      expect(curve.identifiable).toBe('no');
      expect(curve.low).toBeNull();
      expect(curve.high).toBeNull();
      expect(curve.words).toMatch(/enter only as their product (beta \* rho|rho \* beta) = 60/);
    }
    expect(gamma.identifiable).toBe('yes');
  });

  it('through a sum says so', () => {
    const likelihood = leastSquares(
      ['mu', 'gamma'],
      ([m, g]) => t.map((s) => 50 * Math.exp(-(m + g) * s)),
      ([m, g]) => t.map((s) => [0, 0].map(() => -s * 50 * Math.exp(-(m + g) * s))),
      t.map((s) => 50 * Math.exp(-0.5 * s)),
      Float64Array.of(0, 0),
      Float64Array.of(10, 10),
    );
    const [mu] = profileCurves(likelihood, all(likelihood), Float64Array.of(0.1, 0.3), settings);
    expect(mu.low).toBeNull();
    expect(mu.words).toMatch(/enter only as their sum mu \+ gamma = 0.5/);
    expect(mu.words).toMatch(/gamma may not pass 0/);
  });

  it('on one side only gives the other end', () => {
    // 10·x/(1 + x) saturates: large x cannot be told apart.
    const likelihood = leastSquares(
      ['x'],
      ([x]) => [(10 * x) / (1 + x)],
      ([x]) => [[10 / (1 + x) ** 2]],
      [9],
      Float64Array.of(0),
      Float64Array.of(1e6),
    );
    const [curve] = profileCurves(likelihood, all(likelihood), Float64Array.of(2), settings);
    const end = 9 - Math.sqrt(threshold);
    expect(curve.identifiable).toBe('one-sided');
    expect(curve.low).toBeCloseTo(end / (10 - end), 6);
    expect(curve.high).toBeNull();
    expect(curve.words).toMatch(/do not bound x from above/);
  });

  it('in a parameter that nothing depends on says so', () => {
    const likelihood = leastSquares(
      ['a', 'idle'],
      ([a]) => [a, a],
      () => [
        [1, 0],
        [1, 0],
      ],
      [1, 2],
    );
    const [a, idle] = profileCurves(likelihood, all(likelihood), Float64Array.of(0, 3), settings);
    expect(a.identifiable).toBe('yes');
    expect(idle.identifiable).toBe('no');
    expect(idle.words).toMatch(/nothing observed depends on it/);
  });

  it('finds an end that lies decades below the best fit', () => {
    // 10·x/(100 + x) with 10 observed: the best fit is at the bound, the end where it falls below 10 − √threshold.
    const likelihood = leastSquares(
      ['x'],
      ([x]) => [(10 * x) / (100 + x)],
      ([x]) => [[1000 / (100 + x) ** 2]],
      [10],
      Float64Array.of(1e-3),
      Float64Array.of(1e8),
    );
    const [curve] = profileCurves(likelihood, all(likelihood), Float64Array.of(1e8), settings);
    const end = 10 - Math.sqrt(threshold);
    expect(curve.low! / ((100 * end) / (10 - end))).toBeCloseTo(1, 6);
    expect(curve.high).toBeNull();
  });

  it('at a bound has one side', () => {
    const likelihood = leastSquares(
      ['a'],
      ([a]) => [a],
      () => [[1]],
      [-1],
      Float64Array.of(0),
      Float64Array.of(9),
    );
    const [curve] = profileCurves(likelihood, all(likelihood), Float64Array.of(3), settings);
    expect(curve.estimate).toBe(0);
    expect(curve.low).toBeNull();
    // (a + 1)² − 1 = threshold.
    expect(curve.high).toBeCloseTo(Math.sqrt(threshold + 1) - 1, 6);
  });
});
