/** Solves with one right side and the factor of `cholesky.ts`, both along the rows of L as they lie in memory. */
import { multiplyAdd, multiplySubtract } from './arithmetic';

// @ts-ignore: decorator
@inline
function sum(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** Σ_{k < count} l_k·x_k, in four partial sums so that one product need not wait for the one before. */
function rowProduct(l: usize, x: usize, count: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  const quads = l + ((<usize>(count & ~3)) << 3);
  while (l < quads) {
    s0 = multiplyAdd(v128.load(l), v128.load(x), s0);
    s1 = multiplyAdd(v128.load(l, 16), v128.load(x, 16), s1);
    l += 32;
    x += 32;
  }
  let total = sum(f64x2.add(s0, s1));
  for (let k = count & 3; k > 0; k--) {
    total += load<f64>(l) * load<f64>(x);
    l += 8;
    x += 8;
  }
  return total;
}

/** x_k −= factor·l_k for k < count. */
function subtractRow(l: usize, x: usize, factor: f64, count: i32): void {
  const f = f64x2.splat(factor);
  const quads = l + ((<usize>(count & ~3)) << 3);
  while (l < quads) {
    v128.store(x, multiplySubtract(f, v128.load(l), v128.load(x)));
    v128.store(x, multiplySubtract(f, v128.load(l, 16), v128.load(x, 16)), 16);
    l += 32;
    x += 32;
  }
  for (let k = count & 3; k > 0; k--) {
    store<f64>(x, load<f64>(x) - factor * load<f64>(l));
    l += 8;
    x += 8;
  }
}

/**
 * x becomes (L·Lᵀ)⁻¹·x: forward by products with rows of L, back by columns of Lᵀ, which are the same rows.
 *
 * @param l (size, size) row-major, of which the lower triangle is read
 * @param x (size)
 */
export function solveFactored(l: usize, size: i32, x: usize): void {
  const stride = (<usize>size) << 3;
  for (let i = 0; i < size; i++) {
    const row = l + <usize>i * stride;
    const place = x + ((<usize>i) << 3);
    store<f64>(place, (load<f64>(place) - rowProduct(row, x, i)) / load<f64>(row + ((<usize>i) << 3)));
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = l + <usize>i * stride;
    const place = x + ((<usize>i) << 3);
    const value = load<f64>(place) / load<f64>(row + ((<usize>i) << 3));
    store<f64>(place, value);
    subtractRow(row, x, value, i);
  }
}
