import { describe, expect, it } from 'vitest';
import { Adam } from '../../src/optimizer/adam.ts';
import type { Objective } from '../../src/optimizer/optimizer.ts';
import { noPlateau, observeLoss, rateAt } from '../../src/optimizer/schedule.ts';
import { leastSquares, rosenbrock } from './test-functions.ts';

const quadratic: Objective = {
  loss: async (x) => ({ loss: x[0] ** 2 }),
  lossAndGradient: async (x) => ({ loss: x[0] ** 2, gradient: Float64Array.of(2 * x[0]) }),
};

describe('Adam', () => {
  it('takes the first two steps of algorithm 1 of Kingma and Ba, worked by hand', async () => {
    const adam = new Adam(quadratic, Float64Array.of(1), { rate: 0.1, epsilon: 0 });
    // g₁ = 2: m̂₁ = 2, v̂₁ = 4, so that θ₁ = 1 − 0.1·2/2 = 0.9.
    const first = await adam.step();
    expect(adam.theta[0]).toBeCloseTo(0.9, 15);
    expect(first.loss).toBeCloseTo(0.81, 15);
    // g₂ = 1.8: m̂₂ = (0.9·0.2 + 0.18)/0.19 = 0.36/0.19, v̂₂ = (0.999·0.004 + 0.00324)/0.001999.
    await adam.step();
    const direction = 0.36 / 0.19 / Math.sqrt((0.999 * 0.004 + 0.00324) / 0.001999);
    expect(adam.theta[0]).toBeCloseTo(0.9 - 0.1 * direction, 14);
  });

  it('decays weights apart from the gradient (AdamW)', async () => {
    const adam = new Adam(quadratic, Float64Array.of(1), { rate: 0.1, epsilon: 0, weightDecay: 0.5 });
    await adam.step();
    expect(adam.theta[0]).toBeCloseTo(1 - 0.1 * (1 + 0.5), 15);
  });

  it('goes on bitwise as if never stopped', async () => {
    const objective = leastSquares(rosenbrock);
    const start = Float64Array.of(-1.2, 1, 0.3);
    const options = { rate: { kind: 'plateau', rate: 0.02, patience: 5 } as const };
    const straight = new Adam(objective, start, options);
    for (let i = 0; i < 40; i++) await straight.step();
    const first = new Adam(objective, start, options);
    for (let i = 0; i < 17; i++) await first.step();
    const second = new Adam(objective, start, options, structuredClone(first.state()));
    for (let i = 0; i < 23; i++) await second.step();
    expect(second.state()).toEqual(straight.state());
  });

  it('minimises the Rosenbrock function', async () => {
    const adam = new Adam(leastSquares(rosenbrock), Float64Array.of(-1.2, 1), {
      rate: { kind: 'cosine', rate: 0.1, iterations: 8000, final: 1e-3 },
    });
    let loss = Number.NaN;
    for (let i = 0; i < 8000; i++) ({ loss } = await adam.step());
    expect(loss).toBeLessThan(1e-8);
  });

  it('keeps the last finite parameters and says so when the loss is no longer finite', async () => {
    const cliff: Objective = {
      loss: async (x) => ({ loss: x[0] < 0.95 ? Number.NaN : x[0] }),
      lossAndGradient: async (x) => ({ loss: x[0] < 0.95 ? Number.NaN : x[0], gradient: Float64Array.of(1) }),
    };
    const adam = new Adam(cliff, Float64Array.of(1), { rate: 0.1 });
    expect((await adam.step()).finished).toBe('diverged');
    expect(adam.theta[0]).toBe(1);
  });

  it('says which option is out of its range', () => {
    expect(() => new Adam(quadratic, Float64Array.of(1), { rate: -1 })).toThrow(/rate is -1.*greater than 0/);
    expect(() => new Adam(quadratic, Float64Array.of(1), { beta2: 1 })).toThrow(/beta2 is 1.*\[0, 1\)/);
  });
});

describe('a schedule', () => {
  it('halves by exponential decay every period, in steps when asked', () => {
    const schedule = { kind: 'exponential', rate: 8, factor: 0.5, every: 10 } as const;
    expect(rateAt(schedule, 20)).toBeCloseTo(2, 14);
    expect(rateAt(schedule, 15)).toBeCloseTo(8 * 0.5 ** 1.5, 14);
    expect(rateAt({ ...schedule, staircase: true }, 19)).toBe(4);
  });

  it('falls along half a cosine, from its rate through the mean to its final rate', () => {
    const schedule = { kind: 'cosine', rate: 1, iterations: 100, final: 0.2 } as const;
    expect(rateAt(schedule, 0)).toBe(1);
    expect(rateAt(schedule, 50)).toBeCloseTo(0.6, 14);
    expect(rateAt(schedule, 100)).toBeCloseTo(0.2, 14);
    expect(rateAt(schedule, 1000)).toBeCloseTo(0.2, 14);
  });

  it('warms up linearly and hands over', () => {
    const schedule = {
      kind: 'warm-up',
      iterations: 4,
      next: { kind: 'exponential', rate: 1, factor: 0.5, every: 1 },
    } as const;
    expect([0, 1, 2, 3, 4, 5].map((t) => rateAt(schedule, t))).toEqual([0.25, 0.5, 0.75, 1, 1, 0.5]);
  });

  it('reduces the rate after as many iterations without progress as its patience', () => {
    const schedule = { kind: 'plateau', rate: 1, factor: 0.1, patience: 3 } as const;
    let memory = noPlateau;
    const rates = [5, 4, 4, 4, 4, 3, 3, 3, 3].map((loss) => {
      memory = observeLoss(schedule, memory, loss);
      return rateAt(schedule, 0, memory);
    });
    [1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.01].forEach((rate, i) => {
      expect(rates[i]).toBeCloseTo(rate, 14);
    });
  });
});
