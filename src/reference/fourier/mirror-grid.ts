import type { Coordinate } from '../../problem/problem.ts';
import type { Parity } from '../mirror-symmetry.ts';
import { FastWaves } from './fast-waves.ts';

/** Parities at the lower and the upper end of an axis. */
export type Ends = readonly [Parity, Parity];

/** Of so many functions per point of an axis quadratic terms are free of aliasing. */
const share = 2 / 3;

/** On a line with more points than this a fast transform is faster than a matrix. */
const mostMatrixPoints = 100;

/** Sines or cosines that are odd or even at the ends of [0, π], κ = wavenumber of the k-th of them. */
export function wavenumber([low, high]: Ends, k: number): number {
  if (low === high) return low === 'odd' ? k + 1 : k;
  return k + 0.5;
}

/** The r-th derivative of sin κs or cos κs. */
function wave([low]: Ends, kappa: number, s: number, r: number): number {
  const turn = (Math.PI / 2) * (r + (low === 'odd' ? 0 : 1));
  return kappa === 0 && r > 0 ? 0 : kappa ** r * Math.sin(kappa * s + turn);
}

/**
 * A box whose functions go on beyond its faces as odd or even ones: sums of products of sines and cosines, by their
 * values at the midpoints of equal cells, which may be other in number along each axis. Martucci (1994), IEEE Trans.
 * Signal Process. 42, 1038–1051. Spectra hold real and imaginary part of each mode, the latter zero.
 */
export class MirrorGrid {
  readonly points: number;
  readonly modes: number;
  private readonly matrices = new Map<string, Float64Array>();
  /** On a line, by the first wave number. */
  private readonly fast = new Map<number, FastWaves>();
  private readonly scratch: [Float64Array, Float64Array];

  constructor(
    readonly axes: readonly Coordinate[],
    /** Points along each axis. */
    readonly sizes: readonly number[],
    /** Functions along each axis; by default as many as leave quadratic terms free of aliasing, below `sizes` at most. */
    readonly counts: readonly number[] = sizes.map((n) => Math.floor(share * n)),
  ) {
    this.points = sizes.reduce((a, b) => a * b, 1);
    this.modes = this.counts.reduce((a, b) => a * b, 1);
    this.scratch = [new Float64Array(this.points), new Float64Array(this.points)];
  }

  /** One axis of the points' positions, (points), row-major. */
  positions(axis: number): Float64Array {
    const { low, high } = this.axes[axis];
    const n = this.sizes[axis];
    const inner = this.sizes.slice(axis + 1).reduce((a, b) => a * b, 1);
    return Float64Array.from(
      { length: this.points },
      (_, i) => low + ((high - low) * ((Math.floor(i / inner) % n) + 0.5)) / n,
    );
  }

  /** What a derivative of even orders multiplies each mode by. */
  symbol(order: readonly number[], ends: readonly Ends[]): Float64Array {
    return Float64Array.from({ length: this.modes }, (_, mode) => {
      let value = 1;
      let rest = mode;
      for (let axis = this.axes.length - 1; axis >= 0; axis--) {
        const k = rest % this.counts[axis];
        rest = Math.floor(rest / this.counts[axis]);
        const kappa = this.scale(axis) * wavenumber(ends[axis], k);
        value *= (order[axis] % 4 === 2 ? -1 : 1) * kappa ** order[axis];
      }
      return value;
    });
  }

