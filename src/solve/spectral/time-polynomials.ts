/** Polynomials in time through what collocation finds, as Chebyshev series on [−1, 1]. */
import { DenseLU } from '../../reference/linear/dense-lu.ts';
import type { RadauTableau } from './radau.ts';

/** (n + 1, n + 1) row-major for n stages: Chebyshev coefficients from the values at the start and at the nodes. */
export function chebyshevFromNodes({ nodes }: RadauTableau): Float64Array {
  const places = [-1, ...Array.from(nodes, (c) => 2 * c - 1)];
  const n = places.length;
  const lu = new DenseLU(n);
  places.forEach((x, i) => {
    for (let k = 0; k < n; k++) lu.matrix[i * n + k] = Math.cos(k * Math.acos(Math.min(1, Math.max(-1, x))));
  });
  lu.factor();
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    column.fill(0);
    column[j] = 1;
    lu.solve(column);
    for (let k = 0; k < n; k++) inverse[k * n + j] = column[k];
  }
  return inverse;
}
