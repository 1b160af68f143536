/** The search for the features over which fields and unknowns are fitted, and for the smoothness of unknown fields. */
import { nonlinearity } from '../../problem/linearity.ts';
import type { Scaling } from '../../residual/index.ts';
import type { RunTask } from '../run-task.ts';
import { type InverseChoice, type JointFit, jointFit, seeksSmoothness } from './joint-fit.ts';
import { observedScales } from './observed-scales.ts';

/** Numbers of features, by number of coordinates from one on, over the square root of the number of fields. */
const counts = [
  [60, 120, 240],
  [150, 300, 600, 1000],
  [250, 500, 1000],
];

/** Largest frequencies that are tried, along all coordinates. */
const ladder = [1.5, 3, 6, 12, 24, 48];

/** Smoothness of unknown fields at first, steps of it, and its bounds. */
const firstSmooth = 1e-6;
const smoothSteps = [100, 10];
const smoothest = 1;
const roughest = 1e-20;

/** A change is for the better if the score falls by this share: less may be noise. */
const leastGain = 0.02;

/** Beyond a minimum this many times lower, the ladder ends. */
const hopeless = 3;

/** Where equations leave more than this beside observations, fields and unknowns may lie in another valley. */
const poorlyResolved = 10;

/** Where equations leave less than this share of what the observations do, more features gain nothing. */
const negligible = 0.1;

/**
 * Where an equation is not linear and observations determine so much more than the unknowns, intervals come out too
 * narrow: on fronts of Burgers' equation without any condition four of ten held the viscosity.
 */
const shapeFreedom = 3;

/** Fits with scores that differ by less are alike. */
const alike = 1.1;

const rounds = 3;

/** Another round is made where the last one took so much off the score. */
const worthwhile = 0.8;

const stretch = 1.3;

/** See `isFreer`. */
const freer = 1.2;
const stillGood = 1.15;

function countsOf({ problem, settings, settingsGiven }: RunTask): number[] {
  if (settingsGiven.network !== undefined) return [settings.width];
  const levels = counts[Math.min(problem.coordinates.length, counts.length) - 1];
  return levels.map((count) => Math.round(count / Math.sqrt(problem.fields.length)));
}

/** Where the observations see no difference the equations decide. */
function isBetter(one: JointFit, other: JointFit): boolean {
  if (one.score < (1 - leastGain) * other.score) return true;
  const alike = one.score < (1 + leastGain / 2) * other.score;
  return alike && other.unresolved > negligible && one.residual < other.residual / 2;
}

/**
 * Whether more features leave solutions free that fewer ones did not hold: where conditions are missing those few
 * fixed what only observations may fix, and the unknowns with it.
 */
function isFreer(more: JointFit, fewer: JointFit): boolean {
  return (
    more.freedom > freer * fewer.freedom &&
    more.score < stillGood * fewer.score &&
    more.unresolved < Math.max(1, fewer.unresolved)
  );
}

/**
 * Few features first: their scales from a ladder, then coordinate by coordinate; then the smoothness of unknown
 * fields; then more features as long as equations are not resolved well beside the noise.
 *
 * @param ended whether there is no time left for another try
 */
