import { describe, expect, test } from 'vitest';
import { sensorRows } from '../../../src/operator/coefficient-model.ts';
import { drawInputs } from '../../../src/operator/index.ts';
import { PhysicsLoss, physicsCoefficients } from '../../../src/operator/physics/index.ts';
import { NetworkChain } from '../../../src/operator/regression/network-chain.ts';
import { compressed } from '../../../src/operator/training/compression.ts';
import { fitBranch } from '../../../src/operator/training/fit-branch.ts';
import { residualObjective, trainedOnResiduals } from '../../../src/operator/training/residual-training.ts';
import { type ProblemDefinition, problem } from '../../../src/problem/index.ts';

const growth = problem({
  name: 'growth',
  domain: { t: [0, 1] },
  fields: ['y', 'z'],
  inputs: {
    v: { of: 't', space: 'chebyshev', terms: 3, amplitude: 0.5, sensors: 9 },
    y0: { of: [], space: 'uniform', range: [0.5, 1] },
  },
  equations: ["y' = y*(1 + v - y)", "z' = y - z"],
  conditions: [
    { on: 't = 0', equation: 'y = y0' },
    { on: 't = 0', equation: 'z = 0' },
  ],
} as ProblemDefinition);

describe.each([false, true])('a branch network on residuals, product of branches: %s', async (product) => {
  const found = await physicsCoefficients(growth, { functions: 40, threads: 1 });
  const set = compressed(found, growth);
  const fitted = await fitBranch(growth, set, { kind: 'network', product, seed: 1, timeLimit: 1 });
  const samples = found.draws.map((draw) => drawInputs(growth, 0, draw));
  const stored = fitted.model.branch.store();
  if (stored.kind !== 'network') throw new Error('no network');

  test('has the gradient that differences have', async () => {
    const few = 5;
    const rows = sensorRows(['v', 'y0'], set.inputs, set.count).slice(0, few * 10);
    const chain = new NetworkChain(stored, rows, few);
    const predicted = fitted.model.branch.predict(rows, few);
    chain.values(chain.theta).forEach((value, k) => void expect(value).toBeCloseTo(predicted[k], 12));
    const loss = await PhysicsLoss.of(growth, set.bases, samples.slice(0, few));
    const objective = residualObjective(fitted.model, chain, loss);
    // Far from the optimum, where the gradient is not small.
    const theta = chain.theta.map((value, k) => value + 0.2 * Math.sin(7 * k));
    const { gradient } = await objective.lossAndGradient(theta);
    const size = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const h = 1e-6;
    for (let k = 0; k < theta.length; k += 97) {
      const [before, after] = await Promise.all(
        [-h, h].map(async (shift) => (await objective.loss(theta.with(k, theta[k] + shift))).loss),
      );
      expect(Math.abs((after - before) / (2 * h) - gradient[k])).toBeLessThan(1e-6 * size);
    }
  });

  test('lowers them and is no worse on functions left out', async () => {
    let steps = 0;
    const trained = await trainedOnResiduals(growth, fitted, set, samples, {
      seed: 1,
      proceed: () => steps++ < 20,
    });
    expect(trained!.losses[1]).toBeLessThan(trained!.losses[0]);
    expect(trained!.validation).toBeLessThanOrEqual(fitted.validation);
  });
});
