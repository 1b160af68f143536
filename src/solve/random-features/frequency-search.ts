/** The search for the number of random features and the scales of their frequencies. */
import type { Problem } from '../../problem/index.ts';
import type { RunStart, RunTask } from '../trained-solution.ts';
import { type LeastSquaresSolution, leastSquaresSolution } from './least-squares-solution.ts';

/** Numbers of features, by number of coordinates from one on: a few for the search, then more. */
const counts = [
  [60, 120, 240],
  [250, 600, 1200, 2000],
  [400, 1000, 2000],
];

/** Scales that are tried first, along all coordinates: half a wave to twenty over the domain's length. */
const ladder = [1.5, 3, 6, 12, 24, 48];

/** A residual that leaves at least eight digits, since the inverse of the operator amplifies little of it. */
const goal = 1e-10;

/** A larger number of features is tried where the last one gained at least this factor … */
const leastGain = 3;
/** … and then for how the scale changes. */
const stretch = 1.3;

/** Beyond a minimum this many times smaller, longer frequencies only alias. */
const hopeless = 30;

/** Rounds through the coordinates. */
const rounds = 3;

/** The levels of a problem; several fields share features, so that parameters multiply. */
function countsOf(problem: Problem): number[] {
  const levels = counts[Math.min(problem.coordinates.length, counts.length) - 1];
  return levels.map((count) => Math.round(count / Math.sqrt(problem.fields.length)));
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
): Promise<LeastSquaresSolution> {
  const { problem } = task;
  const d = problem.coordinates.length;
  const levels = countsOf(problem);
  const solve = (count: number, scales: readonly number[]) =>
    leastSquaresSolution(task, scaling, { count, scales });
  let best = await solve(levels[0], new Array<number>(d).fill(ladder[0]));
  const done = (): boolean => best.residual <= goal || ended();
  /** Whether these scales are better. */
  const attempt = async (count: number, scales: readonly number[]): Promise<boolean> => {
    const other = await solve(count, scales);
    if (!(other.residual < best.residual)) return false;
    best = other;
    return true;
  };
  const scaledBy = (factor: number, axis?: number): number[] =>
    best.choice.scales.map((scale, i) => (axis === undefined || axis === i ? scale * factor : scale));

  for (const scale of ladder.slice(1)) {
    if (done()) return best;
    const other = await solve(levels[0], new Array<number>(d).fill(scale));
    if (other.residual < best.residual) best = other;
    else if (other.residual > hopeless * best.residual) break;
  }
  for (let round = 0, moved = true; round < rounds && moved; round++) {
    moved = false;
    for (let axis = 0; axis < d; axis++)
      for (const factor of [Math.SQRT2, Math.SQRT1_2]) {
        if (done()) return best;
        if (await attempt(levels[0], scaledBy(factor, axis))) {
          moved = true;
          break;
        }
      }
  }
  for (let level = 1; level < levels.length; level++) {
    if (done()) return best;
    const before = best.residual;
    const growth = (levels[level] / levels[level - 1]) ** (1 / (2 * d));
    await attempt(levels[level], scaledBy(growth));
    for (const factor of level < 2 ? [stretch, 1 / stretch] : []) {
      if (done()) return best;
      if (best.choice.count === levels[level] && (await attempt(levels[level], scaledBy(factor)))) break;
    }
    if (best.residual * leastGain > before) break;
  }
  return best;
}
