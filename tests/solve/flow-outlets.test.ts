import { describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { fieldRanges, scalingOf } from '../../src/residual/index.ts';
import { defaultTrial } from '../../src/solve/default-trial.ts';
import { layersAtOutlets } from '../../src/solve/random-features/flow-outlets.ts';
import { resolveSettings } from '../../src/solve/settings.ts';
import { trainingSystem } from '../../src/solve/trained-solution.ts';

const channel = (conditions: NonNullable<ProblemDefinition['conditions']>, domain = {}) =>
  problem({
    name: 'channel',
    domain: { x: [0, 2], y: [0, 1], ...domain } as ProblemDefinition['domain'],
    fields: ['u', 'v', 'p'],
    equations: [
      'u*u_x + v*u_y = -p_x + laplacian(u)',
      'u*v_x + v*v_y = -p_y + laplacian(v)',
      'u_x + v_y = 0',
    ],
    conditions: [{ on: 'x = 0', equation: 'u = y*(1 - y)' }, ...conditions],
  });

const walls = ['x = 0', 'y = 0', 'y = 1'].map((on) => ({ on, equation: 'v = 0' }));

describe('layers of a flow', () => {
  it('are where the pressure is given and a part of the velocity', () => {
    const out = [
      { on: 'x = 2', equation: 'p = 0' },
      { on: 'x = 2', equation: 'v = 0' },
    ];
    const layers = layersAtOutlets(channel([...walls, ...out]));
    expect(layers).toMatchObject([{ kind: 'layer', coordinates: [0], center: [1] }]);
  });

  it('are not where the pressure is given alone, nor where all of the velocity is', () => {
    expect(layersAtOutlets(channel([...walls, { on: 'x = 2', equation: 'p = 0' }]))).toEqual([]);
    const all = ['u', 'v', 'p'].map((name) => ({ on: 'x = 2', equation: `${name} = 0` }));
    expect(layersAtOutlets(channel([...walls, ...all]))).toEqual([]);
  });

  it('are found on a geometry too', () => {
    const geometry = {
      difference: [
        {
          box: [
            [0, 4],
            [0, 2],
          ],
        },
        { disk: { center: [2, 1], radius: 0.2 } },
      ],
    };
    const own = problem({
      ...channel([]).definition,
      domain: { geometry } as ProblemDefinition['domain'],
      conditions: [
        { on: 'x = 0', equation: 'p = 0' },
        { on: 'x = 0', equation: 'v = 0' },
      ],
    });
    expect(layersAtOutlets(own)).toMatchObject([{ coordinates: [0], center: [-1] }]);
  });

  it('have points of the walls that end in them', () => {
    const out = [
      { on: 'x = 2', equation: 'p = 0' },
      { on: 'x = 2', equation: 'v = 0' },
    ];
    const flow = channel([...walls, { on: 'y = 0', equation: 'u = 0' }, ...out]);
    const settings = resolveSettings(flow, {
      optimizer: 'random-features',
      network: { randomFeatures: { count: 20, scale: 3 } },
    });
    const scaling = scalingOf(flow, fieldRanges(flow));
    const task = { problem: flow, settings, settingsGiven: {} };
    const { blocks } = trainingSystem(task, { trial: defaultTrial(flow, settings), scaling });
    const near = blocks.flatMap(({ kind, points: [points] }) =>
      kind === 'condition' ? [...points].flatMap((x, k) => (k % 2 === 0 ? [[x, points[k + 1]]] : [])) : [],
    );
    for (const wall of [-1, 1])
      expect(near.filter(([x, y]) => y === wall && x < 1 && x > 0.98).length).toBeGreaterThan(5);
    expect(near.every(([x, y]) => Math.abs(x) === 1 || Math.abs(y) === 1)).toBe(true);
  });
});
