import { afterAll, describe, expect, it } from 'vitest';
import { createF64Engine, type F64Engine } from '../../src/engine/f64/index.ts';
import { sameStructure } from '../../src/engine/f64/system-structure.ts';
import { minibatch } from '../../src/residual/minibatch.ts';
import { burgers, periodicSystem, randomTheta, reactionSystem, sharedPoints } from '../engine/f64/systems.ts';

const system = burgers({ interior: 300, condition: 40, width: 5, depth: 2 });
const engines: F64Engine[] = [];

async function engineOf(of = system): Promise<F64Engine> {
  const engine = await createF64Engine(of, { threads: 1 });
  engines.push(engine);
  return engine;
}

afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.dispose()));
});

describe('a minibatch', () => {
  it('has the same share of every block, points of the system, none twice, the same for the same seed', () => {
    const part = minibatch(system, 95, 3);
    const total = system.blocks.reduce((sum, block) => sum + block.count, 0);
    part.blocks.forEach((block, b) => {
      const whole = system.blocks[b];
      expect(block.count).toBe(Math.max(1, Math.round((95 * whole.count) / total)));
      const d = system.trial.dimension;
      const text = (points: Float64Array, n: number) => points.subarray(n * d, (n + 1) * d).join();
      const all = new Set(Array.from({ length: whole.count }, (_, n) => text(whole.points[0], n)));
      const own = Array.from({ length: block.count }, (_, n) => text(block.points[0], n));
      expect(own.every((point) => all.has(point))).toBe(true);
      expect(new Set(own).size).toBe(block.count);
    });
    expect(minibatch(system, 95, 3)).toEqual(part);
    expect(minibatch(system, 95, 4).blocks[0].points).not.toEqual(part.blocks[0].points);
  });

  it('is the system where that is no larger', () => {
    expect(minibatch(system, 1e6, 1)).toBe(system);
  });

  it.each([
    ['several networks', reactionSystem()],
    ['two point sets', periodicSystem()],
    ['shared points', sharedPoints()],
  ])('keeps what blocks share: %s', (_, of) => {
    const total = of.blocks.reduce((sum, block) => sum + block.count * block.residuals.length, 0);
    expect(sameStructure(of, minibatch(of, total / 3, 5))).toBe(true);
  });

  it('has the loss of the system on the average', async () => {
    const theta = randomTheta(system, 1);
    const engine = await engineOf();
    const { loss } = await engine.loss(theta);
    const draws = 400;
    let [sum, squares] = [0, 0];
    for (let seed = 0; seed < draws; seed++) {
      const { residuals } = await engine.sampledJacobian(theta, 60, seed);
      const own = residuals.reduce((total, value) => total + value * value, 0);
      sum += own;
      squares += own * own;
    }
    const mean = sum / draws;
    const deviation = Math.sqrt((squares / draws - mean * mean) / draws);
    expect(Math.abs(mean - loss)).toBeLessThan(4 * deviation);
    expect(deviation).toBeLessThan(0.05 * loss);
  });
});

describe('the Jacobian on a sample', () => {
  it('is that of an engine for the sample, with its loss elsewhere, and leaves the engine as it was', async () => {
    const [theta, elsewhere] = [randomTheta(system, 1), randomTheta(system, 2)];
    const engine = await engineOf();
    const before = await engine.lossAndGradient(theta);
    for (const seed of [7, 8]) {
      const other = await engineOf(minibatch(system, 80, seed));
      const sample = await engine.sampledJacobian(theta, 80, seed);
      const { gradient, loss } = await other.lossAndGradient(theta);
      expect(sample.residuals.reduce((sum, value) => sum + value * value, 0) / loss).toBeCloseTo(1, 12);
      gradient.forEach((value, p) => {
        const own = sample.residuals.reduce((sum, r, i) => sum + 2 * r * sample.rows[i * engine.size + p], 0);
        expect(own).toBeCloseTo(value, 10);
      });
      expect((await sample.loss(elsewhere)) / (await other.loss(elsewhere)).loss).toBeCloseTo(1, 12);
    }
    expect(await engine.lossAndGradient(theta)).toEqual(before);
  });

  it('is that of all residuals where no more are asked for, and follows the system', async () => {
    const theta = randomTheta(system, 1);
    const engine = await engineOf();
    const square = async () =>
      (await engine.sampledJacobian(theta, 1e6, 0)).residuals.reduce((sum, value) => sum + value * value, 0);
    expect((await square()) / (await engine.loss(theta)).loss).toBeCloseTo(1, 12);
    await engine.update(burgers({ interior: 120, condition: 30, width: 5, depth: 2 }));
    expect((await square()) / (await engine.loss(theta)).loss).toBeCloseTo(1, 12);
  });
});
