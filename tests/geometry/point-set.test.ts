import { describe, expect, it } from 'vitest';
import { latinHypercubePoints } from '../../src/geometry/latin-hypercube.ts';
import { gridPoints, type Sampling, samplePoints, uniformPoints } from '../../src/geometry/point-set.ts';
import { sobolDimensions, sobolPoints } from '../../src/geometry/sobol.ts';

const samplings: readonly Sampling[] = ['sobol', 'halton', 'uniform', 'latin-hypercube', 'grid'];

function axis(points: Float64Array, dimension: number, i: number): number[] {
  return Array.from({ length: points.length / dimension }, (_, n) => points[n * dimension + i]);
}

/** The sequence without its shift: a digital shift is an exclusive or of every point with the same numbers. */
function unshifted(count: number, dimension: number, seed: number): number[][] {
  const points = sobolPoints(count, dimension, seed);
  const word = (n: number, i: number): number => Math.floor(points[n * dimension + i] * 2 ** 32) >>> 0;
  return Array.from({ length: count }, (_, n) =>
    Array.from({ length: dimension }, (_, i) => ((word(n, i) ^ word(0, i)) >>> 0) / 2 ** 32),
  );
}

describe("Sobol's sequence", () => {
  it('each of the 2^k equal slices of every axis holds one of the first 2^k points', () => {
    for (const k of [3, 6, 10])
      for (let i = 0; i < sobolDimensions; i++) {
        const slices = axis(sobolPoints(2 ** k, sobolDimensions, 4), sobolDimensions, i).map((x) =>
          Math.floor(x * 2 ** k),
        );
        expect(new Set(slices).size).toBe(2 ** k);
      }
  });

  it('in two dimensions the first 2^k points are a (0, k, 2)-net: one in every elementary interval', () => {
    const k = 8;
    for (const seed of [0, 1, 99]) {
      const points = sobolPoints(2 ** k, 2, seed);
      for (let a = 0; a <= k; a++) {
        const cells = Array.from(
          { length: 2 ** k },
          (_, n) =>
            Math.floor(points[2 * n] * 2 ** a) * 2 ** (k - a) + Math.floor(points[2 * n + 1] * 2 ** (k - a)),
        );
        expect(new Set(cells).size).toBe(2 ** k);
      }
    }
  });

  it('the blocks that follow are nets as well', () => {
    const points = sobolPoints(256, 2, 5);
    for (let block = 0; block < 4; block++) {
      const cells = Array.from({ length: 64 }, (_, n) => {
        const at = 2 * (64 * block + n);
        return Math.floor(points[at] * 8) * 8 + Math.floor(points[at + 1] * 8);
      });
      expect(new Set(cells).size).toBe(64);
    }
  });

  it('every pair of axes is a net of small t', () => {
    const k = 10;
    const points = sobolPoints(2 ** k, sobolDimensions, 2);
    for (let i = 0; i < sobolDimensions; i++)
      for (let j = 0; j < i; j++) {
        const counts = new Map<number, number>();
        for (let n = 0; n < 2 ** k; n++) {
          const x = Math.floor(points[n * sobolDimensions + i] * 8);
          const y = Math.floor(points[n * sobolDimensions + j] * 8);
          counts.set(8 * x + y, (counts.get(8 * x + y) ?? 0) + 1);
        }
        // elementary intervals of volume 2^-6 hold 2^4 points each
        expect([...counts.values()].every((n) => n === 16)).toBe(true);
      }
  });

  it('unshifted, is that of SciPy 1.17.1: qmc.Sobol(3, scramble=False).random(8)', () => {
    expect(unshifted(8, 3, 17)).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
      [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875],
      [0.125, 0.625, 0.375],
    ]);
  });

  it('unshifted, is that of SciPy 1.17.1 in all ten dimensions: points 727 and 1000', () => {
    const points = unshifted(1001, 10, 3);
    expect(points[727]).toEqual([
      0.2412109375, 0.6689453125, 0.4580078125, 0.5732421875, 0.3603515625, 0.8427734375, 0.7587890625,
      0.6005859375, 0.1162109375, 0.9267578125,
    ]);
    expect(points[1000]).toEqual([
      0.2197265625, 0.0966796875, 0.5185546875, 0.6767578125, 0.2802734375, 0.9072265625, 0.0458984375,
      0.8994140625, 0.5009765625, 0.0693359375,
    ]);
  });

  it('the shift moves every axis, differently for each seed', () => {
    const first = [0, 1, 2, 3, 4, 5].map((seed) => [...sobolPoints(1, 2, seed)]);
    for (const i of [0, 1]) {
      const values = first.map((point) => point[i]).sort((a, b) => a - b);
      expect(values[5] - values[0]).toBeGreaterThan(0.2);
      expect(new Set(values.map((x) => Math.floor(1000 * x))).size).toBe(6);
    }
  });
});

