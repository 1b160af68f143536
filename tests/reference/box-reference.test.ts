import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';
import { LeastSquares } from '../../src/reference/linear/least-squares.ts';
import { type Definition, expectHonest, solved } from './exact-comparison.ts';

const square = { x: [0, 1], y: [0, 1] } satisfies Definition['domain'];
const leastSquares = /^Chebyshev least squares/;

describe('least squares by Householder reflections', () => {
  it('leaves a residual orthogonal to every column', () => {
    const [rows, columns] = [60, 41];
    const system = new LeastSquares(rows, columns);
    for (let i = 0; i < rows * columns; i++) system.matrix[i] = Math.sin(i * i + 0.1 * i);
    const matrix = system.matrix.slice();
    const b = Float64Array.from({ length: rows }, (_, i) => Math.cos(3 * i));
    expect(system.factor()).toBeGreaterThan(1e-6);
    const x = system.solve(b.slice());
    const residual = b.slice();
    for (let j = 0; j < columns; j++)
      for (let i = 0; i < rows; i++) residual[i] -= matrix[j * rows + i] * x[j];
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += matrix[j * rows + i] * residual[i];
      expect(Math.abs(sum)).toBeLessThan(1e-11);
    }
  });

  it('tells that columns are dependent', () => {
    const system = new LeastSquares(5, 2);
    for (let i = 0; i < 5; i++) system.matrix[i] = system.matrix[5 + i] = i + 1;
    expect(system.factor()).toBeLessThan(1e-14);
  });
});

describe('the reference of a boundary value problem on a box', () => {
  it('fourth order: a plate on simple supports', async () => {
    await expectHonest(
      {
        name: 'plate',
        domain: square,
        fields: ['u'],
        equations: ['laplacian(laplacian(u)) = 4*pi^4*sin(pi*x)*sin(pi*y)'],
        conditions: [
          { on: 'boundary', equation: 'u = 0' },
          { on: 'x = 0', equation: 'u_xx = 0' },
          { on: 'x = 1', equation: 'u_xx = 0' },
          { on: 'y = 0', equation: 'u_yy = 0' },
          { on: 'y = 1', equation: 'u_yy = 0' },
        ],
        exact: { u: 'sin(pi*x)*sin(pi*y)' },
      },
      leastSquares,
      1e-9,
    );
  });

  it('fourth order: the deflection of a clamped plate, singular at its corners', async () => {
    const plate = await solved(
      {
        name: 'clamped-plate',
        domain: square,
        fields: ['u'],
        equations: ['laplacian(laplacian(u)) = 1'],
        conditions: [
          { on: 'boundary', equation: 'u = 0' },
          { on: 'boundary', equation: 'u_n = 0' },
        ],
      },
      { target: 1e-4 },
    );
    // Taylor & Govindjee (2004), Commun. Numer. Meth. Engng 20, 789–796: 0.00126531908738 at the centre.
    const { u } = plate.evaluate(Float64Array.of(0.5, 0.5));
    expect(Math.abs(u[0] / 0.00126531908738 - 1)).toBeLessThan(3 * plate.errorEstimate);
    expect(plate.errorEstimate).toBeLessThan(1e-4);
  });

  it('three coordinates', async () => {
    await expectHonest(
      {
        name: 'poisson-3d',
        domain: { x: [0, 1], y: [0, 1], z: [0, 1] },
        fields: ['u'],
        equations: ['laplacian(u) = 3*u'],
        conditions: [{ on: 'boundary', equation: 'u = exp(x + y - z)' }],
        exact: { u: 'exp(x + y - z)' },
      },
      leastSquares,
      1e-5,
      { target: 1e-5 },
    );
  });

  it('periodic in one coordinate, Robin and Neumann in the other, the coefficient varying', async () => {
    await expectHonest(
      {
        name: 'mixed',
        domain: { x: [0, '2*pi'], y: [0, 1] },
        fields: ['u'],
        equations: ['d((2 + sin(x))*u_x, x) + u_yy = exp(y)*(cos(x)^2 - (2 + sin(x))*sin(x) + sin(x))'],
        conditions: [
          { periodic: 'x' },
          { on: 'y = 0', equation: 'u_y + u = 2*sin(x)' },
          { on: 'y = 1', equation: 'u_n = exp(1)*sin(x)' },
        ],
        exact: { u: 'exp(y)*sin(x)' },
      },
      leastSquares,
      1e-10,
    );
  });

  it('steady Navier–Stokes: Kovasznay flow, with pressure given at one point', async () => {
    await expectHonest(
      {
        name: 'kovasznay',
        domain: { x: [-0.5, 0.5], y: [-0.5, 0.5] },
        fields: ['u', 'v', 'p'],
        constants: { nu: 0.1, l: '1/(2*nu) - sqrt(1/(4*nu^2) + 4*pi^2)' },
        equations: [
          'u*u_x + v*u_y = -p_x + nu*laplacian(u)',
          'u*v_x + v*v_y = -p_y + nu*laplacian(v)',
          'u_x + v_y = 0',
        ],
        conditions: [
          { on: 'boundary', equation: 'u = 1 - exp(l*x)*cos(2*pi*y)' },
          { on: 'boundary', equation: 'v = l/(2*pi)*exp(l*x)*sin(2*pi*y)' },
          { on: { points: [[0, 0]] }, equation: 'p = 0' },
        ],
        exact: {
          u: '1 - exp(l*x)*cos(2*pi*y)',
          v: 'l/(2*pi)*exp(l*x)*sin(2*pi*y)',
          p: '(1 - exp(2*l*x))/2',
        },
      },
      leastSquares,
      2e-2,
      { target: 1e-2 },
    );
  });

  it('first order: transport into the square from two of its sides', async () => {
    await expectHonest(
      {
        name: 'transport',
        domain: square,
        fields: ['u'],
        equations: ['u_x + 2*u_y = 0'],
        conditions: [
          { on: 'x = 0', equation: 'u = sin(-y)' },
          { on: 'y = 0', equation: 'u = sin(2*x)' },
        ],
        exact: { u: 'sin(2*x - y)' },
      },
      leastSquares,
      1e-9,
    );
  });

  it('says what is missing or does not fit together', async () => {
    const reason = async (change: Partial<Definition>): Promise<string> => {
      const result = await reference(
        problem({
          name: 'none',
          domain: square,
          fields: ['u'],
          equations: ['laplacian(u) = 1'],
          conditions: [{ on: 'boundary', equation: 'u_n = 0' }],
          ...change,
        }),
        { timeLimit: 1 },
      );
      return result.available ? `available: ${result.method}, ${result.errorEstimate}` : result.reason;
    };
    expect(await reason({ equations: ['laplacian(u) = 0'] })).toMatch(/left free/);
    expect(await reason({ conditions: [{ on: 'x = 0', equation: 'u = 1' }] })).toMatch(/left free/);
    expect(
      await reason({
        equations: ['u_xx = 0'],
        conditions: [
          { on: 'x = 0', equation: 'u = y' },
          { on: 'x = 1', equation: 'u = y' },
          { on: { points: [[0.5, 0.5]] }, equation: 'u = 8' },
        ],
      }),
    ).toMatch(/fulfils all conditions|do not resolve/);
  });
});
