import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  blobs,
  exclusiveOr,
  linearRegression,
  linearRegressionByDescent,
  logisticRegression,
  logisticRegressionByDescent,
  trainPerceptron,
} from '../../../src/learn/index.ts';
import { randomGenerator } from '../../../src/random/generator.ts';

describe('the perceptron', () => {
  /** Points of both sides of a line through a random direction, none nearer to it than `margin`. */
  function separable(seed: number, margin: number) {
    const random = randomGenerator(seed);
    const angle = 2 * Math.PI * random.uniform();
    const normal = [Math.cos(angle), Math.sin(angle)];
    const offset = 0.4 * (random.uniform() - 0.5);
    const points: number[] = [];
    const labels: number[] = [];
    while (labels.length < 60) {
      const point = [2 * random.uniform() - 1, 2 * random.uniform() - 1];
      const distance = normal[0] * point[0] + normal[1] * point[1] + offset;
      if (Math.abs(distance) < margin) continue;
      points.push(...point);
      labels.push(distance > 0 ? 1 : 0);
    }
    return { points, labels, normal: [...normal, offset] };
  }

  test('separates what can be separated, within Novikoff’s bound on its mistakes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e6 }), (seed) => {
        const { points, labels, normal } = separable(seed, 0.1);
        const { converged, mistakes, classify } = trainPerceptron(points, labels, { seed });
        expect(converged).toBe(true);
        const length = Math.hypot(...normal);
        let [radius, margin] = [0, Infinity];
        labels.forEach((label, n) => {
          const [x, y] = [points[2 * n], points[2 * n + 1]];
          expect(classify([x, y])).toBe(label);
          radius = Math.max(radius, Math.hypot(x, y, 1));
          margin = Math.min(margin, Math.abs(normal[0] * x + normal[1] * y + normal[2]) / length);
        });
        expect(mistakes.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual((radius / margin) ** 2);
      }),
      { numRuns: 30 },
    );
  });

  test('never separates the exclusive or', () => {
    const { points, labels } = exclusiveOr({ count: 100, seed: 1 });
    const { converged, mistakes } = trainPerceptron(points, labels, { seed: 1, epochs: 200 });
    expect(converged).toBe(false);
    expect(Math.min(...mistakes)).toBeGreaterThan(0);
  });

  test('refuses labels that are no classes, and rows that do not fit', () => {
    expect(() => trainPerceptron([1, 2, 3, 4], [1, -1], { seed: 0 })).toThrow(/-1 is no class/);
    expect(() => trainPerceptron([1, 2, 3], [1, 0], { seed: 0 })).toThrow(/no 2 samples/);
  });
});

describe('linear regression', () => {
  const random = randomGenerator(3);
  const points = Array.from({ length: 300 }, () => random.normal());
  const targets = Array.from(
    { length: 100 },
    (_, n) => 2 * points[3 * n] - points[3 * n + 1] + 0.5 + 0.1 * random.normal(),
  );

  test('leaves residuals that are orthogonal to every column and have mean zero', () => {
    const { predict } = linearRegression(points, targets);
    const residual = predict(points).map((value, n) => value - targets[n]);
    expect(residual.reduce((a, b) => a + b)).toBeCloseTo(0, 10);
    for (const k of [0, 1, 2])
      expect(residual.reduce((sum, r, n) => sum + r * points[3 * n + k], 0)).toBeCloseTo(0, 10);
  });

  test.each([0, 0.3])('gradient descent ends at the closed form, ridge %s', (ridge) => {
    const closed = linearRegression(points, targets, { ridge });
    const { model, losses } = linearRegressionByDescent(points, targets, {
      learningRate: 0.2,
      steps: 500,
      ridge,
    });
    model.weights.forEach((weight, k) => {
      expect(weight).toBeCloseTo(closed.weights[k], 10);
    });
    expect(model.bias).toBeCloseTo(closed.bias, 10);
    for (let k = 1; k < losses.length; k++)
      expect(losses[k]).toBeLessThanOrEqual(losses[k - 1] * (1 + 1e-12));
  });

  test('says where no single best weights exist, and where descent diverges', () => {
    const twice = [1, 2, 2, 4, 3, 6, 4, 8];
    expect(() => linearRegression(twice, [1, 2, 3, 4])).toThrow(/depend on each other/);
    expect(linearRegression(twice, [1, 2, 3, 4], { ridge: 1e-6 }).weights[0]).toBeCloseTo(0.2, 4);
    expect(() => linearRegressionByDescent(points, targets, { learningRate: 5, steps: 500 })).toThrow(
      /diverged/,
    );
  });
});

describe('logistic regression', () => {
  const { points, labels } = blobs({
    count: 200,
    seed: 2,
    noise: 1,
    centers: [
      [0, 0],
      [1.5, 1],
    ],
  });

  test('predicts as many of each class as there are, and gradient descent ends there too', () => {
    const newton = logisticRegression(points, labels);
    const p = newton.model.probabilities(points);
    expect(p.reduce((a, b) => a + b)).toBeCloseTo(100, 8);
    const descent = logisticRegressionByDescent(points, labels, { learningRate: 1, steps: 4000 });
    newton.model.weights.forEach((weight, k) => {
      expect(descent.model.weights[k]).toBeCloseTo(weight, 8);
    });
    expect(newton.losses.at(-1)).toBeCloseTo(descent.losses.at(-1)!, 12);
    // Newton's method doubles its digits in every step.
    expect(newton.losses.length).toBeLessThan(12);
  });

  test('starts at the log loss of even odds', () => {
    expect(logisticRegression(points, labels).losses[0]).toBeCloseTo(Math.LN2, 14);
  });

  test('has no finite answer where a line separates, unless there is a ridge', () => {
    expect(() => logisticRegression([-2, -1, 1, 2], [0, 0, 1, 1])).toThrow(/separates/);
    const { model } = logisticRegression([-2, -1, 1, 2], [0, 0, 1, 1], { ridge: 0.1 });
    expect(model.bias).toBeCloseTo(0, 10);
    expect(model.weights[0]).toBeGreaterThan(0);
  });
});
