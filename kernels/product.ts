/**
 * Products of a layer: Z = Wᵀ·X forward, X̄ = W·Z̄ back. The columns (jet components of points) come in
 * panels of four; the matrix is packed in panels of four rows, [row panel][k][4], the last one padded.
 */
import { multiplyAdd, PANEL } from './arithmetic';

/**
 * Packs the matrix A(i, k) = source[i·rowStride + k·depthStride] (strides in doubles) into panels of four
 * rows, zeros below the last row.
 */
export function packMatrix(
  source: usize,
  target: usize,
  rows: i32,
  depth: i32,
  rowStride: i32,
  depthStride: i32,
): void {
  for (let i = 0; i < rows; i += 4) {
    for (let k = 0; k < depth; k++) {
      for (let r = 0; r < 4; r++) {
        const value =
          i + r < rows ? load<f64>(source + ((<usize>((i + r) * rowStride + k * depthStride)) << 3)) : 0.0;
        store<f64>(target, value);
        target += 8;
      }
    }
  }
}

/**
 * C = A·B (+ bias): A packed (rows, depth), B and C panels of four columns. Every `biasPeriod`-th panel, from the
 * first on, starts from the bias (rows doubles), the others from zero; all of them do if the period is 0. The
 * depth is at least 1.
 */
export function product(
  a: usize,
  b: usize,
  c: usize,
  rows: i32,
  depth: i32,
  panels: i32,
  bias: usize,
  biasPeriod: i32,
): void {
  const panelB = <usize>depth * PANEL;
  let next = biasPeriod > 0 ? 0 : panels;
  for (let p = 0; p < panels; p++) {
    const start = p == next;
    if (start) next += biasPeriod;
    let ap = a;
    let i = 0;
    for (; i + 4 <= rows; i += 4) {
      let bp = b;
      const end = b + panelB;
      const b0 = v128.load(bp);
      const b1 = v128.load(bp, 16);
      let s = v128.load_splat<f64>(ap);
      let c00 = f64x2.mul(s, b0);
      let c01 = f64x2.mul(s, b1);
      s = v128.load_splat<f64>(ap, 8);
      let c10 = f64x2.mul(s, b0);
      let c11 = f64x2.mul(s, b1);
      s = v128.load_splat<f64>(ap, 16);
      let c20 = f64x2.mul(s, b0);
      let c21 = f64x2.mul(s, b1);
      s = v128.load_splat<f64>(ap, 24);
      let c30 = f64x2.mul(s, b0);
      let c31 = f64x2.mul(s, b1);
      ap += PANEL;
      bp += PANEL;
      if (start) {
        const at = bias + ((<usize>i) << 3);
        s = v128.load_splat<f64>(at);
        c00 = f64x2.add(c00, s);
        c01 = f64x2.add(c01, s);
        s = v128.load_splat<f64>(at, 8);
        c10 = f64x2.add(c10, s);
        c11 = f64x2.add(c11, s);
        s = v128.load_splat<f64>(at, 16);
        c20 = f64x2.add(c20, s);
        c21 = f64x2.add(c21, s);
        s = v128.load_splat<f64>(at, 24);
        c30 = f64x2.add(c30, s);
        c31 = f64x2.add(c31, s);
      }
      while (bp < end) {
        const b0 = v128.load(bp);
        const b1 = v128.load(bp, 16);
        let s = v128.load_splat<f64>(ap);
        c00 = multiplyAdd(s, b0, c00);
        c01 = multiplyAdd(s, b1, c01);
        s = v128.load_splat<f64>(ap, 8);
        c10 = multiplyAdd(s, b0, c10);
        c11 = multiplyAdd(s, b1, c11);
        s = v128.load_splat<f64>(ap, 16);
        c20 = multiplyAdd(s, b0, c20);
        c21 = multiplyAdd(s, b1, c21);
        s = v128.load_splat<f64>(ap, 24);
        c30 = multiplyAdd(s, b0, c30);
        c31 = multiplyAdd(s, b1, c31);
        ap += PANEL;
        bp += PANEL;
      }
      v128.store(c, c00);
      v128.store(c, c01, 16);
      v128.store(c, c10, 32);
      v128.store(c, c11, 48);
      v128.store(c, c20, 64);
      v128.store(c, c21, 80);
      v128.store(c, c30, 96);
      v128.store(c, c31, 112);
      c += 128;
    }
    for (let r = 0; i + r < rows; r++) {
      let c0 = f64x2.splat(0);
      if (start) c0 = v128.load_splat<f64>(bias + ((<usize>(i + r)) << 3));
      let c1 = c0;
      let aq = ap + ((<usize>r) << 3);
      for (let k = 0; k < depth; k++) {
        const at = b + <usize>k * PANEL;
        const s = v128.load_splat<f64>(aq);
        c0 = multiplyAdd(s, v128.load(at), c0);
        c1 = multiplyAdd(s, v128.load(at, 16), c1);
        aq += PANEL;
      }
      v128.store(c, c0);
      v128.store(c, c1, 16);
      c += PANEL;
    }
    b += panelB;
  }
}
