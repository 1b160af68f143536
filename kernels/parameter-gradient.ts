/**
 * What the adjoint of an affine layer leaves for its parameters: summed over all points (the gradient), or
 * point by point (rows of the Jacobian). X and Ȳ are panels of four columns: of four points all components,
 * then of the next four.
 */
import { lanesSum, multiplyAdd, PANEL } from './arithmetic';

// @ts-ignore: decorator
@inline
function addPair(at: usize, a: v128, b: v128): void {
  const sum = f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
  v128.store(at, f64x2.add(v128.load(at), sum));
}

// @ts-ignore: decorator
@inline
function addOne(at: usize, a: v128): void {
  store<f64>(at, load<f64>(at) + lanesSum(a));
}

/**
 * Four rows of X against two of Y; entries of G at `at`, rows `stride` bytes apart. The panels are passed over
 * twice, two columns each time, so that all that is loaded and summed has room in registers.
 */
function blockFourTwo(xp: usize, yp: usize, at: usize, stride: usize, stepX: usize, stepY: usize, panels: i32): void {
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  const length = <usize>panels * stepX;
  const back = <usize>panels * stepY;
  for (let half = 0; half < 2; half++) {
    const end = xp + length;
    while (xp < end) {
      const y0 = v128.load(yp);
      const y1 = v128.load(yp, 32);
      let a = v128.load(xp);
      s00 = multiplyAdd(a, y0, s00);
      s01 = multiplyAdd(a, y1, s01);
      a = v128.load(xp, 32);
      s10 = multiplyAdd(a, y0, s10);
      s11 = multiplyAdd(a, y1, s11);
      a = v128.load(xp, 64);
      s20 = multiplyAdd(a, y0, s20);
      s21 = multiplyAdd(a, y1, s21);
      a = v128.load(xp, 96);
      s30 = multiplyAdd(a, y0, s30);
      s31 = multiplyAdd(a, y1, s31);
      xp += stepX;
      yp += stepY;
    }
    xp += 16 - length;
    yp += 16 - back;
  }
  addPair(at, s00, s01);
  at += stride;
  addPair(at, s10, s11);
  at += stride;
  addPair(at, s20, s21);
  at += stride;
  addPair(at, s30, s31);
}

/** Four rows of `a` against one of `b`; entries `distance` bytes apart. */
function blockFourOne(ap: usize, bp: usize, at: usize, distance: usize, stepA: usize, stepB: usize, panels: i32): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const end = ap + <usize>panels * stepA;
  while (ap < end) {
    let b = v128.load(bp);
    s0 = multiplyAdd(v128.load(ap), b, s0);
    s1 = multiplyAdd(v128.load(ap, 32), b, s1);
    s2 = multiplyAdd(v128.load(ap, 64), b, s2);
    s3 = multiplyAdd(v128.load(ap, 96), b, s3);
    b = v128.load(bp, 16);
    s0 = multiplyAdd(v128.load(ap, 16), b, s0);
    s1 = multiplyAdd(v128.load(ap, 48), b, s1);
    s2 = multiplyAdd(v128.load(ap, 80), b, s2);
    s3 = multiplyAdd(v128.load(ap, 112), b, s3);
    ap += stepA;
    bp += stepB;
  }
  addOne(at, s0);
  addOne(at + distance, s1);
  addOne(at + 2 * distance, s2);
  addOne(at + 3 * distance, s3);
}

function blockOneOne(xp: usize, yp: usize, at: usize, stepX: usize, stepY: usize, panels: i32): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  for (let p = 0; p < panels; p++) {
    s0 = multiplyAdd(v128.load(xp), v128.load(yp), s0);
    s1 = multiplyAdd(v128.load(xp, 16), v128.load(yp, 16), s1);
    xp += stepX;
    yp += stepY;
  }
  addOne(at, f64x2.add(s0, s1));
}

/** Bytes of X and Ȳ together that are worked on at once: they stay in the first-level cache. */
const SLAB: usize = 32768;
/** Panels of a slab at least, so that adding to G stays a small part of the work. */
const FEWEST: usize = 16;

