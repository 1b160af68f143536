import { describe, expect, it } from 'vitest';
import { type Problem, type ProblemDefinition, problem, reference } from '../../../src/index.ts';
import { HardPart } from '../../../src/operator/evaluate/hard-part.ts';
import { drawInputs, problemOf } from '../../../src/operator/index.ts';
import { physicsCoefficients } from '../../../src/operator/physics/index.ts';
import { fieldOf, relativeError } from './solutions.ts';

const line = (low: number, high: number, count = 41): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

const smooth = { space: 'gaussian-random-field', lengthScale: 0.3, sensors: 20 } as const;

function operator(definition: Omit<ProblemDefinition, 'name' | 'fields'>): Problem {
  return problem({ name: 'operator', fields: ['u'], ...definition } as ProblemDefinition);
}

/** Largest relative error of any function against the classical reference. */
async function worstAgainstReference(own: Problem, functions: number, points: Float64Array): Promise<number> {
  const set = await physicsCoefficients(own, { functions, seed: 3, threads: 1, timeLimit: 60 });
  let worst = 0;
  for (const [n, draw] of set.draws.entries()) {
    const classical = await reference(problemOf(own, drawInputs(own, 3, draw)));
    if (!classical.available) throw new Error(classical.reason);
    const values = classical.evaluate(points);
    for (const { name } of own.fields)
      worst = Math.max(worst, relativeError(fieldOf(set, own, n, name, points), values[name]));
  }
  return worst;
}

describe('solutions from the equations alone', () => {
  it('are antiderivatives', async () => {
    const own = operator({
      domain: { x: [0, 2] },
      inputs: { v: { of: 'x', ...smooth, lengthScale: 0.5 } },
      equations: ['u_x = v'],
      conditions: [{ on: 'x = 0', equation: 'u = 0' }],
    });
    const set = await physicsCoefficients(own, { functions: 20, seed: 7, threads: 1 });
    expect(set.count).toBe(20);
    const points = line(0, 2);
    for (const [n, draw] of set.draws.entries()) {
      const { v } = drawInputs(own, 7, draw);
      expect(relativeError(fieldOf(set, own, n, 'u', points, [1]), v.values(points))).toBeLessThan(2e-4);
      expect(Math.abs(fieldOf(set, own, n, 'u', Float64Array.of(0))[0])).toBeLessThan(1e-5);
    }
  });

  it('are those of a coefficient under a derivative', async () => {
    const own = operator({
      domain: { x: [0, 1] },
      inputs: { v: { of: 'x', ...smooth, variance: 0.5 } },
      equations: ['d(exp(v)*u_x, x) = -1'],
      conditions: [{ on: 'boundary', equation: 'u = 0' }],
    });
    expect(await worstAgainstReference(own, 5, line(0, 1))).toBeLessThan(1e-4);
  });

  it('are those of a system of nonlinear equations', async () => {
    const own = problem({
      name: 'pendulum',
      domain: { t: [0, 4] },
      fields: ['theta', 'omega'],
      inputs: {
        v: { of: 't', ...smooth, lengthScale: 0.8, variance: 4 },
        k: { of: [], space: 'uniform', range: [1, 3] },
      },
      equations: ['theta_t = omega', 'omega_t = -k*sin(theta) + v'],
      conditions: [
        { on: 't = 0', equation: 'theta = 0' },
        { on: 't = 0', equation: 'omega = 0' },
      ],
    });
    expect(await worstAgainstReference(own, 6, line(0, 4))).toBeLessThan(1e-4);
  });

  it('are found where Newton’s method from nothing is not enough', async () => {
    const own = operator({
      domain: { t: [0, 5] },
      inputs: { v: { of: 't', ...smooth, lengthScale: 1, variance: 4 } },
      equations: ['u_t = (1 + v/2)*u*(1 - u)'],
      conditions: [{ on: 't = 0', equation: 'u = 0.1' }],
    });
    expect(await worstAgainstReference(own, 10, line(0, 5))).toBeLessThan(2e-4);
  });

  it('go on from an initial value that is the function, on a circle', async () => {
    const own = operator({
      domain: { x: [0, 1], t: [0, 0.3] },
      inputs: {
        v: { of: 'x', space: 'gaussian-random-field', kernel: 'periodic', lengthScale: 1, sensors: 20 },
      },
      equations: ['u_t + 0.3*u*u_x = 0.05*u_xx'],
      conditions: [{ on: 't = 0', equation: 'u = v' }, { periodic: 'x' }],
    });
    const points = Float64Array.from({ length: 2 * 60 }, (_, k) =>
      k % 2 === 0 ? ((k * 37) % 101) / 101 : (0.3 * ((k * 13) % 61)) / 61,
    );
    expect(await worstAgainstReference(own, 2, points)).toBeLessThan(3e-4);
  });

  it('do not depend on the number of threads', async () => {
    const own = operator({
      domain: { t: [0, 1] },
      inputs: { v: { of: 't', ...smooth } },
      equations: ['u_t = v - u^3'],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
    });
    const [one, two] = [
      await physicsCoefficients(own, { functions: 8, seed: 1, threads: 1, timeLimit: 1e4 }),
      await physicsCoefficients(own, { functions: 8, seed: 1, threads: 2, timeLimit: 1e4 }),
    ];
    expect(two.resolution).toEqual(one.resolution);
    expect(two.coefficients).toEqual(one.coefficients);
    expect(two.inputs).toEqual(one.inputs);
  });

  it('end with the signal', async () => {
    const own = operator({
      domain: { t: [0, 1] },
      inputs: { v: { of: 't', ...smooth } },
      equations: ['u_t = v'],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
    });
    await expect(physicsCoefficients(own, { signal: AbortSignal.abort() })).rejects.toThrow(/interrupted/);
  });

  it('are not looked for without input functions', async () => {
    const own = operator({
      domain: { t: [0, 1] },
      equations: ['u_t = u'],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
    });
    await expect(physicsCoefficients(own)).rejects.toThrow(/no input functions/);
  });
});

