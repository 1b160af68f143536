/** Fields and unknowns together, by Gauss–Newton over given features, and how well they predict what was observed. */
import { createEngine, type LoadedEngine } from '../../engine/create-engine.ts';
import { evaluateTrial } from '../../network/index.ts';
import { trialSize } from '../../network/trial-solution.ts';
import { ridgeStep } from '../../optimizer/ridge-step.ts';
import type { Problem } from '../../problem/index.ts';
import { type ResidualSystem, reweighted, type Scaling } from '../../residual/index.ts';
import { defaultTrial } from '../default-trial.ts';
import { fitUnknowns } from '../fit-unknowns.ts';
import { weighted } from '../phase-system.ts';
import { everyFieldObserved, type PhaseWeights } from '../plan.ts';
import { carriedParameters } from '../random-features/carried-fields.ts';
import { type FeatureChoice, featureSettings } from '../random-features/feature-choice.ts';
import { heldOutSystem } from '../random-features/held-out-residual.ts';
import type { RunStart, RunTask } from '../run-task.ts';
import type { ResolvedSettings } from '../settings.ts';
import { trainingSystem } from '../trained-solution.ts';
import {
  gaussNewton,
  type Minimum,
  openMinimum,
  openParameters,
  ridge,
  unknownsGain,
} from './gauss-newton.ts';
import { observedResiduals, shiftable, shifted } from './observed-blocks.ts';

export interface InverseChoice extends FeatureChoice {
  /** Weight of the smoothness of unknown fields that have none of their own. */
  readonly smooth: number;
  /** Variance of the noise of observations relative to that of fields, as far as it is known. */
  readonly noise?: number;
}

/** What a fit is worth. All in the unit of a block of observations, which is of order one. */
export interface FitQuality {
  /** Root mean square by which new observations would be missed, by generalised cross-validation. */
  readonly prediction: number;
  /** The largest root mean square of an equation or condition at points never trained on. */
  readonly residual: number;
  /** Of the observations' residuals, in units of the loss, and the degrees of freedom that the fit spends on them. */
  readonly squares: number;
  readonly freedom: number;
  /** Both together. */
  readonly score: number;
  /**
   * What equations leave beside what observations do where it adds up over all of them: below 1 unknowns are biased by
   * less than they are uncertain.
   */
  readonly unresolved: number;
}

export interface JointFit extends FitQuality {
  readonly choice: InverseChoice;
  readonly settings: ResolvedSettings;
  /** The problem with the smoothness that was chosen. */
  readonly problem: Problem;
  readonly start: RunStart;
  readonly theta: Float64Array;
  /** Factors with which it was found. */
  readonly weights: PhaseWeights;
  readonly uncertainty: RawUncertainty | undefined;
  readonly steps: number;
}

export interface RawUncertainty {
  /** Of the raw unknowns, (p, p) row-major. */
  readonly covariance: Float64Array;
  readonly degreesOfFreedom: number;
}

/** Conditions weigh more than equations, as in other runs. */
const conditionWeight = 10;

/** Weights of the equations, one after the other; those from `firstJudged` on are compared with each other. */
const ladder = [1e-4, 0.1, 10, 1e3, 1e5, 1e7, 1e9];
const firstJudged = 0.1;

/** Where a larger weight makes observations be missed by more than chance would have it so often, it asks too much. */
const deviations = 2;
const slack = 4;

/** Beyond the second weight that is judged, more of it changes nothing where it has changed less than this before. */
const settledChange = 1e-3;

/** A rise of what is missed by so much shows that the features do not hold solutions. */
const largestRise = 2;

/** A step that promises less than this share of the loss is not taken: on the way, and in the end by observation. */
const roughGain = 0.05;
const fineGain = 0.05;
const roughSteps = 5;

/** Relative to the variance of fields: where nothing is known of it, and no more than keeps fields from running wild. */
const unsaidNoise = 1e-6;

/** A start is as good as any if equations cost no more than this times what data alone do. */
const enough = 2;

const fineSteps = 12;

/** A fit of the unknowns to fields that data alone suggest is believed where it moves them by less than this. */
export const largestFit = 5;