/** G(i, j) += Σ X(i, ·)·Ȳ(j, ·) over all columns; G row-major (inputs, outputs). */
export function weightGradient(x: usize, y: usize, g: usize, inputs: i32, outputs: i32, panels: i32): void {
  const slab = <i32>max(FEWEST, SLAB / (<usize>(inputs + outputs) * PANEL));
  for (let p = 0; p < panels; p += slab) {
    const from = <usize>p * PANEL;
    slabGradient(x + from * inputs, y + from * outputs, g, inputs, outputs, min(slab, panels - p));
  }
}

function slabGradient(x: usize, y: usize, g: usize, inputs: i32, outputs: i32, panels: i32): void {
  const stepX = <usize>inputs * PANEL;
  const stepY = <usize>outputs * PANEL;
  const stride = (<usize>outputs) << 3;
  let i = 0;
  for (; i + 4 <= inputs; i += 4) {
    const xi = x + <usize>i * PANEL;
    const gi = g + <usize>i * stride;
    let j = 0;
    for (; j + 2 <= outputs; j += 2) {
      blockFourTwo(xi, y + <usize>j * PANEL, gi + ((<usize>j) << 3), stride, stepX, stepY, panels);
    }
    if (j < outputs) blockFourOne(xi, y + <usize>j * PANEL, gi + ((<usize>j) << 3), stride, stepX, stepY, panels);
  }
  for (; i < inputs; i++) {
    const xi = x + <usize>i * PANEL;
    const gi = g + <usize>i * stride;
    let j = 0;
    for (; j + 4 <= outputs; j += 4) {
      blockFourOne(y + <usize>j * PANEL, xi, gi + ((<usize>j) << 3), 8, stepY, stepX, panels);
    }
    for (; j < outputs; j++) blockOneOne(xi, y + <usize>j * PANEL, gi + ((<usize>j) << 3), stepX, stepY, panels);
  }
}

/** g(j) += Σ Ȳ(j, ·) over every `period`-th of the panels, from the first on: those of the value component. */
export function biasGradient(y: usize, g: usize, outputs: i32, panels: i32, period: i32): void {
  const step = <usize>outputs * <usize>period * PANEL;
  let j = 0;
  for (; j + 4 <= outputs; j += 4) {
    let yp = y + <usize>j * PANEL;
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let p = 0; p < panels; p += period) {
      s0 = f64x2.add(s0, f64x2.add(v128.load(yp), v128.load(yp, 16)));
      s1 = f64x2.add(s1, f64x2.add(v128.load(yp, 32), v128.load(yp, 48)));
      s2 = f64x2.add(s2, f64x2.add(v128.load(yp, 64), v128.load(yp, 80)));
      s3 = f64x2.add(s3, f64x2.add(v128.load(yp, 96), v128.load(yp, 112)));
      yp += step;
    }
    addPair(g, s0, s1);
    addPair(g + 16, s2, s3);
    g += 32;
  }
  for (; j < outputs; j++) {
    let yp = y + <usize>j * PANEL;
    let s = f64x2.splat(0);
    for (let p = 0; p < panels; p += period) {
      s = f64x2.add(s, f64x2.add(v128.load(yp), v128.load(yp, 16)));
      yp += step;
    }
    addOne(g, s);
    g += 8;
  }
}

/** Address of parameter p in the first row of a packed Jacobian, see `rank-update.ts`. */
// @ts-ignore: decorator
@inline
function entry(jacobian: usize, capacity: i32, p: i32): usize {
  return jacobian + <usize>(p >> 2) * <usize>capacity * PANEL + ((<usize>(p & 3)) << 3);
}

/** Writes (or adds) the values of four points into four successive rows. */
// @ts-ignore: decorator
@inline
function writeRows(at: usize, a: v128, b: v128, accumulate: bool): void {
  if (accumulate) {
    a = f64x2.add(a, f64x2.replace_lane(v128.load_splat<f64>(at), 1, load<f64>(at, 32)));
    b = f64x2.add(b, f64x2.replace_lane(v128.load_splat<f64>(at, 64), 1, load<f64>(at, 96)));
  }
  store<f64>(at, f64x2.extract_lane(a, 0));
  store<f64>(at, f64x2.extract_lane(a, 1), 32);
  store<f64>(at, f64x2.extract_lane(b, 0), 64);
  store<f64>(at, f64x2.extract_lane(b, 1), 96);
}

