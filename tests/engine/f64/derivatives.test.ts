import { describe, expect, it } from 'vitest';
import { createF64Engine } from '../../../src/engine/f64/index.ts';
import { apply, coordinate, field, multiply, subtract, unknown } from '../../../src/expression/build.ts';
import { activations } from '../../../src/network/activation/index.ts';
import type { ActivationName } from '../../../src/network/activation.ts';
import { multilayerPerceptron } from '../../../src/network/multilayer-perceptron.ts';
import type { ResidualBlock, ResidualSystem } from '../../../src/residual/residual-system.ts';
import {
  dot,
  hostJacobian,
  hostLoss,
  hostResiduals,
  relativeDifference,
  rootWeights,
} from './host-oracle.ts';
import {
  burgers,
  fourCoordinates,
  periodicSystem,
  randomColumn,
  randomTheta,
  reactionSystem,
  sharedPoints,
} from './systems.ts';

const systems: Record<string, () => ResidualSystem> = {
  'Burgers with conditions': () => burgers({ interior: 75, condition: 10, width: 7, depth: 2 }),
  'several networks, unknowns, data and point weights': reactionSystem,
  'an embedding, a two-sided condition, fourth order': periodicSystem,
  'equations at shared points': sharedPoints,
  'four coordinates, mixed fourth order': () => fourCoordinates('sine'),
  'a modified network, Burgers': () =>
    modified(burgers({ interior: 75, condition: 10, width: 7, depth: 2 }), 3),
  'modified networks of depth one, fourth order': () => modified(periodicSystem(), 1),
  'modified networks, mixed fourth order': () => modified(fourCoordinates('sine'), 2),
};

/** The same with modified networks of width 5. */
function modified(system: ResidualSystem, depth: number): ResidualSystem {
  const networks = system.trial.networks.map((network) => {
    const embedding = network.layers.find((layer) => layer.kind === 'embedding');
    const own = network.layers.find((layer) => layer.kind === 'activation')!;
    const { coordinates, fields } = network;
    const { activation } = own;
    return multilayerPerceptron({
      coordinates,
      fields,
      width: 5,
      depth,
      activation,
      embedding,
      architecture: 'modified',
    });
  });
  return { ...system, trial: { ...system.trial, networks } };
}

describe.each(Object.entries(systems))('%s', (_, build) => {
  const system = build();
  const theta = randomTheta(system, 5);

  it('has the residuals and the loss of the host', async () => {
    const engine = await createF64Engine(system, { threads: 1 });
    const expected = hostResiduals(system, theta);
    expect(relativeDifference(await engine.residuals(theta), expected)).toBeLessThan(1e-13);
    const { loss, terms } = await engine.loss(theta);
    expect(Math.abs(loss / hostLoss(system, theta) - 1)).toBeLessThan(1e-13);
    let at = 0;
    const roots = rootWeights(system);
    system.blocks.forEach((block, b) => {
      const length = block.count * block.residuals.length;
      let sum = 0;
      for (let i = at; i < at + length; i++) sum += (expected[i] * roots[i]) ** 2;
      expect(Math.abs(terms[b] - sum)).toBeLessThan(1e-13 * (1 + sum));
      at += length;
    });
    await engine.dispose();
  });

  it('has the Jacobian of finite differences, and its gradient and normal equations', async () => {
    const engine = await createF64Engine(system, { threads: 1 });
    const columns = hostJacobian(system, theta);
    const size = engine.size;
    const { rows, residuals } = await engine.jacobian(theta);
    const transposed = Float64Array.from(
      { length: rows.length },
      (_, i) => columns[i % size][Math.floor(i / size)],
    );
    expect(relativeDifference(rows, transposed)).toBeLessThan(1e-9);
    const roots = rootWeights(system);
    const rho = hostResiduals(system, theta).map((r, i) => r * roots[i]);
    expect(relativeDifference(residuals, rho)).toBeLessThan(1e-13);

    const own = Array.from({ length: size }, (_, p) => residuals.map((_, n) => rows[n * size + p]));
    const vector = own.map((column) => dot(column, residuals));
    const matrix = own.flatMap((column) => own.map((other) => dot(column, other)));
    const gaussNewton = await engine.gaussNewton(theta);
    expect(relativeDifference(gaussNewton.matrix, matrix)).toBeLessThan(1e-13);
    expect(relativeDifference(gaussNewton.vector, vector)).toBeLessThan(1e-13);
    const { loss, gradient } = await engine.lossAndGradient(theta);
    expect(
      relativeDifference(
        gradient,
        vector.map((v) => 2 * v),
      ),
    ).toBeLessThan(1e-13);
    expect(relativeDifference(gaussNewton.gradient, gradient)).toBeLessThan(1e-13);
    expect(gaussNewton.loss).toBe(loss);

    expect(await engine.crossGradient(theta, theta)).toEqual(await engine.lossAndGradient(theta));
    const elsewhere = randomTheta(system, 9);
    const there = hostResiduals(system, elsewhere).map((r, i) => r * roots[i]);
    const cross = await engine.crossGradient(theta, elsewhere);
    expect(
      relativeDifference(
        cross.gradient,
        own.map((column) => 2 * dot(column, there)),
      ),
    ).toBeLessThan(1e-12);
    expect(cross.loss).toBe((await engine.loss(elsewhere)).loss);
    await engine.dispose();
  });
});

