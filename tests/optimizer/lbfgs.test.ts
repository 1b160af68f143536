import { describe, expect, it } from 'vitest';
import { Lbfgs } from '../../src/optimizer/lbfgs.ts';
import type { Objective, Optimizer } from '../../src/optimizer/optimizer.ts';
import { inSinglePrecision, leastSquares, rosenbrock } from './test-functions.ts';

async function run(optimizer: Optimizer, limit: number) {
  for (let iterations = 1; iterations <= limit; iterations++) {
    const step = await optimizer.step();
    if (step.finished !== undefined) return { ...step, iterations };
  }
  return { loss: Number.NaN, gradientNorm: Number.NaN, finished: undefined, iterations: limit };
}

const starts: Record<string, number[]> = {
  'in 2 dimensions': [-1.2, 1],
  'in 10 dimensions': Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1.2 : 1)),
};

describe('L-BFGS', () => {
  for (const [where, start] of Object.entries(starts)) {
    it(`minimises the Rosenbrock function ${where}`, async () => {
      const optimizer = new Lbfgs(leastSquares(rosenbrock), Float64Array.from(start), {
        gradientTolerance: 1e-9,
      });
      const end = await run(optimizer, 200);
      expect(end.finished).toBe('gradient');
      // From this start the 10-dimensional chain leads to the global minimum at (1, …, 1) as well.
      for (const value of optimizer.theta) expect(value).toBeCloseTo(1, 7);
    });
  }

  it('is exact on a quadratic after as many steps as dimensions, up to the line search', async () => {
    const scales = [1, 10, 100, 1000, 10000];
    const objective = leastSquares((x) => scales.map((s, i) => Math.sqrt(s) * (x[i] - i)));
    const optimizer = new Lbfgs(objective, new Float64Array(5), {
      gradientTolerance: 1e-10,
      curvature: 0.01,
    });
    expect((await run(optimizer, 30)).finished).toBe('gradient');
  });

  it('gets near the minimum in single precision, and ends', async () => {
    for (const start of Object.values(starts)) {
      const noisy = inSinglePrecision(leastSquares(rosenbrock));
      const optimizer = new Lbfgs(noisy, Float64Array.from(start));
      const end = await run(optimizer, 1000);
      expect(end.finished).toBeDefined();
      expect(end.loss).toBeLessThan(1e-10);
    }
    // A minimum above 0, where the loss cannot tell points closer than √1e-7 apart.
    const raised = leastSquares((x) => [...rosenbrock(x), 10]);
    const optimizer = new Lbfgs(inSinglePrecision(raised), Float64Array.of(-1.2, 1));
    const end = await run(optimizer, 1000);
    expect(end.finished).toBeDefined();
    for (const value of optimizer.theta) expect(value).toBeCloseTo(1, 3);
  });

  it('goes on bitwise as if never stopped', async () => {
    const objective = leastSquares(rosenbrock);
    const start = Float64Array.from(starts['in 10 dimensions']);
    const straight = new Lbfgs(objective, start, { memory: 5 });
    for (let i = 0; i < 30; i++) await straight.step();
    const first = new Lbfgs(objective, start, { memory: 5 });
    for (let i = 0; i < 13; i++) await first.step();
    const second = new Lbfgs(objective, start, { memory: 5 }, structuredClone(first.state()));
    for (let i = 0; i < 17; i++) await second.step();
    expect(second.state()).toEqual(straight.state());
  });

  it('steps back from where the loss is not finite', async () => {
    // log barrier: NaN beyond the wall at 0, minimum of x − log x at 1.
    const barrier: Objective = {
      loss: async (x) => ({ loss: x[0] - Math.log(x[0]) }),
      lossAndGradient: async (x) => ({
        loss: x[0] - Math.log(x[0]),
        gradient: Float64Array.of(1 - 1 / x[0]),
      }),
    };
    const optimizer = new Lbfgs(barrier, Float64Array.of(30), { gradientTolerance: 1e-8 });
    expect((await run(optimizer, 100)).finished).toBe('gradient');
    expect(optimizer.theta[0]).toBeCloseTo(1, 7);
  });

  it('ends with "line-search" when the gradient does not belong to the loss', async () => {
    const wrong: Objective = {
      loss: async (x) => ({ loss: x[0] ** 2 }),
      lossAndGradient: async (x) => ({ loss: x[0] ** 2, gradient: Float64Array.of(-1) }),
    };
    expect((await run(new Lbfgs(wrong, Float64Array.of(1)), 5)).finished).toBe('line-search');
  });

  it('refuses the state of another optimizer', () => {
    const state = { name: 'adam', numbers: {}, vectors: {} };
    expect(() => new Lbfgs(leastSquares(rosenbrock), Float64Array.of(0, 0), {}, state)).toThrow(
      /"adam", not "lbfgs"/,
    );
  });
});
