/**
 * Unknowns are trained through a smooth map from a raw value p of order one, without bounds, to the value in
 * the user's unit; bounds can so never be crossed.
 */
import { add, apply, multiply, number } from '../expression/build.ts';
import type { Expression } from '../expression/expression.ts';
import type { Unknown } from '../problem/problem.ts';

export interface UnknownTransform {
  readonly name: string;
  /** Raw value at the problem's initial value. */
  readonly initialRaw: number;
  value(raw: number): number;
  raw(value: number): number;
  /** dvalue/draw. */
  slope(raw: number): number;
  /** The value as an expression in the raw value. */
  expression(raw: Expression): Expression;
}

/** A starting value on a bound is moved inside by this share of the interval: the map has no slope there. */
const margin = 0.02;

/** Nearer to a bound than this, as a share of the interval, a value counts as on it. */
const onBound = 1e-9;

/** Bounds of one sign that lie further apart than this factor are taken on a logarithmic scale. */
const logarithmicSpan = 100;

function between(name: string, initial: number, min: number, max: number): UnknownTransform {
  const logarithmic = min > 0 && max / min >= logarithmicSpan;
  const low = logarithmic ? Math.log(min) : min;
  const high = logarithmic ? Math.log(max) : max;
  const center = (low + high) / 2;
  const half = (high - low) / 2;
  const raw = (value: number): number => {
    const linear = logarithmic ? Math.log(Math.max(min, value)) : value;
    // Both shares are differences to a bound, so that values next to one keep their digits.
    const below = (linear - low) / (high - low);
    const above = (high - linear) / (high - low);
    if (!(below > onBound)) return Math.atanh(2 * margin - 1);
    if (!(above > onBound)) return Math.atanh(1 - 2 * margin);
    return 0.5 * Math.log(below / above);
  };
  const value = (p: number): number => {
    const linear = center + half * Math.tanh(p);
    return Math.max(min, Math.min(max, logarithmic ? Math.exp(linear) : linear));
  };
  return {
    name,
    initialRaw: raw(initial),
    value,
    raw,
    slope: (p) => (half / Math.cosh(p) ** 2) * (logarithmic ? value(p) : 1),
    expression: (p) => {
      const linear = add(number(center), multiply(number(half), apply('tanh', [p])));
      return logarithmic ? apply('exp', [linear]) : linear;
    },
  };
}

/** value = bound + sign·size·exp(p): one bound, the distance from it on a logarithmic scale. */
function beyond(name: string, initial: number, bound: number, sign: 1 | -1, scale: number): UnknownTransform {
  const distance = sign * (initial - bound);
  const size = distance > 0 ? distance : margin * scale;
  const raw = (value: number): number => Math.log(Math.max(sign * (value - bound), 1e-12 * size) / size);
  return {
    name,
    initialRaw: 0,
    value: (p) => bound + sign * size * Math.exp(p),
    raw,
    slope: (p) => sign * size * Math.exp(p),
    expression: (p) => add(number(bound), multiply(number(sign * size), apply('exp', [p]))),
  };
}

/** The map for one unknown: bounded by tanh, half-bounded by exp, free by a shift and a scale. */
export function unknownTransform({ name, initial, min, max, scale }: Unknown): UnknownTransform {
  if (min !== undefined && max !== undefined) return between(name, initial, min, max);
  const size = scale ?? (initial === 0 ? 1 : Math.abs(initial));
  if (min !== undefined) return beyond(name, initial, min, 1, size);
  if (max !== undefined) return beyond(name, initial, max, -1, size);
  return {
    name,
    initialRaw: 0,
    value: (p) => initial + size * p,
    raw: (value) => (value - initial) / size,
    slope: () => size,
    expression: (p) => add(number(initial), multiply(number(size), p)),
  };
}
