import { describe, expect, test } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { resolveSettings, type Solution, saveSolution, solve } from '../../src/solve/index.ts';

/** Burgers' equation with the travelling wave u = 1 − tanh((x − t)/(2ν)). */
const wave = problem({
  name: 'wave',
  domain: { x: [-1, 1], t: [0, 1] },
  fields: ['u'],
  constants: { nu: 0.1 },
  equations: ['u_t + u*u_x = nu*u_xx'],
  conditions: [
    { on: 't = 0', equation: 'u = 1 - tanh(x/(2*nu))' },
    { on: 'x = -1', equation: 'u = 1 - tanh((-1 - t)/(2*nu))' },
    { on: 'x = 1', equation: 'u = 1 - tanh((1 - t)/(2*nu))' },
  ],
  exact: { u: '1 - tanh((x - t)/(2*nu))' },
});

const options = { network: '20x2', threads: 1, seed: 2, conditionPoints: 40 } as const;
const points = Float64Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? -1 + i / 30 : i / 60));
const sizeOf = (width: number): number => width ** 2 + width * (2 + 1 + 2) + 1;
const valuesOf = (solution: Solution): Float64Array => solution.evaluateFields(points).u;

describe('a run that begins with narrow networks', () => {
  test('goes through their widths to the network asked for, and to a good answer', async () => {
    const sizes = new Set<number>();
    const progress: number[] = [];
    const solution = await solve(wave, {
      ...options,
      iterations: 140,
      callbacks: [
        ({ theta, progress: share }) => {
          sizes.add(theta.length);
          progress.push(share);
          return undefined;
        },
      ],
    });
    expect([...sizes]).toEqual([10, 14, 20].map(sizeOf));
    expect(solution.run.history.phases.map(({ name }) => name)).toEqual([
      'lm, width 10',
      'lm, width 14',
      'lm',
    ]);
    expect(solution.run.parameters).toBe(sizeOf(20));
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBeLessThanOrEqual(1);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-5);
  });

  test('hands the fields on as they are', async () => {
    const seen: Float64Array[] = [];
    const losses: number[] = [];
    await solve(wave, {
      ...options,
      iterations: 140,
      callbacks: [
        (state) => {
          if (state.theta.length === sizeOf(10)) seen[0] = valuesOf(state.solution());
          else seen[1] ??= valuesOf(state.solution());
          losses.push(state.loss);
          return undefined;
        },
      ],
    });
    const [before, after] = seen;
    // One step of the wider network lies between: it improves what it was given, and does not begin anew.
    const norm = (values: Float64Array): number => Math.hypot(...values);
    expect(norm(before.map((value, i) => value - after[i]))).toBeLessThan(0.01 * norm(before));
    expect(losses.at(-1)).toBeLessThan(1e-3 * losses[0]);
  });

  test('is left, where it is stopped early, with the network asked for, and goes on from there', async () => {
    const watched: Solution[] = [];
    const stopped = await solve(wave, {
      ...options,
      callbacks: [
        (state) => {
          watched.push(state.solution());
          return state.iteration === 12 ? 'stop' : undefined;
        },
      ],
    });
    expect(stopped.run.parameters).toBe(sizeOf(20));
    const narrow = watched.at(-1)!;
    expect(narrow.run.parameters).toBe(sizeOf(10));
    valuesOf(stopped).forEach((value, i) => {
      expect(value).toBeCloseTo(valuesOf(narrow)[i], 12);
    });
    const resumed = await solve(wave, { resume: saveSolution(stopped), iterations: 20, threads: 1 });
    expect(resumed.run.parameters).toBe(sizeOf(20));
    expect(resumed.run.iterations).toBe(20);
    expect(resumed.run.history.phases.map(({ name }) => name)).toEqual(['lm, width 10', 'lm']);
    expect(resumed.run.loss).toBeLessThan(stopped.run.loss);
  });

  test('has the same result for the same seed', async () => {
    const run = () => solve(wave, { ...options, iterations: 30 });
    const [first, second] = [await run(), await run()];
    expect(first.theta).toEqual(second.theta);
  });
});

test('a network that is not given may grow past its first width, as long as JᵀJ pays; one that is given may not', () => {
  const settings = (network?: string) => resolveSettings(wave, { optimizer: 'lm', network });
  expect(settings().openingWidths).toEqual([10, 14]);
  expect(settings().width).toBe(20);
  expect(settings().laterWidths).toEqual([28, 36]);
  expect(settings('20x3').laterWidths).toEqual([]);
  expect(settings('9x3').openingWidths).toEqual([]);
});
