import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  blobs,
  drawnDigits,
  exclusiveOr,
  folds,
  idxArray,
  imagesFromIdx,
  moons,
  permutation,
  pixelsOf,
  rings,
  spirals,
  standardization,
  trainingSplit,
} from '../../../src/learn/data/index.ts';

describe('drawn digits', () => {
  const digits = drawnDigits({ count: 1000, seed: 1 });

  test('are ink between 0 and 1 on paper, all ten about as often', () => {
    expect(digits.images).toHaveLength(1000 * 28 * 28);
    expect(digits.images.every((ink) => ink >= 0 && ink <= 1)).toBe(true);
    const counts = Array.from(
      { length: 10 },
      (_, digit) => digits.labels.filter((label) => label === digit).length,
    );
    // 100 expected of each; six deviations of the binomial on both sides.
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(6 * Math.sqrt(90));
  });

  test('are the same by seed, one by one, however many are drawn', () => {
    const fewer = drawnDigits({ count: 10, seed: 1 });
    expect(fewer.images).toEqual(digits.images.slice(0, 10 * 28 * 28));
    expect(fewer.labels).toEqual(digits.labels.slice(0, 10));
    expect(drawnDigits({ count: 10, seed: 2 }).images).not.toEqual(fewer.images);
  });

  test('of one kind resemble each other more than those of another', () => {
    const print = drawnDigits({ count: 200, seed: 3, distortion: 0.3, noise: 0 });
    const distance = (a: number, b: number) =>
      pixelsOf(print, a).reduce((sum, ink, i) => sum + (ink - pixelsOf(print, b)[i]) ** 2, 0);
    let agree = 0;
    for (let a = 100; a < 200; a++) {
      let nearest = 0;
      for (let b = 1; b < 100; b++) if (distance(a, b) < distance(a, nearest)) nearest = b;
      if (print.labels[a] === print.labels[nearest]) agree += 1;
    }
    expect(agree).toBeGreaterThan(90);
  });

  test('keep within the picture: little ink on its rim', () => {
    const clean = drawnDigits({ count: 300, seed: 4, noise: 0 });
    let rim = 0;
    let all = 0;
    clean.images.forEach((ink, i) => {
      const [y, x] = [Math.floor((i % 784) / 28), i % 28];
      all += ink;
      if (x === 0 || y === 0 || x === 27 || y === 27) rim += ink;
    });
    expect(rim / all).toBeLessThan(0.005);
  });

  test('refuse what is no digit', () => {
    expect(() => drawnDigits({ count: 1, seed: 0, digits: [3, 12] })).toThrow(/12 is no digit/);
    expect(() => drawnDigits({ count: 0, seed: 0 })).toThrow(/no number of images/);
  });
});

describe('points of the plane', () => {
  const options = { count: 400, seed: 5, noise: 0 };

  test('of the moons lie on two half circles', () => {
    const { points, labels } = moons(options);
    labels.forEach((label, n) => {
      const [x, y] =
        label === 0 ? [points[2 * n], points[2 * n + 1]] : [1 - points[2 * n], 0.5 - points[2 * n + 1]];
      expect(Math.hypot(x, y)).toBeCloseTo(1, 12);
      expect(y).toBeGreaterThanOrEqual(0);
    });
  });

  test('of the spirals have angles in proportion to radii', () => {
    const { points, labels } = spirals({ ...options, arms: 3, turns: 2 });
    labels.forEach((label, n) => {
      const radius = Math.hypot(points[2 * n], points[2 * n + 1]);
      const turns = 2 * radius + label / 3;
      expect(points[2 * n]).toBeCloseTo(radius * Math.cos(2 * Math.PI * turns), 10);
    });
  });

  test('of the rings have two radii, those of the exclusive or two products', () => {
    const circle = rings(options);
    circle.labels.forEach((label, n) => {
      expect(Math.hypot(circle.points[2 * n], circle.points[2 * n + 1])).toBeCloseTo(
        label === 0 ? 0.5 : 1,
        12,
      );
    });
    const either = exclusiveOr(options);
    either.labels.forEach((label, n) => {
      expect(either.points[2 * n] * either.points[2 * n + 1] >= 0).toBe(label === 0);
    });
  });

  test('of blobs have the centers as means', () => {
    const centers: [number, number][] = [
      [0, 0],
      [3, -1],
    ];
    const { points, labels } = blobs({ count: 4000, seed: 1, noise: 0.5, centers });
    centers.forEach((center, k) => {
      const own = Array.from(labels.keys()).filter((n) => labels[n] === k);
      for (const c of [0, 1]) {
        const mean = own.reduce((sum, n) => sum + points[2 * n + c], 0) / own.length;
        expect(Math.abs(mean - center[c])).toBeLessThan((5 * 0.5) / Math.sqrt(own.length));
      }
    });
  });
});

