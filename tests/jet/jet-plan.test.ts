import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jetPlan } from '../../src/jet/jet-plan.ts';
import {
  addMultiIndex,
  closeDownward,
  type MultiIndex,
  multiIndexKey,
  totalOrder,
  unitMultiIndex,
} from '../../src/jet/multi-index.ts';

/** Applies a plan to one jet: derivatives z of the inside, s of the outside at z₀. */
function compose(plan: ReturnType<typeof jetPlan>, z: readonly number[], s: readonly number[]): number[] {
  return plan.terms.map((terms) =>
    terms.reduce(
      (sum, { derivative, coefficient, factors }) =>
        sum + coefficient * s[derivative] * factors.reduce((product, f) => product * z[f], 1),
      0,
    ),
  );
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const factorialOf = (index: MultiIndex): number => index.reduce((product, k) => product * factorial(k), 1);

/** A polynomial in several variables, truncated at a total order: coefficients by multi-index. */
type Series = Map<string, { index: MultiIndex; value: number }>;

function multiply(a: Series, b: Series, order: number): Series {
  const result: Series = new Map();
  for (const p of a.values()) {
    for (const q of b.values()) {
      const index = addMultiIndex(p.index, q.index);
      if (totalOrder(index) > order) continue;
      const key = multiIndexKey(index);
      result.set(key, { index, value: p.value * q.value + (result.get(key)?.value ?? 0) });
    }
  }
  return result;
}

/** Σ_k s_k (z − z₀)^k / k! in truncated series arithmetic: the composition by another route. */
function composeBySeries(inside: Series, s: readonly number[], dimension: number, order: number): Series {
  const zero = multiIndexKey(new Array(dimension).fill(0));
  const shifted: Series = new Map([...inside].filter(([key]) => key !== zero));
  let power: Series = new Map([[zero, { index: new Array(dimension).fill(0), value: 1 }]]);
  const sum: Series = new Map();
  for (let k = 0; k <= order; k++) {
    for (const [key, { index, value }] of power) {
      sum.set(key, { index, value: (value * s[k]) / factorial(k) + (sum.get(key)?.value ?? 0) });
    }
    power = multiply(power, shifted, order);
  }
  return sum;
}

const problems = fc.integer({ min: 1, max: 4 }).chain((dimension) =>
  fc.record({
    dimension: fc.constant(dimension),
    indices: fc.array(
      fc
        .array(fc.integer({ min: 0, max: dimension - 1 }), { minLength: 0, maxLength: 4 })
        .map((axes) =>
          axes.reduce<MultiIndex>(
            (sum, i) => addMultiIndex(sum, unitMultiIndex(dimension, i)),
            new Array(dimension).fill(0),
          ),
        ),
      { minLength: 1, maxLength: 4 },
    ),
    seed: fc.array(
      fc.integer({ min: -20, max: 20 }).map((n) => n / 10),
      { minLength: 80, maxLength: 80 },
    ),
  }),
);

describe('jet plan', () => {
  it('agrees with truncated Taylor arithmetic on random sets of multi-indices', () => {
    fc.assert(
      fc.property(problems, ({ dimension, indices, seed }) => {
        const plan = jetPlan(dimension, indices);
        const z = plan.indices.map((_, i) => seed[i % seed.length]);
        const s = Array.from({ length: plan.order + 1 }, (_, k) => seed[seed.length - 1 - k] + 0.5);
        const inside: Series = new Map(
          plan.indices.map((index, i) => [multiIndexKey(index), { index, value: z[i] / factorialOf(index) }]),
        );
        const series = composeBySeries(inside, s, dimension, plan.order);
        compose(plan, z, s).forEach((value, i) => {
          const index = plan.indices[i];
          const expected = (series.get(multiIndexKey(index))?.value ?? 0) * factorialOf(index);
          expect(Math.abs(value - expected)).toBeLessThan(1e-10 * Math.max(1, Math.abs(expected)));
        });
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('the coefficients of the n-th derivative sum to the Bell number, those of k parts to Stirling numbers', () => {
    const plan = jetPlan(1, [[7]]);
    const bell = [1, 1, 2, 5, 15, 52, 203, 877];
    plan.terms.forEach((terms, n) => {
      expect(terms.reduce((sum, t) => sum + t.coefficient, 0)).toBe(bell[n]);
      for (const t of terms) expect(t.factors).toHaveLength(n === 0 ? 0 : t.derivative);
    });
    const stirling = [1, 63, 301, 350, 140, 21, 1];
    stirling.forEach((value, k) => {
      const parts = plan.terms[7].filter((t) => t.derivative === k + 1);
      expect(parts.reduce((sum, t) => sum + t.coefficient, 0)).toBe(value);
    });
  });

  it('the coefficients of ∂^α sum to the Bell number of |α| in any number of coordinates', () => {
    const plan = jetPlan(4, [
      [1, 1, 1, 1],
      [2, 0, 2, 0],
    ]);
    const bell = [1, 1, 2, 5, 15];
    plan.indices.forEach((index, i) => {
      expect(plan.terms[i].reduce((sum, t) => sum + t.coefficient, 0)).toBe(bell[totalOrder(index)]);
    });
  });

  it('exp(sin(xy)) has the derivatives worked out by hand', () => {
    const [x, y] = [0.7, -1.1];
    const plan = jetPlan(2, [[2, 1]]);
    const [s, c] = [Math.sin(x * y), Math.cos(x * y)];
    const sine: Record<string, number> = {
      '0,0': s,
      '1,0': y * c,
      '0,1': x * c,
      '2,0': -y * y * s,
      '1,1': c - x * y * s,
      '2,1': -2 * y * s - x * y * y * c,
    };
    const e = Math.exp(s);
    const got = compose(
      plan,
      plan.indices.map((index) => sine[multiIndexKey(index)]),
      [e, e, e, e],
    );
    // ∂xx∂y of e^s: e^s (s_x² s_y + s_xx s_y + 2 s_x s_xy + s_xxy).
    const expected: Record<string, number> = {
      '0,0': e,
      '1,0': e * y * c,
      '0,1': e * x * c,
      '2,0': e * (y * y * c * c - y * y * s),
      '1,1': e * (x * y * c * c + c - x * y * s),
      '2,1':
        e *
        (sine['1,0'] ** 2 * sine['0,1'] +
          sine['2,0'] * sine['0,1'] +
          2 * sine['1,0'] * sine['1,1'] +
          sine['2,1']),
    };
    plan.indices.forEach((index, i) => {
      expect(got[i]).toBeCloseTo(expected[multiIndexKey(index)], 12);
    });
  });

  it('a polynomial of a polynomial has exact derivatives', () => {
    // σ(z) = z³, z = x² y: σ = x⁶ y³, ∂xxxx σ = 360 x² y³, ∂xxyy σ = 180 x⁴ y.
    const [x, y] = [3, 2];
    const plan = jetPlan(2, [
      [4, 0],
      [2, 2],
    ]);
    const z = plan.indices.map(([i, j]) => {
      const dx = [x * x, 2 * x, 2, 0, 0][i];
      return dx * [y, 1, 0][j];
    });
    const z0 = x * x * y;
    const got = compose(plan, z, [z0 ** 3, 3 * z0 ** 2, 6 * z0, 6, 0]);
    const at = (key: string) => got[plan.indices.findIndex((index) => multiIndexKey(index) === key)];
    expect(at('4,0')).toBe(360 * x ** 2 * y ** 3);
    expect(at('2,2')).toBe(180 * x ** 4 * y);
  });

  it('the closure holds every lower multi-index once, zero first, by order', () => {
    fc.assert(
      fc.property(problems, ({ dimension, indices }) => {
        const closed = closeDownward(dimension, indices);
        const keys = new Set(closed.map(multiIndexKey));
        expect(keys.size).toBe(closed.length);
        expect(totalOrder(closed[0])).toBe(0);
        for (const index of indices) expect(keys.has(multiIndexKey(index))).toBe(true);
        for (const index of closed) {
          index.forEach((k, i) => {
            if (k > 0) expect(keys.has(multiIndexKey(index.map((m, j) => (j === i ? m - 1 : m))))).toBe(true);
          });
        }
        for (let i = 1; i < closed.length; i++)
          expect(totalOrder(closed[i])).toBeGreaterThanOrEqual(totalOrder(closed[i - 1]));
      }),
      { numRuns: 50, seed: 3 },
    );
  });
});
