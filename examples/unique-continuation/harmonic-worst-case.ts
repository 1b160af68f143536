/**
 * What no method can beat: harmonic functions that are small where a solution was observed and large elsewhere, on a
 * domain around the origin that leaves it out. Their growth is the three-spheres inequality (Alessandrini, Rondi,
 * Rosset & Vessella, Inverse Problems 25 (2009) 123004) in numbers.
 */
import { CholeskyDecomposition, EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';

type Point = readonly number[];

/** Powers z^k and z^(−k) up to this one, and the logarithm. */
const degree = 12;

/** Lengths by which powers are divided: the outermost point and the hole. */
const [outer, inner] = [0.7, 0.25];

function harmonics([x, y]: Point): number[] {
  const [r, angle] = [Math.hypot(x, y), Math.atan2(y, x)];
  const powers = Array.from({ length: degree }, (_, k) => k + 1).flatMap((k) =>
    [(r / outer) ** k, (inner / r) ** k].flatMap((size) => [
      size * Math.cos(k * angle),
      size * Math.sin(k * angle),
    ]),
  );
  return [1, Math.log(r), ...powers];
}

/** Mean products of functions given by their values, one row for each point. */
function meanProducts(rows: number[][]): Matrix {
  const values = new Matrix(rows);
  return values.transpose().mmul(values).div(rows.length);
}

/**
 * For each δ, at each point of a grid the largest value of a harmonic function whose mean square is 1 on the grid
 * and δ² where `isObserved` holds, within a factor √2; and the exponent θ by which that falls from the first δ to the
 * last.
 */
export function harmonicWorstCase(
  points: readonly Point[],
  isObserved: (point: Point) => boolean,
  deltas: readonly number[],
): { readonly worst: readonly Float64Array[]; readonly exponent: Float64Array } {
  const all = points.map(harmonics);
  const whole = meanProducts(all);
  const rounding = Matrix.eye(whole.rows).mul(1e-13 * whole.trace());
  // Functions of mean square 1 that are orthogonal on the grid, then on the observed part as well.
  const toUnit = inverse(new CholeskyDecomposition(whole.add(rounding)).lowerTriangularMatrix);
  const known = meanProducts(all.filter((_, i) => isObserved(points[i])));
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(
    toUnit.mmul(known).mmul(toUnit.transpose()),
    { assumeSymmetric: true },
  );
  const modes = new Matrix(all).mmul(toUnit.transpose()).mmul(eigenvectorMatrix);
  const sizes = realEigenvalues.map((value) => Math.max(value, 0));
  const worst = deltas.map((delta) =>
    Float64Array.from(points, (_, i) =>
      Math.sqrt(sizes.reduce((sum, size, k) => sum + modes.get(i, k) ** 2 / (1 + size / delta ** 2), 0)),
    ),
  );
  const [first, last] = [0, deltas.length - 1];
  const decades = Math.log(deltas[first] / deltas[last]);
  return { worst, exponent: worst[first].map((value, i) => Math.log(value / worst[last][i]) / decades) };
}
