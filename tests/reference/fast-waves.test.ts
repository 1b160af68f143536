import { describe, expect, test } from 'vitest';
import { FastWaves } from '../../src/reference/fourier/fast-waves.ts';

describe.each([
  ['sines', 1, 0],
  ['cosines', 0, Math.PI / 2],
  ['half-integer sines', 0.5, 0],
  ['half-integer cosines', 0.5, Math.PI / 2],
])('%s at midpoints', (_, shift, phase) => {
  const n = 24;
  const count = 16;
  const waves = new FastWaves(n, count, shift);
  const wave = (k: number, j: number) => Math.sin(((k + shift) * Math.PI * (j + 0.5)) / n + phase);
  const amplitudes = Float64Array.from({ length: count }, (_value, k) => Math.cos(3 * k + 1) / (k + 1));

  test('sums are those term by term', () => {
    const out = new Float64Array(n);
    waves.toPoints(amplitudes, phase, out);
    out.forEach((value, j) => {
      expect(value).toBeCloseTo(
        amplitudes.reduce((sum, a, k) => sum + a * wave(k, j), 0),
        13,
      );
    });
  });

  test('projections of a sum of waves are its amplitudes times half the points, all of them for the constant', () => {
    const values = new Float64Array(n);
    waves.toPoints(amplitudes, phase, values);
    const sums = new Float64Array(count);
    waves.toWaves(values, phase, sums);
    sums.forEach((sum, k) => {
      expect(sum).toBeCloseTo(amplitudes[k] * (k + shift === 0 ? n : n / 2), 12);
    });
  });
});
