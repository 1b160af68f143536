import { describe, expect, it } from 'vitest';
import { subtract } from '../../src/expression/build.ts';
import { problem } from '../../src/problem/index.ts';
import { fieldRanges, scalingOf } from '../../src/residual/index.ts';
import { sizeOfExpression } from '../../src/residual/normalized-terms.ts';

const sizeOf = (equation: string): number => {
  const read = problem({
    name: 'obstacle',
    domain: { x: [0, 1], t: [0, 1] },
    fields: ['u'],
    equations: [equation],
    conditions: [
      { on: 't = 0', equation: 'u = sin(pi*x)' },
      { on: 'boundary', equation: 'u = 0' },
    ],
  });
  const [{ left, right }] = read.equations;
  return sizeOfExpression(subtract(left, right), scalingOf(read, fieldRanges(read)), false);
};

describe('the size of an equation', () => {
  it.each([
    'u_t = u_xx + max(x - u, 0)/1e-6',
    'u_t = u_xx + 1e6*min(u - x, 0)^2',
    'u_t - u_xx = -max(u - x, 0)*u/1e-6',
  ])('a penalty does not set it: %s', (equation) => {
    expect(sizeOf(equation)).toBeCloseTo(sizeOf('u_t = u_xx'), 12);
  });

  it('a term that is large on one side and no smaller on the other does', () => {
    expect(sizeOf('u_t = u_xx + 1e6*max(u, x)')).toBeGreaterThan(1e5);
  });

  it('where all terms are one-sided the largest of them does', () => {
    expect(sizeOf('max(u_t, 0) = 1e6*max(u, 0)')).toBeGreaterThan(1e5);
  });
});
