import { describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';

const layers = { left: { interval: [0, 1] }, right: { interval: [2, 3] } } as const;

/** Three layers of conductivity 1, 10 and 1/2 that carry the flux 1. */
const composite: ProblemDefinition = {
  name: 'composite wall',
  domain: { x: [0, 3] },
  regions: layers as never,
  fields: ['u'],
  functions: { k: 'x < 1 ? 1 : (x < 2 ? 10 : 0.5)' },
  equations: ['d(k*u_x, x) = 0'],
  conditions: [
    { on: 'x = 0', equation: 'u = 0' },
    { on: 'x = 3', equation: 'k*u_n = 1' },
    ...['left', 'right'].flatMap((on) => [
      { on, equation: 'jump(u) = 0' },
      { on, equation: 'jump(k*u_n) = 0' },
    ]),
  ],
};

async function solved(definition: ProblemDefinition) {
  const result = await reference(problem(definition));
  if (!result.available) throw new Error(result.reason);
  return result;
}

async function worst(
  definition: ProblemDefinition,
  points: number[],
  exact: (point: number[]) => Record<string, number>,
) {
  const { evaluate, errorEstimate } = await solved(definition);
  const d = Object.keys(definition.domain!).length;
  const values = evaluate(Float64Array.from(points));
  const errors = Array.from({ length: points.length / d }, (_, n) =>
    Object.entries(exact(points.slice(n * d, (n + 1) * d))).map(([name, value]) =>
      Math.abs(values[name][n] - value),
    ),
  );
  return { error: Math.max(...errors.flat()), errorEstimate };
}

describe('references in one space coordinate with interfaces', () => {
  it('layers in series: the flux is one and the same, temperatures are broken lines', async () => {
    const points = Array.from({ length: 61 }, (_, i) => i / 20);
    const { error, errorEstimate } = await worst(composite, points, ([x]) => ({
      u: x < 1 ? x : x < 2 ? 1 + (x - 1) / 10 : 1.1 + 2 * (x - 2),
    }));
    expect(error).toBeLessThan(1e-11);
    expect(errorEstimate).toBeLessThan(1e-10);
  });

  it('values and fluxes that jump, beside a field that does not, in time', async () => {
    const { error, errorEstimate } = await worst(
      {
        name: 'a layer between others',
        domain: { x: [0, 3], t: [0, 1] },
        regions: { middle: { interval: [1, 2] } },
        fields: ['u', 'v'],
        functions: {
          k: 'inside("middle") ? 10 : 1',
          outer: 'exp(-t)*sin(x)',
          inner: 'exp(-t)*x^2',
          given: 'inside("middle") ? inner : outer',
          V: 'exp(-t)*cos(x)',
        },
        equations: ['u_t = d(k*u_x, x) + v - V + (inside("middle") ? -inner - 20*exp(-t) : 0)', 'v_t = v_xx'],
        conditions: [
          { on: 't = 0', equation: 'u = given' },
          { on: 't = 0', equation: 'v = V' },
          { on: 'boundary', equation: 'v = V' },
          { on: 'x = 0', equation: 'u = 0' },
          { on: 'x = 3', equation: 'u_n = d(outer, x)' },
          { on: 'middle', equation: 'jump(u) = outer - inner' },
          { on: 'middle', equation: 'jump(k*u_n) = d(outer, n) - 10*d(inner, n)' },
        ],
      },
      [0.4, 0.7, 0.99, 1, 1.01, 0.3, 1.6, 1, 2.2, 0.5, 3, 1],
      ([x, t]) => ({
        u: Math.exp(-t) * (x > 1 && x < 2 ? x * x : Math.sin(x)),
        v: Math.exp(-t) * Math.cos(x),
      }),
    );
    expect(error).toBeLessThan(3e-9);
    expect(errorEstimate).toBeLessThan(1e-7);
  });

  it('two rods that do not touch', async () => {
    const exact = (x: number) => Math.exp(-x) * Math.cos(3 * x);
    const { evaluate } = await solved({
      name: 'rods',
      domain: {
        geometry: {
          difference: [
            { interval: [0, 3], name: 'rod' },
            { interval: [1, 1.5], name: 'gap' },
          ],
        },
      },
      fields: ['u'],
      functions: { U: 'exp(-x)*cos(3*x)' },
      equations: ['u_xx - u = d(U, x, 2) - U'],
      conditions: [
        { on: 'gap', equation: 'u = U' },
        { on: 'rod', equation: 'u_n + u = d(U, n) + U' },
      ],
    });
    const points = Float64Array.of(0, 0.5, 1, 1.5, 2, 3);
    evaluate(points).u.forEach((value, n) => {
      expect(value).toBeCloseTo(exact(points[n]), 10);
    });
  });

  it('says what it cannot do', async () => {
    const result = await reference(
      problem({
        ...composite,
        conditions: [...composite.conditions!, { on: { points: [[0.5]] }, equation: 'u = 0.5' }],
      }),
    );
    expect(result).toMatchObject({ available: false, reason: expect.stringMatching(/beside interfaces/) });
  });
});
