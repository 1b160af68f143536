/** The search for the number of random features and the scales of their frequencies. */
import type { Problem } from '../../problem/index.ts';
import type { RunStart, RunTask } from '../run-task.ts';

import { dataScales } from './data-scales.ts';
import type { FeatureChoice } from './feature-choice.ts';
import { type LeastSquaresSolution, leastSquaresSolution } from './least-squares-solution.ts';

/** Numbers of features, by number of coordinates from one on: a few for the search, then more. */
const counts = [
  [60, 120, 240],
  [250, 600, 1000, 2000],
  [400, 1000, 2000, 3000],
];

/** Scales that are tried first, along all coordinates: half a wave to twenty over the domain's length. */
const ladder = [1.5, 3, 6, 12, 24, 48];

export interface SearchLimits {
  /**
   * The residual at which the search ends; default 1e-10, which leaves at least eight digits, since the inverse of the
   * operator amplifies little of it.
   */
  readonly goal?: number;
  /** Features of all fields together; default: no limit. */
  readonly mostFeatures?: number;
  /** Ends the search where a few features of any scales leave more than this; default: no such end. */
  readonly reach?: number;
  /** A coordinate along which the solution varies little. */
  readonly slow?: number;
  /** Features whose scales the search begins with, in place of a ladder of them. */
  readonly from?: FeatureChoice;
}

/** Along a coordinate with little variation. */
const slowScale = 2;
const slowLadder = [1.5, 3, 5];

/** What is given varies as fast as this: the solution along the same coordinate not much faster, as a rule. */
const margin = 1.25;
const margins = [margin, 1.6 * margin, 2.5 * margin];
const smallestScale = 1.5;

/** A residual of this size says nothing of the scales: too few features for any. */
const blind = 0.1;

/** Up to this share of the time limit goes into one solve. */
const largestShare = 0.3;

/** Many features are tried where the last step to more of them gained at least this factor. */
const leastGain = 1.5;

/** Steps of the scale at more features. */
const stretch = 1.3;

/** Above this the waves of the solution are not all among the features yet. */
const unresolved = 1e-3;

/** Beyond a minimum this many times smaller, longer frequencies only alias. */
const hopeless = 30;

/** Of Newton's method, when a residual is larger after the first scales, more features rarely lead anywhere. */
const outOfReach = 0.03;

/** Rounds through the coordinates. */
const rounds = 3;

/** The levels of a problem: a number that is asked for, or by how many fields share features and multiply parameters. */
function countsOf({ problem, settings, settingsGiven }: RunTask): number[] {
  if (settingsGiven.network !== undefined) return [settings.width];
  const levels = counts[Math.min(problem.coordinates.length, counts.length) - 1];
  return levels.map((count) => Math.round(count / Math.sqrt(problem.fields.length)));
}

/** Scales by what is given: of each coordinate where it varies, and of time, or of the others, one after another. */
function hintedScales(
  { coordinates, time }: Problem,
  hints: readonly (number | undefined)[],
  slow: number | undefined,
): number[][] {
  const known = hints.map((hint, i) => (i === time ? undefined : hint));
  if (known.every((hint) => hint === undefined)) return [];
  const at = (factor: number, other: number): number[] =>
    coordinates.map((_, i) => (known[i] === undefined ? other : Math.max(smallestScale, factor * known[i])));
  if (known.every((hint) => hint !== undefined)) return margins.map((factor) => at(factor, 0));
  const others = slow === undefined ? ladder : slowLadder;
  return others.map((other) => at(margin, other));
}

/**
 * Features whose least-squares solution leaves the smallest residual at points it was not trained on: few ones
 * at first, for scales from a ladder and then coordinate by coordinate; with those, more features until the
 * residual is small or falls no further. Only the best scale is sensitive to the problem, so that a small
 * number of features finds it (Dong & Yang, J. Comput. Phys. 463, 2022, search for it in the same spirit).
 *
 * @param ended whether there is no time left for another try
 */
