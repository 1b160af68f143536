/** How runs go: reproducible, stored and resumed, stopped, refused. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { ProblemError, SolveError } from '../../src/errors.ts';
import type { Problem, ProblemDefinition } from '../../src/problem/index.ts';
import {
  earlyStopping,
  loadSolution,
  type Solution,
  type SolveOptions,
  type StoredSolution,
  saveSolution,
  solve,
} from '../../src/solve/index.ts';
import { boundaryValue, decay, heat, quick, read, unknownRate } from './problems.ts';

const throughJson = (stored: StoredSolution): StoredSolution => JSON.parse(JSON.stringify(stored));

/** What a run has reached, whether it is a usable answer or not. */
async function reached(problem: Problem, options: SolveOptions): Promise<Solution> {
  let kept: StoredSolution | undefined;
  try {
    await solve(problem, {
      ...options,
      onCheckpoint: (stored) => {
        kept = stored;
      },
    });
  } catch (error) {
    if (!(error instanceof SolveError)) throw error;
  }
  return loadSolution(throughJson(kept!));
}

describe('the same seed on the same engine gives the same parameters', () => {
  const options = { ...quick, iterations: 30 };
  test.each([
    ['f64', {}],
    ['f64 on two threads', { threads: 2 }],
    ['f64 with adam', { optimizer: 'adam' }],
    ['tfjs', { engine: 'tfjs', optimizer: 'adam+lbfgs', backend: 'cpu' } as const],
  ])('%s', async (_, more) => {
    const first = await reached(read(boundaryValue), { ...options, ...more });
    const again = await reached(read(boundaryValue), { ...options, ...more });
    expect(again.theta).toEqual(first.theta);
    expect(again.run.loss).toBe(first.run.loss);
  });

  test('and another seed gives others', async () => {
    const first = await solve(read(boundaryValue), options);
    const other = await solve(read(boundaryValue), { ...options, seed: 2 });
    expect(other.theta).not.toEqual(first.theta);
  });
});

describe('a stored solution', () => {
  test('loads with identical values, history and estimates', async () => {
    const solution = await solve(read(unknownRate), { ...quick, iterations: 60 });
    const loaded = loadSolution(throughJson(saveSolution(solution)));
    expect(loaded.theta).toEqual(solution.theta);
    expect(loaded.unknowns).toEqual(solution.unknowns);
    expect(loaded.derived).toEqual(solution.derived);
    expect(loaded.grid()).toEqual(solution.grid());
    expect(loaded.run).toEqual(solution.run);
    expect(throughJson(saveSolution(loaded))).toEqual(throughJson(saveSolution(solution)));
  });

  test('keeps Fourier features', async () => {
    const network = { width: 8, depth: 1, fourierFeatures: { count: 6, scale: 1 } };
    const solution = await solve(read(boundaryValue), { ...quick, network, iterations: 60 });
    expect(loadSolution(throughJson(saveSolution(solution))).grid()).toEqual(solution.grid());
  });

  test('holds every observation of a data file, repeated and missing ones too', async () => {
    const csv = 't,a,b\n0,4,\n1,2,8\n1,2.1,8.1\n1,2,8\n2,1,4\n3,,2\n';
    const { problem } = await import('../../src/problem/index.ts');
    const definition: ProblemDefinition = {
      ...unknownRate,
      data: [{ file: 'counts.csv', at: { t: 't' }, observe: { u: 'a', '4*u': 'b' } }],
    };
    const original = problem(definition, { readText: () => csv });
    const solution = await solve(original, { ...quick, iterations: 30 });
    const loaded = loadSolution(throughJson(saveSolution(solution)));
    const table = (o: (typeof original.observations)[number]) =>
      [...o.points].map((t, n) => [t, o.values[n]]).sort(([a, x], [b, y]) => a - b || x - y);
    expect(loaded.problem.observations.map(table)).toEqual(original.observations.map(table));
  });

  test.each([
    ['another equation', { equations: ['u_t = -2*u'] }],
    ['another domain', { domain: { t: [0, 3] } }],
    ['another initial value', { conditions: [{ on: 't = 0', equation: 'u = 2' }] }],
    [
      'another field',
      {
        fields: ['v'],
        equations: ['v_t = -v'],
        conditions: [{ on: 't = 0', equation: 'v = 1' }],
        exact: undefined,
      },
    ],
  ] satisfies [string, Partial<ProblemDefinition>][])(
    'is refused for a problem with %s',
    async (_, changes) => {
      const resume = saveSolution(await solve(read(decay), { ...quick, iterations: 450 }));
      const run = solve(read(decay, changes), { resume });
      await expect(run).rejects.toThrow(ProblemError);
      await expect(run).rejects.toThrow(/another problem, decay/);
    },
  );

  test.each([
    ['nothing', null, /not a stored solution/],
    ['a problem', decay, /not a stored solution/],
    ['another version', { version: 99 }, /version 99/],
    ['parameters cut off', { theta: 'AAAA' }, /theta/],
    ['too few parameters', { theta: '' }, /0 parameters/],
    ['no base64', { theta: '%' }, /base64/],
    ['no networks', { networks: undefined }, /networks/],
    ['no history', { history: undefined }, /history/],
    ['an optimizer without vectors', { optimizer: { name: 'lm' } }, /optimizer/],
  ])('is refused where it is damaged: %s', async (_, damage, message) => {
    const whole = saveSolution(await solve(read(boundaryValue), { ...quick, iterations: 30 }));
    const damaged = damage === null || damage === decay ? damage : { ...throughJson(whole), ...damage };
    expect(() => loadSolution(damaged)).toThrow(ProblemError);
    expect(() => loadSolution(damaged)).toThrow(message);
    await expect(solve(read(boundaryValue), { resume: damaged as StoredSolution })).rejects.toThrow(
      ProblemError,
    );
  });
});

