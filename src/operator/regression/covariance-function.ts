/** Radial covariance functions by their squared distance in units of the length scale. */
export type CovarianceName = 'matern-3/2' | 'matern-5/2' | 'matern-7/2' | 'rbf';

/** Matérn's class for half-integer smoothness (Rasmussen & Williams, Gaussian Processes, 2006, 4.2.1), 1 at distance 0. */
export const covarianceFunctions: Readonly<Record<CovarianceName, (square: number) => number>> = {
  'matern-3/2': (square) => {
    const s = Math.sqrt(3 * square);
    return (1 + s) * Math.exp(-s);
  },
  'matern-5/2': (square) => {
    const s = Math.sqrt(5 * square);
    return (1 + s * (1 + s / 3)) * Math.exp(-s);
  },
  'matern-7/2': (square) => {
    const s = Math.sqrt(7 * square);
    return (1 + s * (1 + s * (0.4 + s / 15))) * Math.exp(-s);
  },
  rbf: (square) => Math.exp(-square / 2),
};
