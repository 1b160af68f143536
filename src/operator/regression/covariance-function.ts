/** A radial covariance, 1 at distance 0, by the squared distance in units of the length scale. */
export interface CovarianceFunction {
  value(square: number): number;
  /** By the squared distance. */
  derivative(square: number): number;
}

export type CovarianceName = 'matern-3/2' | 'matern-5/2' | 'matern-7/2' | 'rbf';

/** From rough to smooth. */
export const covarianceNames: readonly CovarianceName[] = ['matern-3/2', 'matern-5/2', 'matern-7/2', 'rbf'];

/** Matérn's class for half-integer smoothness (Rasmussen & Williams, Gaussian Processes, 2006, 4.2.1). */
export const covarianceFunctions: Readonly<Record<CovarianceName, CovarianceFunction>> = {
  'matern-3/2': {
    value: (square) => {
      const s = Math.sqrt(3 * square);
      return (1 + s) * Math.exp(-s);
    },
    derivative: (square) => -1.5 * Math.exp(-Math.sqrt(3 * square)),
  },
  'matern-5/2': {
    value: (square) => {
      const s = Math.sqrt(5 * square);
      return (1 + s * (1 + s / 3)) * Math.exp(-s);
    },
    derivative: (square) => {
      const s = Math.sqrt(5 * square);
      return (-5 / 6) * (1 + s) * Math.exp(-s);
    },
  },
  'matern-7/2': {
    value: (square) => {
      const s = Math.sqrt(7 * square);
      return (1 + s * (1 + s * (0.4 + s / 15))) * Math.exp(-s);
    },
    derivative: (square) => {
      const s = Math.sqrt(7 * square);
      return -0.7 * (1 + s * (1 + s / 3)) * Math.exp(-s);
    },
  },
  rbf: {
    value: (square) => Math.exp(-square / 2),
    derivative: (square) => -0.5 * Math.exp(-square / 2),
  },
};