describe('a run in two parts equals one in one go', () => {
  test.each([
    ['within a phase', boundaryValue, 20, 45, {}],
    ['across phases in time', decay, 30, 100, {}],
    ['adam, then L-BFGS', boundaryValue, 2900, 3050, { optimizer: 'adam+lbfgs', learningRate: 3e-3 }],
    ['Broyden', boundaryValue, 60, 90, { optimizer: 'broyden' }],
    ['from the fit of the data to the equations', unknownRate, 40, 130, {}],
    ['across the last weights', unknownRate, 120, 420, {}],
  ] as const)('%s', async (_, definition, n, all, more) => {
    const options = { ...quick, ...more };
    const whole = await reached(read(definition), { ...options, iterations: all });
    const part = await reached(read(definition), { ...options, iterations: n });
    expect(part.run.iterations).toBe(n);
    const resumed = await reached(read(definition), {
      resume: throughJson(saveSolution(part)),
      iterations: all,
    });
    expect(resumed.theta).toEqual(whole.theta);
    expect(resumed.run.iterations).toBe(whole.run.iterations);
    expect(resumed.run.history.phases).toEqual(whole.run.history.phases);
  });

  test('with other points or another optimizer it goes on from the parameters', async () => {
    const begun = await solve(read(boundaryValue), { ...quick, iterations: 40 });
    const resume = throughJson(saveSolution(begun));
    for (const more of [
      { points: 100 },
      { optimizer: 'lbfgs' },
      { engine: 'tfjs', optimizer: 'lbfgs' },
    ] as const) {
      const resumed = await solve(read(boundaryValue), { resume, ...more, iterations: 60 });
      expect(resumed.run.history.entries.at(-1)!.loss).toBeLessThan(1e-3);
      expect(resumed.compare('exact').u.relativeL2).toBeLessThan(1e-3);
    }
  });

  test('with its own network; another one is refused', async () => {
    const resume = saveSolution(await solve(read(boundaryValue), { ...quick, iterations: 40 }));
    const resumed = await solve(read(boundaryValue), { resume, network: '8x2', iterations: 50 });
    expect(resumed.run.settings).toMatchObject({ width: 8, depth: 2, activation: 'tanh', seed: 1 });
    await expect(solve(read(boundaryValue), { resume, network: '5x5' })).rejects.toThrow(
      /network 8x2, not 5x5/,
    );
    await expect(solve(read(boundaryValue), { resume, activation: 'sine' })).rejects.toThrow(
      /activation tanh/,
    );
  });
});

