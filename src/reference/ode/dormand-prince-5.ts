/**
 * The tableau of the Dormand–Prince method of order 5 with an embedded estimator of order 4: Dormand & Prince
 * (1980), J. Comput. Appl. Math. 6, 19–26; dense output of order 4 after Hairer, Nørsett & Wanner, Solving
 * Ordinary Differential Equations I, 2nd ed., section II.6. Known as DOPRI5, ode45, RK45.
 */
import type { ButcherTableau } from './butcher-tableau.ts';

const weights = [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84];

export const dormandPrince5: ButcherTableau = {
  name: 'dormand-prince-5',
  order: 5,
  errorExponent: 1 / 5,
  stages: 6,
  nodes: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
  matrix: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    weights,
  ],
  weights,
  errorWeights: [[71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]],
  denseStages: 0,
  denseWeights: [
    [
      -12715105075 / 11282082432,
      0,
      87487479700 / 32700410799,
      -10690763975 / 1880347072,
      701980252875 / 199316789632,
      -1453857185 / 822651844,
      69997945 / 29380423,
    ],
  ],
};
