import type { Problem } from '../../problem/problem.ts';
import { type AxisBasis, chebyshevBasis, fourierBasis } from './axis-basis.ts';

/**
 * Products of one function per coordinate whose numbers k satisfy |k|₂ ≤ degree: the Euclidean degree, which
 * resolves all directions alike. Trefethen (2017), Constr. Approx. 45, 317–329.
 */
export class PolynomialSpace {
  readonly axes: readonly AxisBasis[];
  /** Per field: (functions, coordinates). */
  readonly indices: readonly Int32Array[];
  /** Per field: place of its first coefficient. */
  readonly offsets: readonly number[];
  readonly size: number;

  constructor(
    private readonly problem: Problem,
    periodic: ReadonlySet<number>,
    readonly degree: number,
  ) {
    const dimension = problem.coordinates.length;
    this.axes = problem.coordinates.map((coordinate, axis) =>
      periodic.has(axis) ? fourierBasis(coordinate) : chebyshevBasis(coordinate),
    );
    const offsets: number[] = [];
    let size = 0;
    this.indices = problem.fields.map(({ of }) => {
      const indices: number[] = [];
      const index = new Array<number>(dimension).fill(0);
      const visit = (axis: number, left: number): void => {
        if (axis === dimension) {
          indices.push(...index);
          return;
        }
        for (let k = 0; k * k <= (of.includes(axis) ? left : 0); k++) {
          index[axis] = k;
          visit(axis + 1, left - k * k);
        }
        index[axis] = 0;
      };
      visit(0, degree * degree + 1e-9);
      offsets.push(size);
      size += indices.length / dimension;
      return Int32Array.from(indices);
    });
    this.offsets = offsets;
    this.size = size;
  }

  /** Values at a point of one derivative of all functions of a field, into out. */
  row(
    field: number,
    order: readonly number[],
    point: ArrayLike<number>,
    cache: Map<number, Float64Array>,
    out: Float64Array,
  ): void {
    const indices = this.indices[field];
    const dimension = order.length;
    const factors = order.map((k, axis) => {
      const key = axis * 16 + k;
      let values = cache.get(key);
      if (values === undefined) {
        values = this.axes[axis].values(point[axis], k, this.degree);
        cache.set(key, values);
      }
      return values;
    });
    const [x, y, z] = factors;
    if (dimension === 2) {
      for (let i = 0; i < out.length; i++) out[i] = x[indices[2 * i]] * y[indices[2 * i + 1]];
    } else if (dimension === 3) {
      for (let i = 0; i < out.length; i++)
        out[i] = x[indices[3 * i]] * y[indices[3 * i + 1]] * z[indices[3 * i + 2]];
    } else {
      for (let i = 0; i < out.length; i++) {
        let value = 1;
        for (let axis = 0; axis < dimension; axis++) value *= factors[axis][indices[i * dimension + axis]];
        out[i] = value;
      }
    }
  }

  /** Coefficients in this space of a function of a smaller or larger one. */
  embed(from: PolynomialSpace, coefficients: Float64Array): Float64Array {
    const dimension = this.problem.coordinates.length;
    const result = new Float64Array(this.size);
    this.indices.forEach((indices, field) => {
      const known = new Map<string, number>();
      const other = from.indices[field];
      for (let i = 0; i < other.length / dimension; i++)
        known.set(
          other.subarray(i * dimension, (i + 1) * dimension).join(),
          coefficients[from.offsets[field] + i],
        );
      for (let i = 0; i < indices.length / dimension; i++)
        result[this.offsets[field] + i] =
          known.get(indices.subarray(i * dimension, (i + 1) * dimension).join()) ?? 0;
    });
    return result;
  }

  /** The fields at points (N, d). */
  evaluate(coefficients: Float64Array, points: Float64Array): Record<string, Float64Array> {
    const { fields, coordinates } = this.problem;
    const dimension = coordinates.length;
    const count = points.length / dimension;
    const zero = coordinates.map(() => 0);
    const rows = this.indices.map((indices) => new Float64Array(indices.length / dimension));
    const result = Object.fromEntries(fields.map(({ name }) => [name, new Float64Array(count)]));
    for (let i = 0; i < count; i++) {
      const point = points.subarray(i * dimension, (i + 1) * dimension);
      const cache = new Map<number, Float64Array>();
      fields.forEach(({ name }, field) => {
        const row = rows[field];
        this.row(field, zero, point, cache, row);
        let sum = 0;
        for (let k = 0; k < row.length; k++) sum += row[k] * coefficients[this.offsets[field] + k];
        result[name][i] = sum;
      });
    }
    return result;
  }
}