export async function searchFrequencies(
  task: RunTask,
  scaling: RunStart['scaling'],
  ended: () => boolean,
  { goal = 1e-10, mostFeatures = Number.POSITIVE_INFINITY, slow, reach, from }: SearchLimits = {},
): Promise<LeastSquaresSolution> {
  const { problem, settings } = task;
  const d = problem.coordinates.length;
  const levels = countsOf(task).filter(
    (count, i) => i === 0 || count * problem.fields.length <= mostFeatures * Math.sqrt(problem.fields.length),
  );
  const solve = (count: number, scales: readonly number[], from?: LeastSquaresSolution) =>
    leastSquaresSolution(task, scaling, { count, scales }, from, ended);
  const scalesAt = (scale: number): number[] =>
    problem.coordinates.map((_, i) => (i === slow ? Math.min(scale, slowScale) : scale));
  let best = await solve(
    levels[0],
    from?.scales.map((scale) => scale * (levels[0] / from.count) ** (1 / (2 * d))) ?? scalesAt(ladder[0]),
  );
  const done = (): boolean => best.residual <= goal || ended();
  const tried = new Set<string>();
  /** Whether these scales, if they are new, are better. */
  const attempt = async (count: number, scales: readonly number[]): Promise<boolean> => {
    const key = `${count}: ${scales.map((scale) => scale.toPrecision(6))}`;
    if (tried.has(key)) return false;
    tried.add(key);
    const other = await solve(count, scales, best);
    if (!(other.residual < best.residual)) return false;
    best = other;
    return true;
  };
  const scaledBy = (factor: number, axis?: number): number[] =>
    best.choice.scales.map((scale, i) => (axis === undefined || axis === i ? scale * factor : scale));

  const hinted = from === undefined ? hintedScales(problem, dataScales(problem), slow) : [];
  const climb = async (count: number, candidates: readonly (readonly number[])[]): Promise<void> => {
    let least = Number.POSITIVE_INFINITY;
    for (const scales of candidates) {
      if (done()) return;
      const { residual } = await solve(count, scales, best).then((other) => {
        if (other.residual < best.residual) best = other;
        return other;
      });
      if (residual > hopeless * least) return;
      least = Math.min(least, residual);
    }
  };
  await climb(levels[0], hinted);
  if (from === undefined && (hinted.length === 0 || best.residual > outOfReach))
    await climb(levels[0], ladder.slice(1).map(scalesAt));
  if (best.residual > (reach ?? Number.POSITIVE_INFINITY)) return best;
  let first = 1;
  if (best.residual > blind && settings.linear && levels.length > 1 && hinted.length > 0) {
    await climb(levels[1], hinted);
    first = 2;
  }
  if (best.residual > outOfReach && !settings.linear && settings.optimizerReason !== 'asked for') return best;
  const least = levels[first - 1];
  for (let round = 0, moved = true; round < rounds && moved; round++) {
    moved = false;
    for (let axis = 0; axis < d; axis++)
      for (const factor of [Math.SQRT2, Math.SQRT1_2]) {
        if (done()) return best;
        if (await attempt(least, scaledBy(factor, axis))) {
          moved = true;
          break;
        }
      }
  }
  for (let level = first; level < levels.length && !done(); level++) {
    const before = best.residual;
    const count = levels[level];
    if (best.seconds * (count / best.choice.count) ** 3 > largestShare * settings.timeLimit) break;
    const growth = (count / levels[level - 1]) ** (1 / (2 * d));
    await attempt(count, scaledBy(growth));
    const tries = level === 1 ? 4 : best.residual > unresolved ? 2 : 0;
    for (const factor of [stretch, 1 / stretch]) {
      let moves = 0;
      while (moves < tries && !done() && (await attempt(count, scaledBy(factor)))) moves++;
      if (moves > 0) break;
    }
    if (best.residual * leastGain > before) break;
  }
  return best;
}
