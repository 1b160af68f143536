import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { ensemble } from '../../src/estimate/index.ts';
import { problem } from '../../src/problem/index.ts';
import { networkWords } from '../../src/report/contents/network-words.ts';
import { defaultTrial } from '../../src/solve/default-trial.ts';
import { loadSolution, saveSolution, solve } from '../../src/solve/index.ts';
import { networkOption, networkSettings } from '../../src/solve/network-settings.ts';
import { resolveSettings } from '../../src/solve/settings.ts';

/** u = sin x + sin 15x: Moseley, Markham & Nissen-Meyer (2023), section 5.2.2. */
const multiscale = problem({
  name: 'multiscale',
  domain: { x: [-3, 3] },
  fields: ['u'],
  equations: ['u_x = cos(x) + 15*cos(15*x)'],
  conditions: [{ on: 'x = 0', equation: 'u = 0' }],
  exact: { u: 'sin(x) + sin(15*x)' },
});

const square = (hard: boolean) =>
  problem({
    name: 'square',
    domain: { x: [0, 1], y: [0, 2] },
    fields: ['u'],
    equations: ['u_xx + u_yy = -1.25*pi^2*sin(pi*x)*sin(pi*y/2)'],
    conditions: [{ on: 'boundary', equation: 'u = 0', ...(hard && { hard }) }],
    exact: { u: 'sin(pi*x)*sin(pi*y/2)' },
  });

const common = { seed: 1, threads: 1, optimizer: 'lm', timeLimit: 60 } as const;

describe('subdomains', () => {
  it('find many oscillations, where one network of as many steps finds none', async () => {
    const network = { width: 8, depth: 1, subdomains: { x: 15, overlap: 1 } };
    const divided = await solve(multiscale, { ...common, network, iterations: 60 });
    expect(divided.compare('exact').u.relativeL2).toBeLessThan(1e-3);
    await expect(solve(multiscale, { ...common, network: '12x3', iterations: 60 })).rejects.toThrow(
      'no usable answer',
    );
  });

  it('work inside conditions that are built in', async () => {
    const network = { width: 8, depth: 1, subdomains: { x: 2, y: 2 } };
    const solution = await solve(square(true), { ...common, network, iterations: 60, conditionPoints: 30 });
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(5e-3);
    expect(Math.abs(solution.at({ x: 0, y: 0.7 }).u)).toBeLessThan(1e-12);
    expect(networkWords(solution.trial, solution.problem)).toMatch(
      /^4 subdomains \(2 along x, 2 along y\), in each 8 × 1, tanh, 33 parameters$/,
    );
  });

  it('without overlap agree where they meet, in value and slope', async () => {
    const network = { width: 8, depth: 1, subdomains: { y: 2, overlap: 0 } };
    const solution = await solve(square(false), { ...common, network, iterations: 80, conditionPoints: 60 });
    expect(solution.run.blocks.map(({ path }) => path)).toContain('subdomains.y');
    const { relativeL2 } = solution.compare('exact').u;
    expect(relativeL2).toBeLessThan(5e-3);
    for (const x of [0.25, 0.5, 0.8]) {
      const sides = Float64Array.of(x, 1 - 1e-12, x, 1);
      for (const text of ['u', 'u_y']) {
        const [before, after] = solution.evaluate(text, sides);
        expect(Math.abs(before - after)).toBeLessThan(20 * relativeL2);
      }
    }
  });

  it('are kept when a run is saved, and a run goes on with them', async () => {
    const network = { width: 6, depth: 1, subdomains: { x: 6 } };
    const first = await solve(multiscale, { ...common, network, points: 200, iterations: 30 });
    const stored = JSON.parse(JSON.stringify(saveSolution(first)));
    const points = Float64Array.from({ length: 50 }, (_, n) => -3 + (6 * n) / 49);
    expect(loadSolution(stored).evaluateFields(points)).toEqual(first.evaluateFields(points));
    const on = await solve(multiscale, { resume: stored, iterations: 40 });
    expect(on.run.iterations).toBe(40);
    expect(on.trial.networks).toHaveLength(6);
    await expect(
      solve(multiscale, { resume: stored, network: { subdomains: { x: 5 } }, iterations: 50 }),
    ).rejects.toThrow('another kind of network');
    const again = await solve(multiscale, { ...common, network, points: 200, iterations: 30 });
    expect(again.theta).toEqual(first.theta);
  });

  it('carry random features of their own, found by least squares', async () => {
    const network = { randomFeatures: { count: 40, scale: 8 }, subdomains: { x: 8, overlap: 1 } };
    const solution = await solve(multiscale, {
      ...common,
      network,
      optimizer: 'random-features',
      points: 1000,
    });
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-7);
  });
});

