import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { predictionBands } from '../../src/estimate/prediction-bands.ts';
import { shoot } from '../../src/estimate/shoot.ts';
import { problem } from '../../src/problem/index.ts';

const t = [1, 2, 3, 4, 5, 6];
const y = [2.3, 3.6, 6.5, 7.9, 9.8, 12.4];

describe('prediction bands', () => {
  it('of a linear model are those of regression', () => {
    const line = problem({
      name: 'line',
      domain: { t: [0, 8] },
      fields: ['u', 'v'],
      unknowns: { a: { initial: 1 } },
      equations: ['du/dt = a', 'dv/dt = 2*a*t'],
      conditions: [
        { on: 't = 0', equation: 'u = 0' },
        { on: 't = 0', equation: 'v = 0' },
      ],
      data: [{ rows: t.map((s, i) => ({ s, y: y[i] })), at: { t: 's' }, observe: { u: 'y' } }],
    });
    const squares = t.reduce((sum, s) => sum + s * s, 0);
    const a = t.reduce((sum, s, i) => sum + s * y[i], 0) / squares;
    const s = Math.sqrt(t.reduce((sum, v, i) => sum + (y[i] - a * v) ** 2, 0) / 5);
    // Student's t at 5 degrees of freedom, 0.975.
    const quantile = 2.5705818356363155;
    const bands = predictionBands(line, shoot(line), { times: [2, 8] });
    expect(bands.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['v mean', 'u mean', 'u prediction']);
    const [v, mean, prediction] = bands;
    [2, 8].forEach((at, i) => {
      const error = (at * s) / Math.sqrt(squares);
      expect(mean.value[i]).toBeCloseTo(a * at, 7);
      expect(mean.high[i]).toBeCloseTo(a * at + quantile * error, 6);
      expect(prediction.low[i]).toBeCloseTo(a * at - quantile * Math.hypot(error, s), 6);
      expect(v.high[i] - v.value[i]).toBeCloseTo(at * (mean.high[i] - mean.value[i]), 5);
    });
    expect(() => predictionBands(line, shoot(line), { times: [9] })).toThrow(ProblemError);
  });

  it('of a further expression follow its slopes by fields and unknowns', () => {
    const line = problem({
      name: 'line',
      domain: { t: [0, 8] },
      fields: ['u'],
      unknowns: { a: { initial: 1 } },
      equations: ['du/dt = a'],
      conditions: [{ on: 't = 0', equation: 'u = 0' }],
      data: [{ rows: t.map((s, i) => ({ s, y: y[i] })), at: { t: 's' }, observe: { u: 'y' } }],
    });
    const bands = predictionBands(line, shoot(line), { times: [3], expressions: { product: 'a*u' } });
    const [u] = bands;
    const product = bands.find(({ name }) => name === 'product')!;
    // a·u = 3a², whose slope by a is 6a where that of u is 3.
    const a = u.value[0] / 3;
    expect(product.value[0]).toBeCloseTo(3 * a * a, 6);
    expect(product.high[0] - product.value[0]).toBeCloseTo(2 * a * (u.high[0] - u.value[0]), 6);
    expect(() => predictionBands(line, shoot(line), { expressions: { wrong: 'v' } })).toThrow(ProblemError);
  });

  it('of counts hold the share of counts that they claim', () => {
    // A constant mean, well known: the band is all but that of a Poisson count.
    const counts = Array.from({ length: 420 }, (_, i) => ({ t: i / 21, n: 90 + ((i * 8) % 21) }));
    const constant = problem({
      name: 'constant',
      domain: { t: [0, 20] },
      fields: ['c'],
      unknowns: { rate: { initial: 90, min: 0 } },
      equations: ['dc/dt = 0*c'],
      conditions: [{ on: 't = 0', equation: 'c = rate' }],
      data: [{ rows: counts, at: { t: 't' }, observe: { c: 'n' }, noise: 'poisson' }],
    });
    const [mean, prediction] = predictionBands(constant, shoot(constant), { times: [3] });
    expect(mean.value[0]).toBeCloseTo(100, 6);
    // √(100/420) by the information of a Poisson mean, on the logarithmic scale.
    expect(mean.high[0]).toBeCloseTo(100 * Math.exp((1.959964 * Math.sqrt(100 / 420)) / 100), 4);
    // SciPy: poisson(100).ppf([0.025, 0.975]) = 81, 120.
    expect(prediction.low[0]).toBe(81);
    expect(prediction.high[0]).toBe(120);
  });

  it('of what is accumulated over an interval begin where one fits into the domain', () => {
    const weekly = problem({
      name: 'weekly',
      domain: { t: [0, 28] },
      fields: ['u'],
      unknowns: { a: { initial: 1, min: 0 } },
      equations: ['du/dt = 0*u'],
      conditions: [{ on: 't = 0', equation: 'u = a' }],
      data: [
        {
          rows: [7, 14, 21, 28].map((s, i) => ({ s, n: [70, 66, 75, 69][i] })),
          at: { t: 's' },
          observe: { u: 'n' },
          over: 7,
        },
      ],
    });
    const bands = predictionBands(weekly, shoot(weekly), { times: [0, 6, 7, 10] });
    expect(bands.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['u mean', 'u mean', 'u prediction']);
    expect([...bands[0].t]).toEqual([0, 6, 7, 10]);
    expect([...bands[1].t]).toEqual([7, 10]);
    expect(bands[0].value[3]).toBeCloseTo(10, 6);
    expect(bands[1].value[1]).toBeCloseTo(70, 5);
  });

  it('of what is determined are finite where not all unknowns are', () => {
    // Only a + b is seen in u; v needs b alone.
    const model = (unknowns: object, rate: string) =>
      problem({
        name: 'sum',
        domain: { t: [0, 8] },
        fields: ['u', 'v'],
        unknowns: unknowns as Record<string, { initial: number }>,
        equations: [`du/dt = ${rate}`, rate === 'a' ? 'dv/dt = 0*v' : 'dv/dt = b'],
        conditions: [
          { on: 't = 0', equation: 'u = 0' },
          { on: 't = 0', equation: 'v = 0' },
        ],
        data: [{ rows: t.map((s, i) => ({ s, y: y[i] })), at: { t: 's' }, observe: { u: 'y' } }],
      });
    const split = model({ a: { initial: 0.5 }, b: { initial: 1 } }, 'a + b');
    const whole = model({ a: { initial: 1 } }, 'a');
    const [v, mean] = predictionBands(split, shoot(split), { times: [8] });
    const [, expected] = predictionBands(whole, shoot(whole), { times: [8] });
    expect(v.high[0]).toBe(Number.POSITIVE_INFINITY);
    // One degree of freedom less is counted in Student's quantile: t at 4 over t at 5.
    const ratio = 2.7764451051977987 / 2.5705818356363155;
    expect(mean.high[0] - mean.value[0]).toBeCloseTo(ratio * (expected.high[0] - expected.value[0]), 6);
  });
});