/** Each degree of freedom counts as so many: cross-validation alone overfits now and then (Wood, Generalized Additive Models, 2017, section 6.2). */
const costOfFreedom = 1.4;

/** With less than this share of the observations left over, nothing can be said of their noise. */
const leastFreedom = 0.05;

/** What equations leave counts as so many times what observations do: it is what fields between observations rest on. */
const shareOfResidual = 2;

/**
 * Where fields are noisy, those are preferred that are likely as Gaussian processes of the features' frequencies, if
 * they miss new observations by no more than this factor of what others do.
 */
const indistinguishable = 1.01;

const seedOfShifts = 7919;

/** One draw of shifts tells of many observations; of few it takes several. */
const fewObservations = 50;
const drawsOfFew = 4;

/** The problem with a smoothness of all unknown fields that have none and are not kept smooth by default. */
export function withSmoothness(problem: Problem, smooth: number): Problem {
  return {
    ...problem,
    fields: problem.fields.map((field) => (isOpen(field, problem) ? { ...field, smooth } : field)),
  };
}

function isOpen({ unknown, smooth, of }: Problem['fields'][number], { time }: Problem): boolean {
  return unknown && smooth === undefined && !(of.length === 1 && of[0] === time);
}

/** Whether some unknown field's smoothness is to be found. */
export function seeksSmoothness(problem: Problem): boolean {
  return problem.fields.some((field) => isOpen(field, problem));
}

/**
 * The fit over given features. From the fields that data and conditions alone suggest, and from none, whichever leads
 * to less, equations weigh more and more, until the score rises.
 *
 * @param from  a fit over other features to start from
 */