describe('every activation', () => {
  const smooth = Object.values(activations).filter(({ smoothness }) => smoothness === Infinity);
  it.each(smooth.map(({ name }) => name))('%s has the host jets and their gradient', async (name) => {
    const system = fourCoordinates(name);
    const theta = randomTheta(system, 6);
    const engine = await createF64Engine(system, { threads: 1 });
    expect(relativeDifference(await engine.residuals(theta), hostResiduals(system, theta))).toBeLessThan(
      1e-12,
    );
    const { gradient } = await engine.lossAndGradient(theta);
    const roots = rootWeights(system);
    const rho = hostResiduals(system, theta).map((r, i) => r * roots[i]);
    const expected = hostJacobian(system, theta).map((column) => 2 * dot(column, rho));
    expect(relativeDifference(gradient, expected)).toBeLessThan(1e-8);
    await engine.dispose();
  });

  it.each(Object.values(activations).map(({ name }) => name))(
    '%s where only values are needed',
    async (name) => {
      const whole = burgers({ interior: 4, condition: 30, width: 5, depth: 2, activation: name });
      const system = { ...whole, blocks: whole.blocks.slice(1) };
      const theta = randomTheta(system, 9);
      const engine = await createF64Engine(system, { threads: 1 });
      const expected = hostLoss(system, theta);
      expect(Math.abs((await engine.loss(theta)).loss / expected - 1)).toBeLessThan(1e-12);
      expect(Math.abs((await engine.lossAndGradient(theta)).loss / expected - 1)).toBeLessThan(1e-12);
      expect(relativeDifference(await engine.residuals(theta), hostResiduals(system, theta))).toBeLessThan(
        1e-12,
      );
      await engine.dispose();
    },
  );

  it.each(['relu', 'leaky-relu', 'elu'] satisfies ActivationName[])(
    '%s in first derivatives',
    async (name) => {
      const system = burgers({ interior: 20, condition: 4, width: 5, depth: 2, activation: name });
      const theta = randomTheta(system, 8);
      const engine = await createF64Engine(system, { threads: 1 });
      expect(relativeDifference(await engine.residuals(theta), hostResiduals(system, theta))).toBeLessThan(
        1e-12,
      );
      const { gradient } = await engine.lossAndGradient(theta);
      const roots = rootWeights(system);
      const rho = hostResiduals(system, theta).map((r, i) => r * roots[i]);
      // A small step, so that no point crosses a kink.
      const expected = hostJacobian(system, theta, 1e-6).map((column) => 2 * dot(column, rho));
      expect(relativeDifference(gradient, expected)).toBeLessThan(1e-7);
      await engine.dispose();
    },
  );
});

it('points of weight zero do not count, even where the equation has no value', async () => {
  const [inside, outside] = [randomColumn(16, 3), randomColumn(16, 4)];
  const make = (points: Float64Array, pointWeights: Float64Array): ResidualSystem => {
    const { trial } = burgers({ interior: 4, condition: 4, width: 5, depth: 2 });
    const u = field('u', [0, 0], [0, 1], 0);
    // A root of one coordinate, so that points with a negative one are NaN.
    const residual = subtract(multiply(unknown('k'), u), apply('sqrt', [coordinate('x', 0)]));
    const block: ResidualBlock = {
      path: 'equations[0]',
      kind: 'equation',
      points: [points],
      count: points.length / 2,
      columns: {},
      residuals: [residual],
      weight: points.length / 2,
      pointWeights,
    };
    return { trial, unknowns: ['k'], blocks: [block] };
  };
  const right = inside.map((v, i) => (i % 2 === 0 ? Math.abs(v) : v));
  const wrong = outside.map((v, i) => (i % 2 === 0 ? -Math.abs(v) : v));
  const alone = make(right, new Float64Array(8).fill(1));
  const both = make(
    Float64Array.from([...right, ...wrong]),
    Float64Array.from({ length: 16 }, (_, n) => (n < 8 ? 1 : 0)),
  );
  const theta = randomTheta(alone, 2);
  const [a, b] = [await createF64Engine(alone, { threads: 1 }), await createF64Engine(both, { threads: 1 })];
  const [first, second] = [await a.gaussNewton(theta), await b.gaussNewton(theta)];
  expect(Math.abs(second.loss / first.loss - 1)).toBeLessThan(1e-14);
  expect(relativeDifference(second.matrix, first.matrix)).toBeLessThan(1e-14);
  expect(relativeDifference(second.vector, first.vector)).toBeLessThan(1e-14);
  const gradients = [(await a.lossAndGradient(theta)).gradient, (await b.lossAndGradient(theta)).gradient];
  expect(relativeDifference(gradients[1], gradients[0])).toBeLessThan(1e-14);
  await Promise.all([a.dispose(), b.dispose()]);
});
