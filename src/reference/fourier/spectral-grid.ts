import type { Coordinate } from '../../problem/problem.ts';
import { FastFourierTransform } from './fast-fourier-transform.ts';

/**
 * A periodic box with n equispaced points along each axis, and the Fourier modes kept on it: |k| < n/3, so that
 * quadratic terms are free of aliasing (Orszag's two-thirds rule). Of a real function's two conjugate modes one
 * is kept. Points are row-major, the last axis fastest; spectra hold real and imaginary part of each mode.
 */
export class SpectralGrid {
  readonly points: number;
  /** Number of modes kept. */
  readonly modes: number;
  /** (modes, axes): wavenumbers in radians per unit of the coordinate. */
  readonly wavenumbers: Float64Array;
  /** Largest kept wavenumber index over its bound, per mode: 1 at the edge of the band. */
  readonly reach: Float64Array;
  /** Integer wavenumbers (modes, axes). */
  private readonly indices: Int32Array;
  private readonly places: Int32Array;
  private readonly conjugates: Int32Array;
  private readonly transforms: readonly FastFourierTransform[];
  private readonly work: Float64Array;

  constructor(
    readonly axes: readonly Coordinate[],
    /** Points along every axis. */
    readonly n: number,
  ) {
    const dimension = axes.length;
    this.points = n ** dimension;
    const bound = Math.ceil(n / 3) - 1;
    const indices: number[] = [];
    const places: number[] = [];
    const conjugates: number[] = [];
    const index = new Array<number>(dimension).fill(-bound);
    const place = (sign: 1 | -1) => index.reduce((sum, k) => sum * n + ((sign * k + n) % n), 0);
    for (;;) {
      // The first index that is not zero is positive.
      if ((index.find((k) => k !== 0) ?? 0) >= 0) {
        indices.push(...index);
        places.push(place(1));
        conjugates.push(place(-1));
      }
      let axis = dimension - 1;
      while (axis >= 0 && index[axis] === bound) index[axis--] = -bound;
      if (axis < 0) break;
      index[axis]++;
    }
    this.modes = places.length;
    this.indices = Int32Array.from(indices);
    this.places = Int32Array.from(places);
    this.conjugates = Int32Array.from(conjugates);
    this.wavenumbers = Float64Array.from(indices, (k, i) => {
      const { low, high } = axes[i % dimension];
      return (2 * Math.PI * k) / (high - low);
    });
    this.reach = Float64Array.from(
      { length: this.modes },
      (_, mode) => Math.max(...indices.slice(mode * dimension, (mode + 1) * dimension).map(Math.abs)) / bound,
    );
    const transform = new FastFourierTransform(n);
    this.transforms = axes.map(() => transform);
    this.work = new Float64Array(2 * this.points);
  }

  /** One axis of the points' positions, (points). */
  positions(axis: number): Float64Array {
    const { low, high } = this.axes[axis];
    const inner = this.n ** (this.axes.length - 1 - axis);
    return Float64Array.from({ length: this.points }, (_, i) => {
      return low + ((high - low) * (Math.floor(i / inner) % this.n)) / this.n;
    });
  }

  /** (i κ)^order of every mode, interleaved. */
  symbol(order: readonly number[]): Float64Array {
    const dimension = this.axes.length;
    const total = order.reduce((sum, k) => sum + k, 0);
    const result = new Float64Array(2 * this.modes);
    for (let mode = 0; mode < this.modes; mode++) {
      let size = 1;
      for (let axis = 0; axis < dimension; axis++)
        size *= this.wavenumbers[mode * dimension + axis] ** order[axis];
      result[2 * mode + (total % 2)] = total % 4 >= 2 ? -size : size;
    }
    return result;
  }

  /** Values of one or two functions at the points, each given by its spectrum times a symbol. */
  toPoints(
    spectrumA: Float64Array,
    symbolA: Float64Array | undefined,
    outA: Float64Array,
    spectrumB?: Float64Array,
    symbolB?: Float64Array,
    outB?: Float64Array,
  ): void {
    const { work, places, conjugates } = this;
    work.fill(0);
    for (let mode = 0; mode < this.modes; mode++) {
      const i = 2 * mode;
      let ar = spectrumA[i];
      let ai = spectrumA[i + 1];
      if (symbolA !== undefined) {
        const real = ar * symbolA[i] - ai * symbolA[i + 1];
        ai = ar * symbolA[i + 1] + ai * symbolA[i];
        ar = real;
      }
      let br = 0;
      let bi = 0;
      if (spectrumB !== undefined) {
        br = spectrumB[i];
        bi = spectrumB[i + 1];
        if (symbolB !== undefined) {
          const real = br * symbolB[i] - bi * symbolB[i + 1];
          bi = br * symbolB[i + 1] + bi * symbolB[i];
          br = real;
        }
      }
      const place = 2 * places[mode];
      const mirror = 2 * conjugates[mode];
      // Two real functions ride in one complex transform: A + iB.
      work[mirror] = ar + bi;
      work[mirror + 1] = br - ai;
      work[place] = ar - bi;
      work[place + 1] = ai + br;
    }
    this.run(-1);
    for (let i = 0; i < this.points; i++) outA[i] = work[2 * i];
    if (outB !== undefined) for (let i = 0; i < this.points; i++) outB[i] = work[2 * i + 1];
  }

