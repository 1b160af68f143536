import { describe, expect, it } from 'vitest';
import { timeVarying } from '../../src/estimate/index.ts';
import { solve } from '../../src/solve/index.ts';
import { outbreak, relativeError, transmissionRate, wholeDays } from '../estimate/outbreak.ts';

describe('functions of time as networks', () => {
  it('find what penalised splines find, near the truth where the data inform them', async () => {
    const varying = outbreak(0.02, 1);
    const solution = await solve(varying, { seed: 1, engine: 'f64', threads: 1, network: '10x2' });
    const beta = solution.evaluate('beta', wholeDays);
    const Rt = solution.evaluate('beta*S/(gamma*N)', wholeDays);
    expect(relativeError(beta, ({ t }) => transmissionRate(t))).toBeLessThan(0.1);
    expect(relativeError(Rt, ({ R }) => R)).toBeLessThan(0.1);
    expect(solution.run.blocks.at(-1)?.path).toBe('fields.logBeta.smooth');
    const { curves } = timeVarying(varying, { report: { beta: 'beta' }, times: wholeDays });
    expect(relativeError(beta, ({ t }) => curves.beta.value[t])).toBeLessThan(0.1);
  }, 60_000);

  it('bend less the larger the penalty', async () => {
    const bend = async (smooth: number): Promise<number> => {
      const problem = outbreak(0.02, 1, smooth);
      const settings = { seed: 1, engine: 'f64', threads: 1, network: '8x2', iterations: 150 } as const;
      const values = (await solve(problem, settings)).evaluate('logBeta_tt', wholeDays);
      return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    };
    expect(await bend(1e-3)).toBeLessThan(0.5 * (await bend(1e-7)));
  }, 60_000);
});
