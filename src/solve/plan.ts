/** The plan of a run: which optimizer with which weights, one phase after another. */

import type { OptimizerName } from '../optimizer/index.ts';
import { fieldLeaves } from '../problem/implied-value.ts';
import type { Problem } from '../problem/index.ts';
import { curriculumParts, drawsAnew, type Resampling } from './loss-settings.ts';
import { trainersOf } from './optimizer-choice.ts';
import type { ResolvedSettings } from './settings.ts';
import { startsInitially } from './time-direction.ts';

/** Factors of the kinds of blocks in the loss. */
export interface PhaseWeights {
  readonly equation: number;
  readonly condition: number;
  readonly data: number;
}

/** Resampling after every so many steps. */
export type PhaseResampling = Exclude<Resampling, { kind: 'none' }> & { readonly every: number };

export interface PlannedPhase {
  readonly name: string;
  readonly optimizer: OptimizerName;
  /** At most so many steps. */
  readonly iterations: number;
  /** At most this share of the time limit, counted from the phase's start over what is then left. */
  readonly share: number;
  /**
   * How collocation points are drawn anew or added: with fixed ones second-order steps make the residual vanish
   * there and nowhere else.
   */
  readonly resampling?: PhaseResampling;
  /** Ends when the loss is at most this. */
  readonly goal?: number;
  /** 'reached': those of the last phase that was kept. */
  readonly weights: PhaseWeights | 'reached';
  /** Equations and conditions hold up to this share of time only. */
  readonly horizon?: number;
  /**
   * If the data's mean square rises by more than this factor, the phase is undone and those up to the next
   * one with 'reached' weights are left out: the network cannot satisfy the equations as well as asked.
   */
  readonly dataRise?: number;
  /** Ends when the loss has not fallen by the share `improvement` over so many steps. */
  readonly patience: number;
  /** Default 2%. */
  readonly improvement?: number;
  /** Ends once the loss at held-out points has not halved over so many draws of points. */
  readonly drawsWithoutGain?: number;
  /** Of adam; default: the settings'. */
  readonly learningRate?: number;
  /** Before the phase the residuals reached are added to the multipliers. */
  readonly updateMultipliers?: boolean;
  /** The parameters at the end of the phase enter the mean that the run returns. */
  readonly averaged?: boolean;
  /** After the phase the unknowns are set by least squares on the equations with the fields as they are. */
  readonly fitUnknowns?: boolean;
}

const iterationsOf: Record<OptimizerName, number> = {
  adam: 3000,
  lbfgs: 20000,
  broyden: 20000,
  lm: 20000,
  spring: 20000,
  'random-features': 20,
};
const patienceOf: Record<OptimizerName, number> = {
  adam: 1000,
  lbfgs: 200,
  broyden: 200,
  lm: 40,
  spring: 200,
  'random-features': 20,
};

/** Conditions weigh more than equations: a wrong condition is a wrong problem. */
const conditionWeight = 10;

/** Whether data alone determine every field that stands in the equations. */
export function everyFieldObserved(problem: Problem): boolean {
  const observed = new Set(
    fieldLeaves(problem.observations.map((o) => o.expression)).map((leaf) => leaf.name),
  );
  return problem.fields.every(({ name }) => observed.has(name));
}

/**
 * Problems without data or without equations, or with weights found by training: the optimizers one after another.
 *
 * Other inverse problems: first the fields alone from the data where all are observed, and the unknowns from those
 * by least squares; then everything together, the equations weighing more from phase to phase. At a small
 * weight the solution bends to the noise of the data, which biases the unknowns, but is easily found; as the
 * equations come to hold, the fit becomes least squares over exact solutions (penalty and multiplier methods,
 * Nocedal & Wright, Numerical Optimization, ch. 17).
 */
export function planPhases(problem: Problem, settings: ResolvedSettings): PlannedPhase[] {
  const fixedFeatures = settings.optimizers.at(-1) === 'random-features';
  const regression = problem.equations.length === 0;
  if (problem.observations.length === 0 || regression || fixedFeatures)
    return forwardPhases(problem, settings);
  const phases = everyFieldObserved(problem) ? [dataAlone(settings)] : [];
  if (settings.weighting.kind !== 'fixed') return [...phases, ...forwardPhases(problem, settings)];
  const secondOrder = settings.optimizers.at(-1) === 'lm';
  const raised = secondOrder ? penaltyPhases(problem, settings) : multiplierPhases(problem, settings);
  return [...phases, ...raised];
}

