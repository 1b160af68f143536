import { SolveError } from '../errors.ts';
import { type LevelMinimum, minimizeFrom } from './level-minimum.ts';
import type { LikelihoodFunction, Quantity } from './likelihood-function.ts';
import { BetterFit, type ProfilePoint, type ProfileSide, walkProfile } from './profile-walk.ts';
import { judgeProfile } from './profile-words.ts';

/** The profile of the likelihood over one quantity, and the interval it gives. */
export interface ProfileCurve {
  readonly name: string;
  /** Where the likelihood is largest. */
  readonly estimate: number;
  /** Values of the quantity, ascending; the estimate is among them. */
  readonly values: Float64Array;
  /** 2(ℓmax − ℓ) at each: twice what the log-likelihood loses where the other parameters adapt. */
  readonly deviance: Float64Array;
  /** The parameters at each value, by their names. */
  readonly path: Readonly<Record<string, Float64Array>>;
  /** Deviance that bounds the interval. */
  readonly threshold: number;
  readonly level: number;
  /** Ends of the interval; null where the data set none within the range of the quantity. */
  readonly low: number | null;
  readonly high: number | null;
  /** Whether the data bound the quantity on both sides, on one, on none. */
  readonly identifiable: 'yes' | 'one-sided' | 'no';
  /** The same in a sentence, with the parameters that move along where it is not bounded. */
  readonly words: string;
}

export interface ProfileSettings {
  readonly level: number;
  readonly threshold: number;
  readonly check?: () => void;
}

/**
 * Profiles of several quantities about one maximum. Where a profile finds a better fit than `start`, all are
 * measured from there.
 *
 * @throws SolveError where the likelihood has no value at the start
 */
export function profileCurves(
  likelihood: LikelihoodFunction,
  quantities: readonly Quantity[],
  start: Float64Array,
  settings: ProfileSettings,
): ProfileCurve[] {
  let from = start;
  for (let attempt = 0; ; attempt++) {
    const optimum = minimizeFrom(likelihood, from);
    if (optimum === undefined) throw new SolveError('the likelihood has no value at the estimates');
    try {
      return quantities.map((quantity) => {
        if (Number.isFinite(quantity.value(optimum.x))) {
          return profileOf(likelihood, quantity, optimum, settings);
        }
        return profileAtInfinity(likelihood, quantity, optimum, settings);
      });
    } catch (error) {
      if (!(error instanceof BetterFit)) throw error;
      if (attempt === 5) throw new SolveError('the likelihood has too many maxima to be profiled');
      from = error.x;
    }
  }
}

function profileOf(
  likelihood: LikelihoodFunction,
  quantity: Quantity,
  optimum: LevelMinimum,
  { level, threshold, check }: ProfileSettings,
): ProfileCurve {
  const side = (direction: -1 | 1): ProfileSide =>
    walkProfile(likelihood, quantity, optimum, direction, { threshold, check });
  const { name } = quantity;
  const { x } = optimum;
  const estimate = quantity.value(x);
  const [below, above] = [side(-1), side(1)];
  const own: ProfilePoint = { at: estimate, deviance: 0, minimum: optimum };
  const points = [...[...below.points].reverse(), own, ...above.points];
  return {
    name,
    estimate,
    values: Float64Array.from(points, ({ at }) => at),
    deviance: Float64Array.from(points, ({ deviance }) => deviance),
    path: Object.fromEntries(
      likelihood.names.map((parameter, j) => [
        parameter,
        Float64Array.from(points, ({ minimum }) => minimum.x[j]),
      ]),
    ),
    threshold,
    level,
    ...judgeProfile(likelihood, { name, estimate, x, below, above, threshold }),
  };
}

/** By the profile of the reciprocal, where there is one. */
function profileAtInfinity(
  likelihood: LikelihoodFunction,
  { name, reciprocal, value }: Quantity,
  optimum: LevelMinimum,
  settings: ProfileSettings,
): ProfileCurve {
  const estimate = value(optimum.x);
  const { threshold, level } = settings;
  const none = { name, estimate, threshold, level, low: null, high: null, identifiable: 'no' as const };
  const empty = new Float64Array(0);
  const words = `${name} is not finite at the best fit`;
  if (reciprocal === undefined || !Number.isFinite(reciprocal.value(optimum.x))) {
    return { ...none, values: empty, deviance: empty, path: {}, words };
  }
  const curve = profileOf(likelihood, reciprocal, optimum, settings);
  // Only the side on which the estimate lies: beyond 0 the reciprocal has the other sign.
  const places = [...curve.values.keys()].filter((i) => curve.values[i] > 0).reverse();
  const kept = (column: Float64Array) => Float64Array.from(places, (i) => column[i]);
  const low = curve.high !== null && curve.high > 0 ? 1 / curve.high : null;
  return {
    ...none,
    values: kept(curve.values).map((v) => 1 / v),
    deviance: kept(curve.deviance),
    path: Object.fromEntries(Object.entries(curve.path).map(([other, column]) => [other, kept(column)])),
    low,
    identifiable: low === null ? 'no' : 'one-sided',
    words: low === null ? words : `${words}; it is at least ${Number(low.toPrecision(4))}`,
  };
}
