import { describe, expect, test } from 'vitest';
import { modeCoverage } from '../../../src/learn/index.ts';

function classified(rows: readonly (readonly number[])[]) {
  return {
    probabilities: Float32Array.from(rows.flat()),
    classes: Uint8Array.from(rows.map((row) => row.indexOf(Math.max(...row)))),
    certainty: Float32Array.from(rows.map((row) => Math.max(...row))),
  };
}

describe('coverage of the modes', () => {
  test('is full where all classes are sure and equally frequent', () => {
    const found = modeCoverage(
      classified([
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ]),
    );
    expect(found.entropy).toBeCloseTo(Math.log(4), 12);
    expect(found.effectiveClasses).toBeCloseTo(4, 12);
    expect(found.score).toBeCloseTo(4, 12);
    expect([found.sure, found.present]).toEqual([1, 4]);
  });

  test('is that of one class where there is one', () => {
    const found = modeCoverage(classified(Array.from({ length: 5 }, () => [0, 1, 0])));
    expect([found.entropy, found.score, found.present]).toEqual([0, 1, 1]);
    expect(Array.from(found.sureCounts)).toEqual([0, 5, 0]);
  });

  test('follows the formulas between: shares 3/4 and 1/4, one of four sure', () => {
    const rows = [
      [0.75, 0.25],
      [0.75, 0.25],
      [0.75, 0.25],
      [0, 1],
    ];
    const found = modeCoverage(classified(rows));
    expect(found.entropy).toBeCloseTo(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)), 12);
    expect([found.sure, found.present]).toEqual([0.25, 1]);
    // KL of each row to the mean (9/16, 7/16).
    const divergence = (p: readonly number[]) =>
      p.reduce((sum, own, k) => (own > 0 ? sum + own * Math.log(own / [9 / 16, 7 / 16][k]) : sum), 0);
    const mean = rows.reduce((sum, row) => sum + divergence(row) / 4, 0);
    expect(found.score).toBeCloseTo(Math.exp(mean), 10);
  });

  test('of no samples says so', () => {
    expect(() => modeCoverage(classified([]))).toThrow(/no samples/);
  });
});