/** Equations of at least this weight keep a warm start among their solutions while new data pull at it. */
const warmWeight = 1e3;

/**
 * Where the plan is entered with parameters that solve a similar problem: what leads to them from nothing is left
 * out. Forward problems go on with the last phase, on all of time; inverse ones where equations weigh enough, and
 * before rounds of multipliers with the last phase that has none.
 */
export function warmEntry(phases: readonly PlannedPhase[]): {
  readonly phase: number;
  readonly reached: PhaseWeights;
} {
  const last = phases.length - 1;
  const heavy = phases.findIndex(({ weights }) => weights !== 'reached' && weights.equation >= warmWeight);
  const rounds = phases.findIndex((phase) => phase.updateMultipliers === true);
  const phase = phases[last].weights === 'reached' ? heavy : rounds > 0 ? rounds - 1 : last;
  const before = phases[Math.max(0, phase - 1)].weights;
  return { phase, reached: before === 'reached' ? { equation: 1, condition: 1, data: 1 } : before };
}

/**
 * A part of time is left once its loss is at most this: an error that the trial solution carries along grows
 * with the solution.
 */
const partGoal = 1e-9;

/** Steps between two draws of points where nothing is said. */
function stepsBetweenDraws(optimizer: OptimizerName): number {
  return optimizer === 'lm' || optimizer === 'spring' ? 10 : 500;
}

/** The loss at new points rises a little each time: patience spans several draws. */
const patientDraws = 12;

/** What resampling adds to a phase: by default points are drawn anew for second-order steps in space and time. */
function resampled(
  optimizer: OptimizerName,
  problem: Problem,
  { resampling }: ResolvedSettings,
): Pick<PlannedPhase, 'resampling' | 'patience'> {
  const patience = patienceOf[optimizer];
  const secondOrder = optimizer === 'lm' || optimizer === 'spring';
  const byDefault = secondOrder && drawsAnew(problem);
  const chosen: Resampling =
    resampling ??
    (byDefault ? { kind: 'rad', every: undefined, k: 1, c: 1, candidates: undefined } : { kind: 'none' });
  if (chosen.kind === 'none') return { patience };
  const every = chosen.every ?? stepsBetweenDraws(optimizer);
  return { resampling: { ...chosen, every }, patience: Math.max(patience, patientDraws * every) };
}

/** Factors where the weights are to be found by training. */
function givenWeights({ weights }: ResolvedSettings): PhaseWeights {
  return {
    equation: weights.equations ?? 1,
    condition: weights.conditions ?? 1,
    data: weights.data ?? 1,
  };
}

/** Whether the terms' own sizes set their weights, so that no default factor stands between them. */
function balancesTerms({ weighting }: ResolvedSettings): boolean {
  return weighting.kind === 'gradient-norm' || weighting.kind === 'ntk';
}

/**
 * The optimizers one after another; where there is time, first on the beginning of it and then on more and more
 * (curriculum in time, Krishnapriyan et al., NeurIPS 2021). Trained on all of it at once, a network may satisfy
 * the initial condition in a corner and an equilibrium everywhere else.
 */
function forwardPhases(problem: Problem, settings: ResolvedSettings): PlannedPhase[] {
  const optimizers = trainersOf(settings);
  const given = givenWeights(settings);
  const weights = {
    ...given,
    condition: settings.weights.conditions ?? (balancesTerms(settings) ? 1 : conditionWeight),
  };
  const byDefault =
    problem.time !== null &&
    problem.coordinates.length === 1 &&
    problem.observations.length === 0 &&
    settings.windows === 1 &&
    startsInitially(problem);
  const fixedFeatures = optimizers.at(-1) === 'random-features';
  const horizons = fixedFeatures ? 1 : (settings.curriculum ?? (byDefault ? curriculumParts : 1));
  const whole = optimizers.map(
    (optimizer, i): PlannedPhase => ({
      name: optimizer,
      optimizer,
      iterations: iterationsOf[optimizer],
      share: i === optimizers.length - 1 ? 1 : 0.4,
      weights,
      ...resampled(optimizer, problem, settings),
    }),
  );
  if (horizons === 1) return whole;
  const opening = optimizers.length === 1 ? [] : whole.slice(0, -1);
  const last = whole[whole.length - 1];
  const parts = Array.from({ length: horizons - 1 }, (_, i): PlannedPhase => {
    const horizon = (i + 1) / horizons;
    const quick = last.optimizer === 'lm';
    return {
      ...last,
      name: `${last.optimizer}, ${Math.round(100 * horizon)}% of time`,
      iterations: quick ? 300 : 1000,
      patience: last.resampling === undefined ? (quick ? 30 : 150) : last.patience,
      share: 1 / (horizons - i),
      goal: partGoal,
      horizon,
    };
  });
  return [
    ...opening.map((phase) => ({
      ...phase,
      iterations: Math.ceil(phase.iterations / 3),
      horizon: 1 / horizons,
    })),
    ...parts,
    last,
  ];
}

