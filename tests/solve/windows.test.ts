import { describe, expect, test } from 'vitest';
import { SolveError } from '../../src/errors.ts';
import type { Problem, ProblemDefinition } from '../../src/problem/index.ts';
import {
  loadSolution,
  type Solution,
  type StoredSolution,
  saveSolution,
  solve,
} from '../../src/solve/index.ts';
import { boundaryValue, decay, heat, quick, read, unknownRate } from './problems.ts';

const oscillator: ProblemDefinition = {
  name: 'oscillator',
  domain: { t: [0, 30] },
  fields: ['u'],
  equations: ["u'' = -u"],
  conditions: [
    { on: 't = 0', equation: 'u = 1' },
    { on: 't = 0', equation: "u' = 0" },
  ],
  exact: { u: 'cos(t)' },
};

const growth: ProblemDefinition = {
  name: 'growth',
  domain: { t: [0, 12] },
  fields: ['u'],
  equations: ['u_t = u*(1 + 0*u)'],
  conditions: [{ on: 't = 0', equation: 'u = 1' }],
  exact: { u: 'exp(t)' },
};

const throughJson = (stored: StoredSolution): StoredSolution => JSON.parse(JSON.stringify(stored));
const options = { ...quick, optimizer: 'lm' } as const;
const errorOf = (solution: Solution): number => solution.compare('exact').u.relativeL2;

describe('windows of time reach the exact solution', () => {
  test('of decay', async () => {
    const solution = await solve(read(decay), { ...options, windows: 3, iterations: 240 });
    expect(errorOf(solution)).toBeLessThan(1e-7);
    expect(solution.windows?.map(({ low, high }) => [low, high])).toEqual([
      [0, 2 / 3],
      [2 / 3, 4 / 3],
      [4 / 3, 2],
    ]);
  });

  test('of an oscillator over five periods, of second order in time', async () => {
    const solution = await solve(read(oscillator), { ...options, windows: 6, iterations: 900 });
    expect(errorOf(solution)).toBeLessThan(1e-5);
  });

  test('of growth by five orders of magnitude, to the same share of its size everywhere', async () => {
    const solution = await solve(read(growth), { ...options, windows: 6, iterations: 600 });
    for (const t of [0.5, 3, 6, 9, 12])
      expect(Math.abs(solution.at({ t }).u / Math.exp(t) - 1)).toBeLessThan(1e-4);
  });

  test('of the heat equation, with faces in space', async () => {
    const solution = await solve(read(heat), {
      ...options,
      points: 200,
      conditionPoints: 30,
      windows: 2,
      iterations: 120,
    });
    expect(errorOf(solution)).toBeLessThan(1e-3);
  });

  test('with gradients alone, on the tfjs engine', async () => {
    const solution = await solve(read(decay), {
      ...quick,
      engine: 'tfjs',
      backend: 'cpu',
      optimizer: 'broyden',
      windows: 2,
      iterations: 160,
    });
    expect(errorOf(solution)).toBeLessThan(1e-2);
  });
});

describe('a joint', () => {
  test('holds value and slope of an equation of second order to training accuracy', async () => {
    const solution = await solve(read(oscillator, { domain: { t: [0, 6] } }), {
      ...options,
      windows: 3,
      iterations: 360,
    });
    for (const t of [2, 4]) {
      // A joint itself belongs to the window before it.
      const points = Float64Array.of(t, t + 1e-9);
      const [before, after] = solution.evaluateFields(points).u;
      expect(Math.abs(after - before)).toBeLessThan(1e-6);
      const slopes = solution.evaluate("u'", points);
      expect(Math.abs(slopes[1] - slopes[0])).toBeLessThan(1e-5);
    }
  });
});

describe('a solution in windows', () => {
  test('is stored and loaded with identical values', async () => {
    const solution = await solve(read(decay), { ...options, windows: 3, iterations: 90 });
    const loaded = loadSolution(throughJson(saveSolution(solution)));
    expect(loaded.grid().fields.u).toEqual(solution.grid().fields.u);
    expect(loaded.run.settings.windows).toBe(3);
    expect(loaded.evaluate('u_t', Float64Array.of(0.1, 1.9))).toEqual(
      solution.evaluate('u_t', Float64Array.of(0.1, 1.9)),
    );
  });

  test('is the same for the same seed', async () => {
    const again = { ...options, windows: 2, iterations: 40 };
    const first = await solve(read(decay), again);
    expect((await solve(read(decay), again)).grid().fields.u).toEqual(first.grid().fields.u);
  });

  test('tells the steps and phases of all windows', async () => {
    const { run } = await solve(read(decay), { ...options, windows: 2, iterations: 60 });
    expect(run.iterations).toBe(60);
    expect(run.history.phases.map(({ name }) => name)).toEqual(['window 1 of 2, lm', 'window 2 of 2, lm']);
    expect(run.history.phases[1].start).toBe(30);
  });

  test('that was interrupted knows nothing beyond, and goes on as if it had not been', async () => {
    const problem = read(decay);
    const whole = await solve(problem, { ...options, windows: 3, iterations: 90 });
    const controller = new AbortController();
    const part = await solve(problem, {
      ...options,
      windows: 3,
      iterations: 90,
      signal: controller.signal,
      callbacks: [
        ({ iteration }) => {
          if (iteration === 40) controller.abort();
          return undefined;
        },
      ],
    });
    expect(part.run.stopped).toBe('interrupted');
    expect(part.windows).toHaveLength(2);
    expect(part.at({ t: 0.5 }).u).toBeCloseTo(Math.exp(-0.5), 2);
    expect(() => part.at({ t: 1.9 })).toThrow(SolveError);
    expect(() => part.at({ t: 1.9 })).toThrow(/resume/);
    const resumed = await solve(problem, {
      iterations: 90,
      resume: throughJson(saveSolution(part)),
    });
    expect(resumed.run.iterations).toBe(whole.run.iterations);
    expect(resumed.grid().fields.u).toEqual(whole.grid().fields.u);
  });

  test('keeps its windows when resumed', async () => {
    const solution = await solve(read(decay), { ...options, windows: 2, iterations: 40 });
    const resume = throughJson(saveSolution(solution));
    await expect(solve(read(decay), { resume, windows: 3 })).rejects.toThrow(/2 windows/);
    const damaged = { ...resume, windows: resume.windows!.slice(1) };
    expect(() => loadSolution(damaged)).toThrow(/damaged/);
  });
});

describe('windows are refused, with the reason', () => {
  const refusal = async (problem: Problem): Promise<string> => {
    try {
      await solve(problem, { ...options, windows: 2, iterations: 2 });
    } catch (error) {
      expect((error as Error).name).toMatch(/ProblemError|NotSupportedError/);
      return (error as Error).message;
    }
    return 'not refused';
  };

  test.each<[string, Problem, RegExp]>([
    ['where there is no time', read(boundaryValue), /time coordinate/],
    ['where there are data and unknowns', read(unknownRate), /inverse problems have no windows/],
    [
      'where no condition stands at the start',
      read(decay, { conditions: [{ on: 't = 2', equation: 'u = 0.1' }], exact: undefined }),
      /initial conditions on t = 0/,
    ],
    [
      'where a condition stands at the end',
      read(oscillator, {
        conditions: [
          { on: 't = 0', equation: 'u = 1' },
          { on: 't = 30', equation: 'u = 0' },
        ],
        exact: undefined,
      }),
      /conditions\[1\].* holds elsewhere in time/,
    ],
  ])('%s', async (_, problem, message) => {
    expect(await refusal(problem)).toMatch(message);
  });
});
