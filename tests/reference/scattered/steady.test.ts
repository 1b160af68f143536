import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/problem/index.ts';
import { reference } from '../../../src/reference/index.ts';
import { expectExact } from './expect-exact.ts';

const disk = { disk: { center: [0, 0], radius: 1 } } as const;
const holes = [
  [0.5, 0.5, 0.2],
  [0.4, -0.4, 0.4],
  [-0.2, -0.7, 0.1],
  [-0.6, 0.5, 0.3],
];
const perforated = {
  difference: [
    {
      box: [
        [-1, 1],
        [-1, 1],
      ] as [number, number][],
      name: 'outer',
    },
    ...holes.map(([x, y, radius], i) => ({
      disk: { center: [x, y] as [number, number], radius },
      name: `hole${i}`,
    })),
  ],
};
const hole = {
  difference: [
    {
      box: [
        [-1, 1],
        [-1, 1],
      ] as [number, number][],
      name: 'outer',
    },
    { disk: { center: [0.3, 0.2] as [number, number], radius: 0.3 }, name: 'inner' },
  ],
};

describe('the reference of a steady problem on scattered nodes', () => {
  it("Laplace's equation on a disk", async () => {
    const u = 'exp(x)*cos(y)';
    const method = await expectExact(
      {
        name: 'laplace-disk',
        domain: { geometry: disk },
        fields: ['u'],
        equations: ['laplacian(u) = 0'],
        conditions: [{ on: 'boundary', equation: `u = ${u}` }],
        exact: { u },
      },
      1e-7,
      1e-7,
    );
    expect(method).toMatch(/scattered nodes/);
  });

  it('Poisson–Boltzmann on a square without four disks', async () => {
    const u = 'sin(2*x + 1)*cos(3*y)';
    await expectExact(
      {
        name: 'perforated',
        domain: { geometry: perforated },
        fields: ['u'],
        equations: [`-laplacian(u) + 64*u = 77*${u}`],
        conditions: [{ on: 'boundary', equation: `u = ${u}` }],
        exact: { u },
      },
      1e-5,
      1e-5,
    );
  });

  it('Robin and Neumann conditions on holes', async () => {
    const u = 'sin(2*x + 1)*cos(3*y)';
    const outward = (x: number, y: number, r: number) =>
      `(-((x - (${x}))*2*cos(2*x + 1)*cos(3*y) - (y - (${y}))*3*sin(2*x + 1)*sin(3*y))/${r})`;
    await expectExact(
      {
        name: 'robin',
        domain: { geometry: perforated },
        fields: ['u'],
        equations: [`laplacian(u) = -13*${u}`],
        conditions: [
          { on: 'outer', equation: `u = ${u}` },
          ...holes.map(([x, y, r], i) => ({
            on: `hole${i}`,
            equation: i % 2 === 0 ? `u_n = ${outward(x, y, r)}` : `u_n + 2*u = 2*${u} + ${outward(x, y, r)}`,
          })),
        ],
        exact: { u },
      },
      1e-4,
      1e-4,
    );
  });

  it('Helmholtz with a coefficient that varies', async () => {
    const u = 'sin(3*x)*sin(2*y)';
    await expectExact(
      {
        name: 'helmholtz',
        domain: { geometry: hole },
        fields: ['u'],
        equations: [`laplacian(u) + (20 + x)*u = (7 + x)*${u}`],
        conditions: [{ on: 'boundary', equation: `u = ${u}` }],
        exact: { u },
      },
      1e-4,
      1e-4,
    );
  });

  it('a nonlinear system', async () => {
    const [u, v] = ['sin(x + y)', 'cos(x - y)'];
    await expectExact(
      {
        name: 'nonlinear-system',
        domain: { geometry: hole },
        fields: ['u', 'v'],
        equations: [
          `laplacian(u) + u^2*v - u^3 = -2*${u} + ${u}^2*${v} - ${u}^3`,
          `laplacian(v) - u*v = -2*${v} - ${u}*${v}`,
        ],
        conditions: [
          { on: 'boundary', equation: `u = ${u}` },
          { on: 'boundary', equation: `v = ${v}` },
        ],
        exact: { u, v },
      },
      1e-5,
      1e-5,
    );
  });

  it('Neumann conditions alone with the value at one point', async () => {
    const u = 'sin(x + y)';
    await expectExact(
      {
        name: 'neumann',
        domain: { geometry: disk },
        fields: ['u'],
        equations: [`laplacian(u) = -2*${u}`],
        conditions: [
          { on: 'boundary', equation: 'u_n = (x + y)*cos(x + y)' },
          { on: { points: [[0, 0]] }, equation: 'u = 0' },
        ],
        exact: { u },
      },
      1e-6,
      1e-6,
    );
  });

  it('a clamped plate', async () => {
    const u = 'sin(x + y)';
    await expectExact(
      {
        name: 'plate',
        domain: { geometry: disk },
        fields: ['u'],
        equations: [`laplacian(laplacian(u)) = 4*${u}`],
        conditions: [
          { on: 'boundary', equation: `u = ${u}` },
          { on: 'boundary', equation: 'u_n = (x + y)*cos(x + y)' },
        ],
        exact: { u },
      },
      1e-5,
      1e-6,
    );
  });

  it('an interface at which the coefficient jumps from 10 to 1', async () => {
    // Harmonic on both sides, continuous with k u_n at r = 1/2.
    const outside = 'x*(1 - (9/11)*0.25/(x^2 + y^2))';
    await expectExact(
      {
        name: 'interface',
        domain: { x: [-1, 1], y: [-1, 1] },
        regions: { inner: { disk: { center: [0, 0], radius: 0.5 } } },
        functions: { k: 'inside("inner") ? 10 : 1' },
        fields: ['u'],
        equations: ['k*laplacian(u) = 0'],
        conditions: [
          { on: 'inner', equation: 'jump(u) = 0' },
          { on: 'inner', equation: 'jump(k*u_n) = 0' },
          { on: 'boundary', equation: `u = ${outside}` },
        ],
        exact: { u: `x^2 + y^2 < 0.25 ? 2*x/11 : ${outside}` },
      },
      1e-2,
      2e-3,
    );
  });

  it('a singularity at a re-entrant corner, r^(2/3) sin(2θ/3)', async () => {
    const angle = '(atan2(-x, y) + (atan2(-x, y) < -1e-12 ? 2*pi : 0))';
    const u = `(x^2 + y^2)^(1/3)*sin(2/3*${angle})`;
    await expectExact(
      {
        name: 'l-shape',
        domain: {
          geometry: {
            polygon: [
              [-1, -1],
              [1, -1],
              [1, 0],
              [0, 0],
              [0, 1],
              [-1, 1],
            ],
          },
        },
        fields: ['u'],
        equations: ['laplacian(u) = 0'],
        conditions: [{ on: 'boundary', equation: `u = ${u}` }],
        exact: { u },
      },
      5e-2,
      3e-3,
    );
  });

  it('a ball without a ball', async () => {
    const u = 'sin(x + y) + z';
    await expectExact(
      {
        name: 'ball',
        domain: {
          geometry: {
            difference: [
              { ball: { center: [0, 0, 0], radius: 1 } },
              { ball: { center: [0.2, 0, 0], radius: 0.4 } },
            ],
          },
        },
        fields: ['u'],
        equations: ['laplacian(u) = -2*sin(x + y)'],
        conditions: [{ on: 'boundary', equation: `u = ${u}` }],
        exact: { u },
      },
      2e-3,
      5e-4,
    );
  });

  it('a solution up to a constant is none, and the reason says so', async () => {
    const result = await reference(
      problem({
        name: 'floating',
        domain: { geometry: disk },
        fields: ['u'],
        equations: ['laplacian(u) = 0'],
        conditions: [{ on: 'boundary', equation: 'u_n = x' }],
      }),
    );
    expect(result).toMatchObject({ available: false, reason: expect.stringMatching(/up to a constant/) });
  });
});
