import { describe, expect, it } from 'vitest';
import { noiseWords, type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { check, data, type Row } from './refusal.ts';

const noiseOf = (noise: unknown) => problem(data({ noise }) as ProblemDefinition).observations[0].noise;

describe('noise', () => {
  it('is a standard deviation, the name of a distribution, or an object with its parameter', () => {
    expect(noiseOf(undefined)).toEqual({ distribution: 'gaussian', standardDeviation: undefined });
    expect(noiseOf(3)).toEqual({ distribution: 'gaussian', standardDeviation: 3 });
    expect(noiseOf('poisson')).toEqual({ distribution: 'poisson' });
    expect(noiseOf('negative-binomial')).toEqual({
      distribution: 'negative-binomial',
      dispersion: undefined,
    });
    expect(noiseOf({ distribution: 'negative-binomial', dispersion: 13.1 })).toEqual({
      distribution: 'negative-binomial',
      dispersion: 13.1,
    });
    expect(noiseOf({ distribution: 'log-normal', standardDeviation: 0.1 })).toEqual({
      distribution: 'log-normal',
      standardDeviation: 0.1,
    });
  });

  it('is said in words', () => {
    expect(noiseWords(noiseOf('poisson'))).toBe('Poisson noise');
    expect(noiseWords(noiseOf({ distribution: 'negative-binomial', dispersion: 13.1 }))).toBe(
      'negative binomial noise, dispersion 13.1',
    );
    expect(noiseWords(noiseOf('log-normal'))).toBe('log-normal noise, standard deviation estimated');
  });

  const ill = (...values: unknown[]) => values.map((value, i) => ({ day: i + 1, ill: value }));
  it.each<Row>([
    ['a misspelled name', data({ noise: 'poison' }), 'data[0].noise', /poison/, /poisson/],
    ['zero', data({ noise: 0 }), 'data[0].noise', /above 0/],
    [
      'the parameter of another distribution',
      data({ noise: { distribution: 'poisson', dispersion: 2 } }),
      'data[0].noise.dispersion',
      /a poisson distribution has no dispersion/,
      /variance is its mean/,
    ],
    [
      'a deviation of counts',
      data({ noise: { distribution: 'negative-binomial', standardDeviation: 2 } }),
      'data[0].noise.standardDeviation',
      /has no standardDeviation/,
      /dispersion/,
    ],
    [
      'a dispersion of nothing',
      data({ noise: { distribution: 'negative-binomial', dispersion: 0 } }),
      'data[0].noise.dispersion',
      /above 0/,
    ],
    [
      'a negative count',
      data({ noise: 'poisson', rows: ill(3, -1) }),
      'data[0].rows[1].ill',
      /-1 is negative/,
      /empty/,
    ],
    [
      'a fraction of a count',
      data({ noise: 'negative-binomial', rows: ill(3, 2.5) }),
      'data[0].rows[1].ill',
      /2.5 is no whole number/,
      /counts themselves/,
    ],
    [
      'zero where logarithms are taken',
      data({ noise: 'log-normal', rows: ill(3, 0) }),
      'data[0].rows[1].ill',
      /0 is not above zero/,
      /another noise model/,
    ],
  ])('%s is refused', (...row) => check(row as unknown as Row));
});
