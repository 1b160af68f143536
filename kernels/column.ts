/** Columns of points: a run of doubles, one for each point of a tile (a multiple of four). */
import { lanesSum, multiplyAdd, PANEL } from './arithmetic';

/** Copies a column to where its groups of four stand `step` bytes apart. */
export function scatterColumn(source: usize, target: usize, step: i32, count: i32): void {
  for (let n = 0; n < count; n += 4) {
    v128.store(target, v128.load(source));
    v128.store(target, v128.load(source, 16), 16);
    target += step;
    source += PANEL;
  }
}

/** Fills groups of four, `step` bytes apart, with one value. */
export function scatterConstant(value: f64, target: usize, step: i32, count: i32): void {
  const v = f64x2.splat(value);
  for (let n = 0; n < count; n += 4) {
    v128.store(target, v);
    v128.store(target, v, 16);
    target += step;
  }
}

/** Copies groups of four, `step` bytes apart, into a column. */
export function gatherColumn(source: usize, step: i32, target: usize, count: i32): void {
  for (let n = 0; n < count; n += 4) {
    v128.store(target, v128.load(source));
    v128.store(target, v128.load(source, 16), 16);
    source += step;
    target += PANEL;
  }
}

/** Adds a(n)·b(n) to groups of four, `step` bytes apart. */
export function scatterProduct(a: usize, b: usize, target: usize, step: i32, count: i32): void {
  for (let n = 0; n < count; n += 4) {
    v128.store(target, multiplyAdd(v128.load(a), v128.load(b), v128.load(target)));
    v128.store(target, multiplyAdd(v128.load(a, 16), v128.load(b, 16), v128.load(target, 16)), 16);
    target += step;
    a += PANEL;
    b += PANEL;
  }
}

/** target = scale·a·b. */
export function scaledProduct(scale: f64, a: usize, b: usize, target: usize, count: i32): void {
  const s = f64x2.splat(scale);
  for (let n = 0; n < count; n += 2) {
    v128.store(target, f64x2.mul(f64x2.mul(s, v128.load(a)), v128.load(b)));
    a += 16;
    b += 16;
    target += 16;
  }
}

/** Σ a·b. */
export function dot(a: usize, b: usize, count: i32): f64 {
  let s = f64x2.splat(0);
  for (let n = 0; n < count; n += 2) {
    s = multiplyAdd(v128.load(a), v128.load(b), s);
    a += 16;
    b += 16;
  }
  return lanesSum(s);
}

/** Σ w·r·r. */
export function weightedSquare(r: usize, w: usize, count: i32): f64 {
  let s = f64x2.splat(0);
  for (let n = 0; n < count; n += 2) {
    const v = v128.load(r);
    s = multiplyAdd(f64x2.mul(v, v), v128.load(w), s);
    r += 16;
    w += 16;
  }
  return lanesSum(s);
}
