import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';

type Definition = Parameters<typeof problem>[0];

async function expectExact(
  definition: Definition,
  exact: Record<string, (x: number, y: number) => number>,
  tolerance: number,
): Promise<void> {
  const read = problem(definition);
  const result = await reference(read);
  if (!result.available) throw new Error(result.reason);
  const points: number[] = [];
  for (let i = 0; i <= 10; i++) {
    for (let j = 0; j <= 10; j++) {
      [i / 10, j / 10].forEach((part, axis) => {
        const { low, high } = read.coordinates[axis];
        points.push(low + (high - low) * part);
      });
    }
  }
  const values = result.evaluate(Float64Array.from(points));
  for (const [field, f] of Object.entries(exact)) {
    values[field].forEach((value, i) => {
      expect(Math.abs(value - f(points[2 * i], points[2 * i + 1]))).toBeLessThan(tolerance);
    });
  }
  expect(result.errorEstimate).toBeLessThan(10 * tolerance);
}

describe('the reference of an elliptic problem on a rectangle', () => {
  it('Helmholtz', async () => {
    await expectExact(
      {
        name: 'helmholtz',
        domain: { x: [-1, 1], y: [-1, 1] },
        fields: ['u'],
        equations: ['u_xx + u_yy + u = (1 - 5*pi^2)*sin(pi*x)*sin(2*pi*y)'],
        conditions: [{ on: 'boundary', equation: 'u = 0' }],
      },
      { u: (x, y) => Math.sin(Math.PI * x) * Math.sin(2 * Math.PI * y) },
      1e-9,
    );
  });

  it('nonlinear, with Dirichlet, Neumann and Robin conditions on a rectangle that is no square', async () => {
    await expectExact(
      {
        name: 'nonlinear',
        domain: { x: [0, 1], y: [0, 2] },
        fields: ['u'],
        equations: ['u_xx + u_yy = u^3 - exp(3*x)*sin(y)^3'],
        conditions: [
          { on: 'x = 0', equation: 'u = sin(y)' },
          { on: 'x = 1', equation: 'u_n + u = 2*exp(1)*sin(y)' },
          { on: 'y = 0', equation: 'u = 0' },
          { on: 'y = 2', equation: 'u_y = exp(x)*cos(2)' },
        ],
      },
      { u: (x, y) => Math.exp(x) * Math.sin(y) },
      1e-10,
    );
  });

  it('a system with a mixed derivative', async () => {
    await expectExact(
      {
        name: 'system',
        domain: { x: [0, 1], y: [0, 1] },
        fields: ['u', 'v'],
        equations: ['u_xx + u_yy + 0.5*u_xy + v = sin(x)*exp(y) + 0.5*cos(x)*exp(y)', 'v_xx + v_yy = u - v'],
        conditions: [
          { on: 'boundary', equation: 'u = sin(x)*exp(y)' },
          { on: 'boundary', equation: 'v = sin(x)*exp(y)' },
        ],
      },
      { u: (x, y) => Math.sin(x) * Math.exp(y), v: (x, y) => Math.sin(x) * Math.exp(y) },
      1e-10,
    );
  });

  it('says why where there is none', async () => {
    const result = await reference(
      problem({
        name: 'three-sides',
        domain: { x: [0, 1], y: [0, 1] },
        fields: ['u'],
        equations: ['u_xx + u_yy = 0'],
        conditions: [{ on: 'x = 0', equation: 'u = 0' }],
      }),
    );
    expect(result).toMatchObject({
      available: false,
      reason: expect.stringMatching(/0 conditions on x = 1/),
    });
  });
});