  /** Values at the points of a derivative of a function given by its spectrum. */
  toPoints(spectrum: Float64Array, order: readonly number[], ends: readonly Ends[], out: Float64Array): void {
    let from = this.scratch[0].subarray(0, this.modes);
    for (let mode = 0; mode < this.modes; mode++) from[mode] = spectrum[2 * mode];
    const waves = this.waves(ends[0]);
    if (waves !== undefined) {
      const [r] = order;
      for (let k = 0; k < this.modes && r > 0; k++) {
        const kappa = wavenumber(ends[0], k);
        from[k] *= kappa === 0 ? 0 : (this.scale(0) * kappa) ** r;
      }
      waves.toPoints(from, (Math.PI / 2) * (r + (ends[0][0] === 'odd' ? 0 : 1)), out);
      return;
    }
    const lengths = [...this.counts];
    const last = this.axes.length - 1;
    for (let axis = 0; axis <= last; axis++) {
      const n = this.sizes[axis];
      const to = axis === last ? out : this.scratch[(axis + 1) % 2];
      along(this.values(axis, ends[axis], order[axis]), n, lengths, axis, from, to);
      lengths[axis] = n;
      from = to;
    }
  }

  /** The spectrum of the function nearest to given values at the points. */
  toSpectrum(values: Float64Array, ends: readonly Ends[], spectrum: Float64Array): void {
    let from: Float64Array = values;
    const waves = this.waves(ends[0]);
    if (waves !== undefined) {
      const sums = this.scratch[0];
      waves.toWaves(values, ends[0][0] === 'odd' ? 0 : Math.PI / 2, sums);
      for (let k = 0; k < this.modes; k++) {
        spectrum[2 * k] = ((wavenumber(ends[0], k) === 0 ? 1 : 2) / this.points) * sums[k];
        spectrum[2 * k + 1] = 0;
      }
      return;
    }
    const lengths = [...this.sizes];
    for (let axis = this.axes.length - 1, turn = 0; axis >= 0; axis--, turn = 1 - turn) {
      const to = this.scratch[turn];
      along(this.projection(axis, ends[axis]), this.counts[axis], lengths, axis, from, to);
      lengths[axis] = this.counts[axis];
      from = to;
    }
    for (let mode = 0; mode < this.modes; mode++) {
      spectrum[2 * mode] = from[mode];
      spectrum[2 * mode + 1] = 0;
    }
  }

  /** (points, points) of one axis: values of functions to those of their derivative. */
  differentiation(axis: number, ends: Ends, order: number): Float64Array {
    const n = this.sizes[axis];
    const matrix = new Float64Array(n * n);
    along(this.values(axis, ends, order), n, [this.counts[axis], n], 0, this.projection(axis, ends), matrix);
    return matrix;
  }

  /** The largest of the wave numbers along an axis. */
  highest(axis: number, ends: Ends): number {
    return this.scale(axis) * wavenumber(ends, this.counts[axis] - 1);
  }

  /** The function of a spectrum at any points, best given in rows. */
  interpolant(spectrum: Float64Array, ends: readonly Ends[]): (point: readonly number[]) => number {
    const { axes, counts } = this;
    const dimension = axes.length;
    const at = new Float64Array(dimension).fill(Number.NaN);
    const waves = counts.map((count) => new Float64Array(count));
    // Sums over the first axes, of which most points have the same place.
    const sums: Float64Array[] = [Float64Array.from({ length: this.modes }, (_, i) => spectrum[2 * i])];
    for (let axis = 0; axis < dimension; axis++)
      sums.push(new Float64Array(sums[axis].length / counts[axis]));
    return (point) => {
      let moved = false;
      for (let axis = 0; axis < dimension; axis++) {
        if (point[axis] !== at[axis]) {
          moved = true;
          at[axis] = point[axis];
          const s = (Math.PI * (point[axis] - axes[axis].low)) / (axes[axis].high - axes[axis].low);
          for (let k = 0; k < counts[axis]; k++)
            waves[axis][k] = wave(ends[axis], wavenumber(ends[axis], k), s, 0);
        }
        if (!moved) continue;
        const from = sums[axis];
        const to = sums[axis + 1];
        to.fill(0);
        for (let k = 0; k < counts[axis]; k++)
          for (let j = 0; j < to.length; j++) to[j] += waves[axis][k] * from[k * to.length + j];
      }
      return sums[dimension][0];
    };
  }

