import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadProblem } from '../../src/cli/problem-file.ts';
import { shoot } from '../../src/estimate/index.ts';
import { problem } from '../../src/problem/index.ts';
import { fieldRanges } from '../../src/residual/index.ts';
import { loadSolution, saveSolution, solve } from '../../src/solve/index.ts';
import { trialRanges } from '../../src/solve/trial-ranges.ts';

const weekly = () => loadProblem(fileURLToPath(new URL('../problem/weekly-incidence.json', import.meta.url)));
const truth = { beta: 0.45, gamma: 0.3 };

describe('weekly sums, reported in part and late, one week missing', () => {
  it('scale the fields that are not observed as large as they get', async () => {
    const { S, I } = Object.fromEntries(trialRanges(await weekly()));
    // largest I of this outbreak: N (1 − (1 + ln R0)/R0), from the initial values
    const peak = 50000 * (1 - (1 + Math.log(1.5)) / 1.5);
    expect(I.high / peak).toBeGreaterThan(1 / 3);
    expect(I.high / peak).toBeLessThan(3);
    expect(S.high).toBeCloseTo(49980, 0);
    const accumulated = fieldRanges(await weekly()).get('cumulative_cases')!;
    expect(accumulated.low).toBe(0);
    expect(accumulated.high / (0.4 * 50000 * 0.58)).toBeGreaterThan(0.5);
  });

  it('give the network and shooting the same rates, and those the true ones', async () => {
    const read = await weekly();
    const shot = shoot(read);
    const solution = await solve(read, { seed: 1, network: { width: 10, depth: 2 }, timeLimit: 25 });
    for (const name of ['beta', 'gamma'] as const) {
      const { value, standardError } = shot.estimates[name];
      expect(Math.abs(value - truth[name])).toBeLessThan(3 * standardError);
      expect(Math.abs(solution.unknowns[name] - value)).toBeLessThan(0.1 * standardError);
    }
    // The prediction of each week is that of the accumulated field at its two ends.
    const [{ expression, points, before, values }] = read.observations;
    const predicted = solution.evaluateExpression(expression, points, before);
    const pearson = predicted.reduce((sum, m, n) => sum + (values[n] - m) ** 2 / m, 0);
    expect(pearson).toBeLessThan(30); // χ² of 12 degrees of freedom

    const loaded = loadSolution(JSON.parse(JSON.stringify(saveSolution(solution))));
    const [again] = loaded.problem.observations;
    expect(again.points).toEqual(points);
    expect(again.before).toEqual(before);
    expect(loaded.evaluateExpression(again.expression, again.points, again.before)).toEqual(predicted);
  }, 60_000);
});

describe('log-normal prevalence', () => {
  it('is fitted by the network as by maximum likelihood', async () => {
    const ill = [3.1, 7.9, 24, 61, 120, 190, 262, 240, 190, 128, 70, 41, 25, 14];
    const read = problem({
      name: 'prevalence',
      domain: { t: [0, 14] },
      constants: { N: 763 },
      unknowns: { beta: { initial: 1.5, min: 0, max: 10 }, gamma: { initial: 0.4, min: 0, max: 10 } },
      flows: ['S -> I: beta*S*I/N', 'I -> R: gamma*I'],
      conditions: [
        { on: 't = 0', equation: 'S = 762' },
        { on: 't = 0', equation: 'I = 1' },
        { on: 't = 0', equation: 'R = 0' },
      ],
      data: [
        {
          rows: ill.map((value, i) => ({ day: i + 1, value })),
          at: { t: 'day' },
          observe: { I: 'value' },
          noise: 'log-normal',
        },
      ],
    });
    const shot = shoot(read);
    const { unknowns } = await solve(read, { seed: 0, network: { width: 10, depth: 2 }, timeLimit: 20 });
    for (const name of ['beta', 'gamma'] as const) {
      const { value, standardError } = shot.estimates[name];
      expect(Math.abs(unknowns[name] - value)).toBeLessThan(0.1 * standardError);
    }
  }, 60_000);
});
