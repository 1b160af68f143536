import type { Coordinate } from '../../problem/problem.ts';
import {
  barycentricWeights,
  chebyshevLobattoPoints,
  differentiationMatrix,
  lagrangeValues,
} from '../collocation/polynomial.ts';

interface Axis {
  readonly nodes: Float64Array;
  /** (n, n) per order of derivative. */
  readonly derivatives: Float64Array[];
  /** Values at x of the functions that are 1 at one node and 0 at the others. */
  cardinals(x: number): Float64Array;
}

/**
 * Chebyshev–Lobatto points along open coordinates, equispaced points along periodic ones, and the derivatives of
 * the functions that interpolate values there. Points are row-major, the last coordinate fastest. Trefethen
 * (2000), Spectral Methods in MATLAB, chapters 3 and 6.
 */
export class TensorGrid {
  readonly points: number;
  /** Points along each coordinate. */
  readonly sizes: readonly number[];
  /** Points between neighbours along each coordinate. */
  private readonly inner: readonly number[];
  readonly axes: readonly Axis[];
  private readonly scratch: [Float64Array, Float64Array];

  constructor(
    readonly coordinates: readonly Coordinate[],
    periodic: readonly boolean[],
    /** Points along every coordinate, or along each. */
    n: number | readonly number[],
  ) {
    this.sizes = coordinates.map((_, i) => (typeof n === 'number' ? n : n[i]));
    this.inner = this.sizes.map((_, i) => this.sizes.slice(i + 1).reduce((a, b) => a * b, 1));
    this.points = this.sizes.reduce((a, b) => a * b, 1);
    this.axes = coordinates.map((coordinate, i) =>
      periodic[i] ? periodicAxis(coordinate, this.sizes[i]) : chebyshevAxis(coordinate, this.sizes[i]),
    );
    this.scratch = [new Float64Array(this.points), new Float64Array(this.points)];
  }

  /** Index along an axis of a point. */
  index(point: number, axis: number): number {
    return Math.floor(point / this.inner[axis]) % this.sizes[axis];
  }

  positions(axis: number): Float64Array {
    return Float64Array.from({ length: this.points }, (_, i) => this.axes[axis].nodes[this.index(i, axis)]);
  }

  /** The matrix of a derivative along one axis, (n, n). */
  derivative(axis: number, order: number): Float64Array {
    const { derivatives } = this.axes[axis];
    while (derivatives.length <= order) {
      const last = derivatives[derivatives.length - 1];
      derivatives.push(product(derivatives[1], last, this.sizes[axis]));
    }
    return derivatives[order];
  }

  /** Values of a derivative at all points. */
  differentiate(order: readonly number[], values: Float64Array, out: Float64Array): void {
    let from = values;
    let turn = 0;
    const last = order.findLastIndex((k) => k > 0);
    if (last < 0) out.set(values);
    order.forEach((k, axis) => {
      if (k === 0) return;
      const to = axis === last ? out : this.scratch[turn++ % 2];
      const matrix = this.derivative(axis, k);
      const n = this.sizes[axis];
      const inner = this.inner[axis];
      for (let outer = 0; outer < this.points; outer += n * inner) {
        if (inner === 1) multiplyRow(matrix, from, to, outer, n);
        else multiplyBlock(matrix, from, to, outer, n, inner);
      }
      from = to;
    });
  }

  /** Value at any point of the box of the functions that interpolate each of the arrays of values. */
  interpolate(values: readonly Float64Array[], place: readonly number[]): number[] {
    const weights = place.map((x, axis) => this.axes[axis].cardinals(x));
    return values.map((array) => {
      let block = array;
      weights.forEach((weight) => {
        const n = weight.length;
        const inner = block.length / n;
        const next = new Float64Array(inner);
        for (let j = 0; j < n; j++) {
          if (weight[j] === 0) continue;
          for (let q = 0; q < inner; q++) next[q] += weight[j] * block[j * inner + q];
        }
        block = next;
      });
      return block[0];
    });
  }
}

/** to = M·from, n entries of both from `start` on: four sums at a time do not wait for one another. */
function multiplyRow(
  matrix: Float64Array,
  from: Float64Array,
  to: Float64Array,
  start: number,
  n: number,
): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let j = 0, k = i * n; j < n; j++, k++) {
      const value = from[start + j];
      a += matrix[k] * value;
      b += matrix[k + n] * value;
      c += matrix[k + 2 * n] * value;
      d += matrix[k + 3 * n] * value;
    }
    to[start + i] = a;
    to[start + i + 1] = b;
    to[start + i + 2] = c;
    to[start + i + 3] = d;
  }
  for (; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j] * from[start + j];
    to[start + i] = sum;
  }
}

/** The same for n blocks of `inner` entries, four of them in a pass. */
function multiplyBlock(
  matrix: Float64Array,
  from: Float64Array,
  to: Float64Array,
  start: number,
  n: number,
  inner: number,
): void {
  for (let i = 0; i < n; i++) {
    const target = start + i * inner;
    to.fill(0, target, target + inner);
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const k = i * n + j;
      const [a, b, c, d] = [matrix[k], matrix[k + 1], matrix[k + 2], matrix[k + 3]];
      const source = start + j * inner;
      for (let q = 0; q < inner; q++) {
        const p = source + q;
        to[target + q] +=
          a * from[p] + b * from[p + inner] + c * from[p + 2 * inner] + d * from[p + 3 * inner];
      }
    }
    for (; j < n; j++) {
      const factor = matrix[i * n + j];
      const source = start + j * inner;
      for (let q = 0; q < inner; q++) to[target + q] += factor * from[source + q];
    }
  }
}

function chebyshevAxis({ low, high }: Coordinate, n: number): Axis {
  const reference = chebyshevLobattoPoints(n);
  const weights = barycentricWeights(reference);
  const scale = 2 / (high - low);
  return {
    nodes: reference.map((xi, i) => (i === 0 ? low : i === n - 1 ? high : low + (1 + xi) / scale)),
    derivatives: [identity(n), differentiationMatrix(reference, weights).map((value) => value * scale)],
    cardinals: (x) => lagrangeValues(reference, weights, Math.min(1, Math.max(-1, scale * (x - low) - 1))),
  };
}

/** Derivatives of the trigonometric interpolant of an even number of points. */
function periodicAxis({ low, high }: Coordinate, n: number): Axis {
  const scale = (2 * Math.PI) / (high - low);
  const h = (2 * Math.PI) / n;
  const first = new Float64Array(n * n);
  const second = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const sign = (i - j) % 2 === 0 ? 1 : -1;
      const half = ((i - j) * h) / 2;
      first[i * n + j] = i === j ? 0 : (scale * 0.5 * sign) / Math.tan(half);
      second[i * n + j] =
        scale ** 2 * (i === j ? -(Math.PI ** 2) / (3 * h * h) - 1 / 6 : (-0.5 * sign) / Math.sin(half) ** 2);
    }
  }
  return {
    nodes: Float64Array.from({ length: n }, (_, i) => low + ((high - low) * i) / n),
    derivatives: [identity(n), first, second],
    cardinals: (x) =>
      Float64Array.from({ length: n }, (_, j) => {
        const angle = scale * (x - low) - j * h;
        const sine = Math.sin(angle / 2);
        return Math.abs(sine) < 1e-14 ? 1 : Math.sin((n * angle) / 2) / (n * Math.tan(angle / 2));
      }),
  };
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) out[i * n + j] += a[i * n + k] * b[k * n + j];
  return out;
}
