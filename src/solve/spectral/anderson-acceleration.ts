import { DenseLU } from '../../reference/linear/dense-lu.ts';

/** Steps that are looked back on. */
const memory = 5;

/** Of the diagonal, so that steps that hardly differ do no harm. */
const ridge = 1e-14;

/**
 * Anderson's acceleration of a fixed-point iteration x ← g(x): the combination of the last steps whose residuals g(x) − x
 * nearly cancel (Walker & Ni, SIAM J. Numer. Anal. 49, 2011).
 */
export class AndersonAcceleration {
  private readonly residuals: Float64Array[] = [];
  private readonly values: Float64Array[] = [];
  private last: { readonly residual: Float64Array; readonly value: Float64Array } | undefined;

  /**
   * @param residual  g(x) − x, in units in which its entries count alike
   * @param value  g(x); replaced by the next x
   */
  next(residual: Float64Array, value: Float64Array): void {
    const { residuals, values, last } = this;
    const own = { residual: residual.slice(), value: value.slice() };
    if (last !== undefined) {
      residuals.push(residual.map((entry, i) => entry - last.residual[i]));
      values.push(value.map((entry, i) => entry - last.value[i]));
      if (residuals.length > memory) {
        residuals.shift();
        values.shift();
      }
    }
    this.last = own;
    const n = residuals.length;
    if (n === 0) return;
    const lu = new DenseLU(n);
    const weights = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      weights[i] = dot(residuals[i], residual);
      for (let j = 0; j <= i; j++) {
        lu.matrix[i * n + j] = dot(residuals[i], residuals[j]);
        lu.matrix[j * n + i] = lu.matrix[i * n + j];
      }
      lu.matrix[i * n + i] *= 1 + ridge;
    }
    if (!lu.factor()) return;
    lu.solve(weights);
    for (let i = 0; i < n; i++) {
      const weight = weights[i];
      const change = values[i];
      for (let k = 0; k < value.length; k++) value[k] -= weight * change[k];
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