  /** Per axis the part of a function's norm in the outer fifth of the band, and the norm. */
  tails(spectrum: Float64Array): { readonly tails: number[]; readonly total: number } {
    const { counts } = this;
    const tails = counts.map(() => 0);
    let total = 0;
    for (let mode = 0; mode < this.modes; mode++) {
      const energy = spectrum[2 * mode] ** 2;
      total += energy;
      let rest = mode;
      for (let axis = counts.length - 1; axis >= 0; axis--) {
        if (rest % counts[axis] > 0.8 * counts[axis]) tails[axis] += energy;
        rest = Math.floor(rest / counts[axis]);
      }
    }
    return { tails: tails.map(Math.sqrt), total: Math.sqrt(total) };
  }

  private waves(ends: Ends): FastWaves | undefined {
    if (this.axes.length > 1 || this.points <= mostMatrixPoints) return undefined;
    const first = wavenumber(ends, 0);
    const own = this.fast.get(first) ?? new FastWaves(this.points, this.modes, first);
    this.fast.set(first, own);
    return own;
  }

  private scale(axis: number): number {
    return Math.PI / (this.axes[axis].high - this.axes[axis].low);
  }

  /** (points, modes) of one axis. */
  private values(axis: number, ends: Ends, order: number): Float64Array {
    return this.kept(`${axis} ${ends} ${order}`, () => {
      const n = this.sizes[axis];
      const m = this.counts[axis];
      const factor = this.scale(axis) ** order;
      return Float64Array.from(
        { length: n * m },
        (_, i) =>
          factor * wave(ends, wavenumber(ends, i % m), (Math.PI * (Math.floor(i / m) + 0.5)) / n, order),
      );
    });
  }

  /** (modes, points) of one axis: the waves are orthogonal at the midpoints. */
  private projection(axis: number, ends: Ends): Float64Array {
    return this.kept(`${axis} ${ends}`, () => {
      const n = this.sizes[axis];
      const m = this.counts[axis];
      return Float64Array.from({ length: m * n }, (_, i) => {
        const kappa = wavenumber(ends, Math.floor(i / n));
        return ((kappa === 0 ? 1 : 2) / n) * wave(ends, kappa, (Math.PI * ((i % n) + 0.5)) / n, 0);
      });
    });
  }

  private kept(key: string, make: () => Float64Array): Float64Array {
    const known = this.matrices.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.matrices.set(key, made);
    return made;
  }
}

/** Applies a matrix (rows, lengths[axis]) along one axis of an array with the given lengths. */
export function along(
  matrix: Float64Array,
  rows: number,
  lengths: readonly number[],
  axis: number,
  from: Float64Array,
  to: Float64Array,
): void {
  const columns = lengths[axis];
  const outer = lengths.slice(0, axis).reduce((a, b) => a * b, 1);
  const inner = lengths.slice(axis + 1).reduce((a, b) => a * b, 1);
  if (inner === 1) {
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < rows; i++) {
        const row = i * columns;
        const source = o * columns;
        let even = 0;
        let odd = 0;
        let j = 0;
        for (; j + 1 < columns; j += 2) {
          even += matrix[row + j] * from[source + j];
          odd += matrix[row + j + 1] * from[source + j + 1];
        }
        if (j < columns) even += matrix[row + j] * from[source + j];
        to[o * rows + i] = even + odd;
      }
    return;
  }
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < rows; i++) {
      const target = (o * rows + i) * inner;
      to.fill(0, target, target + inner);
      let j = 0;
      for (; j + 1 < columns; j += 2) {
        const a = matrix[i * columns + j];
        const b = matrix[i * columns + j + 1];
        const source = (o * columns + j) * inner;
        for (let q = 0; q < inner; q++) to[target + q] += a * from[source + q] + b * from[source + inner + q];
      }
      if (j >= columns) continue;
      const a = matrix[i * columns + j];
      const source = (o * columns + j) * inner;
      for (let q = 0; q < inner; q++) to[target + q] += a * from[source + q];
    }
}
