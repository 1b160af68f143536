import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { createTfjsEngine, probeBackends } from '../../src/engine/tfjs/index.ts';
import { ProblemError } from '../../src/errors.ts';
import type { ActivationName } from '../../src/network/index.ts';
import { multilayerPerceptron } from '../../src/network/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';
import type { ResidualSystem } from '../../src/residual/residual-system.ts';
import { hostResiduals, hostSlope, hostTerms } from './host-loss.ts';
import { burgers, parametersOf, plate, sir, tied } from './systems.ts';

const systems: Record<string, () => ResidualSystem> = {
  Burgers: () => burgers(120, 30, 10, 3),
  'epidemic with unknowns, columns and point weights': () => sir(40, 8, 2),
  'fourth order, two networks, Fourier features': plate,
  'two-sided condition': () => tied(false),
  'two-sided condition on a periodic embedding': () => tied(true),
};

for (const activation of ['sine', 'swish', 'softplus', 'sigmoid', 'elu'] as ActivationName[]) {
  systems[`Burgers with ${activation}`] = () => {
    const system = burgers(60, 15);
    const network = multilayerPerceptron({
      coordinates: [0, 1],
      fields: ['u'],
      width: 7,
      depth: 2,
      activation,
    });
    return { ...system, trial: { dimension: 2, networks: [network] } };
  };
}

for (const depth of [1, 3]) {
  systems[`a modified network of depth ${depth}`] = () => {
    const system = depth === 1 ? burgers(60, 15) : plate();
    const networks = system.trial.networks.map(({ coordinates, fields }) =>
      multilayerPerceptron({
        coordinates,
        fields,
        width: 6,
        depth,
        activation: 'tanh',
        architecture: 'modified',
      }),
    );
    return { ...system, trial: { ...system.trial, networks } };
  };
}

for (const backend of ['wasm', 'cpu'] as const) {
  describe(`tfjs engine on ${backend}`, () => {
    for (const [name, make] of Object.entries(systems)) {
      it(`${name}: loss, residuals and gradient agree with float64 on the host`, async () => {
        const system = make();
        const theta = parametersOf(system).map(Math.fround);
        const engine = await createTfjsEngine(system, { backend });
        const { loss, terms, gradient } = await engine.lossAndGradient(theta);
        const expected = hostTerms(system, theta);
        const total = expected.reduce((sum, term) => sum + term, 0);
        terms.forEach((term, i) => {
          expect(Math.abs(term - expected[i])).toBeLessThan(1e-5 * total);
        });
        expect(Math.abs(loss / total - 1)).toBeLessThan(1e-5);
        expect((await engine.loss(theta)).loss).toBe(loss);

        const residuals = await engine.residuals(theta);
        const flat = hostResiduals(system, theta).flat();
        expect(residuals).toHaveLength(flat.length);
        const largest = Math.max(...flat.map(Math.abs));
        flat.forEach((r, i) => {
          expect(Math.abs(residuals[i] - r)).toBeLessThan(1e-5 * largest);
        });

        const norm = Math.hypot(...gradient);
        const generator = randomGenerator(5);
        const axis = (i: number) => Float64Array.from(theta, (_, j) => (i === j ? 1 : 0));
        const directions = [
          ...Array.from({ length: 4 }, () => theta.map(() => generator.normal() / Math.sqrt(theta.length))),
          ...Array.from({ length: 6 }, () => axis(generator.integer(theta.length))),
          ...system.unknowns.map((_, i) => axis(theta.length - 1 - i)),
        ];
        for (const direction of directions) {
          const slope = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
          expect(Math.abs(slope - hostSlope(system, theta, direction))).toBeLessThan(2e-5 * norm);
        }
        await engine.dispose();
      });
    }

    it('steps leak no tensors, and dispose leaves none behind', async () => {
      const warm = await createTfjsEngine(burgers(30, 9, 5, 1), { backend });
      await warm.dispose();
      const before = tf.memory().numTensors;
      const system = sir(20, 6, 2);
      const engine = await createTfjsEngine(system, { backend });
      let theta = parametersOf(system);
      await engine.lossAndGradient(theta);
      const during = tf.memory().numTensors;
      for (let step = 0; step < 50; step++) {
        const { gradient } = await engine.lossAndGradient(theta);
        theta = theta.map((value, i) => value - 1e-3 * gradient[i]);
        if (step % 10 === 0) {
          await engine.update(sir(20, 6, 2, step));
          await engine.loss(theta);
          await engine.residuals(theta);
        }
      }
      expect(tf.memory().numTensors).toBe(during);
      await engine.dispose();
      expect(tf.memory().numTensors).toBe(before);
      await expect(engine.loss(theta)).rejects.toThrow('disposed');
    });

    it('the same parameters give the same bits', async () => {
      const theta = parametersOf(burgers(100, 30));
      const runs = [];
      for (let i = 0; i < 2; i++) {
        const engine = await createTfjsEngine(burgers(100, 30), { backend });
        runs.push(await engine.lossAndGradient(theta), await engine.lossAndGradient(theta));
        await engine.dispose();
      }
      for (const run of runs) expect(run).toEqual(runs[0]);
    });

    it('points that do not fit into memory at once are run in parts, to the same result', async () => {
      for (const system of [sir(40, 8, 2), plate(), tied(false)]) {
        const theta = parametersOf(system);
        const whole = await createTfjsEngine(system, { backend });
        const cut = await createTfjsEngine(system, { backend, memory: 12e3 });
        const [a, b] = [await whole.lossAndGradient(theta), await cut.lossAndGradient(theta)];
        expect(Math.abs(a.loss / b.loss - 1)).toBeLessThan(1e-5);
        const apart = Math.hypot(...a.gradient.map((value, i) => value - b.gradient[i]));
        expect(apart).toBeLessThan(1e-5 * Math.hypot(...a.gradient));
        expect(await cut.residuals(theta)).toHaveLength((await whole.residuals(theta)).length);
        await whole.dispose();
        await cut.dispose();
      }
    });

    it('update takes other points, columns and weights', async () => {
      const engine = await createTfjsEngine(sir(20, 6, 2, 1), { backend });
      const other = sir(33, 6, 2, 7);
      await engine.update(other);
      const theta = parametersOf(other);
      const total = hostTerms(other, theta).reduce((sum, term) => sum + term, 0);
      expect(Math.abs((await engine.loss(theta)).loss / total - 1)).toBeLessThan(1e-5);
      await expect(engine.update(burgers(9, 9))).rejects.toThrow(ProblemError);
      await engine.dispose();
    });
  });
}

