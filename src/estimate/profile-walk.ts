import { type LevelMinimum, minimizeOnLevel, tangentAlong } from './level-minimum.ts';
import type { LikelihoodFunction, Quantity } from './likelihood-function.ts';

/** One point of a profile: the best fit at a value of the quantity. */
export interface ProfilePoint {
  readonly at: number;
  /** 2(ℓmax − ℓ): twice what the log-likelihood loses. */
  readonly deviance: number;
  readonly minimum: LevelMinimum;
}

/** Why a walk to one side ended. */
export type ProfileEnd =
  /** The deviance reached the threshold: the interval ends here. */
  | { readonly kind: 'crossing'; readonly at: number; readonly x: Float64Array }
  /** The quantity may go no further. */
  | { readonly kind: 'bound'; readonly at: number }
  /** No bound is set, and none was found by the data up to here. */
  | { readonly kind: 'far'; readonly at: number }
  /** Further on there is no trajectory, or none within the bounds of the parameters. */
  | { readonly kind: 'stuck'; readonly at: number };

export interface ProfileSide {
  /** Outward from the estimate, which is not among them; one beyond the threshold, where it is crossed. */
  readonly points: readonly ProfilePoint[];
  readonly end: ProfileEnd;
}

export interface ProfileWalkOptions {
  /** Deviance at which the interval ends. */
  readonly threshold: number;
  /** Steps from the estimate to the threshold that are aimed at; default 4. */
  readonly steps?: number;
  /** Called before every point; may throw. */
  readonly check?: () => void;
}

/** A better fit than the one that the profile was measured against. */
export class BetterFit extends Error {
  constructor(readonly x: Float64Array) {
    super('the profile found a better fit');
  }
}

const MOST_POINTS = 60;
/** Times the estimate's own size: how far a quantity without bounds is followed. */
const FAR = 1e4;

/**
 * Follows the profile outward from the estimate to one side, each point warm-started along the tangent of the
 * last, with steps that raise the root of the deviance evenly; the crossing is found by Newton's method on
 * that root, which is nearly linear. Venzon & Moolgavkar (1988), Applied Statistics 37, 87–94; Raue et al.
 * (2009), Bioinformatics 25, 1923–1929.
 *
 * @param direction −1 or 1
 * @throws BetterFit where the deviance is negative
 */
export function walkProfile(
  likelihood: LikelihoodFunction,
  quantity: Quantity,
  optimum: LevelMinimum,
  direction: -1 | 1,
  options: ProfileWalkOptions,
): ProfileSide {
  const { threshold, steps = 4, check } = options;
  const best = optimum.value.negativeLogLikelihood;
  const origin = quantity.value(optimum.x);
  const error = firstStep(likelihood, quantity, optimum);
  const size = Math.abs(origin) || error;
  const limit = direction > 0 ? quantity.high : quantity.low;
  const furthest = Number.isFinite(limit) ? limit : origin + direction * FAR * size;
  const root = Math.sqrt(threshold);
  const pointAt = (at: number, from: LevelMinimum): ProfilePoint | undefined => {
    check?.();
    const minimum = minimizeOnLevel(likelihood, quantity, at, predicted(likelihood, quantity, from, at));
    if (minimum === undefined) return undefined;
    const deviance = 2 * (minimum.value.negativeLogLikelihood - best);
    if (deviance < -1e-4 * threshold) throw new BetterFit(minimum.x);
    return { at, deviance: Math.max(0, deviance), minimum };
  };

  const points: ProfilePoint[] = [];
  let last: ProfilePoint = { at: origin, deviance: 0, minimum: optimum };
  let step = Math.min(error * (root / steps), 0.25 * FAR * size);
  let shortened = 0;
  while (points.length < MOST_POINTS) {
    const left = Math.abs(furthest - last.at);
    if (left === 0) break;
    const at = step >= left * 0.999 ? furthest : last.at + direction * step;
    const point = pointAt(at, last.minimum);
    // A parameter that reaches a bound bends the profile: the bend is approached.
    const bent =
      point !== undefined &&
      point.deviance - last.deviance > 0.1 * threshold &&
      reachedBounds(likelihood, optimum.x, point.minimum.x).some(
        (j) => !reachedBounds(likelihood, optimum.x, last.minimum.x).includes(j),
      );
    const steep = point !== undefined && Math.sqrt(point.deviance) > 2.5 * root;
    if (point === undefined || ((bent || steep) && shortened < 12)) {
      if (++shortened > 20 || step < 1e-9 * (Math.abs(last.at) + size)) {
        return { points, end: { kind: 'stuck', at: last.at } };
      }
      step = Math.abs(at - last.at) / (steep ? 3 : 2);
      continue;
    }
    points.push(point);
    if (point.deviance >= threshold) {
      return { points, end: crossingBetween(last, point, threshold, pointAt) };
    }
    const rise = Math.sqrt(point.deviance) - Math.sqrt(last.deviance);
    const moved = Math.abs(point.at - last.at);
    const wanted = rise > 0 ? (moved * root) / (steps * rise) : Number.POSITIVE_INFINITY;
    step = Math.min(Math.max(wanted, moved / 4), 3 * moved);
    last = point;
  }
  const kind = last.at === furthest && Number.isFinite(limit) ? 'bound' : 'far';
  return { points, end: { kind, at: last.at } };
}

