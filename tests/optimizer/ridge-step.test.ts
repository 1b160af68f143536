import { expect, test } from 'vitest';
import { ridgeStep } from '../../src/optimizer/ridge-step.ts';
import { squaredColumnNorms } from '../../src/optimizer/triangular-factor.ts';
import { randomGenerator } from '../../src/random/generator.ts';

test.each([
  ['one μ', undefined],
  ['a larger μ for some parameters', Float64Array.of(0, 3, 0, 0, 5, 0, 0.001)],
])('at the end of a step the gradient of ‖Rδ + v‖² + μ‖θ + δ‖² is zero: %s', (_, least) => {
  const n = 7;
  const { normal } = randomGenerator(5);
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) factor[i * n + j] = normal();
  const vector = Float64Array.from({ length: n }, normal);
  const theta = Float64Array.from({ length: n }, normal);
  const ridge = 0.3;
  const mu = ridge ** 2 * Math.max(...squaredColumnNorms(factor, n));
  const own = Array.from({ length: n }, (_, k) => Math.max(mu, (least?.[k] ?? 0) ** 2));
  const { delta, factor: folded } = ridgeStep(factor, vector, theta, ridge, undefined, least);
  for (let k = 0; k < n; k++) {
    let gradient = own[k] * (theta[k] + delta[k]);
    for (let i = 0; i < n; i++) {
      let moved = vector[i];
      for (let j = i; j < n; j++) moved += factor[i * n + j] * delta[j];
      gradient += factor[i * n + k] * moved;
    }
    expect(gradient).toBeCloseTo(0, 12);
  }
  // RᵀR + μ is what the folded triangle is a factor of.
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) {
      let difference = a === b ? -own[a] : 0;
      for (let i = 0; i < n; i++)
        difference += folded[i * n + a] * folded[i * n + b] - factor[i * n + a] * factor[i * n + b];
      expect(difference).toBeCloseTo(0, 12);
    }
});
