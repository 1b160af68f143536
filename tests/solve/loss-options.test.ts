import { describe, expect, test } from 'vitest';
import { ProblemError, SolveError } from '../../src/errors.ts';
import type { ProblemDefinition } from '../../src/problem/index.ts';
import {
  loadSolution,
  resolveSettings,
  type StoredSolution,
  saveSolution,
  solve,
} from '../../src/solve/index.ts';
import { planPhases } from '../../src/solve/plan.ts';
import { decay, heat, quick, read, unknownRate } from './problems.ts';

type Options = NonNullable<ProblemDefinition['solve']>;

const settingsOf = (options: Options, definition = heat) =>
  resolveSettings(read(definition, { solve: options }), {});
const phasesOf = (options: Options, definition = heat) =>
  planPhases(read(definition), resolveSettings(read(definition), { optimizer: 'lm', ...options }));

describe('options of the loss, from the solve key', () => {
  test('have names or objects, with the same meaning', () => {
    expect(settingsOf({ weighting: 'ntk' }).weighting).toEqual(
      settingsOf({ weighting: { kind: 'ntk' } }).weighting,
    );
    expect(settingsOf({ weighting: { kind: 'ntk', every: 7, average: 0.5 } }).weighting).toEqual({
      kind: 'ntk',
      every: 7,
      average: 0.5,
    });
    expect(settingsOf({ weighting: 'self-adaptive' }).weighting).toMatchObject({
      kind: 'self-adaptive',
      rate: 0.1,
    });
    expect(settingsOf({ causal: true }).causal).toMatchObject({
      epsilons: [1, 10, 100, 1e3, 1e4],
      slabs: 32,
      from: -1,
    });
    expect(settingsOf({ causal: { epsilons: [1, 5], slabs: 4 } }).causal).toMatchObject({
      epsilons: [1, 5],
      slabs: 4,
    });
    expect(settingsOf({ resampling: 'rar' }).resampling).toMatchObject({ kind: 'rar' });
    expect(settingsOf({ resampling: { kind: 'rad', k: 2, c: 0 } }).resampling).toMatchObject({ k: 2, c: 0 });
  });

  test('are off by default, but for drawing points anew with lm in space and time', () => {
    expect(settingsOf({})).toMatchObject({
      weighting: { kind: 'fixed' },
      causal: undefined,
      windows: 1,
      weights: {},
    });
    expect(phasesOf({}).map(({ resampling }) => resampling)).toEqual([
      { kind: 'rad', every: 10, k: 1, c: 1, candidates: undefined },
    ]);
    expect(phasesOf({}, decay).every(({ resampling }) => resampling === undefined)).toBe(true);
    expect(phasesOf({ optimizer: 'lbfgs' }).every(({ resampling }) => resampling === undefined)).toBe(true);
  });

  test('set the weights of kinds of terms', () => {
    expect(phasesOf({ weights: { conditions: 100 } })[0].weights).toEqual({
      equation: 1,
      condition: 100,
      data: 1,
    });
    expect(phasesOf({ weights: { equations: 3 } })[0].weights).toEqual({
      equation: 3,
      condition: 10,
      data: 1,
    });
    const [first] = phasesOf({ weights: { data: 5, equations: 2 } }, unknownRate).slice(1);
    expect(first.weights).toMatchObject({ equation: 0.2, data: 5 });
  });

  test('switch the curriculum on and off', () => {
    const horizons = (options: Options, definition: ProblemDefinition) =>
      phasesOf(options, definition).map(({ horizon }) => horizon);
    expect(horizons({}, heat)).toEqual([undefined]);
    expect(horizons({ curriculum: { parts: 4 } }, heat)).toEqual([0.25, 0.5, 0.75, undefined]);
    expect(horizons({ curriculum: true }, heat)).toHaveLength(10);
    expect(horizons({}, decay)).toHaveLength(10);
    expect(horizons({ curriculum: false }, decay)).toEqual([undefined]);
  });

  test('choose resampling for any optimizer, or none', () => {
    expect(phasesOf({ resampling: 'none' })[0].resampling).toBeUndefined();
    expect(
      phasesOf({ optimizer: 'adam', resampling: { kind: 'rar', every: 9, add: 3 } })[0].resampling,
    ).toEqual({
      kind: 'rar',
      every: 9,
      add: 3,
      candidates: undefined,
    });
  });
});