/**
 * Rows of the Jacobian for one affine layer, matrix and bias: entry (i, j) of point n is
 * Σ_c X_c(i, n)·Ȳ_c(j, n), of the bias Ȳ_0(j, n). Rows start at the address `jacobian` (already moved to the
 * first row), parameters at `first`.
 */
export function jacobianRows(
  x: usize,
  y: usize,
  inputs: i32,
  outputs: i32,
  components: i32,
  pointPanels: i32,
  jacobian: usize,
  capacity: i32,
  first: i32,
  accumulate: bool,
): void {
  const stepX = <usize>inputs * PANEL;
  const stepY = <usize>outputs * PANEL;
  for (let t = 0; t < pointPanels; t++) {
    let p = first;
    let xi = x + <usize>(t * components) * stepX;
    const yt = y + <usize>(t * components) * stepY;
    for (let i = 0; i < inputs; i++) {
      let yj = yt;
      let j = 0;
      for (; j + 2 <= outputs; j += 2) {
        let a0 = f64x2.splat(0);
        let a1 = a0;
        let b0 = a0;
        let b1 = a0;
        let xp = xi;
        let yp = yj;
        for (let c = 0; c < components; c++) {
          const x0 = v128.load(xp);
          const x1 = v128.load(xp, 16);
          a0 = multiplyAdd(x0, v128.load(yp), a0);
          a1 = multiplyAdd(x1, v128.load(yp, 16), a1);
          b0 = multiplyAdd(x0, v128.load(yp, 32), b0);
          b1 = multiplyAdd(x1, v128.load(yp, 48), b1);
          xp += stepX;
          yp += stepY;
        }
        writeRows(entry(jacobian, capacity, p), a0, a1, accumulate);
        writeRows(entry(jacobian, capacity, p + 1), b0, b1, accumulate);
        p += 2;
        yj += 2 * PANEL;
      }
      if (j < outputs) {
        let a0 = f64x2.splat(0);
        let a1 = a0;
        let xp = xi;
        let yp = yj;
        for (let c = 0; c < components; c++) {
          a0 = multiplyAdd(v128.load(xp), v128.load(yp), a0);
          a1 = multiplyAdd(v128.load(xp, 16), v128.load(yp, 16), a1);
          xp += stepX;
          yp += stepY;
        }
        writeRows(entry(jacobian, capacity, p), a0, a1, accumulate);
        p++;
      }
      xi += PANEL;
    }
    for (let j = 0; j < outputs; j++) {
      const at = yt + <usize>j * PANEL;
      writeRows(entry(jacobian, capacity, p), v128.load(at), v128.load(at, 16), accumulate);
      p++;
    }
    jacobian += 4 * PANEL;
  }
}

/** Zeros for `count` parameters from `first` on, in `rows` rows. */
export function clearRows(jacobian: usize, capacity: i32, first: i32, count: i32, rows: i32): void {
  for (let p = first; p < first + count; p++) {
    let at = entry(jacobian, capacity, p);
    for (let n = 0; n < rows; n++) {
      store<f64>(at, 0);
      at += PANEL;
    }
  }
}

/** One parameter's entries: source(n)·factor(n), 0 where the factor is 0, added to what is there if `accumulate`. */
export function columnRows(
  source: usize,
  factor: usize,
  rows: i32,
  jacobian: usize,
  capacity: i32,
  p: i32,
  accumulate: bool,
): void {
  let at = entry(jacobian, capacity, p);
  for (let n = 0; n < rows; n++) {
    const share = load<f64>(factor);
    const value = share == 0 ? 0 : load<f64>(source) * share;
    store<f64>(at, accumulate ? load<f64>(at) + value : value);
    at += PANEL;
    source += 8;
    factor += 8;
  }
}
