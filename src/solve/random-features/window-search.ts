/** Windows of time, and features that hold the solution in the first of them. */
import { NotSupportedError, ProblemError } from '../../errors.ts';
import type { Problem } from '../../problem/index.ts';
import { fieldRanges, scalingOf } from '../../residual/index.ts';
import { rangesOf } from '../coarse-march.ts';
import type { RunTask } from '../run-task.ts';
import { assertMarchable, timeWindows, windowProblem } from '../windows/window-problem.ts';
import { hasManyParameters } from './factor-descent.ts';
import { searchFrequencies } from './frequency-search.ts';
import { type LeastSquaresSolution, leastSquaresSolution } from './least-squares-solution.ts';

/** Numbers of windows that are tried, one after the other. */
const counts = [4, 16, 64, 256];

/** Features for a window: more windows of fewer features cost less, as long as those hold the solution in space. */
const mostFeatures = 1000;

/** A residual that is left in every window still leaves six digits at the end. */
const goal = 1e-8;
const accepted = 1e-7;

/** Where so much is left with few features of any scales, shorter windows are tried next. */
const reach = 0.1;

/**
 * With more than this left in every window there is nothing to be had in the end, or less than by training a network,
 * which does well where the problem is not linear.
 */
const mostResidual = { linear: 1e-3, nonlinear: 1e-6 };

/**
 * Where a linear problem varies too fast in space for that, so many times as many features are tried, whose one
 * factorisation all windows share. What is left then varies fast, and the solution hardly knows of it: heat with a source
 * and a conductivity that varies by a factor of hundreds is right to 6e-3 where 1e-2 is left.
 */
const enlargements = [2, 1.5];
const mostResidualEnlarged = 3e-2;

/** Where more windows leave more than this share of the residual, time is not what features fail to hold. */
const leastGain = 0.7;

/** Of a linear problem all windows but two share one factorisation: so much of a window's time is left. */
const sharedTime = 0.2;

/** With many features several windows of another problem share one. */
const sharedTimeOfMany = 0.3;

/** Later windows may be harder than the first one. */
const reserve = 1.2;

export interface WindowChoice {
  readonly windows: number;
  /** In the first window. */
  readonly found: LeastSquaresSolution;
}

/** Whether a problem can be solved window after window. */
export function isMarchable(problem: Problem): boolean {
  try {
    assertMarchable(problem);
    return true;
  } catch (error) {
    if (error instanceof NotSupportedError || error instanceof ProblemError) return false;
    throw error;
  }
}

/**
 * So many windows that random features leave next to nothing in the first of them and all together take the least
 * time; undefined where there are none, or not in the time that is left. (Blocks of time with random features: Dong & Li, Comput. Methods Appl.
 * Mech. Eng. 387, 2021.)
 *
 * @param left seconds until the end of the run
 * @param ended whether there is no time left for another try
 */
export async function searchWindows(
  task: RunTask,
  left: () => number,
  ended: () => boolean,
): Promise<WindowChoice | undefined> {
  const { problem } = task;
  if (!isMarchable(problem)) return undefined;
  const march = rangesOf(problem, task.march);
  const { linear } = task.settings;
  let best: WindowChoice | undefined;
  let closest: WindowChoice | undefined;
  const cost = ({ windows, found }: WindowChoice): number =>
    linear
      ? (2 + sharedTime * windows) * found.seconds
      : (hasManyParameters(problem, found.choice.count) ? sharedTimeOfMany : 1) * windows * found.seconds;
  const affordable = (choice: WindowChoice): boolean => reserve * cost(choice) < left();
  const firstWindow = (windows: number) => {
    const [first] = timeWindows(problem, windows);
    const window = windowProblem(problem, first, true);
    return { window, scaling: scalingOf(window, fieldRanges(window, march(first))) };
  };
  for (const windows of counts) {
    if (ended()) break;
    const { window, scaling } = firstWindow(windows);
    const found = await searchFrequencies({ ...task, problem: window }, scaling, ended, {
      goal,
      mostFeatures,
      slow: problem.time!,
      reach,
      from: closest?.found.choice,
    });
    const choice = { windows, found };
    if (closest !== undefined && found.residual > leastGain * closest.found.residual) break;
    closest = linear && found.residual > mostResidual.linear && found.residual <= reach ? choice : undefined;
    if (!(found.residual <= (linear ? mostResidual.linear : mostResidual.nonlinear)) || !affordable(choice))
      continue;
    if (best !== undefined && best.found.residual <= accepted && cost(choice) >= cost(best)) break;
    if (best === undefined || found.residual <= accepted || found.residual < best.found.residual)
      best = choice;
  }
  if (best === undefined && closest !== undefined) best = await enlarged(closest);
  return best !== undefined && affordable(best) ? best : undefined;

  /** With more features, as long as they leave less in the time there is. */
  async function enlarged(choice: WindowChoice): Promise<WindowChoice | undefined> {
    const { windows } = choice;
    const { window, scaling } = firstWindow(windows);
    let { found } = choice;
    for (const factor of enlargements) {
      // The search for it counts as well.
      const expected = {
        windows: windows + 1 / sharedTime,
        found: { ...found, seconds: factor ** 3 * found.seconds },
      };
      if (!affordable(expected)) break;
      const growth = factor ** (1 / (2 * problem.coordinates.length));
      const { count, scales } = found.choice;
      const larger = { count: Math.round(factor * count), scales: scales.map((scale) => growth * scale) };
      const own = { ...task, problem: window };
      const next = await leastSquaresSolution(own, scaling, larger, undefined, () => left() <= 0);
      if (!(next.residual < found.residual)) break;
      found = next;
    }
    return found.residual <= mostResidualEnlarged ? { windows, found } : undefined;
  }
}
