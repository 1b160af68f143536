import { describe, expect, it } from 'vitest';
import { type IvpMethod, solveIvp } from '../../src/reference/index.ts';

/** y₁' = cos(t)·y₂, y₂' = −cos(t)·y₁: (sin(sin t), cos(sin t)); nonautonomous, every derivative alive. */
const f = (t: number, y: Float64Array, out: Float64Array) => {
  out[0] = Math.cos(t) * y[1];
  out[1] = -Math.cos(t) * y[0] * (y[0] ** 2 + y[1] ** 2);
};
const exact = (t: number) => [Math.sin(Math.sin(t)), Math.cos(Math.sin(t))];
const jacobian = (t: number, [a, b]: Float64Array, out: Float64Array) => {
  const c = Math.cos(t);
  out.set([0, c, -c * (3 * a * a + b * b), -c * 2 * a * b]);
};
const timeDerivative = (t: number, [a, b]: Float64Array, out: Float64Array) => {
  const s = Math.sin(t);
  out.set([-s * b, s * a * (a * a + b * b)]);
};
const end = 2;

function errors(method: IvpMethod, count: number): { atEnd: number; between: number } {
  const solution = solveIvp(f, [0, end], [0, 1], { method, step: end / count, jacobian, timeDerivative });
  const distance = (t: number) => {
    const y = solution.at(t);
    return Math.hypot(y[0] - exact(t)[0], y[1] - exact(t)[1]);
  };
  let between = 0;
  for (let i = 0; i < count; i++) {
    for (const theta of [0.2, 0.45, 0.8]) between = Math.max(between, distance(((i + theta) * end) / count));
  }
  return { atEnd: distance(end), between };
}

const order = (coarse: number, fine: number, ratio: number) => Math.log(coarse / fine) / Math.log(ratio);

describe.each([
  { method: 'rk4' as const, order: 4, dense: 3, coarse: 20, fine: 80 },
  { method: 'dormand-prince-5' as const, order: 5, dense: 4, coarse: 20, fine: 80 },
  { method: 'dormand-prince-8' as const, order: 8, dense: 7, coarse: 5, fine: 16 },
  { method: 'rodas' as const, order: 5, dense: 4, coarse: 20, fine: 80 },
])('$method', ({ method, order: expected, dense, coarse, fine }) => {
  const a = errors(method, coarse);
  const b = errors(method, fine);
  it(`converges with order ${expected}`, () => {
    const observed = order(a.atEnd, b.atEnd, fine / coarse);
    expect(observed).toBeGreaterThan(expected - 0.35);
    expect(observed).toBeLessThan(expected + 1.3);
  });
  it(`has dense output of order ${dense} at least`, () => {
    // A local error of order h^(dense + 1) inside the step.
    const observed = order(a.between, b.between, fine / coarse);
    expect(observed).toBeGreaterThan(dense + 0.65);
  });
  it('passes through its own steps, and runs backward to where it started', () => {
    const there = solveIvp(f, [0, end], [0, 1], { method, step: 0.02 });
    there.times.forEach((t, i) => {
      const y = there.at(t);
      expect(Math.hypot(y[0] - there.states[i][0], y[1] - there.states[i][1])).toBeLessThan(1e-13);
    });
    const back = solveIvp(f, [end, 0], there.at(end), { method, step: 0.02 });
    expect(back.times[0]).toBe(end);
    expect(back.times.at(-1)).toBe(0);
    expect(back.at(0)[0]).toBeCloseTo(0, 6);
    expect(back.at(0)[1]).toBeCloseTo(1, 6);
    const middle = back.at(1.234);
    expect(middle[0]).toBeCloseTo(exact(1.234)[0], 6);
  });
});

describe('error control', () => {
  it.each(['dormand-prince-5', 'dormand-prince-8', 'rodas'] as const)(
    '%s keeps the global error in proportion to the tolerance',
    (method) => {
      for (const rtol of [1e-4, 1e-6, 1e-8, 1e-10]) {
        const solution = solveIvp(f, [0, 10], [0, 1], { method, rtol, atol: rtol, jacobian, timeDerivative });
        const y = solution.at(10);
        const error = Math.hypot(y[0] - exact(10)[0], y[1] - exact(10)[1]);
        expect(error).toBeLessThan(20 * rtol);
        expect(solution.errorEstimate).toBeGreaterThan(0);
        expect(solution.evaluations).toBeGreaterThan(solution.steps);
      }
    },
  );

  it('needs far fewer evaluations at order 8 where the tolerance is tight', () => {
    const count = (method: IvpMethod) => solveIvp(f, [0, 20], [0, 1], { method, rtol: 1e-11 }).evaluations;
    expect(count('dormand-prince-8')).toBeLessThan(0.5 * count('dormand-prince-5'));
  });
});
