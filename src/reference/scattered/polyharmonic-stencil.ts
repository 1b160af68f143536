import { factorFront } from '../linear/dense-front.ts';

/** Exponents of the monomials of total degree at most `degree`, low degrees first. */
export function monomials(dimension: number, degree: number): number[][] {
  const ofDegree = (axes: number, total: number): number[][] =>
    axes === 1
      ? [[total]]
      : Array.from({ length: total + 1 }, (_, first) =>
          ofDegree(axes - 1, total - first).map((rest) => [first, ...rest]),
        ).flat();
  return Array.from({ length: degree + 1 }, (_, total) => ofDegree(dimension, total)).flat();
}

/** Points of a stencil for polynomials of a degree: twice their number, as Bayona et al. find robust. */
export function stencilSize(dimension: number, degree: number): number {
  return 2 * monomials(dimension, degree).length;
}

/** A point and the order, per axis, of a derivative there: total at most 6. */
export interface Functional {
  readonly point: ArrayLike<number>;
  readonly order: readonly number[];
}

/**
 * Interpolation on a few scattered points by polyharmonic splines r⁷ with polynomials: values and derivatives of
 * the interpolant as combinations of the values at the points. Flyer, Fornberg, Bayona & Barnett (2016), J.
 * Comput. Phys. 321, 21–38; Bayona, Flyer, Fornberg & Barnett (2017), J. Comput. Phys. 332, 257–273.
 */
export class PolyharmonicStencil {
  private readonly exponents: readonly (readonly number[])[];
  /** Scaled points, (n, dimension). */
  private readonly local: Float64Array;
  private readonly exchanges: Int32Array;
  private matrix: Float64Array = new Float64Array(0);

  constructor(
    readonly dimension: number,
    degree: number,
    /** Points of a stencil. */
    readonly n: number,
  ) {
    this.exponents = monomials(dimension, degree);
    this.local = new Float64Array(n * dimension);
    this.exchanges = new Int32Array(n + this.exponents.length);
  }

  /**
   * The weights of functionals on the stencil `members` of all `points`; its first member is its centre.
   *
   * @param out (functionals, n)
   * @returns false where the points do not determine polynomials of the degree
   */
  weights(
    points: Float64Array,
    members: ArrayLike<number>,
    functionals: readonly Functional[],
    out: Float64Array,
  ): boolean {
    const { n, dimension, local, exponents } = this;
    const size = n + exponents.length;
    const m = size + functionals.length;
    if (this.matrix.length < m * m) this.matrix = new Float64Array(m * m);
    const a = this.matrix.subarray(0, m * m);
    a.fill(0);
    const origin = points.slice(members[0] * dimension, (members[0] + 1) * dimension);
    let largest = 0;
    for (let i = 0; i < n; i++) {
      let square = 0;
      for (let axis = 0; axis < dimension; axis++) {
        const x = points[members[i] * dimension + axis] - origin[axis];
        local[i * dimension + axis] = x;
        square += x * x;
      }
      largest = Math.max(largest, square);
    }
    const scale = Math.sqrt(largest);
    for (let i = 0; i < local.length; i++) local[i] /= scale;
    this.fill(a, m);
    functionals.forEach((functional, column) => {
      this.fillColumn(a, m, size + column, functional, origin, scale);
    });
    // The functionals are columns to the right of the matrix: factoring it leaves L⁻¹ of them.
    if (factorFront(a, m, size, this.exchanges, 1e-15, 1) !== 0) return false;
    for (let i = size - 1; i >= 0; i--) {
      for (let column = size; column < m; column++) {
        let sum = a[i * m + column];
        for (let j = i + 1; j < size; j++) sum -= a[i * m + j] * a[j * m + column];
        a[i * m + column] = sum / a[i * m + i];
      }
    }
    functionals.forEach(({ order }, k) => {
      const factor = scale ** -order.reduce((sum, value) => sum + value, 0);
      for (let i = 0; i < n; i++) out[k * n + i] = a[i * m + size + k] * factor;
    });
    return true;
  }

  private fill(a: Float64Array, m: number): void {
    const { n, dimension, local, exponents } = this;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let square = 0;
        for (let axis = 0; axis < dimension; axis++) {
          square += (local[i * dimension + axis] - local[j * dimension + axis]) ** 2;
        }
        const value = square * square * square * Math.sqrt(square);
        a[i * m + j] = value;
        a[j * m + i] = value;
      }
      for (let k = 0; k < exponents.length; k++) {
        let value = 1;
        for (let axis = 0; axis < dimension; axis++) {
          for (let j = 0; j < exponents[k][axis]; j++) value *= local[i * dimension + axis];
        }
        a[i * m + n + k] = value;
        a[(n + k) * m + i] = value;
      }
    }
  }

  private fillColumn(
    a: Float64Array,
    m: number,
    column: number,
    { point, order }: Functional,
    origin: Float64Array,
    scale: number,
  ): void {
    const { n, dimension, local, exponents } = this;
    const x = Array.from(origin, (value, axis) => (point[axis] - value) / scale);
    const offset = new Array<number>(dimension);
    for (let i = 0; i < n; i++) {
      for (let axis = 0; axis < dimension; axis++) offset[axis] = x[axis] - local[i * dimension + axis];
      a[i * m + column] = splineDerivative(offset, order);
    }
    exponents.forEach((powers, k) => {
      let value = 1;
      for (let axis = 0; axis < dimension; axis++) {
        for (let j = 0; j < order[axis]; j++) value *= powers[axis] - j;
        if (value === 0) break;
        value *= x[axis] ** (powers[axis] - order[axis]);
      }
      a[(n + k) * m + column] = value;
    });
  }
}

const power = 7;

/** ∂^order r⁷ by Faà di Bruno's formula for F(s) = s^{7/2}, s = r². */
function splineDerivative(x: readonly number[], order: readonly number[]): number {
  let square = 0;
  for (const value of x) square += value * value;
  if (square === 0) return 0;
  const r = Math.sqrt(square);
  const total = order.reduce((sum, k) => sum + k, 0);
  if (total === 0) return square * square * square * r;
  // What the axes bring together: coefficient of F^{(k)}(s).
  let terms = [1];
  for (let a = 0; a < x.length; a++) {
    const k = order[a];
    if (k === 0) continue;
    const next = new Array<number>(terms.length + k).fill(0);
    for (let j = 0; 2 * j <= k; j++) {
      const factor = (factorial(k) / (factorial(j) * factorial(k - 2 * j))) * (2 * x[a]) ** (k - 2 * j);
      for (let i = 0; i < terms.length; i++) next[i + k - j] += terms[i] * factor;
    }
    terms = next;
  }
  let sum = 0;
  let derivative = 1;
  for (let k = 0; k < terms.length; k++) {
    if (terms[k] !== 0) sum += terms[k] * derivative * r ** (power - 2 * k);
    derivative *= power / 2 - k;
  }
  return sum;
}

function factorial(k: number): number {
  let product = 1;
  for (let i = 2; i <= k; i++) product *= i;
  return product;
}