describe('tfjs backends', () => {
  const spoken: string[] = [];
  const write = process.stdout.write;
  afterAll(() => {
    process.stdout.write = write;
  });

  it('engines on different backends take turns', async () => {
    const system = burgers(50, 15, 6, 2);
    const theta = parametersOf(system);
    const [wasm, cpu] = [
      await createTfjsEngine(system, { backend: 'wasm' }),
      await createTfjsEngine(system, { backend: 'cpu' }),
    ];
    expect([wasm.backend, cpu.backend]).toEqual(['wasm', 'cpu']);
    for (let i = 0; i < 3; i++) {
      const [a, b] = [await wasm.lossAndGradient(theta), await cpu.lossAndGradient(theta)];
      expect(Math.abs(a.loss / b.loss - 1)).toBeLessThan(1e-5);
    }
    await wasm.dispose();
    await cpu.dispose();
  });

  it('what loads is reported with reasons for the rest, and nothing is printed', async () => {
    process.stdout.write = ((text: string) => spoken.push(text) > 0) as typeof process.stdout.write;
    const reports = await probeBackends();
    process.stdout.write = write;
    expect(spoken).toEqual([]);
    expect(reports.map(({ name }) => name)).toEqual(['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu']);
    for (const { name, loads, reason } of reports) {
      if (name === 'wasm' || name === 'cpu') expect(loads).toBe(true);
      if (!loads) expect(reason).toBeTruthy();
    }
  });

  it('a backend that does not load here is refused with the reason and with what does', async () => {
    const system = burgers(9, 9, 4, 1);
    await expect(createTfjsEngine(system, { backend: 'webgl' })).rejects.toThrow(
      /the backend webgl does not load: it exists in browsers only; .*wasm, cpu would load here/,
    );
    await expect(createTfjsEngine(system, { backend: 'cuda' as 'cpu' })).rejects.toThrow(ProblemError);
  });
});
