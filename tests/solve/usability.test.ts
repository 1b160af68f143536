/** What solve() refuses, and how errors are taken. */
import { expect, test } from 'vitest';
import { ProblemError, SolveError } from '../../src/errors.ts';
import { fieldError } from '../../src/solve/error-norms.ts';
import { resolveSettings, saveSolution, solve } from '../../src/solve/index.ts';
import { planPhases } from '../../src/solve/plan.ts';
import { decay, heat, quick, read, unknownRate } from './problems.ts';

test('a field that satisfies the equations and not the conditions is refused', async () => {
  // Conditions of next to no weight: u = 0 is all that training finds.
  const settings = { ...quick, optimizer: 'lm', weights: { conditions: 1e-12 }, iterations: 40 } as const;
  const plain = read(heat, { exact: undefined });
  await expect(solve(plain, settings)).rejects.toThrow(SolveError);
  await expect(solve(plain, settings)).rejects.toThrow(/conditions\[0\].* is violated by \d+%/);
});

test('points at which the exact solution has no value are left out of the error', () => {
  expect(fieldError([1, 5, 3], [1, Number.NaN, 3])).toEqual({ relativeL2: 0, maximum: 0 });
  expect(fieldError([1, Number.NaN], [1, 2]).relativeL2).toBeNaN();
  expect(fieldError([1], [Number.NaN]).relativeL2).toBeNaN();
});

test('time grows from its start only where the conditions stand there', () => {
  const phases = (on: string) => {
    const definition = read(decay, { equations: ['u_t = -u^2'], conditions: [{ on, equation: 'u = 1' }] });
    return planPhases(definition, resolveSettings(definition, { optimizer: 'lm' }));
  };
  expect(phases('t = 0').some(({ horizon }) => horizon !== undefined)).toBe(true);
  expect(phases('t = 2').some(({ horizon }) => horizon !== undefined)).toBe(false);
});

test('a problem with its condition at the end of time is solved', async () => {
  const definition = read(decay, {
    equations: ['u_t = -u^2'],
    conditions: [{ on: 't = 2', equation: 'u = 0.25' }],
    exact: { u: '1/(t + 2)' },
  });
  const { u } = (await solve(definition, { ...quick, iterations: 150 })).compare('exact');
  expect(u.relativeL2).toBeLessThan(1e-5);
});

test('another seed than that of the stored solution is refused, other weights are not taken for the same run', async () => {
  const definition = read(decay, { equations: ['u_t = -u^2'], exact: { u: '1/(t + 1)' } });
  const before = await solve(definition, { ...quick, iterations: 450 });
  const resume = saveSolution(before);
  await expect(solve(definition, { resume, seed: 9 })).rejects.toThrow(ProblemError);
  const heavier = await solve(definition, {
    resume,
    weights: { equations: 1000 },
    iterations: 500,
    timeLimit: 100,
  });
  expect(heavier.theta).not.toEqual(before.theta);
});

test('random features are sines, whichever way they are asked for', () => {
  const ask = () => resolveSettings(read(heat), { optimizer: 'random-features', activation: 'tanh' });
  expect(ask).toThrow(/random features are sines, not tanh/);
});

test('weights by the tangent kernel are had from gradients alone where there are data', async () => {
  const solution = await solve(read(unknownRate), {
    engine: 'tfjs',
    backend: 'cpu',
    optimizer: 'adam',
    network: '4x1',
    points: 8,
    weighting: { kind: 'ntk', every: 5 },
    iterations: 8,
    timeLimit: 100,
  }).catch((failure: unknown) => failure);
  // Eight steps find no answer; what matters is that they are made.
  if (solution instanceof Error) expect(solution).toBeInstanceOf(SolveError);
});
