import { describe, expect, it } from 'vitest';
import type { Sampling } from '../../src/geometry/point-set.ts';
import { pointsWhere } from '../../src/geometry/points-where.ts';

const square = [
  { low: -2, high: 2 },
  { low: -2, high: 2 },
];
const inDisk = (points: Float64Array, at: number): boolean => Math.hypot(points[at], points[at + 1]) <= 1;
const samplings: Sampling[] = ['sobol', 'uniform', 'latin-hypercube', 'grid'];

describe('points by rejection', () => {
  it.each(samplings)('%s points have the property, as many as asked for', (sampling) => {
    const points = pointsWhere(sampling, 300, square, 1, inDisk);
    const count = points.length / 2;
    if (sampling === 'grid') expect(Math.abs(count - 300)).toBeLessThan(60);
    else expect(count).toBe(300);
    for (let n = 0; n < count; n++) expect(inDisk(points, 2 * n)).toBe(true);
    expect(points).toEqual(pointsWhere(sampling, 300, square, 1, inDisk));
  });

  it('the mean of x² + y² over the disk is 1/2', () => {
    const points = pointsWhere('sobol', 4000, square, 3, inDisk);
    let mean = 0;
    for (let n = 0; n < 4000; n++) mean += (points[2 * n] ** 2 + points[2 * n + 1] ** 2) / 4000;
    expect(mean).toBeCloseTo(0.5, 2);
  });

  it('more points begin with the same points', () => {
    const few = pointsWhere('sobol', 50, square, 2, inDisk);
    expect(pointsWhere('sobol', 90, square, 2, inDisk).slice(0, few.length)).toEqual(few);
  });

  it('an empty property is said', () => {
    expect(() => pointsWhere('sobol', 1000, square, 0, () => false)).toThrow(/too thin/);
  });
});
