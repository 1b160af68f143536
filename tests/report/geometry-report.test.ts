import { describe, expect, test } from 'vitest';
import { assess } from '../../src/estimate/index.ts';
import { problem, renderReport, reportOf, solve } from '../../src/index.ts';
import type { ProblemDefinition } from '../../src/problem/index.ts';
import { builtSolution } from './built-solution.ts';

const plate: ProblemDefinition = {
  name: 'plate',
  domain: {
    geometry: {
      difference: [
        { box: [[-1, 1] as [number, number], [-1, 1] as [number, number]], name: 'outer' },
        { disk: { center: [0.2, 0] as [number, number], radius: 0.5 }, name: 'hole' },
      ],
    },
  },
  fields: ['u'],
  equations: ['laplacian(u) = 0'],
  conditions: [
    { on: 'outer', equation: 'u = 1' },
    { on: 'hole', equation: 'u_n + 2*u = x' },
  ],
};

describe('the report of a problem on a geometry', () => {
  const solution = builtSolution(plate, { constant: { u: 3 } });

  test('draws each part of the boundary by its name, with normals out of the whole', () => {
    const { geometry } = reportOf(solution, { ...nothing });
    expect(new Set(geometry!.parts.map(({ name }) => name))).toEqual(new Set(['outer', 'hole']));
    for (const { name, outline, feet, normals } of geometry!.parts) {
      for (let n = 0; n < outline[0].length; n++) {
        const [x, y] = [outline[0][n], outline[1][n]];
        const away = name === 'hole' ? Math.hypot(x - 0.2, y) - 0.5 : Math.max(Math.abs(x), Math.abs(y)) - 1;
        expect(Math.abs(away)).toBeLessThan(1e-12);
      }
      for (let n = 0; n < feet![0].length; n++) {
        const [x, y] = [feet![0][n], feet![1][n]];
        const outward = normals![0][n] * (x - (name === 'hole' ? 0.2 : 0)) + normals![1][n] * y;
        expect(Math.sign(outward)).toBe(name === 'hole' ? -1 : 1);
      }
    }
  });

  test('says of each condition by how much it is missed, where it is to hold', () => {
    // u = 3 misses u = 1 by 2, and 2u = x by 6 − x with x = 0.2 + cos(φ)/2 along the hole.
    const [outer, hole] = reportOf(solution, { ...nothing }).conditions!;
    expect(outer).toMatchObject({ place: 'outer', builtIn: false });
    expect(outer.mean).toBeCloseTo(2, 12);
    expect(outer.maximum).toBeCloseTo(2, 12);
    expect(hole.place).toBe('hole');
    expect(hole.mean).toBeCloseTo(Math.sqrt(5.8 ** 2 + 0.125), 2);
    expect(hole.maximum).toBeCloseTo(6.3, 2);
  });

  test('maps have axes of one scale and gaps outside', async () => {
    const { surfaces, residuals } = reportOf(solution, { ...nothing });
    const { grid, fields, equalScale } = surfaces!;
    expect(equalScale).toBe(true);
    expect(residuals![0]).toMatchObject({ equalScale: true });
    const side = grid.horizontal.length;
    for (let n = 0; n < side * side; n++) {
      const radius = Math.hypot(grid.horizontal[n % side] - 0.2, grid.vertical[Math.floor(n / side)]);
      // A point on the rim is inside, within rounding.
      if (Math.abs(radius - 0.5) > 1e-9) expect(Number.isNaN(fields[0].solution[n])).toBe(radius < 0.5);
    }
  });

  test('a section of an author stands in it, with its figures and tables', async () => {
    const line = { at: [0, 1], values: [1, 10] };
    const html = await renderReport(
      {
        ...reportOf(solution, await assess(solution, { referenceTimeLimit: 0.01 })),
        sections: [
          {
            heading: 'Where it can be <trusted>',
            parts: [
              'Near the data.',
              {
                caption: 'An error.',
                panels: [
                  {
                    horizontal: { name: 'distance' },
                    vertical: { name: 'error' },
                    logarithmic: true,
                    curves: [{ name: 'measured', curve: line, mark: 'circle' }],
                  },
                ],
              },
              { caption: 'A table.', head: ['points', 'error'], rows: [['twenty', 0.5]] },
            ],
          },
        ],
      },
      { plotly: '' },
    );
    expect(html).toContain('<h2>Where it can be &lt;trusted&gt;</h2>');
    expect(html).toContain('<p>Near the data.</p>');
    expect(html).toContain('id="section-0-1-0"');
    expect(html).toMatch(/twenty<\/th><td><span class="number">0\.5</);
  });
});

test('jumps across an interface are measured with each side’s own values', async () => {
  const definition: ProblemDefinition = {
    name: 'rod',
    domain: { x: [-1, 1], y: [0, 1] },
    regions: { left: { box: [[-1, 0] as [number, number], [0, 1] as [number, number]] } },
    fields: ['u'],
    functions: { k: 'x < 0 ? 2 : 1' },
    equations: ['d(k*u_x, x) + d(k*u_y, y) = 0'],
    conditions: [
      { on: 'x = -1', equation: 'u = 0' },
      { on: 'x = 1', equation: 'u = 6' },
      { on: 'y = 0', equation: 'u_y = 0' },
      { on: 'y = 1', equation: 'u_y = 0' },
      { on: 'left', equation: 'jump(u) = 3' },
      { on: 'left', equation: 'jump(k*u_n) = 0' },
    ],
  };
  // u = x + 1 on the left, 2x + 4 on the right.
  const solution = await solve(problem(definition), { threads: 1, timeLimit: 10 });
  expect(solution.at({ x: -0.5, y: 0.5 }).u).toBeCloseTo(0.5, 8);
  const { conditions, geometry } = reportOf(solution, { ...nothing });
  for (const { maximum } of conditions!) expect(maximum).toBeLessThan(1e-8);
  expect(geometry!.parts.filter(({ inside }) => inside).map(({ name }) => name)).toEqual(['left']);
});

const nothing = {
  errors: null,
  reason: undefined,
  reference: undefined,
  parameters: {},
  derived: {},
  sumOfSquares: undefined,
  shooting: undefined,
  notes: [],
  unusable: undefined,
};
