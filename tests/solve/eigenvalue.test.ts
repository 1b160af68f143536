import { expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { solve } from '../../src/solve/index.ts';

it('an unknown follows from a condition more than the field needs, without data: the first eigenvalue is π²', async () => {
  const string = problem({
    name: 'string',
    domain: { x: [0, 1] },
    fields: ['u'],
    unknowns: { lambda: { initial: 7, min: 0 } },
    equations: ['u_xx = -lambda*u'],
    conditions: [
      { on: 'boundary', equation: 'u = 0' },
      { on: 'x = 0', equation: 'u_x = pi' },
    ],
  });
  const { unknowns } = await solve(string, { threads: 1, seed: 1, iterations: 150, target: 1e-7 });
  expect(unknowns.lambda).toBeCloseTo(Math.PI ** 2, 6);
});