export async function searchInverse(
  task: RunTask,
  scaling: Scaling,
  ended: () => boolean,
  note: (fit: JointFit) => void = () => {},
): Promise<JointFit> {
  const { problem } = task;
  const levels = countsOf(task);
  const tried = new Set<string>();
  const fits: JointFit[] = [];
  let best: JointFit | undefined;
  let last: JointFit | undefined;
  /** Whether this choice is new and better. */
  const attempt = async (choice: InverseChoice): Promise<boolean> => {
    const key = JSON.stringify([choice.count, choice.smooth, ...choice.scales].map((v) => v.toPrecision(6)));
    if (tried.has(key)) return false;
    tried.add(key);
    const start = best !== undefined && best.unresolved < poorlyResolved ? best : undefined;
    last = await jointFit(task, scaling, choice, start, ended);
    note(last);
    // What time has cut short is no match for a whole fit, whatever its score.
    if (best !== undefined && best.unresolved < 1 && ended()) return false;
    fits.push(last);
    if (best !== undefined && !isBetter(last, best)) return false;
    best = last;
    return true;
  };
  const scalesAt = (scale: number): number[] => problem.coordinates.map(() => scale);
  const scaledBy = (factor: number, axis?: number): number[] =>
    best!.choice.scales.map((scale, i) => (axis === undefined || axis === i ? scale * factor : scale));

  let idle = 0;
  let level = 0;
  // What is not held at all is told by more features, not by finer choices among few.
  const nextChoice = (): InverseChoice => {
    const count = levels[level];
    const growth = (count / levels[level - 1]) ** (1 / (2 * problem.coordinates.length));
    return { ...best!.choice, count, scales: scaledBy(growth) };
  };
  const growCount = async (): Promise<void> => {
    while (best!.unresolved > 1 && level + 1 < levels.length && !ended()) {
      level++;
      if (!(await attempt(nextChoice()))) break;
    }
  };
  const given = task.settings.randomFeatures;
  const seen = observedScales(problem, ended);
  const first = { smooth: firstSmooth, ...(seen === undefined ? {} : { noise: seen.noise }) };
  if (given === undefined && seen !== undefined) {
    await attempt({ ...first, count: levels[0], scales: seen.scales });
    await growCount();
  }
  const searching = given === undefined && !(best !== undefined && best.unresolved < 1);
  for (const scale of searching ? ladder : []) {
    if (best !== undefined && ended()) break;
    await attempt({ ...first, count: levels[0], scales: scalesAt(scale) });
    if (ended() || last!.score > hopeless * best!.score) break;
    // Higher frequencies hold what is resolved no better.
    idle = last === best ? 0 : idle + 1;
    if (idle > 1 && best!.unresolved < negligible) break;
  }
  if (given !== undefined) await attempt({ ...first, ...given });
  const smoothnessSearch = async (): Promise<void> => {
    for (const step of smoothSteps)
      for (const factor of [1 / step, step])
        for (let moved = true; moved && !ended(); ) {
          const smooth = best!.choice.smooth * factor;
          moved = smooth >= roughest && smooth <= smoothest && (await attempt({ ...best!.choice, smooth }));
        }
  };
  const scaleSearch = async (): Promise<void> => {
    for (let round = 0, moved = true; round < rounds && moved; round++) {
      moved = false;
      for (let axis = 0; axis < problem.coordinates.length; axis++)
        for (const factor of [Math.SQRT2, Math.SQRT1_2]) {
          if (ended()) return;
          if (await attempt({ ...best!.choice, scales: scaledBy(factor, axis) })) {
            moved = true;
            break;
          }
        }
    }
  };
  level = Math.max(0, levels.indexOf(best!.choice.count));
  if (given === undefined) await growCount();
  for (let round = 0; round < rounds && !ended(); round++) {
    const before = best!.score;
    if (seeksSmoothness(problem)) await smoothnessSearch();
    if (given !== undefined) return withSpread(best!, fits);
    await scaleSearch();
    // How smooth fields are and how fast features vary depend on each other.
    if (!seeksSmoothness(problem) || best!.score > worthwhile * before) break;
  }
  for (level++; level < levels.length && !ended(); level++) {
    const resolved = best!.unresolved < negligible;
    const count = levels[level];
    const before = best!.score;
    const more = await attempt(nextChoice());
    if (!more && isFreer(last!, best!)) {
      best = last;
      continue;
    }
    if (resolved && !more) break;
    for (const factor of [stretch, 1 / stretch]) {
      let moves = 0;
      while (moves < 2 && !ended() && (await attempt({ ...best!.choice, count, scales: scaledBy(factor) })))
        moves++;
      if (moves > 0) break;
    }
    if (best!.score > before / 1.2 && best!.unresolved < 1) break;
  }
  return withSpread(best!, fits);
}

/**
 * The fit, its unknowns as uncertain as other choices of features that observations do not tell from it make them:
 * what those disagree about is not known, whatever each of them says of its own.
 */
function withSpread(best: JointFit, fits: readonly JointFit[]): JointFit {
  const { uncertainty, theta, problem } = best;
  const p = problem.unknowns.length;
  const others = fits.filter((fit) => fit !== best && fit.score < alike * best.score);
  if (uncertainty === undefined) return best;
  if (best.freedom > p + shapeFreedom && nonlinearity({ ...problem, unknowns: [] }) !== undefined)
    return { ...best, uncertainty: undefined };
  if (others.length === 0) return best;
  const covariance = uncertainty.covariance.slice();
  const own = theta.subarray(theta.length - p);
  for (const { theta: other } of others) {
    const moved = other.slice(other.length - p).map((value, i) => value - own[i]);
    for (let i = 0; i < p; i++)
      for (let j = 0; j < p; j++) covariance[i * p + j] += (moved[i] * moved[j]) / others.length;
  }
  return { ...best, uncertainty: { ...uncertainty, covariance } };
}
