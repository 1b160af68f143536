import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assumptionsOf, compareAssumptions } from '../../src/estimate/assumptions.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';

const folder = new URL('../../problems/', import.meta.url);
const readText = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const influenza = problem(JSON.parse(readText('influenza-1978.json')) as ProblemDefinition, { readText });

const logistic: ProblemDefinition = {
  name: 'logistic',
  domain: { t: [0, 4] },
  fields: ['u'],
  unknowns: { r: { initial: 1, min: 0, max: 5 } },
  equations: ['du/dt = r*u*(1 - u)'],
  conditions: [{ on: 't = 0', equation: 'u = 0.1' }],
  data: [
    {
      rows: [1, 2, 3, 4].map((t) => ({ t, u: 1 / (1 + 9 * Math.exp(-1.3 * t)) })),
      at: { t: 't' },
      observe: { u: 'u' },
    },
  ],
};

describe('the assumptions behind an estimate', () => {
  test('on influenza 1978 give what SciPy finds (rtol 1e-10)', () => {
    const results = new Map(
      compareAssumptions(influenza, { initial: { I: [1] } }).map(({ assumption, fit }) => [assumption, fit!]),
    );
    expect(results.size).toBe(12);
    for (const [name, beta, gamma] of [
      ['least squares, I(0) = 3', 1.6998, 0.44687],
      ['least squares, I(0) estimated', 1.78811, 0.4557],
      ['negative binomial noise, I(0) = 3', 1.7541, 0.5346],
      ['negative binomial noise, I(0) = 1', 2.0431, 0.5094],
    ] as const) {
      const { estimates } = results.get(name)!;
      expect(estimates['beta'].value).toBeCloseTo(beta, 4);
      expect(estimates['gamma'].value).toBeCloseTo(gamma, 4);
    }
    const free = results.get('least squares, I(0) estimated')!;
    expect(free.estimates['I(0)'].value).toBeCloseTo(2.0934, 3);
    expect(free.sumOfSquares).toBeCloseTo(3589.85, 1);
  });

  test('keep the number of people where the initial value changes', () => {
    for (const { name, problem: variant } of assumptionsOf(influenza, { initial: { I: [1] } })) {
      if (!name.includes('= 1')) continue;
      const rights = variant.conditions.map((condition) =>
        'right' in condition ? condition.right : undefined,
      );
      expect(rights.map((right) => (right?.kind === 'number' ? right.value : undefined))).toEqual([
        762, 1, 0,
      ]);
    }
  });

  test('leave out noise that the values rule out, and a total that is not kept', () => {
    const variants = assumptionsOf(problem(logistic));
    expect(variants.map(({ name }) => name)).toEqual([
      'least squares, u(0) = 0.1',
      'least squares, u(0) estimated',
      'log-normal noise, u(0) = 0.1',
      'log-normal noise, u(0) estimated',
    ]);
    const results = compareAssumptions(problem(logistic));
    // The data are exact: every assumption finds the rate and the start.
    for (const { fit } of results) {
      expect(fit!.estimates['r'].value).toBeCloseTo(1.3, 6);
      if ('u(0)' in fit!.estimates) expect(fit!.estimates['u(0)'].value).toBeCloseTo(0.1, 6);
    }
  });
});
