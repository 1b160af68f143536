import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { shoot } from '../../src/estimate/shoot.ts';
import { simulateObservations } from '../../src/estimate/simulate.ts';
import { withObservedValues } from '../../src/estimate/with-values.ts';
import { influenza, type Noise } from './influenza.ts';

const predicted = [Float64Array.from({ length: 14 }, (_, i) => 20 * (i + 1))];

/** Mean and variance of the last observation over many simulations. */
function moments(noise: Noise, parameters: Record<string, number>): [number, number] {
  const subject = influenza(noise);
  const draws = Array.from(
    { length: 2000 },
    (_, seed) => simulateObservations(subject, predicted, parameters, seed)[0][13],
  );
  const mean = draws.reduce((sum, y) => sum + y, 0) / draws.length;
  return [mean, draws.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (draws.length - 1)];
}

describe('simulated observations', () => {
  it('have the mean and variance of their noise', () => {
    const [poissonMean, poissonVariance] = moments('poisson', {});
    expect(poissonMean / 280).toBeCloseTo(1, 1.5);
    expect(Math.abs(poissonVariance / 280 - 1)).toBeLessThan(0.12);
    const [, binomial] = moments('negative-binomial', { 'dispersion of I': 13 });
    expect(Math.abs(binomial / (280 + 280 ** 2 / 13) - 1)).toBeLessThan(0.15);
    const [, gaussian] = moments(12, {});
    expect(Math.abs(gaussian / 144 - 1)).toBeLessThan(0.12);
  });

  it('are a function of their seed', () => {
    const subject = influenza('negative-binomial');
    const draw = (seed: number) => simulateObservations(subject, predicted, { 'dispersion of I': 13 }, seed);
    expect(draw(4)).toEqual(draw(4));
    expect(draw(4)).not.toEqual(draw(5));
  });

  it('give back what they were simulated from', () => {
    const subject = influenza('poisson');
    const truth = shoot(subject);
    let sum = 0;
    for (let seed = 0; seed < 20; seed++) {
      const values = simulateObservations(subject, truth.predicted, {}, seed);
      sum += shoot(withObservedValues(subject, values)).estimates.beta.value;
    }
    const { value, standardError } = truth.estimates.beta;
    expect(Math.abs(sum / 20 - value)).toBeLessThan((3 * standardError) / Math.sqrt(20));
  });

  it('want every noise parameter', () => {
    expect(() => simulateObservations(influenza('negative-binomial'), predicted, {}, 1)).toThrow(
      ProblemError,
    );
  });
});