describe('Latin hypercube', () => {
  it('every slice of every axis holds one point', () => {
    for (const [count, dimension] of [
      [1, 3],
      [17, 2],
      [100, 4],
    ]) {
      const points = latinHypercubePoints(count, dimension, 6);
      for (let i = 0; i < dimension; i++)
        expect(new Set(axis(points, dimension, i).map((x) => Math.floor(x * count))).size).toBe(count);
    }
  });

  it('axes are ordered independently', () => {
    const points = latinHypercubePoints(1000, 2, 3);
    const product = axis(points, 2, 0).reduce((sum, x, n) => sum + (x - 0.5) * (points[2 * n + 1] - 0.5), 0);
    // correlation; its standard error is 0.032
    expect(Math.abs((product / 1000) * 12)).toBeLessThan(0.13);
  });
});

describe('grid', () => {
  it('is the largest with as many cell centres along every axis', () => {
    expect([...gridPoints(4, 2)]).toEqual([0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.75, 0.75]);
    expect(gridPoints(8, 2).length).toBe(8);
    expect(gridPoints(9, 2).length).toBe(18);
    expect(gridPoints(1, 4).length).toBe(4);
    for (const side of [3, 5, 7, 10]) {
      expect(gridPoints(side ** 3, 3).length).toBe(3 * side ** 3);
      expect(gridPoints(side ** 3 - 1, 3).length).toBe(3 * (side - 1) ** 3);
    }
    expect([...gridPoints(5, 1)]).toEqual([0.1, 0.3, 0.5, 0.7, 0.9]);
  });
});

describe('point sets', () => {
  it.each(samplings)('%s: the same arguments give the same points, strictly inside the cube', (sampling) => {
    for (const dimension of [1, 2, 3, 4]) {
      const points = samplePoints(sampling, 200, dimension, 12);
      expect(samplePoints(sampling, 200, dimension, 12)).toEqual(points);
      expect(points.length % dimension).toBe(0);
      expect(points.every((x) => x >= 0 && x < 1)).toBe(true);
      if (sampling !== 'grid') expect(points.length).toBe(200 * dimension);
    }
  });

  it.each(samplings.filter((s) => s !== 'grid'))('%s: another seed, other points', (sampling) => {
    expect(samplePoints(sampling, 50, 2, 0)).not.toEqual(samplePoints(sampling, 50, 2, 1));
  });

  it.each<[Sampling, number]>([
    ['sobol', 0.004],
    ['halton', 0.006],
    ['latin-hypercube', 0.03],
    ['uniform', 0.03],
    ['grid', 0.006],
  ])('%s: the share of points in the quarter disk estimates π/4', (sampling, tolerance) => {
    const points = samplePoints(sampling, 4096, 2, 1);
    const inside = axis(points, 2, 0).filter((x, n) => x * x + points[2 * n + 1] ** 2 < 1).length;
    expect(Math.abs(inside / (points.length / 2) - Math.PI / 4)).toBeLessThan(tolerance);
  });

  it("Sobol's points integrate a smooth function better than independent ones do", () => {
    const error = (points: Float64Array): number => {
      let total = 0;
      for (let n = 0; n < points.length; n += 2) total += Math.exp(points[n]) * Math.cos(points[n + 1]);
      return Math.abs(total / (points.length / 2) - (Math.E - 1) * Math.sin(1));
    };
    const rms = (errors: number[]): number =>
      Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
    const sobol = rms(seeds.map((seed) => error(sobolPoints(1024, 2, seed))));
    const uniform = rms(seeds.map((seed) => error(uniformPoints(1024, 2, seed))));
    expect(sobol).toBeLessThan(uniform / 8);
  });

  it('beyond the tabulated dimensions a Latin hypercube stands in', () => {
    const dimension = sobolDimensions + 2;
    expect(samplePoints('sobol', 32, dimension, 3)).toEqual(latinHypercubePoints(32, dimension, 3));
  });
});
