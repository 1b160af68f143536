import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';
import { loadSolution, saveSolution, solve } from '../../src/solve/index.ts';

const rows = Array.from({ length: 9 }, (_, n) => ({ t: n / 4, u: Math.sin(n / 4), v: 3 * Math.exp(-n / 4) }));
const free = { unknown: true };

function data(change: Partial<ProblemDefinition> = {}): ProblemDefinition {
  return {
    name: 'data alone',
    domain: { t: [0, 4] },
    fields: { u: free, v: free },
    data: [{ rows, at: { t: 't' }, observe: { u: 'u', v: 'v' } }],
    ...change,
  };
}

describe('a problem without equations', () => {
  it('is a fit of the network to the data, and says nothing of what lies beyond them', async () => {
    const solution = await solve(problem(data()), { threads: 1, seed: 1, network: '12x1' });
    for (const { t, u, v } of rows) {
      expect(solution.at({ t }).u).toBeCloseTo(u, 4);
      expect(solution.at({ t }).v).toBeCloseTo(v, 4);
    }
    expect(Math.abs(solution.at({ t: 4 }).u - Math.sin(4))).toBeGreaterThan(0.01);
    const stored = loadSolution(JSON.parse(JSON.stringify(saveSolution(solution))));
    expect(stored.at({ t: 1.1 })).toEqual(solution.at({ t: 1.1 }));
    expect((await reference(solution.problem)).available).toBe(false);
  });

  it('is one only where all fields are declared to be found from data, and observed', () => {
    expect(() => problem(data({ fields: ['u', 'v'] }))).toThrow(/"unknown": true/);
    expect(() => problem(data({ fields: { u: free, v: {} } }))).toThrow(ProblemError);
    expect(() => problem(data({ fields: { u: free, v: free, w: free } }))).toThrow(/not observed/);
    expect(() => problem(data({ data: undefined }))).toThrow(ProblemError);
  });
});