  /** The inverse of `toPoints` without symbols, dropping the modes that are not kept. */
  toSpectrum(a: Float64Array, outA: Float64Array, b?: Float64Array, outB?: Float64Array): void {
    const { work, places, conjugates, points } = this;
    for (let i = 0; i < points; i++) {
      work[2 * i] = a[i];
      work[2 * i + 1] = b === undefined ? 0 : b[i];
    }
    this.run(1);
    const half = 0.5 / points;
    for (let mode = 0; mode < this.modes; mode++) {
      const place = 2 * places[mode];
      const mirror = 2 * conjugates[mode];
      outA[2 * mode] = half * (work[place] + work[mirror]);
      outA[2 * mode + 1] = half * (work[place + 1] - work[mirror + 1]);
      if (outB === undefined) continue;
      outB[2 * mode] = half * (work[place + 1] + work[mirror + 1]);
      outB[2 * mode + 1] = half * (work[mirror] - work[place]);
    }
  }

  /**
   * The function of a spectrum at any points. Sums over the leading axes are kept while their coordinates stay the
   * same, so points are best given in rows.
   */
  interpolant(spectrum: Float64Array): (point: readonly number[]) => number {
    const { axes, indices, places, conjugates, modes } = this;
    const dimension = axes.length;
    const bound = Math.ceil(this.n / 3) - 1;
    const phases = axes.map(() => new Float64Array(2 * (2 * bound + 1)));
    const at = new Float64Array(dimension).fill(Number.NaN);
    const line = new Float64Array(2 * (2 * bound + 1));
    return (point) => {
      let moved = false;
      for (let axis = 0; axis < dimension; axis++) {
        if (point[axis] === at[axis]) continue;
        at[axis] = point[axis];
        if (axis + 1 < dimension || dimension === 1) moved = true;
        const { low, high } = axes[axis];
        const angle = (2 * Math.PI * (point[axis] - low)) / (high - low);
        for (let k = -bound; k <= bound; k++) {
          phases[axis][2 * (k + bound)] = Math.cos(k * angle);
          phases[axis][2 * (k + bound) + 1] = Math.sin(k * angle);
        }
      }
      if (moved) {
        line.fill(0);
        for (let mode = 0; mode < modes; mode++) {
          const twice = places[mode] === conjugates[mode] ? 1 : 2;
          let real = twice * spectrum[2 * mode];
          let imaginary = twice * spectrum[2 * mode + 1];
          for (let axis = 0; axis + 1 < dimension; axis++) {
            const i = 2 * (indices[mode * dimension + axis] + bound);
            const turned = real * phases[axis][i] - imaginary * phases[axis][i + 1];
            imaginary = real * phases[axis][i + 1] + imaginary * phases[axis][i];
            real = turned;
          }
          const i = 2 * (indices[mode * dimension + dimension - 1] + bound);
          line[i] += real;
          line[i + 1] += imaginary;
        }
      }
      const last = phases[dimension - 1];
      let sum = 0;
      for (let i = 0; i < line.length; i += 2) sum += line[i] * last[i] - line[i + 1] * last[i + 1];
      return sum;
    };
  }

  /** Part of the function's L² norm in the outer fifth of the band. */
  tail(spectrum: Float64Array): { tail: number; total: number } {
    let tail = 0;
    let total = 0;
    for (let mode = 0; mode < this.modes; mode++) {
      const twice = this.places[mode] === this.conjugates[mode] ? 1 : 2;
      const energy = twice * (spectrum[2 * mode] ** 2 + spectrum[2 * mode + 1] ** 2);
      total += energy;
      if (this.reach[mode] > 0.8) tail += energy;
    }
    return { tail: Math.sqrt(tail), total: Math.sqrt(total) };
  }

  private run(direction: 1 | -1): void {
    const { n, work } = this;
    const dimension = this.axes.length;
    this.transforms.forEach((transform, axis) => {
      transform.transform(work, n ** axis, n ** (dimension - 1 - axis), direction);
    });
  }
}
