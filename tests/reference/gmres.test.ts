import { expect, it } from 'vitest';
import { gmres } from '../../src/reference/linear/gmres.ts';

it('GMRES needs one iteration more than the rank by which the preconditioner is off', () => {
  const n = 60;
  const diagonal = Float64Array.from({ length: n }, (_, i) => 1 + i);
  let products = 0;
  const multiply = (x: Float64Array): Float64Array => {
    products++;
    const total = x.reduce((sum, value) => sum + value, 0);
    return x.map((value, i) => diagonal[i] * value + (i === 3 ? 5 * total : 0) - (i === 7 ? 2 * x[11] : 0));
  };
  const precondition = (x: Float64Array): Float64Array => x.map((value, i) => value / diagonal[i]);
  const exact = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
  const b = multiply(exact);
  products = 0;
  const x = gmres(multiply, precondition, b, 1e-13, 10);
  expect(products).toBeLessThanOrEqual(3);
  x?.forEach((value, i) => {
    expect(value).toBeCloseTo(exact[i], 10);
  });
  expect(x).toBeDefined();
});
