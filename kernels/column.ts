/**
 * Columns of points: a run of doubles, one for each point of a tile (a multiple of four).
 *
 * Points of weight zero do not count, whatever stands there: 0·NaN and 0·∞ are 0 here.
 */
import { lanesSum, PANEL } from './arithmetic';

/** a·b, and 0 where b is 0. */
// @ts-ignore: decorator
@inline
function masked(a: v128, b: v128): v128 {
  return v128.andnot(f64x2.mul(a, b), f64x2.eq(b, f64x2.splat(0)));
}

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

/** Adds a(n)·b(n), 0 where b(n) is 0, to groups of four, `step` bytes apart. */
export function scatterProduct(a: usize, b: usize, target: usize, step: i32, count: i32): void {
  for (let n = 0; n < count; n += 4) {
    v128.store(target, f64x2.add(v128.load(target), masked(v128.load(a), v128.load(b))));
    v128.store(target, f64x2.add(v128.load(target, 16), masked(v128.load(a, 16), v128.load(b, 16))), 16);
    target += step;
    a += PANEL;
    b += PANEL;
  }
}

/** target = scale·a·b, 0 where a is 0. */
export function scaledProduct(scale: f64, a: usize, b: usize, target: usize, count: i32): void {
  const s = f64x2.splat(scale);
  for (let n = 0; n < count; n += 2) {
    v128.store(target, masked(v128.load(b), f64x2.mul(s, v128.load(a))));
    a += 16;
    b += 16;
    target += 16;
  }
}

/** Σ a·b, without the terms in which b is 0. */
export function dot(a: usize, b: usize, count: i32): f64 {
  let s = f64x2.splat(0);
  for (let n = 0; n < count; n += 2) {
    s = f64x2.add(s, masked(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  return lanesSum(s);
}

/** Σ w·r·r, without the terms in which w is 0. */
export function weightedSquare(r: usize, w: usize, count: i32): f64 {
  let s = f64x2.splat(0);
  for (let n = 0; n < count; n += 2) {
    const v = v128.load(r);
    s = f64x2.add(s, masked(f64x2.mul(v, v), v128.load(w)));
    r += 16;
    w += 16;
  }
  return lanesSum(s);
}
