import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.ts';
import { createF64Engine } from '../../src/engine/f64/index.ts';
import { boxEmbedding, multilayerPerceptron, type Network, subdomains } from '../../src/network/index.ts';
import type { ResidualSystem } from '../../src/residual/residual-system.ts';
import {
  dot,
  hostJacobian,
  hostLoss,
  hostResiduals,
  relativeDifference,
  rootWeights,
} from './f64/host-oracle.ts';
import { burgers, periodicSystem, randomColumn, randomTheta, reactionSystem } from './f64/systems.ts';

/** Every network replaced by windowed ones on parts of the domain. */
function divided(system: ResidualSystem, counts: number[], overlap: number): ResidualSystem {
  const networks = system.trial.networks.flatMap((network): Network[] => {
    const { coordinates, fields } = network;
    const { activation } = network.layers.find((layer) => layer.kind === 'activation')!;
    const own = counts.map((count, c) => (coordinates.includes(c) ? count : 1));
    return subdomains({ counts: own, overlap, smoothness: 4 }).map(({ window, box }) => {
      const embedding = boxEmbedding(coordinates.map((c) => box[c]));
      const options = { coordinates, fields, width: 3, depth: 1, activation, embedding };
      return { ...multilayerPerceptron(options), window };
    });
  });
  return { ...system, trial: { ...system.trial, networks } };
}

const systems: Record<string, () => ResidualSystem> = {
  'Burgers, three by two': () =>
    divided(burgers({ interior: 75, condition: 10, width: 7, depth: 2 }), [3, 2], 0.5),
  'several networks, unknowns, data and point weights': () => divided(reactionSystem(), [2, 3], 0.8),
  'a two-sided condition, fourth order': () => divided(periodicSystem(), [3, 1], 1),
  'no overlap': () => divided(burgers({ interior: 40, condition: 10, width: 7, depth: 2 }), [2, 2], 0),
};

describe.each(Object.entries(systems))('%s', (_, build) => {
  const system = build();
  const theta = randomTheta(system, 5);

  it('f64: residuals, loss and normal equations are those of the sum of windowed networks', async () => {
    const engine = await createEngine('f64', system, { threads: 1 });
    const expected = hostResiduals(system, theta);
    expect(relativeDifference(await engine.residuals(theta), expected)).toBeLessThan(1e-12);
    const roots = rootWeights(system);
    const { loss, terms } = await engine.loss(theta);
    expect(Math.abs(loss / hostLoss(system, theta) - 1)).toBeLessThan(1e-12);
    let at = 0;
    system.blocks.forEach((block, b) => {
      const length = block.count * block.residuals.length;
      let sum = 0;
      for (let i = at; i < at + length; i++) sum += (expected[i] * roots[i]) ** 2;
      expect(Math.abs(terms[b] - sum)).toBeLessThan(1e-12 * (1 + sum));
      at += length;
    });
    const columns = hostJacobian(system, theta);
    const rho = expected.map((r, i) => r * roots[i]);
    const vector = columns.map((column) => dot(column, rho));
    const matrix = columns.flatMap((column) => columns.map((other) => dot(column, other)));
    const gaussNewton = await engine.gaussNewton!(theta);
    expect(relativeDifference(gaussNewton.matrix, matrix)).toBeLessThan(1e-7);
    expect(relativeDifference(gaussNewton.vector, vector)).toBeLessThan(1e-7);
    expect(gaussNewton.terms).toHaveLength(system.blocks.length);
    const { gradient } = await engine.lossAndGradient(theta);
    expect(relativeDifference(gaussNewton.gradient, gradient)).toBeLessThan(1e-12);
    await engine.dispose();
  });

  it('tfjs agrees with f64', async () => {
    const own = theta.map(Math.fround);
    const [f64, tfjs] = [
      await createEngine('f64', system, { threads: 1 }),
      await createEngine('tfjs', system, { backend: 'cpu' }),
    ];
    const [a, b] = [await f64.lossAndGradient(own), await tfjs.lossAndGradient(own)];
    expect(relativeDifference(b.gradient, a.gradient)).toBeLessThan(2e-5);
    expect(relativeDifference(b.terms, a.terms)).toBeLessThan(2e-5);
    expect(relativeDifference(await tfjs.residuals(own), await f64.residuals(own))).toBeLessThan(2e-5);
    await f64.dispose();
    await tfjs.dispose();
  });
});

it('takes other points, also where they leave a subdomain empty', async () => {
  const system = systems['Burgers, three by two']();
  const theta = randomTheta(system, 8);
  const engine = await createEngine('f64', system, { threads: 2 });
  const few = randomColumn(2 * 9, 3).map((x) => x / 4);
  for (const points of [few, randomColumn(2 * 120, 6)]) {
    const [first, ...others] = system.blocks;
    const next = { ...system, blocks: [{ ...first, points: [points], count: points.length / 2 }, ...others] };
    await engine.update(next);
    expect(relativeDifference(await engine.residuals(theta), hostResiduals(next, theta))).toBeLessThan(1e-12);
    expect((await engine.loss(theta)).loss / hostLoss(next, theta)).toBeCloseTo(1, 12);
  }
  await engine.dispose();
});

it('an engine itself does not take windows', async () => {
  await expect(createF64Engine(systems['no overlap']())).rejects.toThrow('windows');
});