describe('the option network', () => {
  it('refuses coordinates and scales that are not the problem’s', () => {
    expect(() => networkSettings({ subdomains: { z: 3 } }, multiscale)).toThrow(ProblemError);
    const scale = { x: [1, 5], y: [1, 2, 3] };
    expect(() => networkSettings({ fourierFeatures: { count: 6, scale } }, square(false))).toThrow(
      'different numbers of scales',
    );
    expect(() => networkSettings({ fourierFeatures: { count: 6, scale: { x: 1 } } }, square(false))).toThrow(
      'give one number, or one for each of x, y',
    );
  });

  it('is what its settings say', () => {
    const option = {
      width: 9,
      depth: 2,
      architecture: 'modified' as const,
      separate: true,
      fourierFeatures: { count: 6, scale: { x: [1, 5], y: 2 } },
      subdomains: { x: 3, y: 1, overlap: 0.25 },
    };
    const settings = networkSettings(option, square(false));
    expect(settings.fourierFeatures!.scales).toEqual([
      [1, 2],
      [5, 2],
    ]);
    expect(networkSettings(networkOption(settings, square(false)), square(false))).toEqual(settings);
  });

  const waves = problem({
    name: 'waves',
    domain: { x: [0, 2], t: [0, 1] },
    fields: ['u', 'v'],
    equations: ['u_t + v_x = 0', 'v_t + u_x = 0'],
    conditions: [
      { on: 't = 0', equation: 'u = sin(pi*x)' },
      { on: 't = 0', equation: 'v = 0' },
      { periodic: 'x', order: 1 },
    ],
    exact: { u: 'sin(pi*x)*cos(pi*t)', v: '-cos(pi*x)*sin(pi*t)' },
  });

  it('separate: each field has a network of its own, also a modified one', async () => {
    const network = { width: 8, depth: 2, separate: true, architecture: 'modified' as const };
    const solution = await solve(waves, { ...common, network, iterations: 60, points: 500 });
    expect(solution.trial.networks.map(({ fields }) => fields)).toEqual([['u'], ['v']]);
    expect(networkWords(solution.trial, waves)).toMatch(/^u: modified 8 × 2, tanh, periodic in x/);
    const { u, v } = solution.compare('exact');
    expect(Math.max(u.relativeL2, v.relativeL2)).toBeLessThan(1e-2);
  });

  it('Fourier features of several scales keep a period', () => {
    const fourierFeatures = { count: 8, scale: { x: [2, 20], t: [1, 3] } };
    const settings = resolveSettings(waves, { network: { width: 6, depth: 1, fourierFeatures } });
    const [features] = defaultTrial(waves, settings).networks[0].layers;
    if (features.kind !== 'embedding') throw new Error('no embedding');
    const along = (i: number) => [...features.matrix.subarray(16 * i, 16 * i + 8)].map(Math.abs);
    for (const frequency of along(0)) expect((frequency / Math.PI) % 1).toBe(0);
    expect(Math.max(...along(0).slice(4))).toBeGreaterThan(Math.max(...along(0).slice(0, 4)));
    expect(settings.fourierFeatures!.scales).toEqual([
      [2, 1],
      [20, 3],
    ]);
  });
});

it('an ensemble over seeds gives mean and spread of a partial differential equation at points', async () => {
  const points = Float64Array.of(0.3, 0.5, 0.5, 1, 0.9, 1.5);
  const trained = await ensemble(square(true), {
    members: 3,
    seed: 2,
    parallel: 1,
    optimizer: 'lm',
    network: '8x1',
    iterations: 30,
    points: 150,
  });
  const { u } = trained.spreadAt(points);
  u.mean.forEach((mean, n) => {
    const exact = Math.sin(Math.PI * points[2 * n]) * Math.sin((Math.PI / 2) * points[2 * n + 1]);
    expect(Math.abs(mean - exact)).toBeLessThan(0.02);
    expect(u.standardDeviation[n]).toBeGreaterThan(0);
    expect(u.standardDeviation[n]).toBeLessThan(0.02);
  });
  expect(trained.members).toHaveLength(3);
});
