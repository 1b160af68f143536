import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatEstimate, formatLevel, formatNumber } from '../../src/report/number-format.ts';

/** Reads a printed number back. */
function parsed(text: string): number {
  const ascii = text
    .replace(/10([⁻⁰¹²³⁴-⁹]+)$/, (_match, exponent: string) => {
      return `e${[...exponent].map((c) => (c === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))).join('')}`;
    })
    .replace('\u00a0×\u00a0', '')
    .replace('−', '-');
  return Number(ascii.startsWith('e') ? `1${ascii}` : ascii);
}

describe('numbers', () => {
  it('are printed with significant digits, no trailing zeros, and powers of ten outside 10⁻³ to 10⁶', () => {
    expect(formatNumber(0.25)).toBe('0.25');
    expect(formatNumber(763)).toBe('763');
    expect(formatNumber(123456)).toBe('123456');
    expect(formatNumber(-1.23456)).toBe('−1.235');
    expect(formatNumber(2.1e-5)).toBe('2.1\u00a0×\u00a010⁻⁵');
    expect(formatNumber(1e-10)).toBe('10⁻¹⁰');
    expect(formatNumber(9.99996e5, 3)).toBe('10⁶');
    expect(formatNumber(0)).toBe('0');
    expect(formatNumber(Number.NaN)).toBe('—');
    expect(formatNumber(null)).toBe('—');
    expect(formatNumber(Number.NEGATIVE_INFINITY)).toBe('−∞');
  });

  it('differ from what is printed by at most half a unit of the last digit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-12, max: 1e12, noNaN: true }),
        fc.integer({ min: 2, max: 8 }),
        (value, digits) => {
          expect(Math.abs(parsed(formatNumber(value, digits)) / value - 1)).toBeLessThanOrEqual(
            0.500001 * 10 ** (1 - digits),
          );
        },
      ),
      { seed: 1 },
    );
  });
});

describe('estimates', () => {
  it('are rounded so that the width of the interval keeps two digits', () => {
    expect(formatEstimate({ value: 1.701, low: 1.637, high: 1.768 })).toBe('1.70 (1.64–1.77)');
    expect(formatEstimate({ value: 762.6, low: 690.2, high: 845.9 })).toBe('763 (690–846)');
    expect(formatEstimate({ value: 0.44341, low: 0.44335, high: 0.44349 })).toBe('0.44341 (0.44335–0.44349)');
  });

  it('join bounds by a word where one is negative, and say where a bound is missing', () => {
    expect(formatEstimate({ value: -0.5, low: -1.2, high: 0.3 })).toBe('−0.5 (−1.2 to 0.3)');
    expect(formatEstimate({ value: 1.7, low: 1.6 })).toBe('1.70 (1.60–∞)');
    expect(formatEstimate({ value: 1.7, high: 1.8 })).toBe('1.70 (−∞ to 1.80)');
    expect(formatEstimate({ value: 1.7 })).toBe('1.7');
    expect(formatEstimate(null)).toBe('—');
    expect(formatEstimate({ value: Number.NaN, low: 0, high: 1 })).toBe('—');
  });

  it('share one power of ten', () => {
    expect(formatEstimate({ value: 1.7e-5, low: 1.64e-5, high: 1.77e-5 })).toBe(
      '1.70 (1.64–1.77)\u00a0×\u00a010⁻⁵',
    );
  });

  it('stay finite text for intervals of no width', () => {
    expect(formatEstimate({ value: 2, low: 2, high: 2 })).toBe('2.000 (2.000–2.000)');
    expect(formatEstimate({ value: 0, low: 0, high: 0 })).toBe('0.000 (0.000–0.000)');
  });
});

it('durations and levels are printed as they are spoken of', () => {
  expect(formatDuration(0.4217)).toBe('0.422 s');
  expect(formatDuration(11.2)).toBe('11.2 s');
  expect(formatDuration(200)).toBe('3 min 20 s');
  expect(formatDuration(3840)).toBe('1 h 4 min');
  expect(formatDuration(7200)).toBe('2 h');
  expect(formatDuration(59.97)).toBe('1 min');
  expect(formatDuration(3599.8)).toBe('1 h');
  expect(formatLevel(0.95)).toBe('95%');
  expect(formatLevel(0.995)).toBe('99.5%');
});