/** The standard error by the Fisher information, or a part of the quantity's size where that is singular. */
function firstStep(likelihood: LikelihoodFunction, quantity: Quantity, optimum: LevelMinimum): number {
  const tangent = tangentAlong(likelihood, quantity, optimum);
  const { information } = optimum.value;
  const n = tangent.length;
  let curvature = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) curvature += tangent[i] * tangent[j] * information[i * n + j];
  const origin = Math.abs(quantity.value(optimum.x));
  const width = quantity.high - quantity.low;
  const usual = 0.2 * (origin || (Number.isFinite(width) ? width : 1));
  const wald = 1 / Math.sqrt(curvature);
  if (!Number.isFinite(wald) || wald <= 0) return usual;
  return origin > 0 ? Math.min(wald, 5 * usual) : wald;
}

/** Parameters that are at a bound at x, but were not at the best fit. */
export function reachedBounds(
  { low, high }: LikelihoodFunction,
  best: Float64Array,
  x: Float64Array,
): number[] {
  const reached = (distance: number, before: number) =>
    before > 0 && distance <= 1e-6 * Math.min(before, 1e300);
  return [...x.keys()].filter(
    (j) => reached(x[j] - low[j], best[j] - low[j]) || reached(high[j] - x[j], high[j] - best[j]),
  );
}

/**
 * The start for a new level: along the tangent, parameters that may not be negative by factors, so that a
 * product that the data hold fast stays what it is.
 */
function predicted(
  likelihood: LikelihoodFunction,
  quantity: Quantity,
  from: LevelMinimum,
  at: number,
): Float64Array {
  const tangent = tangentAlong(likelihood, quantity, from);
  const now = quantity.value(from.x);
  const positive = quantity.low >= 0 && now > 0 && at > 0;
  const by = positive ? now * Math.log(at / now) : at - now;
  return from.x.map((value, j) => {
    const factor = likelihood.low[j] >= 0 && value > 0;
    const moved = factor ? value * Math.exp((tangent[j] * by) / value) : value + tangent[j] * by;
    const next = Number.isFinite(moved) ? moved : value;
    return Math.min(likelihood.high[j], Math.max(likelihood.low[j], next));
  });
}

/** Newton's method on √deviance − √threshold with bisection as its guard. */
function crossingBetween(
  inner: ProfilePoint,
  outer: ProfilePoint,
  threshold: number,
  pointAt: (at: number, from: LevelMinimum) => ProfilePoint | undefined,
): ProfileEnd {
  let [inside, outside] = [inner, outer];
  let nearest = outer;
  for (let i = 0; i < 60; i++) {
    const width = outside.at - inside.at;
    const root = Math.sqrt(nearest.deviance);
    const slope = nearest.minimum.slope / root;
    let at = nearest.at - (root - Math.sqrt(threshold)) / slope;
    // Near the end the root of the deviance is straight: one more step of Newton's leaves nothing to be seen.
    if (Math.abs(root - Math.sqrt(threshold)) <= 1e-4 * root) {
      return { kind: 'crossing', at, x: nearest.minimum.x };
    }
    const within = (at - inside.at) * (at - outside.at) < 0;
    if (!within) at = middle(inside.at, outside.at);
    if (Math.abs(width) <= 1e-9 * Math.abs(at)) break;
    const point = pointAt(at, nearest.minimum) ?? pointAt(middle(inside.at, outside.at), inside.minimum);
    if (point === undefined) break;
    if (point.deviance >= threshold) outside = point;
    else inside = point;
    nearest = point;
  }
  return { kind: 'crossing', at: nearest.at, x: nearest.minimum.x };
}

/** Of the logarithms, where they are decades apart. */
function middle(a: number, b: number): number {
  return a * b > 0 && Math.abs(Math.log(a / b)) > 2 ? Math.sign(a) * Math.sqrt(a * b) : a + (b - a) / 2;
}
