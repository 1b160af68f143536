import { describe, expect, it } from 'vitest';
import { esdirk4 } from '../../src/reference/ode/esdirk.ts';
import { integrateImplicitly, stateAt } from '../../src/reference/ode/implicit-integration.ts';
import { DenseSystem } from '../../src/reference/ode/implicit-system.ts';

const { nodes: c, stages, gamma, matrix, embedded } = esdirk4;
const a = matrix.map((row, i) =>
  Array.from({ length: stages }, (_, j) => (j === i && i > 0 ? gamma : (row[j] ?? 0))),
);
const times = (x: readonly number[]): number[] =>
  a.map((row) => row.reduce((sum, value, j) => sum + value * x[j], 0));
const dot = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, value, i) => sum + value * y[i], 0);
const powers = (k: number): number[] => c.map((value) => value ** k);

describe('ESDIRK4(3)', () => {
  it('fulfils the conditions of order 4, its embedded method those of order 3, its stages those of order 2', () => {
    const b = a[stages - 1];
    const conditions: [number, number][] = [
      [dot(b, powers(0)), 1],
      [dot(b, c), 1 / 2],
      [dot(b, powers(2)), 1 / 3],
      [dot(b, times(c)), 1 / 6],
      [dot(b, powers(3)), 1 / 4],
      [
        dot(
          b,
          times(c).map((value, i) => value * c[i]),
        ),
        1 / 8,
      ],
      [dot(b, times(powers(2))), 1 / 12],
      [dot(b, times(times(c))), 1 / 24],
      [dot(embedded, powers(0)), 1],
      [dot(embedded, c), 1 / 2],
      [dot(embedded, powers(2)), 1 / 3],
      [dot(embedded, times(c)), 1 / 6],
      ...c.map((value, i): [number, number] => [a[i].reduce((sum, x) => sum + x, 0), value]),
      ...times(c).map((value, i): [number, number] => [value, c[i] ** 2 / 2]),
    ];
    for (const [value, expected] of conditions) expect(value).toBeCloseTo(expected, 14);
  });
});

const within =
  (tolerance: number) =>
  (error: Float64Array): number =>
    Math.max(...error.map(Math.abs)) / tolerance;

describe('implicit integration', () => {
  it('a stiff nonlinear equation with an algebraic one keeps to the tolerance, inside steps as well', () => {
    // y' = −10⁴ (y − cos t) − sin t, 0 = z² − y² − 3
    const system = new DenseSystem(
      2,
      (t, [y, z], out) => {
        out[0] = -1e4 * (y - Math.cos(t)) - Math.sin(t);
        out[1] = z * z - y * y - 3;
      },
      { mass: [1, 0, 0, 0] },
    );
    for (const tolerance of [1e-5, 1e-8]) {
      const solution = integrateImplicitly(system, [0, 2], Float64Array.of(1, 2), {
        norm: within(tolerance),
        constantJacobian: false,
        deadline: Number.POSITIVE_INFINITY,
      });
      for (const t of [0.013, 0.4, 1.1, 1.77, 2]) {
        const [y, z] = stateAt(solution, t);
        expect(Math.abs(y - Math.cos(t))).toBeLessThan(30 * tolerance);
        expect(Math.abs(z - Math.sqrt(Math.cos(t) ** 2 + 3))).toBeLessThan(30 * tolerance);
      }
    }
  });

  it('where the Jacobian is constant, factorisations are fewer than steps', () => {
    const system = new DenseSystem(
      2,
      (t, [x, v], out) => {
        out[0] = v;
        out[1] = -25 * x + Math.sin(t);
      },
      {},
    );
    const solution = integrateImplicitly(system, [0, 4], Float64Array.of(0, 1 / 24), {
      norm: within(1e-8),
      constantJacobian: true,
      deadline: Number.POSITIVE_INFINITY,
    });
    expect(solution.factorizations).toBeLessThan(0.3 * solution.times.length);
    expect(stateAt(solution, 4)[0]).toBeCloseTo(Math.sin(4) / 24, 6);
  });
});
