/** A handful of the catalogue, one of each kind, solved to a coarse target. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trueUnknowns } from '../../bench/catalogue/true-unknowns.ts';
import { loadProblem } from '../../src/cli/problem-file.ts';
import { solve } from '../../src/solve/index.ts';

const load = (name: string) => loadProblem(join(import.meta.dirname, '../../problems', `${name}.json`));
const settings = { seed: 5, threads: 1, timeLimit: 30, target: 1e-4 };

test.each([
  'forced-oscillator',
  'poisson-1d-robin',
  'poisson-1d-point-set',
  'euler-beam',
  'volterra-integro-differential',
  'biharmonic-plate',
  'laplace-disk',
  'helmholtz-neumann-hole',
  'advection',
  'kdv-soliton',
])('%s', { timeout: 120_000 }, async (name) => {
  const solution = await solve(await load(name), settings);
  for (const [field, { relativeL2 }] of Object.entries(solution.compare('exact')))
    expect(relativeL2, field).toBeLessThan(1e-3);
});

test('brinkman-forchheimer-inverse finds both unknowns', { timeout: 120_000 }, async () => {
  const { unknowns } = await solve(await load('brinkman-forchheimer-inverse'), {
    ...settings,
    target: undefined,
  });
  for (const [name, value] of Object.entries(trueUnknowns['brinkman-forchheimer-inverse']))
    expect(Math.abs(unknowns[name] / value - 1), name).toBeLessThan(1e-2);
});
