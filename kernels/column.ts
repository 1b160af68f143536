/** Columns of points: a run of doubles, one for each point of a tile (a multiple of four). */
import { lanesSum, multiplyAdd, PANEL } from './arithmetic';

/** Copies a column into unit `unit` of panels with `units` units. */
export function scatterColumn(source: usize, panels: usize, units: i32, unit: i32, count: i32): void {
  const step = <usize>units * PANEL;
  panels += <usize>unit * PANEL;
  for (let n = 0; n < count; n += 4) {
    v128.store(panels, v128.load(source));
    v128.store(panels, v128.load(source, 16), 16);
    panels += step;
    source += PANEL;
  }
}

/** Fills unit `unit` of panels with one value. */
export function scatterConstant(value: f64, panels: usize, units: i32, unit: i32, count: i32): void {
  const step = <usize>units * PANEL;
  panels += <usize>unit * PANEL;
  const v = f64x2.splat(value);
  for (let n = 0; n < count; n += 4) {
    v128.store(panels, v);
    v128.store(panels, v, 16);
    panels += step;
  }
}

/** Copies unit `unit` of panels into a column. */
export function gatherColumn(panels: usize, units: i32, unit: i32, target: usize, count: i32): void {
  const step = <usize>units * PANEL;
  panels += <usize>unit * PANEL;
  for (let n = 0; n < count; n += 4) {
    v128.store(target, v128.load(panels));
    v128.store(target, v128.load(panels, 16), 16);
    panels += step;
    target += PANEL;
  }
}

/** Adds a(n)·b(n) to unit `unit` of panels. */
export function scatterProduct(a: usize, b: usize, panels: usize, units: i32, unit: i32, count: i32): void {
  const step = <usize>units * PANEL;
  panels += <usize>unit * PANEL;
  for (let n = 0; n < count; n += 4) {
    v128.store(panels, multiplyAdd(v128.load(a), v128.load(b), v128.load(panels)));
    v128.store(panels, multiplyAdd(v128.load(a, 16), v128.load(b, 16), v128.load(panels, 16)), 16);
    panels += step;
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
