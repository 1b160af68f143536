import { expect, test } from 'vitest';
import { createEngine } from '../../../src/engine/create-engine.ts';
import { column, fieldValue, subtract } from '../../../src/expression/build.ts';
import { evaluateTrial, randomFeatureNetwork } from '../../../src/network/index.ts';
import type { ResidualSystem } from '../../../src/residual/index.ts';
import { KeptFactor } from '../../../src/solve/random-features/kept-factor.ts';

test('one factorisation fits one function after another', async () => {
  const network = randomFeatureNetwork({ coordinates: [0], fields: ['u'], count: 40, scales: [10], seed: 1 });
  const trial = { dimension: 1, networks: [network] };
  const points = Float64Array.from({ length: 120 }, (_, n) => -1 + (2 * n) / 119);
  const systemOf = (f: (x: number) => number): ResidualSystem => ({
    trial,
    unknowns: [],
    blocks: [
      {
        path: 'fields',
        kind: 'data',
        points: [points],
        count: points.length,
        columns: { value: points.map(f) },
        residuals: [subtract(fieldValue('u', 1, [0]), column('value'))],
        weight: 1,
      },
    ],
  });
  const functions = [(x: number) => Math.exp(x), (x: number) => Math.sin(7 * x), (x: number) => x ** 3];
  const engine = await createEngine('f64', systemOf(functions[0]), { threads: 1 });
  try {
    const factor = await KeptFactor.of(engine);
    const elsewhere = Float64Array.from({ length: 37 }, (_, n) => -0.99 + 0.055 * n);
    for (const f of functions) {
      await engine.update(systemOf(f));
      const theta = await factor.solve(engine, new Float64Array(engine.size));
      const [values] = evaluateTrial(trial, theta, elsewhere, [[0]]).get('u')!;
      for (const [n, value] of values.entries()) expect(Math.abs(value - f(elsewhere[n]))).toBeLessThan(1e-7);
    }
  } finally {
    await engine.dispose();
  }
});