/** The bytes of an IDX file, written by the format's description. */
function idxBytes(type: number, shape: number[], values: number[], bytes: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 + 4 * shape.length + bytes * values.length));
  view.setUint8(2, type);
  view.setUint8(3, shape.length);
  shape.forEach((side, k) => {
    view.setUint32(4 + 4 * k, side);
  });
  values.forEach((value, i) => {
    const at = 4 + 4 * shape.length + bytes * i;
    if (bytes === 1) view.setUint8(at, value);
    else view.setFloat32(at, value);
  });
  return new Uint8Array(view.buffer);
}

describe('IDX', () => {
  test('is read in both byte lengths, of any shape', () => {
    expect(idxArray(idxBytes(8, [2, 3], [1, 2, 3, 4, 5, 255], 1))).toEqual({
      shape: [2, 3],
      values: Uint8Array.from([1, 2, 3, 4, 5, 255]),
    });
    expect(idxArray(idxBytes(13, [2], [0.5, -1.25], 4)).values).toEqual(Float32Array.from([0.5, -1.25]));
  });

  test('images and labels become ink and classes', () => {
    const images = idxArray(idxBytes(8, [2, 1, 2], [0, 255, 51, 102], 1));
    const labels = idxArray(idxBytes(8, [2], [7, 3], 1));
    const data = imagesFromIdx(images, labels);
    expect(Array.from(data.images)).toEqual([0, 1, Math.fround(0.2), Math.fround(0.4)]);
    expect(Array.from(data.labels)).toEqual([7, 3]);
    expect(() => imagesFromIdx(labels, images)).toThrow(/exchanged/);
  });

  test('that is packed, cut off or something else is refused', () => {
    const whole = idxBytes(8, [2, 3], [1, 2, 3, 4, 5, 6], 1);
    expect(() => idxArray(whole.subarray(0, 14), 'some-file')).toThrow(/some-file is cut off/);
    expect(() => idxArray(Uint8Array.from([0x1f, 0x8b, 8, 0]))).toThrow(/gzip/);
    expect(() => idxArray(new TextEncoder().encode('name,value'))).toThrow(/no IDX file/);
  });
});

describe('splits', () => {
  test('hold out every sample once, and train on all others', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 2, max: 10 }),
        fc.nat(),
        (count, number, seed) => {
          fc.pre(number <= count);
          const parts = folds(count, { folds: number, seed });
          expect(parts.flatMap(({ heldOut }) => [...heldOut]).sort((a, b) => a - b)).toEqual([
            ...Array(count).keys(),
          ]);
          for (const { training, heldOut } of parts)
            expect([...training, ...heldOut].sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
        },
      ),
    );
  });

  test('by share are disjoint and complete', () => {
    const { training, heldOut } = trainingSplit(10, { share: 0.7, seed: 1 });
    expect([training.length, heldOut.length]).toEqual([7, 3]);
    expect(new Set([...training, ...heldOut]).size).toBe(10);
    expect(() => trainingSplit(3, { share: 1, seed: 0 })).toThrow(/empty/);
  });

  test('take every order equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 3000; seed++) {
      const order = permutation(3, seed).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    // Chi-squared with five degrees of freedom: 0.9999 quantile 25.7.
    const statistic = [...counts.values()].reduce((sum, n) => sum + (n - 500) ** 2 / 500, 0);
    expect(counts.size).toBe(6);
    expect(statistic).toBeLessThan(25.7);
  });
});

test('standardized columns have mean 0 and deviation 1, and go back', () => {
  const rows = [1, 10, 5, 2, 20, 5, 6, 60, 5];
  const scale = standardization(rows, 3);
  const own = scale.apply(rows);
  for (const c of [0, 1]) {
    const column = [0, 1, 2].map((n) => own[3 * n + c]);
    expect(column.reduce((a, b) => a + b)).toBeCloseTo(0, 12);
    expect(column.reduce((a, b) => a + b * b, 0) / 3).toBeCloseTo(1, 12);
  }
  expect(own[2]).toBe(0);
  scale.invert(own).forEach((value, i) => {
    expect(value).toBeCloseTo(rows[i], 12);
  });
});
