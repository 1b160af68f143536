import { beforeAll, describe, expect, test } from 'vitest';
import { ProblemError, SolveError } from '../../src/errors.ts';
import { reference } from '../../src/reference/index.ts';
import { type Solution, solve } from '../../src/solve/index.ts';
import { heat, quick, read, unknownRate } from './problems.ts';

/** Widths far from one and a shifted field, so that a missing factor shows. */
const warm = read(heat, {
  domain: { x: [10, 40], t: [0, 8] },
  constants: { k: 20 },
  equations: ['u_t = k*u_xx'],
  functions: { flux: '-k*u_x' },
  conditions: [
    { on: 't = 0', equation: 'u = 500 + 20*sin(pi*(x - 10)/30)' },
    { on: 'x = 10', equation: 'u = 500' },
    { on: 'x = 40', equation: 'u = 500' },
  ],
  exact: { u: '500 + 20*exp(-k*(pi/30)^2*t)*sin(pi*(x - 10)/30)' },
});

let solution: Solution;
beforeAll(async () => {
  solution = await solve(warm, { ...quick, points: 200, conditionPoints: 20, iterations: 25 });
});

describe('the trained solution', () => {
  const places = [
    [17, 2],
    [25.5, 5.1],
    [36, 7],
  ];
  const value = (x: number, t: number) => solution.at({ x, t }).u;
  const evaluate = (text: string, x: number, t: number) => solution.evaluate(text, Float64Array.of(x, t))[0];

  test.each(places)('has derivatives that agree with differences of its values at (%d, %d)', (x, t) => {
    const h = 0.05;
    const slope = (f: (s: number) => number) => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
    const curvature = (f: (s: number) => number) =>
      (16 * (f(h) + f(-h)) - (f(2 * h) + f(-2 * h)) - 30 * f(0)) / (12 * h * h);
    expect(evaluate('u_x', x, t)).toBeCloseTo(
      slope((s) => value(x + s, t)),
      5,
    );
    expect(evaluate('du/dt', x, t)).toBeCloseTo(
      slope((s) => value(x, t + s)),
      5,
    );
    expect(evaluate('u_xx', x, t)).toBeCloseTo(
      curvature((s) => value(x + s, t)),
      5,
    );
    expect(evaluate('u_xt', x, t)).toBeCloseTo(
      slope((s) => evaluate('u_x', x, t + s)),
      5,
    );
    expect(evaluate('u_xxx', x, t)).toBeCloseTo(
      slope((s) => evaluate('u_xx', x + s, t)),
      5,
    );
  });

  test('evaluates expressions in the units of the problem', () => {
    const [x, t] = places[0];
    expect(evaluate('u', x, t)).toBeCloseTo(value(x, t), 9);
    expect(evaluate('x + 100*t', x, t)).toBeCloseTo(x + 100 * t, 9);
    expect(evaluate('flux', x, t)).toBeCloseTo(-20 * evaluate('u_x', x, t), 9);
    expect(evaluate('u^2/k + sin(x)', x, t)).toBeCloseTo(value(x, t) ** 2 / 20 + Math.sin(x), 6);
    expect(evaluate('u_t - k*u_xx', x, t)).toBeCloseTo(
      evaluate('u_t', x, t) - 20 * evaluate('u_xx', x, t),
      8,
    );
    expect(evaluate('d(u*x, x)', x, t)).toBeCloseTo(value(x, t) + x * evaluate('u_x', x, t), 6);
    expect(evaluate('7', x, t)).toBe(7);
  });

  test('evaluates expressions in its unknowns', async () => {
    const fitted = await solve(read(unknownRate), { ...quick, iterations: 120 });
    expect(fitted.evaluate('2*k', Float64Array.of(1, 2))[1]).toBeCloseTo(2 * fitted.unknowns.k, 9);
  });

  test('is the same on a grid and point by point, faces included', () => {
    const { sides, points, fields } = solution.grid([4, 3]);
    expect(sides).toEqual([4, 3]);
    expect([...points.subarray(0, 4)]).toEqual([10, 0, 10, 4]);
    expect([...points.subarray(22)]).toEqual([40, 8]);
    fields.u.forEach((u, n) => {
      expect(u).toBeCloseTo(value(points[2 * n], points[2 * n + 1]), 9);
    });
  });

  test('compares with the exact solution by the norms as they are defined', async () => {
    const { points, fields } = solution.grid([21, 11]);
    let [difference, size, maximum] = [0, 0, 0];
    fields.u.forEach((u, n) => {
      const [x, t] = points.subarray(2 * n, 2 * n + 2);
      const exact = 500 + 20 * Math.exp(-20 * (Math.PI / 30) ** 2 * t) * Math.sin((Math.PI * (x - 10)) / 30);
      difference += (u - exact) ** 2;
      size += exact ** 2;
      maximum = Math.max(maximum, Math.abs(u - exact));
    });
    const error = solution.compare('exact', [21, 11]).u;
    expect(error.relativeL2).toBeCloseTo(Math.sqrt(difference / size), 12);
    expect(error.maximum).toBeCloseTo(maximum, 12);
    const classical = solution.compare(await reference(warm), [21, 11]).u;
    expect(classical.relativeL2).toBeCloseTo(error.relativeL2, 6);
    expect(() => solution.compare({ available: false, reason: 'none was computed' })).toThrow(
      new SolveError('there is no reference: none was computed'),
    );
  });

  test.each([
    ['a coordinate is missing', () => solution.at({ x: 20 }), /no `t`/],
    ['a name is no coordinate', () => solution.at({ x: 20, t: 1, y: 0 }), /`y` is not a coordinate/],
    ['the point lies outside', () => solution.at({ x: 9, t: 1 }), /x = 9 lies outside.*from 10 to 40/],
    ['the point is not a number', () => solution.at({ x: Number.NaN, t: 1 }), /x = NaN/],
    [
      'a column of points lies outside',
      () => solution.evaluate('u', Float64Array.of(20, 1, 20, 9)),
      /points\[1\].*t = 9/,
    ],
    ['points are cut off', () => solution.evaluateFields(Float64Array.of(20, 1, 30)), /3 numbers/],
    ['a grid has a side too few', () => solution.grid([3]), /sides/],
    ['a grid has a side of zero', () => solution.grid([3, 0]), /sides/],
    [
      'an expression has an unknown symbol',
      () => solution.evaluate('v + 1', Float64Array.of(20, 1)),
      /unknown symbol `v`/,
    ],
    ['an expression does not end', () => solution.evaluate('u_x*(2', Float64Array.of(20, 1)), /column/],
    ['a normal is asked for inside', () => solution.evaluate('u_n', Float64Array.of(20, 1)), /boundar/],
  ])('is asked in vain where %s', (_, ask, message) => {
    expect(ask).toThrow(ProblemError);
    expect(ask).toThrow(message);
  });
});
