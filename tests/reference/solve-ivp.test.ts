import { describe, expect, it } from 'vitest';
import { ProblemError, SolveError } from '../../src/errors.ts';
import { solveIvp } from '../../src/reference/index.ts';
import { independentValues } from './independent-values.ts';

const relative = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let worst = 0;
  for (let i = 0; i < b.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]) / Math.abs(b[i]));
  return worst;
};

const lorenz = (_t: number, y: Float64Array) => [
  10 * (y[1] - y[0]),
  y[0] * (28 - y[2]) - y[1],
  y[0] * y[1] - (8 / 3) * y[2],
];
const vanDerPol = (_t: number, y: Float64Array, out: Float64Array) => {
  out[0] = y[1];
  out[1] = 1000 * (1 - y[0] ** 2) * y[1] - y[0];
};
const robertson = (_t: number, y: Float64Array, out: Float64Array) => {
  const r1 = 0.04 * y[0];
  const r2 = 1e4 * y[1] * y[2];
  const r3 = 3e7 * y[1] ** 2;
  out[0] = -r1 + r2;
  out[1] = r1 - r2 - r3;
  out[2] = r3;
};
const moon = 0.012277471;
const arenstorf = (_t: number, [x, y, u, v]: Float64Array, out: Float64Array) => {
  const earth = 1 - moon;
  const d1 = ((x + moon) ** 2 + y * y) ** 1.5;
  const d2 = ((x - earth) ** 2 + y * y) ** 1.5;
  out[0] = u;
  out[1] = v;
  out[2] = x + 2 * v - (earth * (x + moon)) / d1 - (moon * (x - earth)) / d2;
  out[3] = y - 2 * u - (earth * y) / d1 - (moon * y) / d2;
};
const lotkaVolterra = (_t: number, [x, y]: Float64Array) => [1.5 * x - x * y, x * y - 3 * y];

describe('agreement with independent solvers', () => {
  it('Lorenz, chaotic, for a short time', () => {
    const { t, y } = independentValues.lorenz;
    for (const method of ['dormand-prince-5', 'dormand-prince-8', 'rodas'] as const) {
      const solution = solveIvp(lorenz, [0, 5], [1, 1, 1], { method, rtol: 1e-11, atol: 1e-12 });
      t.forEach((time, i) => {
        expect(relative(solution.at(time), y[i])).toBeLessThan(1e-7);
      });
    }
  });

  it('Lotka–Volterra, and its invariant is kept', () => {
    const { t, y } = independentValues.lotkaVolterra;
    const solution = solveIvp(lotkaVolterra, [0, 15], [10, 5], { rtol: 1e-12, atol: 1e-13 });
    const invariant = ([x, z]: ArrayLike<number> & Iterable<number>) =>
      x - 3 * Math.log(x) + z - 1.5 * Math.log(z);
    t.forEach((time, i) => {
      expect(relative(solution.at(time), y[i])).toBeLessThan(1e-9);
    });
    for (const state of solution.states) expect(invariant(state)).toBeCloseTo(invariant([10, 5]), 9);
  });

  it('the Arenstorf orbit, and it closes', () => {
    const { t, y } = independentValues.arenstorf;
    const start = [0.994, 0, 0, -2.001585106379082];
    const period = 17.065216560157964;
    const solution = solveIvp(arenstorf, [0, period], start, { rtol: 1e-13, atol: 1e-14 });
    t.forEach((time, i) => {
      expect(relative(solution.at(time), y[i])).toBeLessThan(1e-6);
    });
    expect(Math.abs(solution.at(period)[0] - 0.994)).toBeLessThan(1e-5);
  });

  it('Van der Pol with μ = 1000, stiff', () => {
    const { t, y } = independentValues.vanDerPol;
    const solution = solveIvp(vanDerPol, [0, 2000], [2, 0], { method: 'rodas', rtol: 1e-9, atol: 1e-10 });
    t.forEach((time, i) => {
      expect(relative(solution.at(time), y[i])).toBeLessThan(2e-6);
    });
    expect(solution.steps).toBeLessThan(6000);
  });

  it("Robertson's reaction, and its sum is kept", () => {
    const { t, y } = independentValues.robertson;
    const solution = solveIvp(robertson, [0, 4e5], [1, 0, 0], { method: 'rodas', rtol: 1e-9, atol: 1e-16 });
    t.forEach((time, i) => {
      expect(relative(solution.at(time), y[i])).toBeLessThan(1e-7);
    });
    for (const [a, b, c] of solution.states) expect(a + b + c).toBeCloseTo(1, 10);
  });

  it("Robertson's reaction with its sum as an algebraic equation", () => {
    const algebraic = (t: number, y: Float64Array, out: Float64Array) => {
      robertson(t, y, out);
      out[2] = y[0] + y[1] + y[2] - 1;
    };
    const { t, y } = independentValues.robertson;
    const solution = solveIvp(algebraic, [0, 4e5], [1, 0, 0], {
      method: 'rodas',
      rtol: 1e-9,
      atol: 1e-14,
      mass: [1, 0, 0, 0, 1, 0, 0, 0, 0],
    });
    t.forEach((time, i) => {
      expect(relative(solution.at(time), y[i])).toBeLessThan(1e-6);
    });
  });
});

