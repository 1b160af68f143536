import { beforeAll, describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../../src/index.ts';
import { drawInputs } from '../../../src/operator/index.ts';
import {
  type FieldCoefficients,
  type PhysicsCoefficients,
  PhysicsLoss,
  physicsCoefficients,
} from '../../../src/operator/physics/index.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const own = problem({
  name: 'pendulum',
  domain: { t: [0, 2] },
  fields: ['theta', 'omega'],
  inputs: { v: { of: 't', space: 'gaussian-random-field', lengthScale: 0.5, sensors: 20 } },
  equations: ['theta_t = omega', 'omega_t = -2*sin(theta) + v'],
  conditions: [
    { on: 't = 0', equation: 'theta = 0.5' },
    { on: 't = 0', equation: 'omega = 0' },
  ],
} as ProblemDefinition);

describe('the loss of coefficients', () => {
  let set: PhysicsCoefficients;
  let loss: PhysicsLoss;
  let moved: FieldCoefficients;

  beforeAll(async () => {
    set = await physicsCoefficients(own, { functions: 4, seed: 2, threads: 1 });
    const samples = set.draws.map((draw) => drawInputs(own, 2, draw));
    loss = await PhysicsLoss.of(own, set.bases, samples);
    const random = randomGenerator(1);
    moved = Object.fromEntries(
      Object.entries(set.coefficients).map(([name, values]) => [
        name,
        values.map((value) => value + 0.1 * (random.uniform() - 0.5)),
      ]),
    );
  });

  it('vanishes where they are those of solutions', () => {
    expect(loss.lossAndGradient(set.coefficients).loss).toBeLessThan(1e-8);
    expect(loss.lossAndGradient(moved).loss).toBeGreaterThan(1e-4);
  });

  it('has the gradient that differences have', () => {
    const { gradient } = loss.lossAndGradient(moved);
    const h = 1e-6;
    for (const name of ['theta', 'omega'])
      for (let k = 0; k < moved[name].length; k += 3) {
        const [before, after] = [-h, h].map((shift) => {
          const values = moved[name].slice();
          values[k] += shift;
          return loss.lossAndGradient({ ...moved, [name]: values }).loss;
        });
        const difference = (after - before) / (2 * h);
        expect(Math.abs(gradient[name][k] - difference)).toBeLessThan(1e-7 * (1 + Math.abs(difference)));
      }
  });

  it('of a batch is the mean over its functions', () => {
    const row = (values: Float64Array, which: number): Float64Array => {
      const size = values.length / loss.count;
      return values.slice(which * size, (which + 1) * size);
    };
    const of = (which: number): number =>
      loss.lossAndGradient({ theta: row(moved.theta, which), omega: row(moved.omega, which) }, [which]).loss;
    const mean = [0, 1, 2, 3].reduce((sum, which) => sum + of(which) / 4, 0);
    expect(loss.lossAndGradient(moved).loss).toBeCloseTo(mean, 12);
  });

  it('has Gauss–Newton equations that agree with the gradient', () => {
    const { matrix, vector, loss: here } = loss.equations(moved, 1);
    const n = vector.length;
    const { gradient } = loss.lossAndGradient(moved);
    const size = set.bases.theta.size;
    expect(vector[0]).toBeCloseTo((gradient.theta[size] * loss.count) / 2, 10);
    expect(here).toBeGreaterThan(0);
    for (let i = 0; i < n; i++) {
      expect(matrix[i * n + i]).toBeGreaterThan(0);
      for (let j = 0; j < i; j++) expect(matrix[i * n + j]).toBe(matrix[j * n + i]);
    }
  });

  it('asks for as many coefficients as there are', () => {
    expect(() => loss.lossAndGradient({ theta: moved.theta, omega: moved.omega.slice(1) })).toThrow(
      /coefficients of `omega`/,
    );
  });
});
