import { expect, test } from 'vitest';
import { createEngine } from '../../../src/engine/create-engine.ts';
import { add, column, fieldValue, multiply, number, subtract } from '../../../src/expression/build.ts';
import { evaluateTrial, randomFeatureNetwork } from '../../../src/network/index.ts';
import type { ResidualSystem } from '../../../src/residual/index.ts';
import { leastByDescent } from '../../../src/solve/random-features/factor-descent.ts';
import type { KeptFactor } from '../../../src/solve/random-features/kept-factor.ts';

test('functions from their squares and themselves, one after another on the factor of the first', async () => {
  const network = randomFeatureNetwork({ coordinates: [0], fields: ['u'], count: 40, scales: [10], seed: 1 });
  const trial = { dimension: 1, networks: [network] };
  const points = Float64Array.from({ length: 120 }, (_, n) => -1 + (2 * n) / 119);
  const f = (x: number, shift: number): number => Math.sin(3 * x + shift);
  const u = fieldValue('u', 1, [0]);
  const systemOf = (shift: number): ResidualSystem => ({
    trial,
    unknowns: [],
    blocks: [
      {
        path: 'fields',
        kind: 'data',
        points: [points],
        count: points.length,
        columns: { value: points.map((x) => f(x, shift) + 0.2 * f(x, shift) ** 2) },
        residuals: [subtract(add(u, multiply(number(0.2), multiply(u, u))), column('value'))],
        weight: 1,
      },
    ],
  });
  const engine = await createEngine('f64', systemOf(0), { threads: 1 });
  try {
    const kept: { factor?: KeptFactor | null } = {};
    const factors: unknown[] = [];
    let theta: Float64Array = new Float64Array(engine.size);
    for (const shift of [0, 0.05, 0.1]) {
      await engine.update(systemOf(shift));
      theta = await leastByDescent(engine, theta, kept, 1e-20);
      factors.push(kept.factor);
      const elsewhere = Float64Array.from({ length: 37 }, (_, n) => -0.99 + 0.055 * n);
      const [values] = evaluateTrial(trial, theta, elsewhere, [[0]]).get('u')!;
      for (const [n, value] of values.entries())
        expect(Math.abs(value - f(elsewhere[n], shift))).toBeLessThan(1e-7);
    }
    expect(factors[1]).toBeDefined();
    expect(factors[2]).toBe(factors[1]);
  } finally {
    await engine.dispose();
  }
});
