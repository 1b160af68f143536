/** The plan of a run: which optimizer with which weights, one phase after another. */

import type { OptimizerName } from '../optimizer/index.ts';
import { fieldLeaves } from '../problem/implied-value.ts';
import type { Problem } from '../problem/index.ts';
import type { ResolvedSettings } from './settings.ts';

/** Factors of the kinds of blocks in the loss. */
export interface PhaseWeights {
  readonly equation: number;
  readonly condition: number;
  readonly data: number;
}

export interface PlannedPhase {
  readonly name: string;
  readonly optimizer: OptimizerName;
  /** At most so many steps. */
  readonly iterations: number;
  /** At most this share of the time limit, counted from the phase's start over what is then left. */
  readonly share: number;
  readonly weights: PhaseWeights;
  /** Ends when the loss has not fallen by 1‰ over so many steps. */
  readonly patience: number;
  /** Of adam; default: the settings'. */
  readonly learningRate?: number;
  /** Before the phase the residuals reached are added to the multipliers. */
  readonly updateMultipliers?: boolean;
  /** After the phase the unknowns are set by least squares on the equations with the fields as they are. */
  readonly fitUnknowns?: boolean;
}

const iterationsOf: Record<OptimizerName, number> = { adam: 3000, lbfgs: 5000, broyden: 3000, lm: 1000 };
const patienceOf: Record<OptimizerName, number> = { adam: 1000, lbfgs: 200, broyden: 200, lm: 40 };

function sequence(
  settings: ResolvedSettings,
  label: string,
  weights: PhaseWeights,
  shares: readonly number[],
  scale: number,
): PlannedPhase[] {
  return settings.optimizers.map((optimizer, i) => ({
    name: label === '' ? optimizer : `${optimizer}, ${label}`,
    optimizer,
    iterations: Math.ceil(iterationsOf[optimizer] * scale),
    share: shares[Math.min(i, shares.length - 1)],
    weights,
    patience: patienceOf[optimizer],
  }));
}

/** Conditions weigh more than equations: a wrong condition is a wrong problem. */
const conditionWeight = 10;

/** Whether data alone determine every field that stands in the equations. */
function everyFieldObserved(problem: Problem): boolean {
  const observed = new Set(
    fieldLeaves(problem.observations.map((o) => o.expression)).map((leaf) => leaf.name),
  );
  return problem.fields.every(({ name }) => observed.has(name));
}

/**
 * Problems without data: the optimizers one after another.
 *
 * Inverse problems: first the fields alone from the data where all are observed, and the unknowns from those
 * by least squares; then everything together, the equations weighing more from phase to phase. With noisy
 * data a small weight lets the solution bend to the data and biases the unknowns; in the limit of a large
 * one the fit is that of least squares on exact trajectories (the quadratic penalty method, Nocedal &
 * Wright, Numerical Optimization, ch. 17).
 */
export function planPhases(problem: Problem, settings: ResolvedSettings): PlannedPhase[] {
  const last = settings.optimizers.length - 1;
  if (problem.observations.length === 0) {
    const weights = { equation: 1, condition: conditionWeight, data: 1 };
    return sequence(settings, '', weights, last === 0 ? [1] : [0.4, 1], 1);
  }
  const phases: PlannedPhase[] = [];
  if (everyFieldObserved(problem)) {
    const weights = { equation: 0, condition: 1, data: 1 };
    const optimizer = settings.optimizers[last];
    phases.push({
      name: `${optimizer}, data alone`,
      optimizer,
      iterations: optimizer === 'lm' ? 60 : 500,
      share: 0.15,
      weights,
      patience: 20,
      fitUnknowns: true,
    });
  }
  const optimizer = settings.optimizers[last];
  const W = JSON.parse(process.env.W ?? '[0.1,1,10]') as number[];
  const M = Number(process.env.M ?? 8);
  const IT = Number(process.env.IT ?? 500);
  phases.push(
    ...sequence(settings, `equations ×${W[0]}`, { equation: W[0], condition: 1, data: 1 }, [0.3], 0.5),
  );
  for (const [i, equation] of W.slice(1).entries())
    phases.push({
      name: `${optimizer}, equations ×${equation}`,
      optimizer,
      iterations: iterationsOf[optimizer],
      share: i === W.length - 2 ? 1 : 0.3,
      weights: { equation, condition: Math.max(1, equation) * conditionWeight, data: 1 },
      patience: patienceOf[optimizer],
    });
  const equation = W[W.length - 1];
  const R = Number(process.env.R ?? 1e-3);
  for (let i = 0; i < M; i++)
    for (const opt of (process.env.OPT ?? 'adam+lbfgs').split('+') as OptimizerName[])
    phases.push({
      name: `${opt}, multipliers ${i + 1}`,
      optimizer: opt,
      iterations: IT,
      share: 1 / (M - i),
      weights: { equation, condition: Math.max(1, equation) * conditionWeight, data: 1 },
      patience: patienceOf[optimizer],
      updateMultipliers: opt === (process.env.OPT ?? 'adam+lbfgs').split('+')[0],
      learningRate: R,
    });
  return phases;
}
