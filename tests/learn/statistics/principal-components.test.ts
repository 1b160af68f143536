import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { principalComponents } from '../../../src/learn/statistics/index.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

const [count, columns] = [40, 5];
const random = randomGenerator(3);
/** Rows whose columns mix normal variables of falling size, away from zero. */
const rows = Float64Array.from({ length: count * columns }, () => 0);
for (let n = 0; n < count; n++) {
  const z = Array.from({ length: columns }, (_, k) => random.normal() * 2 ** -k);
  for (let j = 0; j < columns; j++)
    rows[n * columns + j] = 3 * j + z.reduce((sum, own, k) => sum + own * Math.cos(1 + j * (k + 1)), 0);
}
const found = principalComponents(rows, columns);

const centered = new Matrix(
  Array.from({ length: count }, (_, n) =>
    Array.from({ length: columns }, (_, j) => rows[n * columns + j] - found.mean[j]),
  ),
);
const decomposition = new SingularValueDecomposition(centered);

const error = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);

describe('principal components', () => {
  test('are the right singular vectors of the centered rows, with variances σ²/N', () => {
    decomposition.diagonal.forEach((sigma, k) => {
      expect(found.variances[k]).toBeCloseTo(sigma ** 2 / count, 10);
      const vector = decomposition.rightSingularVectors.getColumn(k);
      const own = found.directions.subarray(k * columns, (k + 1) * columns);
      const cosine = vector.reduce((sum, value, j) => sum + value * own[j], 0);
      expect(Math.abs(cosine)).toBeCloseTo(1, 9);
    });
    expect(found.explained.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  test.each([1, 2, 4])('lose in reconstruction by %i of them the variance along the others', (kept) => {
    const few = found.leading(kept);
    const back = few.reconstruct(few.transform(rows));
    const lost = found.variances.slice(kept).reduce((a, b) => a + b, 0);
    expect(error(back, rows) / count).toBeCloseTo(lost, 10);
  });

  test('all together lose nothing, and their scores are uncorrelated', () => {
    const scores = found.transform(rows);
    expect(error(found.reconstruct(scores), rows)).toBeLessThan(1e-20);
    for (let a = 0; a < columns; a++)
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let n = 0; n < count; n++) sum += scores[n * columns + a] * scores[n * columns + b];
        expect(sum / count).toBeCloseTo(a === b ? found.variances[a] : 0, 10);
      }
  });

  test('of points on a line are its direction, of an ellipse its axes', () => {
    const line = principalComponents([1, 1, 2, 3, 3, 5, 4, 7], 2);
    expect(line.directions[0]).toBeCloseTo(1 / Math.sqrt(5), 12);
    expect(line.directions[1]).toBeCloseTo(2 / Math.sqrt(5), 12);
    // Steps of √5 between four points: 5 (1.5² + 0.5² + 0.5² + 1.5²)/4.
    expect(line.variances[0]).toBeCloseTo(6.25, 12);
    expect(line.variances[1]).toBeCloseTo(0, 12);
    const angles = Array.from({ length: 12 }, (_, k) => (2 * Math.PI * k) / 12);
    const turned = 0.4;
    const ellipse = principalComponents(
      angles.flatMap((t) => {
        const [x, y] = [3 * Math.cos(t), Math.sin(t)];
        return [x * Math.cos(turned) - y * Math.sin(turned), x * Math.sin(turned) + y * Math.cos(turned)];
      }),
      2,
    );
    expect(Math.atan2(ellipse.directions[1], ellipse.directions[0])).toBeCloseTo(turned, 10);
    expect(ellipse.variances[0]).toBeCloseTo(4.5, 10);
    expect(ellipse.variances[1]).toBeCloseTo(0.5, 10);
  });

  test('say what is wrong with their input', () => {
    expect(() => principalComponents([1, 2, 3], 2)).toThrow(/no rows of 2/);
    expect(() => principalComponents([1, 2], 2)).toThrow(/two rows or more/);
    expect(() => found.leading(6)).toThrow(/6 of 5 components/);
    expect(() => found.transform([1, 2])).toThrow(/no rows of 5/);
  });
});
