import { describe, expect, test } from 'vitest';
import { assess } from '../../src/estimate/index.ts';
import type { ProblemDefinition } from '../../src/problem/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';
import { loadSolution, saveSolution, solve } from '../../src/solve/index.ts';
import { read } from './problems.ts';

const settings = {
  timeLimit: 1000,
  threads: 1,
  seed: 0,
  optimizer: 'random-features',
  network: { randomFeatures: { count: 120, scale: 3 } },
};

const truth = 0.3;
const value = (k: number, x: number, t: number): number =>
  Math.exp(-k * Math.PI ** 2 * t) * Math.sin(Math.PI * x);
const slope = (k: number, x: number, t: number): number => -(Math.PI ** 2) * t * value(k, x, t);

/** Places and times with what is seen there. */
function observed(noise: number, seed: number): { x: number; t: number; u: number }[] {
  const generator = randomGenerator(seed);
  return Array.from({ length: 40 }, () => {
    const [x, t] = [generator.uniform(), 0.5 * generator.uniform()];
    return { x, t, u: value(truth, x, t) + noise * generator.normal() };
  });
}

const conduction = (noise: number, seed = 3): ProblemDefinition => ({
  name: 'conduction',
  domain: { x: [0, 1], t: [0, 0.5] },
  fields: ['u'],
  unknowns: { k: { initial: 1, min: 0 } },
  equations: ['u_t = k*u_xx'],
  conditions: [
    { on: 't = 0', equation: 'u = sin(pi*x)' },
    { on: 'boundary', equation: 'u = 0' },
  ],
  data: [{ rows: observed(noise, seed), at: { x: 'x', t: 't' }, observe: { u: 'u' } }],
  derived: { time: '1/(k*pi^2)' },
});

/** The rate of least squares over the exact solutions, with its standard error. */
function leastSquares(rows: readonly { x: number; t: number; u: number }[]) {
  let k = truth;
  let [squares, information] = [0, 0];
  for (let step = 0; step < 30; step++) {
    const residuals = rows.map(({ x, t, u }) => u - value(k, x, t));
    const slopes = rows.map(({ x, t }) => slope(k, x, t));
    squares = residuals.reduce((sum, r) => sum + r * r, 0);
    information = slopes.reduce((sum, s) => sum + s * s, 0);
    k += residuals.reduce((sum, r, n) => sum + r * slopes[n], 0) / information;
  }
  return { k, standardError: Math.sqrt(squares / (rows.length - 1) / information) };
}

describe('fields and unknowns over random features', () => {
  test('exact observations give an unknown with many digits, by default', async () => {
    const solution = await solve(read(conduction(0)), { timeLimit: 10, threads: 1 });
    expect(solution.run.settings.optimizers).toEqual(['random-features']);
    expect(Math.abs(solution.unknowns.k - truth)).toBeLessThan(1e-7);
  });

  test('noisy ones give the least squares over exact solutions, with its interval', async () => {
    const definition = conduction(0.03);
    const solution = await solve(read(definition), settings);
    const { k, standardError } = leastSquares(observed(0.03, 3));
    expect(Math.abs(solution.unknowns.k - k)).toBeLessThan(0.02 * standardError);
    const { parameters, derived } = await assess(solution);
    const half = 2.0227 * standardError; // Student's t, 39 degrees of freedom
    const { low, high } = parameters.k;
    // The interval is symmetric on the logarithmic scale of a rate above 0.
    expect(Math.log(high! / low!) / 2).toBeCloseTo(half / k, 2);
    expect(derived.time.high! - derived.time.low!).toBeCloseTo((2 * half) / (k * k * Math.PI ** 2), 2);
  });

  test('a coefficient that varies in space is found without being told how smooth it is', async () => {
    const solution = await solve(
      read({
        name: 'rod',
        domain: { x: [0, 1] },
        fields: { u: {}, k: { unknown: true } },
        equations: ['u_xx - k*u = -(pi^2 + 1 + x)*sin(pi*x)'],
        conditions: [{ on: 'boundary', equation: 'u = 0' }],
        data: [
          {
            rows: Array.from({ length: 41 }, (_, i) => ({ x: i / 40, u: Math.sin((Math.PI * i) / 40) })),
            at: { x: 'x' },
            observe: { u: 'u' },
          },
        ],
        exact: { u: 'sin(pi*x)', k: '1 + x' },
      }),
      { timeLimit: 10, threads: 1 },
    );
    expect(solution.compare('exact').k.relativeL2).toBeLessThan(1e-3);
  });

  test('what is stored and resumed keeps unknowns and their intervals', async () => {
    const definition = conduction(0.03);
    const solution = await solve(read(definition), settings);
    const stored = JSON.parse(JSON.stringify(saveSolution(solution)));
    expect(loadSolution(stored).run.uncertainty).toEqual(solution.run.uncertainty);
    const resumed = await solve(read(definition), { resume: stored });
    expect(resumed.unknowns).toEqual(solution.unknowns);
    expect(resumed.run.uncertainty).toEqual(solution.run.uncertainty);
  });
});
