import { describe, expect, test } from 'vitest';
import { resolveProblemFile } from '../../src/cli/catalogue.ts';
import { loadProblem } from '../../src/cli/problem-file.ts';
import { trajectorySumOfSquares } from '../../src/estimate/index.ts';
import { solve } from '../../src/solve/index.ts';

/** SciPy 1.17 least_squares over solve_ivp at rtol 1e-10, I(0) = 3; Gauss–Newton 95% intervals. */
const known = {
  beta: 1.6998,
  betaInterval: 0.0649,
  gamma: 0.44687,
  gammaInterval: 0.033,
  sumOfSquares: 3874.36,
};

describe('influenza 1978: the network finds the rates of classical least squares', () => {
  test.each([
    ['f64', undefined, 0],
    ['f64', undefined, 3],
    ['tfjs', 'wasm', 4],
  ] as const)('engine %s, backend %s, seed %i', async (engine, backend, seed) => {
    const problem = await loadProblem(resolveProblemFile('influenza-1978'));
    const { unknowns } = await solve(problem, { engine, backend, seed });
    expect(Math.abs(unknowns.beta - known.beta)).toBeLessThan(known.betaInterval);
    expect(Math.abs(unknowns.gamma - known.gamma)).toBeLessThan(known.gammaInterval);
    const sumOfSquares = trajectorySumOfSquares(problem, unknowns);
    expect(sumOfSquares / known.sumOfSquares).toBeLessThan(1.02);
    // In double precision the equations hold so closely that four digits agree.
    if (engine === 'f64') expect(unknowns.beta).toBeCloseTo(known.beta, 3);
  });
});
