interface Stage {
  readonly radix: 2 | 3 | 4;
  /** Length of the transforms that are left after this stage. */
  readonly rest: number;
  /** exp(−2πi p k/n) for p < rest, k = 1 … radix − 1, interleaved. */
  readonly twiddles: Float64Array;
}

const rootThree = Math.sqrt(3) / 2;

/**
 * Fast Fourier transforms of one length 2^a·3^b over interleaved complex numbers, by Stockham's self-sorting
 * algorithm: Van Loan (1992), Computational Frameworks for the Fast Fourier Transform, section 1.7.
 */
export class FastFourierTransform {
  private readonly stages: readonly Stage[];
  private scratch = new Float64Array(0);

  constructor(readonly length: number) {
    const stages: Stage[] = [];
    for (let n = length; n > 1; ) {
      const radix = n % 4 === 0 ? 4 : n % 2 === 0 ? 2 : 3;
      if (n % radix !== 0) throw new RangeError(`${length} is no product of powers of 2 and 3`);
      const rest = n / radix;
      const twiddles = new Float64Array(2 * rest * (radix - 1));
      for (let p = 0, i = 0; p < rest; p++) {
        for (let k = 1; k < radix; k++) {
          const angle = (-2 * Math.PI * p * k) / n;
          twiddles[i++] = Math.cos(angle);
          twiddles[i++] = Math.sin(angle);
        }
      }
      stages.push({ radix, rest, twiddles });
      n = rest;
    }
    this.stages = stages;
  }

  /**
   * Transforms along one axis of an array (outer, length, inner), in place: Σ_j x_j exp(∓2πi jk/length), the
   * upper sign where `direction` is 1; nothing is divided by the length.
   */
  transform(data: Float64Array, outer: number, inner: number, direction: 1 | -1): void {
    const size = 2 * this.length * inner;
    if (this.scratch.length < size) this.scratch = new Float64Array(size);
    for (let block = 0; block < outer; block++) {
      const part = data.subarray(block * size, (block + 1) * size);
      let from: Float64Array = part;
      let to: Float64Array = this.scratch.subarray(0, size);
      let stride = inner;
      for (const stage of this.stages) {
        butterflies(stage, from, to, stride, direction);
        [from, to] = [to, from];
        stride *= stage.radix;
      }
      if (from !== part) part.set(from);
    }
  }
}

function butterflies(
  { radix, rest, twiddles }: Stage,
  x: Float64Array,
  y: Float64Array,
  stride: number,
  direction: 1 | -1,
): void {
  const span = 2 * stride;
  const jump = span * rest;
  for (let p = 0, w = 0; p < rest; p++, w += 2 * (radix - 1)) {
    const source = span * p;
    const target = span * radix * p;
    const wr1 = twiddles[w];
    const wi1 = direction * twiddles[w + 1];
    if (radix === 2) {
      for (let q = 0; q < span; q += 2) {
        const a = source + q;
        const b = a + jump;
        const o = target + q;
        const dr = x[a] - x[b];
        const di = x[a + 1] - x[b + 1];
        y[o] = x[a] + x[b];
        y[o + 1] = x[a + 1] + x[b + 1];
        y[o + span] = dr * wr1 - di * wi1;
        y[o + span + 1] = dr * wi1 + di * wr1;
      }
      continue;
    }
    const wr2 = twiddles[w + 2];
    const wi2 = direction * twiddles[w + 3];
    if (radix === 3) {
      for (let q = 0; q < span; q += 2) {
        const a = source + q;
        const b = a + jump;
        const c = b + jump;
        const o = target + q;
        const sr = x[b] + x[c];
        const si = x[b + 1] + x[c + 1];
        // −i·√3/2·(b − c) for the forward transform.
        const rr = direction * rootThree * (x[b + 1] - x[c + 1]);
        const ri = -direction * rootThree * (x[b] - x[c]);
        const mr = x[a] - 0.5 * sr;
        const mi = x[a + 1] - 0.5 * si;
        y[o] = x[a] + sr;
        y[o + 1] = x[a + 1] + si;
        y[o + span] = (mr + rr) * wr1 - (mi + ri) * wi1;
        y[o + span + 1] = (mr + rr) * wi1 + (mi + ri) * wr1;
        y[o + 2 * span] = (mr - rr) * wr2 - (mi - ri) * wi2;
        y[o + 2 * span + 1] = (mr - rr) * wi2 + (mi - ri) * wr2;
      }
      continue;
    }
    const wr3 = twiddles[w + 4];
    const wi3 = direction * twiddles[w + 5];
    for (let q = 0; q < span; q += 2) {
      const a = source + q;
      const b = a + jump;
      const c = b + jump;
      const d = c + jump;
      const o = target + q;
      const pr = x[a] + x[c];
      const pi = x[a + 1] + x[c + 1];
      const mr = x[a] - x[c];
      const mi = x[a + 1] - x[c + 1];
      const sr = x[b] + x[d];
      const si = x[b + 1] + x[d + 1];
      const tr = direction * (x[b + 1] - x[d + 1]);
      const ti = -direction * (x[b] - x[d]);
      y[o] = pr + sr;
      y[o + 1] = pi + si;
      y[o + span] = (mr + tr) * wr1 - (mi + ti) * wi1;
      y[o + span + 1] = (mr + tr) * wi1 + (mi + ti) * wr1;
      y[o + 2 * span] = (pr - sr) * wr2 - (pi - si) * wi2;
      y[o + 2 * span + 1] = (pr - sr) * wi2 + (pi - si) * wr2;
      y[o + 3 * span] = (mr - tr) * wr3 - (mi - ti) * wi3;
      y[o + 3 * span + 1] = (mr - tr) * wi3 + (mi - ti) * wr3;
    }
  }
}
