import { describe, expect, it } from 'vitest';
import { evaluateTrial, initialize } from '../../src/network/index.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import {
  atHeldOutPoints,
  buildResidualSystem,
  fieldRanges,
  type ResidualBlock,
  resampled,
  scalingOf,
  toUserPoints,
} from '../../src/residual/index.ts';
import { defaultTrial } from '../../src/solve/default-trial.ts';
import { resolveSettings } from '../../src/solve/settings.ts';
import { residualsAt } from './host-residuals.ts';

const annulus = {
  difference: [
    { disk: { center: [0, 0], radius: 1 }, name: 'rim' },
    { disk: { center: [0, 0], radius: 0.5 }, name: 'hole' },
  ],
};

function systemOf(definition: ProblemDefinition, points = 400) {
  const read = problem(definition);
  const settings = resolveSettings(read, { network: '6x1', optimizer: 'lm' });
  const scaling = scalingOf(read, fieldRanges(read));
  const trial = defaultTrial(read, settings);
  const system = buildResidualSystem(read, scaling, trial, {
    points,
    conditionPoints: 50,
    sampling: 'sobol',
    seed: 3,
    weights: { equations: 1, conditions: 1, data: 1 },
    periodicCoordinates: new Set(),
  });
  return { read, scaling, trial, system };
}

const radiusOf = (points: Float64Array, d: number, n: number): number =>
  Math.hypot(points[n * d], points[n * d + 1]);

const heat: ProblemDefinition = {
  name: 'heat',
  domain: { geometry: annulus, t: [0, 2] } as ProblemDefinition['domain'],
  fields: ['u'],
  equations: ['u_t = laplacian(u)'],
  conditions: [
    { on: 't = 0', equation: 'u = 1' },
    { on: 'rim', equation: 'u = 0' },
    { on: 'hole', equation: 'u_n = x + t' },
  ],
};

describe('residuals on a geometry', () => {
  const { system, scaling } = systemOf(heat);
  const [equation, initial, rim, hole] = system.blocks;
  const user = (block: ResidualBlock): Float64Array => toUserPoints(block.points[0], scaling);

  it('points lie inside, those of conditions on their parts at all times', () => {
    expect(system.blocks.map(({ path }) => path)).toEqual([
      'equations[0]',
      'conditions[0]',
      'conditions[1]',
      'conditions[2]',
    ]);
    expect(equation.count).toBe(400);
    for (const block of [equation, initial])
      for (let n = 0; n < block.count; n++) {
        expect(radiusOf(user(block), 3, n)).toBeGreaterThan(0.5 - 1e-9);
        expect(radiusOf(user(block), 3, n)).toBeLessThan(1 + 1e-9);
      }
    for (let n = 0; n < initial.count; n++) expect(user(initial)[3 * n + 2]).toBe(0);
    for (const [block, radius] of [
      [rim, 1],
      [hole, 0.5],
    ] as const) {
      const points = user(block);
      const times = Array.from({ length: block.count }, (_, n) => points[3 * n + 2]);
      for (let n = 0; n < block.count; n++) expect(radiusOf(points, 3, n)).toBeCloseTo(radius, 9);
      expect(times.reduce((sum, t) => sum + t, 0) / block.count).toBeCloseTo(1, 1);
      // angle and time are not tied to each other
      const angles = times.map((_, n) => Math.atan2(points[3 * n + 1], points[3 * n]));
      const mean = angles.reduce((sum, a, n) => sum + a * (times[n] - 1), 0) / block.count;
      expect(Math.abs(mean)).toBeLessThan(0.15);
    }
  });

  it('as many points by length on one part as on the other', () => {
    expect(rim.count / hole.count).toBeCloseTo(2, 1);
    expect(rim.count + hole.count).toBeCloseTo(4 * 50, -1);
  });

  it('normals point out of the annulus, into its hole', () => {
    const points = user(hole);
    for (let n = 0; n < hole.count; n++) {
      expect(hole.columns['normal:x'][n]).toBeCloseTo(-points[3 * n] / 0.5, 9);
      expect(hole.columns['normal:y'][n]).toBeCloseTo(-points[3 * n + 1] / 0.5, 9);
      expect(hole.columns['normal:t'][n]).toBe(0);
    }
  });

  it('held-out points and points drawn anew lie inside', async () => {
    const theta = initialize(system.trial, { seed: 1 });
    const drawn = await resampled(system, residualsAt(theta), 'sobol', 5);
    for (const other of [atHeldOutPoints(system, 1), drawn]) {
      const [block] = other.blocks;
      expect(block.count).toBe(400);
      expect(block.points[0]).not.toEqual(equation.points[0]);
      for (let n = 0; n < block.count; n++) {
        const r = radiusOf(user(block), 3, n);
        expect(r > 0.5 - 1e-9 && r < 1 + 1e-9).toBe(true);
      }
    }
  });
});

