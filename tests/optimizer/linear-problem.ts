import type { Objective } from '../../src/optimizer/optimizer.ts';
import { triangular } from './test-functions.ts';

/** ‖A θ − b‖² with all that an objective can offer. */
export function linearProblem(a: readonly (readonly number[])[], b: readonly number[]) {
  const n = a[0].length;
  const rho = (theta: Float64Array) =>
    Float64Array.from(a, (row, i) => row.reduce((sum, value, k) => sum + value * theta[k], -b[i]));
  const square = (r: Float64Array) => r.reduce((sum, value) => sum + value * value, 0);
  const transposed = (r: Float64Array) =>
    Float64Array.from({ length: n }, (_, k) => a.reduce((sum, row, i) => sum + row[k] * r[i], 0));
  const columns = Array.from({ length: n }, (_, k) => a.map((row) => row[k]));
  const crossGradient = async (_: Float64Array, elsewhere: Float64Array) => {
    const r = rho(elsewhere);
    return { loss: square(r), gradient: transposed(r).map((value) => 2 * value) };
  };
  const objective: Required<Objective> = {
    loss: async (theta) => ({ loss: square(rho(theta)) }),
    lossAndGradient: async (theta) => crossGradient(theta, theta),
    crossGradient,
    gaussNewton: async (theta) => {
      const r = rho(theta);
      const matrix = Float64Array.from({ length: n * n }, (_, at) => {
        const [p, q] = [columns[Math.floor(at / n)], columns[at % n]];
        return p.reduce((sum, value, i) => sum + value * q[i], 0);
      });
      return { loss: square(r), matrix, vector: transposed(r) };
    },
    sample: async (theta) => ({
      rows: Float64Array.from(a.flat()),
      residuals: rho(theta),
      loss: async (elsewhere) => square(rho(elsewhere)),
    }),
    orthogonalFactor: async (theta) => {
      const r = rho(theta);
      return { loss: square(r), ...triangular(columns, r) };
    },
  };
  return objective;
}
