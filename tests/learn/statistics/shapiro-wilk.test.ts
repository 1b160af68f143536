import { describe, expect, test } from 'vitest';
import { shapiroWilk } from '../../../src/learn/statistics/shapiro-wilk.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const rule: Record<string, (i: number) => number> = {
  'i²': (i) => i * i,
  'sin i²': (i) => Math.sin(i * i),
  'ln i': (i) => Math.log(i),
  'cubes of a golden rotation': (i) => (((i * 0.6180339887498949) % 1) - 0.5) ** 3,
};

/** scipy.stats.shapiro of SciPy 1.17.1 on the rule's values at i = 1 … n. */
const independent: readonly (readonly [string, number, number, number])[] = [
  ['i²', 3, 0.9795918367346934, 0.7262263099420573],
  ['sin i²', 4, 0.9693145358347282, 0.837234013720918],
  ['ln i', 5, 0.9471765267917266, 0.7170098625850596],
  ['cubes of a golden rotation', 6, 0.9346020125943075, 0.6160793199114222],
  ['sin i²', 10, 0.8940324520838967, 0.1881792297929485],
  ['ln i', 11, 0.9098279056988526, 0.2427517113306381],
  ['sin i²', 12, 0.8807102819583938, 0.08950256789240278],
  ['ln i', 20, 0.8883490714852006, 0.025080297027044125],
  ['cubes of a golden rotation', 50, 0.9420345881818193, 0.016228431145768916],
  ['sin i²', 100, 0.9024901900869552, 1.8548289773549085e-6],
  ['ln i', 1000, 0.8243047017206865, 1.038270698953358e-31],
  ['cubes of a golden rotation', 5000, 0.9385831178113555, 2.3193511065535296e-41],
];

describe('the test of Shapiro and Wilk', () => {
  test.each(independent)('of %s, n = %i: the values of an independent program', (name, count, w, p) => {
    const { statistic, probability } = shapiroWilk(
      Array.from({ length: count }, (_, i) => rule[name](i + 1)),
    );
    expect(Math.abs(statistic - w)).toBeLessThan(1e-7);
    expect(Math.abs(probability / p - 1)).toBeLessThan(1e-4);
  });

  test('does not depend on place, scale, sign or order', () => {
    const sample = Array.from({ length: 37 }, (_, i) => rule['sin i²'](i + 1));
    const { statistic } = shapiroWilk(sample);
    for (const changed of [
      sample.map((x) => 1e6 + 3 * x),
      sample.map((x) => -1e-9 * x),
      [...sample].reverse(),
    ])
      expect(shapiroWilk(changed).statistic).toBeCloseTo(statistic, 8);
  });

  test('normal samples fall below a probability of p in a share p of cases; uniform ones almost always', () => {
    const random = randomGenerator(11);
    const share = (draw: () => number, level: number): number => {
      const cases = Array.from({ length: 400 }, () => shapiroWilk(Array.from({ length: 200 }, draw)));
      return cases.filter(({ probability }) => probability < level).length / cases.length;
    };
    for (const level of [0.05, 0.2, 0.5])
      expect(Math.abs(share(random.normal, level) - level)).toBeLessThan(
        4 * Math.sqrt((level * (1 - level)) / 400),
      );
    expect(share(random.uniform, 0.05)).toBeGreaterThan(0.99);
  });

  test('refuses what it cannot judge', () => {
    expect(() => shapiroWilk([1, 2])).toThrow(/3 to 5000/);
    expect(() => shapiroWilk([1, 1, 1, 1])).toThrow(/equal/);
    expect(() => shapiroWilk([1, Number.NaN, 3])).toThrow(/sample\[1\]/);
  });
});
