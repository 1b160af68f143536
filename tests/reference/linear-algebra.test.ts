import fc from 'fast-check';
import { Matrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  barycentricWeights,
  chebyshevLobattoPoints,
  derivativeRows,
  gaussPoints,
  lagrangeValues,
  legendreTail,
  legendreValues,
} from '../../src/reference/collocation/polynomial.ts';
import { BandedLU } from '../../src/reference/linear/banded-lu.ts';
import { DenseLU } from '../../src/reference/linear/dense-lu.ts';

const entry = fc.double({ min: -1, max: 1, noNaN: true });

describe('LU factorisation', () => {
  it('of banded and dense matrices agrees with ml-matrix', () => {
    const system = fc
      .record({ n: fc.integer({ min: 1, max: 12 }), lower: fc.nat(4), upper: fc.nat(4) })
      .chain((shape) =>
        fc.record({
          shape: fc.constant(shape),
          entries: fc.array(entry, { minLength: 144, maxLength: 144 }),
          right: fc.array(entry, { minLength: 12, maxLength: 12 }),
        }),
      );
    fc.assert(
      fc.property(system, ({ shape: { n, lower, upper }, entries, right }) => {
        const matrix = Matrix.zeros(n, n);
        const banded = new BandedLU(n, lower, upper);
        const dense = new DenseLU(n);
        for (let i = 0; i < n; i++) {
          for (let j = Math.max(0, i - lower); j <= Math.min(n - 1, i + upper); j++) {
            // Pivoting is needed where the diagonal is small beside its column.
            const value = entries[12 * i + j] + (i === j ? 0.5 : 0);
            matrix.set(i, j, value);
            banded.add(i, j, value);
            dense.matrix[i * n + j] = value;
          }
        }
        const b = Float64Array.from(right.slice(0, n));
        const regular = banded.factor();
        expect(dense.factor()).toBe(regular);
        if (!regular) return;
        const x = b.slice();
        banded.solve(x);
        const y = b.slice();
        dense.solve(y);
        const size = Math.max(...x.map(Math.abs), 1e-3);
        if (size > 1e4) return;
        const expected = solve(matrix, Matrix.columnVector(b));
        for (let i = 0; i < n; i++) {
          expect(Math.abs(x[i] - expected.get(i, 0))).toBeLessThan(1e-8 * size);
          expect(Math.abs(y[i] - expected.get(i, 0))).toBeLessThan(1e-8 * size);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('by panels leaves what it takes away, rows exchanged', () => {
    for (const n of [200, 203]) {
      const lu = new DenseLU(n);
      const matrix = Float64Array.from({ length: n * n }, (_, i) => Math.sin(0.37 * i * i + i));
      const x = Float64Array.from({ length: n }, (_, i) => Math.cos(i));
      const b = x.map((_, i) => x.reduce((sum, value, j) => sum + matrix[i * n + j] * value, 0));
      lu.matrix.set(matrix);
      expect(lu.factor()).toBe(true);
      lu.solve(b);
      x.forEach((value, i) => {
        expect(b[i]).toBeCloseTo(value, 9);
      });
    }
  });

  it('tells a singular or infinite matrix', () => {
    const singular = new DenseLU(2);
    singular.matrix.set([1, 2, 2, 4]);
    expect(singular.factor()).toBe(false);
    singular.matrix.set([Number.NaN, 2, 2, 4]);
    expect(singular.factor()).toBe(false);
    expect(new BandedLU(3, 1, 1).factor()).toBe(false);
  });
});

describe('polynomials on an element', () => {
  it('vanish at Gauss points where Legendre polynomials do', () => {
    for (const count of [1, 2, 5, 8, 12, 20]) {
      const points = gaussPoints(count);
      for (const x of points) expect(Math.abs(legendreValues(count, x)[count])).toBeLessThan(1e-13);
      for (let i = 1; i < count; i++) expect(points[i]).toBeGreaterThan(points[i - 1]);
    }
  });

  it('are interpolated and derived exactly', () => {
    const nodes = chebyshevLobattoPoints(8);
    const p = (x: number) => x ** 7 - 2 * x ** 4 + 3 * x;
    const derivatives = [
      p,
      (x: number) => 7 * x ** 6 - 8 * x ** 3 + 3,
      (x: number) => 42 * x ** 5 - 24 * x ** 2,
    ];
    for (const x of [-1, -0.3, 0.123, 1]) {
      derivativeRows(nodes, x, 2).forEach((row, order) => {
        const value = row.reduce((sum, factor, i) => sum + factor * p(nodes[i]), 0);
        expect(value).toBeCloseTo(derivatives[order](x), 10);
      });
      const values = lagrangeValues(nodes, barycentricWeights(nodes), x);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 14);
    }
  });

  it('have the highest Legendre coefficients that the tail gives', () => {
    for (const nodes of [chebyshevLobattoPoints(6), gaussPoints(6)]) {
      const values = nodes.map((x) => {
        const basis = legendreValues(5, x);
        return 2 * basis[0] - 3 * basis[4] + 0.25 * basis[5];
      });
      const [last, before] = legendreTail(nodes).map((row) =>
        row.reduce((sum, factor, i) => sum + factor * values[i], 0),
      );
      expect(last).toBeCloseTo(0.25, 12);
      expect(before).toBeCloseTo(-3, 12);
    }
  });
});
