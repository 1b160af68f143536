import { describe, expect, test } from 'vitest';
import { NotSupportedError } from '../../src/errors.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { equidistant, gridPoints } from '../../src/problem/sensors.ts';
import { characteristicsReference } from '../../src/reference/characteristics/characteristics-reference.ts';
import { reference } from '../../src/reference/index.ts';

const expanding: ProblemDefinition = {
  name: 'expanding',
  domain: { x: [0, 1], t: [0, 1] },
  fields: ['u'],
  equations: ['u_t + (1 + x)*u_x = u + x'],
  conditions: [
    { on: 't = 0', equation: 'u = cos(x)' },
    { on: 'x = 0', equation: '2*u = 2 + t' },
  ],
};
const points = gridPoints([equidistant({ low: 0, high: 1 }, 23), equidistant({ low: 0, high: 1 }, 19)]);
const found = (definition: ProblemDefinition, target = 1e-9) =>
  characteristicsReference(problem(definition), new Float64Array(0), target, performance.now() + 20_000);

/**
 * Along X' = 1 + X, u' = u + X: with y = 1 + X = y₀ e^{s} the solution is u = e^{s}(u₀ + y₀ s − 1) + 1, s the time
 * since the characteristic entered at y₀ with u₀.
 */
function exact(x: number, t: number): number {
  const y0 = (1 + x) * Math.exp(-t);
  const s = y0 >= 1 ? t : Math.log(1 + x);
  const [start, u0] = y0 >= 1 ? [y0, Math.cos(y0 - 1)] : [1, 1 + (t - s) / 2];
  return Math.exp(s) * (u0 + start * s - 1) + 1;
}

describe('characteristics', () => {
  test('give the solution on both sides of the kink where initial and boundary values meet', async () => {
    const { evaluate, errorEstimate } = found(expanding);
    const { u } = evaluate(points);
    u.forEach((value, n) => void expect(value).toBeCloseTo(exact(points[2 * n], points[2 * n + 1]), 8));
    expect(errorEstimate).toBeLessThan(1e-9);
    const chosen = await reference(problem(expanding));
    expect(chosen.available && chosen.method).toMatch(/characteristics/);
  });

  test('that run to the left begin at the right', () => {
    const { evaluate } = found({
      ...expanding,
      equations: ['u_t = 2*u_x'],
      conditions: [
        { on: 't = 0', equation: 'u = x^2' },
        { on: 'x = 1', equation: 'u = 1 + 3*t' },
      ],
    });
    evaluate(points).u.forEach((value, n) => {
      const [x, t] = [points[2 * n], points[2 * n + 1]];
      expect(value).toBeCloseTo(x + 2 * t <= 1 ? (x + 2 * t) ** 2 : 1 + 3 * (t - (1 - x) / 2), 11);
    });
  });

  test('the estimate of the error is that of the coarser of two solutions', () => {
    const rough = found(expanding, 1e-4);
    const { u } = rough.evaluate(points);
    const worst = Math.max(...u.map((value, n) => Math.abs(value - exact(points[2 * n], points[2 * n + 1]))));
    expect(worst).toBeLessThan(rough.errorEstimate);
  });

  test.each<[string, Partial<ProblemDefinition>]>([
    ['a speed that depends on the solution', { equations: ['u_t + u*u_x = 0'] }],
    ['second derivatives', { equations: ['u_t + u_x = u_xx'] }],
    [
      'characteristics that enter where nothing is given',
      { conditions: [{ on: 't = 0', equation: 'u = x' }] },
    ],
    ['a condition where they leave', { equations: ['u_t - u_x = 0'] }],
    [
      'a condition on a derivative',
      { conditions: [expanding.conditions![0], { on: 'x = 0', equation: 'u_x = 1' }] },
    ],
  ])('are refused for %s', (_, changes) => {
    expect(() => found({ ...expanding, ...changes })).toThrow(NotSupportedError);
  });
});