describe('options that cannot be are refused with their place', () => {
  const steady: ProblemDefinition = {
    name: 'steady',
    domain: { x: [0, 1] },
    fields: ['u'],
    equations: ['u_xx = 1'],
    conditions: [{ on: 'boundary', equation: 'u = 0' }],
  };
  test.each<[string, Options, ProblemDefinition, RegExp]>([
    ['causal weights without time', { causal: true }, steady, /solve\.causal: .*time coordinate/],
    ['a curriculum without time', { curriculum: true }, steady, /solve\.curriculum: .*time coordinate/],
    ['a curriculum with data', { curriculum: true }, unknownRate, /solve\.curriculum: data/],
    [
      'self-adaptive weights of points that change',
      { weighting: 'self-adaptive', resampling: 'rad' },
      heat,
      /solve\.resampling: .*"none"/,
    ],
  ])('%s', (_, options, definition, message) => {
    expect(() => settingsOf(options, definition)).toThrow(ProblemError);
    expect(() => settingsOf(options, definition)).toThrow(message);
  });

  test.each<[unknown, RegExp]>([
    [{ weighting: 'ntkk' }, /weighting.*ntkk.*self-adaptive/],
    [{ weighting: { kind: 'ntk', rate: 1 } }, /rate/],
    [{ weights: { conditions: -1 } }, /weights\.conditions/],
    [{ causal: { slabs: 1 } }, /causal\.slabs/],
    [{ windows: 0 }, /windows/],
    [{ resampling: { kind: 'rad', add: 3 } }, /add/],
    [{ curriculum: { parts: 1 } }, /parts/],
  ])('%j', (options, message) => {
    expect(() => read(heat, { solve: options as Options })).toThrow(message);
  });
});

describe('runs with weights that training sets', () => {
  const run = { ...quick, points: 100, conditionPoints: 20, iterations: 60 };
  const throughJson = (stored: StoredSolution): StoredSolution => JSON.parse(JSON.stringify(stored));

  test.each<[string, Options]>([
    ['gradient norms', { weighting: { kind: 'gradient-norm', every: 7 } }],
    ['the tangent kernel', { weighting: { kind: 'ntk', every: 7 } }],
    ['self-adaptive points', { weighting: { kind: 'self-adaptive', every: 3 } }],
    ['causal weights', { causal: { slabs: 8, every: 3 } }],
    ['causal weights and gradient norms together', { causal: true, weighting: 'gradient-norm' }],
    ['refinement', { resampling: { kind: 'rar', every: 8, add: 10 } }],
    ['resampling by another density', { resampling: { kind: 'rad', every: 8, k: 2, c: 0.5 } }],
    ['a curriculum', { curriculum: { parts: 3 } }],
    ['other fixed weights', { weights: { conditions: 50 } }],
  ])('reach the solution with %s', async (_, options) => {
    const solution = await solve(read(heat), { ...run, optimizer: 'lm', ...options });
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(0.01);
  });

  test.each<[string, Options]>([
    ['gradient norms', { weighting: { kind: 'gradient-norm', every: 7 }, optimizer: 'adam' }],
    [
      'the tangent kernel by random signs',
      { weighting: { kind: 'ntk', every: 20 }, engine: 'tfjs', backend: 'cpu', optimizer: 'adam' },
    ],
    ['self-adaptive points', { weighting: { kind: 'self-adaptive', every: 3 }, optimizer: 'lbfgs' }],
    ['causal weights', { causal: { slabs: 8, every: 3 }, optimizer: 'broyden' }],
    ['refinement', { resampling: { kind: 'rar', every: 8, add: 10 }, optimizer: 'lbfgs' }],
  ])('lower the loss with other optimizers: %s', async (_, options) => {
    let kept: StoredSolution | undefined;
    await solve(read(heat), {
      ...run,
      ...options,
      onCheckpoint: (stored) => {
        kept = stored;
      },
    }).catch((error) => {
      if (!(error instanceof SolveError)) throw error;
    });
    const { terms } = loadSolution(throughJson(kept!)).run;
    const first = kept!.history.entries[0].terms as number[];
    const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
    expect(total(terms)).toBeLessThan(0.5 * total(first));
  });

  test.each<[string, Options]>([
    ['gradient norms', { weighting: { kind: 'gradient-norm', every: 7 } }],
    ['self-adaptive points', { weighting: { kind: 'self-adaptive', every: 3 } }],
    ['causal weights', { causal: { slabs: 8, every: 3 } }],
    ['refinement', { resampling: { kind: 'rar', every: 8, add: 10 } }],
  ])('go on from where they were interrupted as if they had not been: %s', async (_, options) => {
    const whole = { ...run, optimizer: 'lm', ...options } as const;
    const once = await solve(read(heat), whole);
    const controller = new AbortController();
    const part = await solve(read(heat), {
      ...whole,
      signal: controller.signal,
      callbacks: [
        ({ iteration }) => {
          if (iteration === 37) controller.abort();
          return undefined;
        },
      ],
    });
    expect(part.run.stopped).toBe('interrupted');
    const resumed = await solve(read(heat), { resume: throughJson(saveSolution(part)) });
    expect(resumed.theta).toEqual(once.theta);
  });
});
