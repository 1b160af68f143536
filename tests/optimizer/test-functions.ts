import { Matrix, QrDecomposition } from 'ml-matrix';
import type { Objective } from '../../src/optimizer/optimizer.ts';

/** An objective from a sum of squares Σ ρ_i², its Jacobian by central differences of order 4. */
export function leastSquares(residuals: (x: Float64Array) => number[]): Required<Objective> {
  const loss = (x: Float64Array) => residuals(x).reduce((sum, r) => sum + r * r, 0);
  const pieces = (x: Float64Array, rho = residuals(x)) => {
    const columns = Array.from(x, (value, j) => {
      const h = 3e-4 * Math.max(Math.abs(value), 1e-3);
      const at = (k: number) => {
        const shifted = x.slice();
        shifted[j] = value + k * h;
        return residuals(shifted);
      };
      const [a, b, c, d] = [at(-2), at(-1), at(1), at(2)];
      return a.map((_, i) => (a[i] - 8 * b[i] + 8 * c[i] - d[i]) / (12 * h));
    });
    const vector = Float64Array.from(columns, (column) => column.reduce((sum, v, i) => sum + v * rho[i], 0));
    return { columns, vector };
  };
  return {
    loss: async (x) => ({ loss: loss(x) }),
    lossAndGradient: async (x) => ({ loss: loss(x), gradient: pieces(x).vector.map((v) => 2 * v) }),
    crossGradient: async (x, elsewhere) => ({
      loss: loss(elsewhere),
      gradient: pieces(x, residuals(elsewhere)).vector.map((v) => 2 * v),
    }),
    gaussNewton: async (x) => {
      const { columns, vector } = pieces(x);
      const n = x.length;
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          matrix[i * n + j] = columns[i].reduce((sum, v, k) => sum + v * columns[j][k], 0);
        }
      }
      return { loss: loss(x), matrix, vector };
    },
    sample: async (x) => {
      const rho = Float64Array.from(residuals(x));
      const { columns } = pieces(x);
      const rows = Float64Array.from({ length: rho.length * x.length }, (_, at) => {
        return columns[at % x.length][Math.floor(at / x.length)];
      });
      return { rows, residuals: rho, loss: async (y: Float64Array) => loss(y) };
    },
    orthogonalFactor: async (x) => {
      const rho = residuals(x);
      return { loss: loss(x), ...triangular(pieces(x, rho).columns, rho) };
    },
  };
}

/** R and Qᵀρ of J by its columns, with rows of zeros where it has fewer rows than columns. */
export function triangular(columns: readonly ArrayLike<number>[], rho: ArrayLike<number>) {
  const n = columns.length;
  const rows = Math.max(rho.length, n);
  const j = Matrix.zeros(rows, n);
  columns.forEach((column, c) => {
    for (let i = 0; i < rho.length; i++) j.set(i, c, column[i]);
  });
  const { orthogonalMatrix, upperTriangularMatrix } = new QrDecomposition(j);
  const vector = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    for (let i = 0; i < rho.length; i++) vector[c] += orthogonalMatrix.get(i, c) * rho[i];
  }
  return { factor: Float64Array.from(upperTriangularMatrix.to1DArray()), vector };
}

/** The extended Rosenbrock function as residuals: of degree 2, so that the differences are exact but for rounding. */
export function rosenbrock(x: Float64Array): number[] {
  const rho: number[] = [];
  for (let i = 0; i + 1 < x.length; i++) rho.push(10 * (x[i + 1] - x[i] ** 2), 1 - x[i]);
  return rho;
}

/** The same objective seen in single precision: loss and gradient rounded to float32. */
export function inSinglePrecision(objective: Objective): Objective {
  return {
    loss: async (x) => ({
      loss: Math.fround((await objective.loss(Float64Array.from(x, Math.fround))).loss),
    }),
    lossAndGradient: async (x) => {
      const { loss, gradient } = await objective.lossAndGradient(Float64Array.from(x, Math.fround));
      return { loss: Math.fround(loss), gradient: gradient.map(Math.fround) };
    },
  };
}