describe('what cannot be solved is said', () => {
  it('a solution that escapes to infinity names the time', () => {
    expect(() => solveIvp((_t, [y]) => [y * y], [0, 2], [1])).toThrow(SolveError);
    expect(() => solveIvp((_t, [y]) => [y * y], [0, 2], [1])).toThrow(/t = (0\.99|1\.0)/);
    expect(() => solveIvp((_t, [y]) => [y * y], [0, 2], [1], { method: 'rodas' })).toThrow(SolveError);
    expect(() => solveIvp((_t, [y]) => [Math.exp(y)], [0, 2], [1], { method: 'rk4', step: 0.1 })).toThrow(
      SolveError,
    );
  });

  it('a right-hand side that is not finite', () => {
    expect(() => solveIvp(() => [Number.NaN], [0, 1], [1])).toThrow(/not finite at t = 0/);
    expect(() => solveIvp((t) => [Math.sqrt(0.5 - t)], [0, 1], [1])).toThrow(
      /stops being finite after t = 0\.[45]/,
    );
  });

  it('too many steps', () => {
    expect(() => solveIvp(vanDerPol, [0, 2000], [2, 0], { maxSteps: 500 })).toThrow(/too many steps: 500/);
  });

  it.each([
    [{ method: 'euler' as never }, /unknown method euler.*rk4/],
    [{ method: 'rk4' as const }, /needs a step/],
    [{ rtol: -1 }, /not a tolerance/],
    [{ rtol: 1e-17 }, /below what double precision allows/],
    [{ atol: [1e-6, 1e-6] }, /2 tolerances for 1 components/],
    [{ step: 0, method: 'rk4' as const }, /not positive/],
    [{ mass: [0] }, /use rodas/],
  ])('option %j', (options, message) => {
    expect(() => solveIvp((_t, y) => [y[0]], [0, 1], [1], options)).toThrow(message);
    expect(() => solveIvp((_t, y) => [y[0]], [0, 1], [1], options)).toThrow(ProblemError);
  });

  it('states that make no sense, and times outside', () => {
    expect(() => solveIvp((_t, y) => [y[0]], [0, 1], [])).toThrow(ProblemError);
    expect(() => solveIvp((_t, y) => [y[0]], [0, 1], [Number.NaN])).toThrow(/y0\[0\]/);
    expect(() => solveIvp((_t, y) => [y[0], 1], [0, 1], [1])).toThrow(/2 components, the state 1/);
    expect(() => solveIvp((_t, y) => [y[0]], [0, 1], [1]).at(1.1)).toThrow(/outside the interval/);
  });

  it('an empty interval gives the initial state', () => {
    const solution = solveIvp((_t, y) => [y[0]], [1, 1], [3]);
    expect(solution.at(1)).toEqual(Float64Array.of(3));
    expect(solution.steps).toBe(0);
  });
});
