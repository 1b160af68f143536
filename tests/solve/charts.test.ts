import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { loadSolution, saveSolution, solve } from '../../src/solve/index.ts';
import { chartsOfGeometry } from '../../src/solve/random-features/charts-of-geometry.ts';

const singular = '(x^2 + y^2)^(1/3)*sin(2/3*(atan2(x - y, -x - y) + 3*pi/4))';
const corner = problem({
  name: 'corner',
  domain: {
    geometry: {
      polygon: [
        [0, 0],
        [1, 0],
        [1, -1],
        [-1, -1],
        [-1, 1],
        [0, 1],
      ],
    },
  },
  fields: ['u'],
  equations: ['laplacian(u) = 0'],
  conditions: [{ on: 'boundary', equation: `u = ${singular}` }],
  exact: { u: singular },
});

const potential =
  '1 - log(((x - 0.3)^2 + (y + 0.1)^2)/0.04)/4 + (x - 0.3)/((x - 0.3)^2 + (y + 0.1)^2)/50 + x*y';
const hole = problem({
  name: 'hole',
  domain: {
    geometry: {
      difference: [
        {
          box: [
            [-1, 1],
            [-1, 1],
          ],
        },
        { disk: { center: [0.3, -0.1], radius: 0.05 } },
      ],
    },
  },
  fields: ['u'],
  equations: ['laplacian(u) = 0'],
  conditions: [{ on: 'boundary', equation: `u = ${potential}` }],
  exact: { u: potential },
});

const options = {
  optimizer: 'random-features',
  network: { randomFeatures: { count: 150, scale: 5 } },
  threads: 1,
} as const;

describe('random features with coordinates of their own', () => {
  it('hold what is singular in a re-entrant corner', async () => {
    const solution = await solve(corner, options);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-7);
  });

  it('hold what a small hole leaves around it', async () => {
    const solution = await solve(hole, options);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(2e-6);
    const again = loadSolution(saveSolution(solution));
    expect(again.compare('exact')).toEqual(solution.compare('exact'));
  });
});

describe('charts of a geometry', () => {
  it('are those of corners that are more than straight, on whichever side of an edge the shape lies', () => {
    expect(chartsOfGeometry(corner)).toMatchObject([{ kind: 'sector', center: [0, 0], exponent: 2 / 3 }]);
    const square = {
      box: [
        [0, 1],
        [0, 1],
      ] as [number, number][],
    };
    const notched = problem({
      ...corner.definition,
      exact: undefined,
      conditions: [{ on: 'boundary', equation: 'u = 0' }],
      domain: {
        geometry: {
          difference: [
            {
              box: [
                [-1, 2],
                [-1, 2],
              ],
            },
            square,
          ],
        },
      },
    });
    expect(chartsOfGeometry(notched).length).toBe(4);
    for (const chart of chartsOfGeometry(notched)) expect(chart).toMatchObject({ exponent: 2 / 3 });
  });

  it('are two for every hole and none for a disk that is the space', () => {
    expect(chartsOfGeometry(hole).map(({ kind }) => kind)).toEqual(['inversion', 'inversion']);
    const disk = problem({
      ...hole.definition,
      exact: undefined,
      conditions: [{ on: 'boundary', equation: 'u = 0' }],
      domain: { geometry: { disk: { center: [0, 0], radius: 1 } } },
    });
    expect(chartsOfGeometry(disk)).toEqual([]);
  });
});

it('a hole beyond the edge of the shape has no charts', () => {
  const part = (center: readonly number[]) =>
    problem({
      name: 'part',
      domain: {
        geometry: {
          intersection: [
            {
              difference: [
                {
                  box: [
                    [-1, 1],
                    [-1, 1],
                  ],
                },
                { disk: { center: [center[0], center[1]], radius: 0.1 } },
              ],
            },
            {
              box: [
                [0, 1],
                [-1, 1],
              ],
            },
          ],
        },
      },
      fields: ['u'],
      equations: ['laplacian(u) = 0'],
      conditions: [{ on: 'boundary', equation: 'u = x' }],
    });
  const around = (center: readonly number[]) =>
    chartsOfGeometry(part(center)).filter(({ kind }) => kind === 'inversion').length;
  expect(around([-0.5, 0])).toBe(0);
  expect(around([0, 0])).toBe(2);
  expect(around([0.5, 0])).toBe(2);
});
