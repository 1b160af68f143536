import { describe, expect, it } from 'vitest';
import { createOptimizer } from '../../src/optimizer/index.ts';
import { poissonNetwork } from './poisson-network.ts';

describe('a small network for the Poisson equation', () => {
  it('is trained to six digits by Levenberg–Marquardt in 100 steps, from two starts', async () => {
    for (const seed of [1, 3]) {
      const { objective, start, error } = poissonNetwork(24, 300, 80, seed);
      const optimizer = createOptimizer('lm', objective, start);
      for (let k = 0; k < 100; k++) if ((await optimizer.step()).finished !== undefined) break;
      expect(error(optimizer.theta)).toBeLessThan(1e-6);
    }
  });

  it('is trained to four digits by self-scaled Broyden, beyond what L-BFGS does in as many steps', async () => {
    const { objective, start, error } = poissonNetwork(24, 300, 80, 1);
    const errorBy = async (name: 'broyden' | 'lbfgs') => {
      const optimizer = createOptimizer(name, objective, start);
      for (let k = 0; k < 600; k++) await optimizer.step();
      return error(optimizer.theta);
    };
    const broyden = await errorBy('broyden');
    expect(broyden).toBeLessThan(1e-4);
    expect(await errorBy('lbfgs')).toBeGreaterThan(10 * broyden);
  });
});