describe('a run ends', () => {
  test('by a callback', async () => {
    const iterations: number[] = [];
    const solution = await solve(read(boundaryValue), {
      ...quick,
      callbacks: [
        ({ iteration }) => {
          iterations.push(iteration);
          return iteration === 40 ? 'stop' : undefined;
        },
      ],
    });
    expect(solution.run.stopped).toBe('callback');
    expect(iterations).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  test('by early stopping, once the loss no longer falls', async () => {
    const solution = await solve(read(boundaryValue), {
      ...quick,
      optimizer: 'lbfgs',
      callbacks: [earlyStopping({ patience: 15, improvement: 0.3 })],
    });
    expect(solution.run.stopped).toBe('callback');
    const { entries } = solution.run.history;
    const best = Math.min(...entries.slice(0, -15).map((e) => e.loss));
    for (const { loss } of entries.slice(-15)) expect(loss).toBeGreaterThan(0.5 * best);
  });

  test('by the time limit', async () => {
    const begun = performance.now();
    const solution = await reached(read(heat), { network: '20x3', threads: 1, timeLimit: 1 });
    expect(solution.run.stopped).toBe('time-limit');
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('by the number of steps', async () => {
    const solution = await solve(read(boundaryValue), { ...quick, iterations: 37 });
    expect(solution.run).toMatchObject({ stopped: 'iterations', iterations: 37 });
  });

  test('by a signal, with what has been reached; a signal given beforehand lets no step be made', async () => {
    const controller = new AbortController();
    const solution = await solve(read(boundaryValue), {
      ...quick,
      signal: controller.signal,
      callbacks: [({ iteration }) => void (iteration === 12 && controller.abort())],
    });
    expect(solution.run).toMatchObject({ stopped: 'interrupted', iterations: 12 });
    const none = await solve(read(boundaryValue), { ...quick, signal: AbortSignal.abort() });
    expect(none.run).toMatchObject({ stopped: 'interrupted', iterations: 0 });
  });

  test('at its target, measured against the exact solution or a classical one', async () => {
    for (const exact of [boundaryValue.exact, undefined]) {
      const solution = await solve(read(boundaryValue, { exact }), { ...quick, target: 1e-4 });
      expect(solution.run.stopped).toBe('target');
      const { points, fields } = solution.grid();
      fields.u.forEach((u, n) => {
        expect(Math.abs(u - Math.sin(Math.PI * points[n]) - points[n])).toBeLessThan(1e-3);
      });
    }
  });
});

describe('a run without a usable answer ends with an error', () => {
  const initial = (equation: string, condition: string): ProblemDefinition => ({
    ...decay,
    equations: [equation],
    conditions: [{ on: 't = 0', equation: condition }],
    exact: undefined,
  });
  test.each([
    ['the solution has a pole inside', initial('u_t = u^2', 'u = 1'), { iterations: 900 }],
    ['the solution ends where it vanishes', initial('u_t = -1/u', 'u = 1'), { iterations: 900 }],
    ['a logarithm of what is negative', initial('u_t = -1 - log(u)', 'u = -1'), {}],
    ['an exponential beyond all numbers', initial('u_t = exp(1000*u)', 'u = 1'), {}],
    ['steps that are far too long', initial('u_t = -u^7', 'u = 1'), { optimizer: 'adam', learningRate: 1e6 }],
    ['hardly any steps', initial('u_t = -u', 'u = 1'), { iterations: 3 }],
  ])('%s', async (_, definition, options) => {
    const run = solve(read(definition), { ...quick, ...options });
    await expect(run).rejects.toThrow(SolveError);
    await expect(run).rejects.toThrow(/no usable answer|diverged|cannot be evaluated/);
  });

  test('but is kept to be resumed', async () => {
    const kept: StoredSolution[] = [];
    const begun = {
      ...quick,
      iterations: 3,
      onCheckpoint: (stored: StoredSolution) => void kept.push(stored),
    };
    await expect(solve(read(decay), begun)).rejects.toThrow(SolveError);
    const resumed = await solve(read(decay), { resume: kept[0], iterations: 450 });
    expect(resumed.compare('exact').u.relativeL2).toBeLessThan(1e-4);
  });
});

describe('options are refused', () => {
  test.each([
    ['an unknown key', { iteration: 3 }, /iteration/],
    ['points below one', { points: 0 }, /points/],
    ['a time limit of nothing', { timeLimit: Number.NaN }, /timeLimit/],
    ['a network of no width', { network: '0x3' }, /network/],
    ['an unknown optimizer', { optimizer: 'sgdd' }, /sgdd.*lbfgs/],
    ['an unknown activation', { activation: 'tahn' }, /tahn/],
    ['an unknown backend', { engine: 'tfjs', backend: 'cuda' }, /cuda.*wasm/],
    ['an unknown sampling', { sampling: 'random' }, /sampling/],
    ['second-order steps on tfjs', { engine: 'tfjs', optimizer: 'lm' }, /JᵀJ.*f64/],
    ['an activation that is not smooth enough', { activation: 'relu' }, /relu/],
  ] as const)('%s', async (_, options, message) => {
    const run = solve(read(boundaryValue), options as object);
    await expect(run).rejects.toThrow(ProblemError);
    await expect(run).rejects.toThrow(message);
  });
});

test('no tensor is left behind by a run on tfjs', async () => {
  const run = (seed: number) =>
    solve(read(boundaryValue), {
      ...quick,
      engine: 'tfjs',
      optimizer: 'adam+lbfgs',
      iterations: 300,
      seed,
      threads: undefined,
    }).catch(() => undefined);
  await run(1);
  const before = tf.memory().numTensors;
  await run(2);
  expect(tf.memory().numTensors).toBe(before);
  const failing = read(decay, {
    equations: ['u_t = -1 - log(u)'],
    conditions: [{ on: 't = 0', equation: 'u = -1' }],
    exact: undefined,
  });
  await expect(solve(failing, { ...quick, engine: 'tfjs' })).rejects.toThrow(SolveError);
  expect(tf.memory().numTensors).toBe(before);
});
