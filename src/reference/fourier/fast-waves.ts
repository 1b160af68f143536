import { FastFourierTransform } from './fast-fourier-transform.ts';

/**
 * Sums of sines or cosines at the midpoints s_j = π(j + ½)/n, and their projections, by one complex Fourier transform of
 * twice the length: sin(κs + φ) is the imaginary part of exp(i(κs + φ)), where κ = k + shift. Martucci (1994), IEEE Trans.
 * Signal Process. 42, 1038–1051, for the family of transforms.
 */
export class FastWaves {
  private readonly transform: FastFourierTransform;
  private readonly work: Float64Array;
  /** exp(iπκ_k/2n) of the waves and exp(iπ shift j/n) of the points, interleaved. */
  private readonly ofWaves: Float64Array;
  private readonly ofPoints: Float64Array;

  /**
   * @param n  points; 2n is a product of powers of 2 and 3
   * @param count  waves, at most n
   * @param shift  κ of the first of them
   */
  constructor(
    private readonly n: number,
    private readonly count: number,
    shift: number,
  ) {
    this.transform = new FastFourierTransform(2 * n);
    this.work = new Float64Array(4 * n);
    this.ofWaves = turns(count, (k) => (Math.PI * (k + shift)) / (2 * n));
    this.ofPoints = turns(n, (j) => (Math.PI * shift * j) / n);
  }

  /** Σ_k a_k sin(κ_k s_j + phase) at every midpoint. */
  toPoints(amplitudes: Float64Array, phase: number, out: Float64Array): void {
    const { n, count, work, ofWaves, ofPoints } = this;
    const [cosine, sine] = [Math.cos(phase), Math.sin(phase)];
    work.fill(0);
    for (let i = 0, k = 0; k < count; k++, i += 2) {
      work[i] = amplitudes[k] * (ofWaves[i] * cosine - ofWaves[i + 1] * sine);
      work[i + 1] = amplitudes[k] * (ofWaves[i] * sine + ofWaves[i + 1] * cosine);
    }
    this.transform.transform(work, 1, 1, -1);
    for (let i = 0, j = 0; j < n; j++, i += 2) out[j] = work[i] * ofPoints[i + 1] + work[i + 1] * ofPoints[i];
  }

  /** Σ_j f_j sin(κ_k s_j + phase) for every wave. */
  toWaves(values: Float64Array, phase: number, out: Float64Array): void {
    const { n, count, work, ofWaves, ofPoints } = this;
    const [cosine, sine] = [Math.cos(phase), Math.sin(phase)];
    work.fill(0);
    for (let i = 0, j = 0; j < n; j++, i += 2) {
      work[i] = values[j] * ofPoints[i];
      work[i + 1] = values[j] * ofPoints[i + 1];
    }
    this.transform.transform(work, 1, 1, -1);
    for (let i = 0, k = 0; k < count; k++, i += 2) {
      const re = ofWaves[i] * cosine - ofWaves[i + 1] * sine;
      const im = ofWaves[i] * sine + ofWaves[i + 1] * cosine;
      out[k] = work[i] * im + work[i + 1] * re;
    }
  }
}

function turns(count: number, angle: (i: number) => number): Float64Array {
  return Float64Array.from({ length: 2 * count }, (_, i) =>
    i % 2 === 0 ? Math.cos(angle(i / 2)) : Math.sin(angle((i - 1) / 2)),
  );
}
