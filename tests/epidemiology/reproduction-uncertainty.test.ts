import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  deltaMethod,
  doublingTime,
  finalSize,
  mapReplicates,
  reproductionNumberInterval,
  reproductionNumberQuantity,
} from '../../src/epidemiology/index.ts';
import { shoot } from '../../src/estimate/index.ts';
import { problem } from '../../src/problem/index.ts';

const folder = join(import.meta.dirname, '../../problems');
const influenza = problem(JSON.parse(readFileSync(join(folder, 'influenza-1978.json'), 'utf8')), {
  readText: (file) => readFileSync(join(folder, file), 'utf8'),
});
const fit = shoot(influenza, { start: { beta: 1.7, gamma: 0.45 } });

describe('R0 of influenza in a boarding school', () => {
  test('has the interval that the symbolic derivative of beta/gamma gives', () => {
    const found = reproductionNumberInterval(influenza, fit);
    const { R0 } = fit.derived;
    expect(found.value).toBeCloseTo(R0.value, 12);
    expect(found.standardError / R0.standardError).toBeCloseTo(1, 7);
    expect(found.low).toBeCloseTo(R0.low, 6);
    expect(found.high).toBeCloseTo(R0.high, 6);
  });

  test('passes on to what follows from it', () => {
    const r0 = reproductionNumberQuantity(influenza);
    const { value, standardError } = deltaMethod(influenza, r0, fit);
    // dz/dR0 = z (1 − z)/(1 − R0 (1 − z)) by the final-size equation
    const size = deltaMethod(influenza, (x) => finalSize(r0(x)), fit);
    const z = size.value;
    expect(size.standardError / ((standardError * z * (1 - z)) / (1 - value * (1 - z)))).toBeCloseTo(1, 6);
    // ln 2/(β − γ)
    const time = deltaMethod(influenza, (x) => doublingTime(influenza, x), fit);
    const [[bb, bg], [, gg]] = fit.covariance;
    const expected = (time.value ** 2 / Math.LN2) * Math.sqrt(bb - 2 * bg + gg);
    expect(time.standardError / expected).toBeCloseTo(1, 6);
  });

  test('has normal quantiles where no degrees of freedom are given, and the level asked for', () => {
    const { estimates, covariance } = fit;
    const found = reproductionNumberInterval(influenza, { estimates, covariance }, { level: 0.9 });
    expect((found.high - found.value) / found.standardError).toBeCloseTo(1.6448536, 6);
  });

  test('is open where the data do not determine what it depends on', () => {
    const [[bb]] = fit.covariance;
    const covariance = [
      [bb, 0],
      [0, Number.POSITIVE_INFINITY],
    ];
    const found = reproductionNumberInterval(influenza, { estimates: fit.estimates, covariance });
    expect(found.low).toBe(Number.NEGATIVE_INFINITY);
    expect(found.high).toBe(Number.POSITIVE_INFINITY);
    const beta = deltaMethod(influenza, (x) => x.beta, { estimates: fit.estimates, covariance });
    expect(beta.standardError).toBeCloseTo(Math.sqrt(bb), 10);
  });

  test('over replicates has their percentiles', () => {
    const n = 1001;
    const beta = Float64Array.from({ length: n }, (_, i) => 1 + i / (n - 1));
    const gamma = new Float64Array(n).fill(0.5);
    const found = mapReplicates(influenza, reproductionNumberQuantity(influenza), { beta, gamma });
    expect(found.values).toHaveLength(n);
    expect(found.low).toBeCloseTo(2.05, 12);
    expect(found.high).toBeCloseTo(3.95, 12);
  });

  test('is refused where estimates or replicates are missing', () => {
    const r0 = reproductionNumberQuantity(influenza);
    const { estimates, covariance } = fit;
    expect(() => deltaMethod(influenza, r0, { estimates, covariance: [[1]] })).toThrow(/covariance/);
    expect(() => deltaMethod(influenza, r0, { estimates: { beta: estimates.beta }, covariance })).toThrow(
      /`gamma` has no estimate/,
    );
    expect(() => mapReplicates(influenza, r0, { beta: [1, 2] })).toThrow(/`gamma` has no replicates/);
    expect(() => mapReplicates(influenza, r0, { beta: [1, 2], gamma: [1] })).toThrow(/different numbers/);
    expect(() => deltaMethod(influenza, r0, fit, 1.2)).toThrow(/no level/);
  });
});
