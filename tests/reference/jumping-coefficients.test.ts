import { expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';

it('a source that jumps along a line inside a square is followed', async () => {
  // u'' = 2 beyond x = 1/2 and 0 before it, with one slope on both sides.
  const exact = 'x < 0.5 ? x : x + (x - 0.5)^2';
  const jumping = problem({
    name: 'jumping',
    domain: { x: [0, 1], y: [0, 1] },
    fields: ['u'],
    equations: ['laplacian(u) = (x < 0.5 ? 0 : 2)'],
    conditions: [{ on: 'boundary', equation: `u = ${exact}` }],
    exact: { u: exact },
  });
  const found = await reference(jumping, { timeLimit: 4, target: 1e-3 });
  if (!found.available) throw new Error(found.reason);
  const points = Float64Array.from([0.3, 0.4, 0.5, 0.5, 0.7, 0.2, 0.9, 0.8]);
  const truth = [0.3, 0.5, 0.74, 1.06];
  found.evaluate(points).u.forEach((value, n) => {
    expect(Math.abs(value - truth[n])).toBeLessThan(Math.max(1e-3, 3 * found.errorEstimate));
  });
});