describe('residuals of fields in pieces', () => {
  const layers: ProblemDefinition = {
    name: 'layers',
    domain: { x: [0, 1], t: [0, 1] },
    regions: { left: { interval: [0, 0.25] } },
    fields: ['u'],
    functions: { k: 'inside("left") ? 4 : 1' },
    equations: ['u_t = d(k*u_x, x)'],
    conditions: [
      { on: 't = 0', equation: 'u = x' },
      { on: 'left', equation: 'jump(u) = 2' },
      { on: 'left', equation: 'jump(k*u_x) = 0' },
    ],
  };
  const { system, scaling, trial } = systemOf(layers);

  it('each piece has a network and equations of its own, on its side', () => {
    expect(trial.networks.map(({ fields }) => fields)).toEqual([['u@left'], ['u@elsewhere']]);
    const equations = system.blocks.filter(({ kind }) => kind === 'equation');
    expect(equations.length).toBe(2);
    for (const block of equations) {
      const x = toUserPoints(block.points[0], scaling).filter((_, k) => k % 2 === 0);
      const isLeft = x[0] < 0.25;
      expect(x.every((value) => value < 0.25 === isLeft)).toBe(true);
    }
  });

  it('a jump is the difference of the two networks on the interface, coefficients those of both sides', async () => {
    const theta = initialize(trial, { seed: 2 });
    const residuals = await residualsAt(theta)(system);
    const residualOf = (path: string) => {
      let start = 0;
      for (const block of system.blocks) {
        const { count, residuals: outputs } = block;
        if (block.path === path) return { block, values: residuals.slice(start, start + count) };
        start += count * outputs.length;
      }
      throw new Error(path);
    };
    const { scale } = scaling.fields.get('u')!;
    const slope = scale / scaling.coordinates[0].halfWidth;
    for (const [path, expected] of [
      ['conditions[1]', (before: number[], beyond: number[]) => scale * (beyond[0] - before[0]) - 2],
      ['conditions[2]', (before: number[], beyond: number[]) => slope * (beyond[1] - 4 * before[1])],
    ] as const) {
      const { block, values } = residualOf(path);
      expect(block.points.length).toBe(1);
      const x = toUserPoints(block.points[0], scaling).filter((_, k) => k % 2 === 0);
      for (const value of x) expect(value).toBeCloseTo(0.25, 12);
      const jets = evaluateTrial(trial, theta, block.points[0], [
        [0, 0],
        [1, 0],
      ]);
      const at = (name: string, n: number): number[] => jets.get(name)!.map((column) => column[n]);
      const ratios = [...values].map((value, n) => value / expected(at('u@left', n), at('u@elsewhere', n)));
      for (const ratio of ratios) expect(ratio / ratios[0]).toBeCloseTo(1, 9);
    }
  });
});

describe('periodic conditions of high order', () => {
  const ring = (order: number): ProblemDefinition => ({
    name: 'ring',
    domain: { x: [0, 1], t: [0, 1] },
    fields: ['u'],
    equations: ['u_t = u_xx'],
    conditions: [
      { on: 't = 0', equation: 'u = sin(2*pi*x)' },
      { periodic: 'x', order },
    ],
  });

  it('compare values and derivatives up to order four', () => {
    const { system } = systemOf(ring(4));
    expect(system.blocks.find(({ path }) => path === 'conditions[1]')?.residuals.length).toBe(5);
  });

  it('hold in any order where the network is periodic by construction, and are refused beyond four elsewhere', () => {
    expect(problem(ring(12)).conditions[1]).toMatchObject({ kind: 'periodic', order: 12 });
    expect(() => systemOf(ring(12))).toThrow(/up to order 4/);
  });
});