/** The fields from data and conditions, then the unknowns from the fields. */
function dataAlone(settings: ResolvedSettings): PlannedPhase {
  const optimizer = trainersOf(settings).at(-1)!;
  return {
    name: `${optimizer}, data alone`,
    optimizer,
    iterations: optimizer === 'lm' ? 60 : 500,
    share: 0.15,
    weights: { ...givenWeights(settings), equation: 0 },
    patience: 20,
    fitUnknowns: true,
  };
}

/** With second-order steps in double precision the weight itself can be made large. */
function penaltyPhases(problem: Problem, settings: ResolvedSettings): PlannedPhase[] {
  const weights = [0.1, 10, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
  const given = givenWeights(settings);
  const drawn = resampled('lm', problem, settings);
  const raised = weights.map(
    (equation): PlannedPhase => ({
      name: `lm, equations ×${equation}`,
      optimizer: 'lm',
      iterations: 60,
      share: 0.3,
      weights: {
        equation: given.equation * equation,
        condition: given.condition * Math.max(1, equation) * conditionWeight,
        data: given.data,
      },
      ...drawn,
      // Each is but a starting point for the next.
      ...(drawn.resampling === undefined ? { patience: 6, improvement: 0.1 } : {}),
      // At smaller weights the network still follows the noise: there the misfit of data must rise.
      dataRise: equation > 1e4 ? 2 : undefined,
    }),
  );
  return [
    ...raised,
    {
      name: 'lm',
      optimizer: 'lm',
      iterations: iterationsOf.lm,
      share: 1,
      weights: 'reached',
      ...drawn,
      ...(drawn.resampling === undefined ? { patience: 15 } : {}),
      // What is left to gain is small beside the noise of the data, which stays in the loss.
      improvement: 1e-4,
    },
  ];
}

/**
 * In single precision it cannot: at a moderate weight multipliers take the bias away, round by round. Rounds
 * end where rounding stops them, a little off the optimum to one side or the other: the latter half of them
 * is averaged (Polyak & Juditsky, SIAM J. Control Optim. 30, 1992).
 */
function multiplierPhases(problem: Problem, settings: ResolvedSettings): PlannedPhase[] {
  const optimizers = trainersOf(settings);
  const weights = [0.1, 1, 10, 30];
  const given = givenWeights(settings);
  const at = (equation: number): PhaseWeights => ({
    equation: given.equation * equation,
    condition: given.condition * Math.max(1, equation) * conditionWeight,
    data: given.data,
  });
  const penalty = weights.flatMap((equation, i): PlannedPhase[] =>
    (i === 0 ? optimizers : optimizers.slice(-1)).map((optimizer) => ({
      name: `${optimizer}, equations ×${equation}`,
      optimizer,
      iterations: optimizer === 'adam' ? 1500 : iterationsOf[optimizer],
      share: 0.25,
      weights: at(equation),
      ...resampled(optimizer, problem, settings),
    })),
  );
  const rounds = 24;
  const optimizer = optimizers[optimizers.length - 1];
  const polish = Array.from(
    { length: rounds },
    (_, round): PlannedPhase => ({
      name: `${optimizer}, multipliers ${round + 1}`,
      optimizer,
      iterations: 1000,
      share: 1 / (rounds - round),
      weights: at(weights[weights.length - 1]),
      patience: patienceOf[optimizer],
      learningRate: 1e-4,
      updateMultipliers: true,
      averaged: round >= rounds / 2,
    }),
  );
  return [...penalty, ...polish];
}
