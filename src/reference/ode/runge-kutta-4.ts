/**
 * The classical Runge–Kutta method of order 4: Kutta (1901), Z. Math. Phys. 46, 435–453. No error estimate;
 * cubic Hermite dense output of order 3.
 */
import type { ButcherTableau } from './butcher-tableau.ts';

export const rungeKutta4: ButcherTableau = {
  name: 'rk4',
  order: 4,
  errorExponent: 1 / 4,
  stages: 4,
  nodes: [0, 1 / 2, 1 / 2, 1, 1],
  matrix: [[], [1 / 2], [0, 1 / 2], [0, 0, 1], [1 / 6, 1 / 3, 1 / 3, 1 / 6]],
  weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  errorWeights: [],
  denseStages: 0,
  denseWeights: [],
};