export async function jointFit(
  task: RunTask,
  scaling: Scaling,
  choice: InverseChoice,
  from: JointFit | undefined,
  ended: () => boolean,
): Promise<JointFit> {
  const problem = withSmoothness(task.problem, choice.smooth);
  const settings = featureSettings(problem, task.settings, task.settingsGiven, choice);
  const own = { ...task, problem, settings };
  const start: RunStart = { trial: defaultTrial(problem, settings), scaling };
  const given = task.settings.weights;
  const weightsAt = (equation: number): PhaseWeights => ({
    equation: (given.equations ?? 1) * equation,
    condition: (given.conditions ?? 1) * Math.max(1, equation) * conditionWeight,
    data: given.data ?? 1,
  });
  const p = problem.unknowns.length;
  let system = shiftable(trainingSystem(own, start));
  const heldOut = withShiftColumns(heldOutSystem(own, start, system), system);
  const engine = await createEngine('f64', system, { threads: settings.threads });
  try {
    let steps = 0;
    const minimum = async (
      theta: Float64Array,
      weights: PhaseWeights,
      gain: number,
      most: number,
      own = ridge,
      least?: Float64Array,
    ) => {
      await engine.update(weighted(system, weights, undefined, undefined));
      const found = await gaussNewton(engine, theta, p, gain, most, ended, own, least);
      steps += found.steps;
      return found;
    };
    const size = trialSize(start.trial);
    const initial = new Float64Array(size + p);
    scaling.unknowns.forEach((transform, i) => {
      initial[size + i] = transform.initialRaw;
    });
    const observations = problem.observations.reduce((sum, { count }) => sum + count, 0);
    const prior = Math.sqrt(((choice.noise ?? unsaidNoise) * choice.count) / observations);
    const open = openParameters(problem, start.trial);
    const begin = async (): Promise<Float64Array> => {
      const fieldsAlone = await minimum(
        initial,
        { ...weightsAt(1), equation: 0 },
        roughGain,
        roughSteps,
        prior,
      );
      // What the fields that are observed leave of the equations says the most of all others.
      await engine.update(weighted(system, weightsAt(1), undefined, undefined));
      const rest = open.length === 0 ? fieldsAlone.theta : await openMinimum(engine, fieldsAlone.theta, open);
      const fitted = everyFieldObserved(problem) ? await fitUnknowns(system, fieldsAlone.theta) : rest;
      const near = initial.map((value, i) => (Math.abs(fitted[i] - value) < largestFit ? fitted[i] : value));
      near.set(rest.subarray(0, size));
      const starts = p === 0 ? [near] : [near, initial];
      const sufficient = enough * fieldsAlone.loss;
      const ends: Minimum[] = [];
      for (const theta of starts) {
        let found: Minimum | undefined;
        for (const weight of ladder.filter((w) => w <= firstJudged && (theta !== near || w >= firstJudged))) {
          const gain = weight === ladder[0] ? unknownsGain : roughGain;
          found = await minimum(
            found?.theta ?? theta,
            weightsAt(weight),
            gain,
            roughSteps,
            weight === ladder[0] ? prior : ridge,
          );
        }
        ends.push(found!);
        if (found!.loss < sufficient) break;
      }
      return ends.reduce((best, end) => (end.loss < best.loss ? end : best)).theta;
    };
    let theta = from === undefined ? await begin() : await carried(from, system, settings.threads);
    const rungs = ladder.filter(
      (weight) =>
        weight >= firstJudged &&
        (from === undefined || weightsAt(weight).equation >= from.weights.equation / 100),
    );
    const gain = fineGain / observations;
    let best: Omit<JointFit, 'steps'> | undefined;
    let bestSystem = system;
    for (const rung of rungs) {
      system = reweighted(system, theta, rung > firstJudged);
      const weights = weightsAt(rung);
      const found = await minimum(theta, weights, gain, fineSteps);
      ({ theta } = found);
      const weightedSystem = weighted(system, weights, undefined, undefined);
      const judged = await qualityOf(engine, weightedSystem, heldOut, found, p);
      if (best !== undefined && judged.prediction > largestRise * Math.max(best.prediction, judged.residual))
        break;
      const settled =
        best !== undefined && Math.abs(judged.score / best.score - 1) < settledChange / observations;
      if (best === undefined || isConsistent(judged, best, observations)) {
        best = { ...judged, choice, settings, problem, start, theta, weights };
        bestSystem = system;
      }
      if (settled || ended()) break;
    }
    const fit = best!;
    // Beside unknown scalars, what the prior has to say of fields would move them.
    if (choice.noise === undefined || p > 0) return { ...fit, steps };
    const follows = new Set(open);
    const least = initial.map((_, i) => (follows.has(i) ? 0 : prior));
    system = bestSystem;
    const likely = await minimum(fit.theta, fit.weights, gain, fineSteps, ridge, least);
    const weightedSystem = weighted(system, fit.weights, undefined, undefined);
    const judged = await qualityOf(engine, weightedSystem, heldOut, likely, p, least);
    // Short of its minimum it holds equations worse.
    if (judged.score < indistinguishable * fit.score && judged.residual <= fit.residual)
      return { ...fit, ...judged, theta: likely.theta, steps };
    return { ...fit, steps };
  } finally {
    await engine.dispose();
  }
}

/**
 * Whether a fit under stricter equations is one that the fit before allows: where those hold, the sum of squares rises
 * by the variance for each degree of freedom that they take away.
 */
function isConsistent(strict: FitQuality, before: FitQuality, n: number): boolean {
  // What is missed because equations did not hold may change only where they hold better.
  const allowed = strict.residual < before.residual / 2 ? before.residual ** 2 : 0;
  const variance = before.squares / Math.max(1, n - before.freedom) + allowed;
  const taken = Math.max(0, before.freedom - strict.freedom);
  return strict.squares - before.squares <= variance * (taken + deviations * Math.sqrt(2 * taken) + slack);
}

/** Held-out blocks take the residuals of the system, and so its columns. */
function withShiftColumns(heldOut: ResidualSystem, system: ResidualSystem): ResidualSystem {
  const blocks = heldOut.blocks.map((block, b) => (block.kind === 'data' ? system.blocks[b] : block));
  return { ...heldOut, blocks };
}

async function carried(
  { start, theta, problem }: JointFit,
  system: ResidualSystem,
  threads: number | undefined,
): Promise<Float64Array> {
  const fields = await carriedParameters(system, threads, (points) => {
    const value = new Array<number>(start.trial.dimension).fill(0);
    const jets = evaluateTrial(start.trial, theta, points, [value]);
    return new Map([...jets].map(([name, [values]]) => [name, values]));
  });
  return Float64Array.from([...fields, ...theta.slice(theta.length - problem.unknowns.length)]);
}