describe('what hard conditions leave open', () => {
  it.each([
    ['values', 'u = 0'],
    ['the input function', 'u = v'],
  ])('is expanded where they give %s', async (_, left) => {
    const own = operator({
      domain: { x: [0, 1], t: [0, 1] },
      inputs: {
        v: { of: 't', space: 'functions', expressions: ['t', 't^2'], coefficients: [0.5, 1], sensors: 9 },
      },
      equations: ['u_t = 0.2*u_xx'],
      conditions: [
        { on: 't = 0', equation: 'u = 0' },
        { on: 'x = 0', equation: left, hard: true },
        { on: 'x = 1', equation: 'u = v', ...(left === 'u = 0' ? {} : { hard: true }) },
      ],
    });
    const set = await physicsCoefficients(own, {
      functions: 2,
      seed: 4,
      threads: 1,
      timeLimit: 20,
      target: 1e-3,
    });
    const points = Float64Array.from({ length: 2 * 80 }, (__, k) =>
      k % 2 === 0 ? ((k * 37) % 101) / 101 : ((k * 13) % 61) / 61,
    );
    const hard = new HardPart(own);
    const factors = hard.applied('u', set.bases.u, points);
    for (const [n, draw] of set.draws.entries()) {
      const samples = drawInputs(own, 4, draw);
      const classical = await reference(problemOf(own, samples));
      if (!classical.available) throw new Error(classical.reason);
      const { size } = set.bases.u;
      const values = hard.offset('u', points, samples).map((value, i) => {
        let sum = value;
        for (let k = 0; k < size; k++) sum += factors[i * size + k] * set.coefficients.u[n * size + k];
        return sum;
      });
      expect(relativeError(values, classical.evaluate(points).u)).toBeLessThan(5e-3);
    }
  });
});
