import { expect, test } from 'vitest';
import { gaussLegendre } from '../../../src/expression/gauss-legendre.ts';
import { HardPart } from '../../../src/operator/evaluate/hard-part.ts';
import { drawInput, makeOperatorData, operatorDataFrom } from '../../../src/operator/index.ts';
import { compressed } from '../../../src/operator/training/compression.ts';
import { dataCoefficients } from '../../../src/operator/training/data-coefficients.ts';
import { type ProblemDefinition, problem } from '../../../src/problem/index.ts';

const definition: ProblemDefinition = {
  name: 'integrator',
  domain: { x: [0, 2] },
  fields: ['u'],
  inputs: { v: { of: 'x', space: 'chebyshev', terms: 5, sensors: 11 } },
  equations: ['du/dx = v'],
  conditions: [{ on: 'x = 0', equation: 'u = 1' }],
};
const read = problem(definition);
const hard = problem({ ...definition, conditions: [{ on: 'x = 0', equation: 'u = 1', hard: true }] });

/** 1 + ∫₀ˣ v, exact for polynomials of degree 9. */
function exact(draw: number, x: number): number {
  const { nodes, weights } = gaussLegendre(5);
  const at = nodes.map((z) => ((z + 1) / 2) * x);
  return (
    1 +
    drawInput(read.inputs[0], 0, draw)
      .values(at)
      .reduce((sum, v, i) => sum + (weights[i] * v * x) / 2, 0)
  );
}

for (const [name, of] of [
  ['', read],
  [', conditions hard', hard],
] as const) {
  test.each([
    ['common points', { grid: 41 }, 1e-9],
    ['many points of their own', { random: 140 }, 2e-5],
    ['few points of their own', { random: 12 }, 1e-2],
  ])(`solutions at %s are found anywhere${name}`, async (_, points, tolerance) => {
    const data = await makeOperatorData(of, { functions: 20, points, threads: 1 });
    const set = await dataCoefficients(of, data, { seed: 0 });
    const there = Float64Array.of(0, 0.31, 1.234, 2);
    const part = new HardPart(of);
    const functions = part.applied('u', set.bases.u, there);
    const offset = part.has('u') ? part.offset('u', there, {}) : new Float64Array(4);
    const { size } = set.bases.u;
    for (let n = 0; n < 20; n++)
      there.forEach((x, i) => {
        let value = offset[i];
        for (let k = 0; k < size; k++) value += set.coefficients.u[n * size + k] * functions[i * size + k];
        expect(Math.abs(value - exact(n, x))).toBeLessThan(tolerance);
      });
    if (part.has('u')) expect(functions.slice(0, size)).toEqual(new Float64Array(size));
  });

  test(`compressed functions are orthonormal in L2 and hold the solutions${name}`, async () => {
    const data = await makeOperatorData(of, { functions: 20, points: { grid: 41 }, threads: 1 });
    const set = await dataCoefficients(of, data, { seed: 0 });
    const compact = compressed(set, of);
    const basis = compact.bases.u;
    // ∫v of five terms, and what the constant 1 adds where it is not built in
    expect(basis.size).toBe(name === '' ? 6 : 5);
    const { nodes, weights } = gaussLegendre(40);
    const values = new HardPart(of).applied(
      'u',
      basis,
      nodes.map((z) => z + 1),
    );
    for (let i = 0; i < basis.size; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        weights.forEach((w, q) => {
          sum += (w / 2) * values[q * basis.size + i] * values[q * basis.size + j];
        });
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 6);
      }
    const at = Float64Array.of(1.1);
    const [before, after] = [set, compact].map(({ bases: { u }, coefficients }) =>
      u.values(at, 1).reduce((sum, value, k) => sum + value * coefficients.u[3 * u.size + k], 0),
    );
    expect(after).toBeCloseTo(before, 9);
  });
}

test('solutions in two coordinates, from points on a grid', async () => {
  const heat = problem({
    name: 'heat',
    domain: { x: [0, 1], t: [0, 1] },
    fields: ['u'],
    inputs: { c: { of: [], space: 'uniform', range: [0.5, 1] } },
    equations: ['u_t = u_xx'],
    conditions: [
      { on: 't = 0', equation: 'u = c*sin(pi*x)' },
      { on: 'boundary', equation: 'u = 0' },
    ],
  });
  const side = Array.from({ length: 21 }, (_, i) => i / 20);
  const grid = side.flatMap((x) => side.map((t) => [x, t]));
  const u = (c: number, [x, t]: readonly number[]) => c * Math.sin(Math.PI * x) * Math.exp(-2 * t);
  const numbers = [0.5, 0.7, 0.8, 1];
  const data = operatorDataFrom(heat, {
    inputs: { c: numbers.map((c) => [c]) },
    points: grid,
    fields: { u: numbers.map((c) => grid.map((point) => u(c, point))) },
  });
  const set = await dataCoefficients(heat, data, { seed: 0 });
  const point = [0.33, 0.61];
  const value = set.bases.u
    .values(Float64Array.from(point), 1)
    .reduce((sum, psi, k) => sum + psi * set.coefficients.u[set.bases.u.size + k], 0);
  expect(Math.abs(value - u(0.7, point))).toBeLessThan(1e-6);
});