/**
 * Generalised cross-validation (Craven & Wahba, Numer. Math. 31, 1979) with the degrees of freedom that the fit spends
 * on the observations found from its answer to random shifts of them (Girard, Numer. Math. 56, 1989), and what is left of
 * equations and conditions at other points, which counts as an error that all observations share.
 */
async function qualityOf(
  engine: LoadedEngine,
  system: ResidualSystem,
  heldOut: ResidualSystem,
  { theta, factor, vector }: Minimum,
  p: number,
  least?: Float64Array,
): Promise<FitQuality & { readonly uncertainty: RawUncertainty | undefined }> {
  const fold = engine.foldDiagonal?.bind(engine);
  await engine.update(system);
  const before = await observedResiduals(engine, system, theta);
  const n = before.length;
  const squares = before.reduce((sum, value) => sum + value * value, 0);
  const size = Math.sqrt(squares / n) || 1e-12;
  const nothing = new Float64Array(theta.length);
  const draws = n < fewObservations ? drawsOfFew : 1;
  let folded = factor;
  let freedom = 0;
  for (let draw = 0; draw < draws; draw++) {
    const { system: moved, shifts } = shifted(system, size, seedOfShifts + draw);
    await engine.update(moved);
    const answer = await engine.orthogonalFactor!(theta);
    const change = answer.vector.map((value, i) => value - vector[i]);
    const step = ridgeStep(factor, change, nothing, ridge, fold, least);
    await engine.update(system);
    const after = await observedResiduals(
      engine,
      system,
      theta.map((value, i) => value + step.delta[i]),
    );
    for (let i = 0; i < n; i++) freedom += ((after[i] - before[i]) * shifts[i]) / size ** 2 / draws;
    folded = step.factor;
  }
  // What the observations determine takes one of them each.
  freedom = Math.min(n, Math.max(p, freedom));

  await engine.update(heldOut);
  const { terms } = await engine.loss(theta);
  const residual = Math.sqrt(
    Math.max(
      ...heldOut.blocks.map(({ kind, weight }, b) =>
        kind === 'data' || weight === 0 ? 0 : terms[b] / weight,
      ),
    ),
  );
  const left = 1 - (costOfFreedom * freedom) / n;
  const prediction = left > leastFreedom ? Math.sqrt(squares) / left : Math.sqrt(squares) / leastFreedom;
  const score = Math.hypot(prediction, shareOfResidual * residual);
  const degreesOfFreedom = n - freedom;
  const variance = squares / degreesOfFreedom + residual ** 2;
  const covariance = left > leastFreedom ? trailingCovariance(folded, theta.length, p, variance) : undefined;
  return {
    prediction,
    residual,
    squares,
    freedom,
    unresolved: (Math.sqrt(n) * residual) / prediction,
    score: Number.isFinite(score) ? score : Number.POSITIVE_INFINITY,
    uncertainty: covariance && { covariance, degreesOfFreedom },
  };
}

/** variance·(RᵀR)⁻¹ of the last p parameters: that of the last p rows and columns of R. */
function trailingCovariance(
  factor: Float64Array,
  n: number,
  p: number,
  variance: number,
): Float64Array | undefined {
  // Columns of the inverse of the triangle.
  const inverse = new Float64Array(p * p);
  for (let j = 0; j < p; j++)
    for (let i = j; i >= 0; i--) {
      let sum = i === j ? 1 : 0;
      for (let k = i + 1; k <= j; k++) sum -= factor[(n - p + i) * n + (n - p + k)] * inverse[k * p + j];
      inverse[i * p + j] = sum / factor[(n - p + i) * n + (n - p + i)];
    }
  const covariance = new Float64Array(p * p);
  for (let i = 0; i < p; i++)
    for (let j = 0; j < p; j++)
      for (let k = Math.max(i, j); k < p; k++)
        covariance[i * p + j] += variance * inverse[i * p + k] * inverse[j * p + k];
  return covariance.every(Number.isFinite) ? covariance : undefined;
}
