/** The optimizer of a phase, with what the engine lends it. */
import type { LoadedEngine } from '../engine/create-engine.ts';
import { lastLayerParameters, type TrialSolution } from '../network/trial-solution.ts';
import {
  createOptimizer,
  type Objective,
  type Optimizer,
  type OptimizerName,
  type OptimizerState,
} from '../optimizer/index.ts';
import type { LinearLeastSquaresOptions } from '../optimizer/linear-least-squares.ts';
import type { PlannedPhase } from './plan.ts';
import type { ResolvedSettings } from './settings.ts';

/**
 * Of a warm start, relative. Weights that nearly cancel hold up the training that follows: after 30 steps of
 * Levenberg–Marquardt on Kovasznay flow the error of u was 7e-2 with 1e-4, 4e-4 with 1e-2, 9e-5 without a warm
 * start.
 */
const warmStartDamping = 1e-2;

/** Relative: what rounding leaves open anyway. */
const ridge = 1e-14;

/** Of least squares over fixed features. */
export function featureOptimizerOptions(
  { linear }: Pick<ResolvedSettings, 'linear'>,
  engine: Pick<LoadedEngine, 'foldDiagonal'>,
): LinearLeastSquaresOptions {
  return linear ? { affine: true } : { ridge, foldDiagonal: engine.foldDiagonal?.bind(engine) };
}

/** @param state  where the optimizer goes on, if anywhere */
export function optimizerFor(
  name: OptimizerName,
  objective: Objective,
  theta: Float64Array,
  phase: PlannedPhase,
  settings: ResolvedSettings,
  engine: LoadedEngine,
  trial: TrialSolution,
  state: OptimizerState | undefined,
): Optimizer {
  if (name === 'adam') {
    const rate = phase.learningRate ?? settings.learningRate;
    const schedule = settings.schedule ?? { kind: 'cosine' };
    const given =
      schedule.kind === 'constant'
        ? { kind: 'constant' as const, rate }
        : schedule.kind === 'cosine'
          ? { kind: 'cosine' as const, rate, iterations: phase.iterations, final: rate / 100 }
          : { ...schedule, rate };
    return createOptimizer('adam', objective, theta, { rate: given }, state);
  }
  if (name === 'lm')
    return createOptimizer(
      'lm',
      objective,
      theta,
      { factorize: engine.factorize?.bind(engine), foldDiagonal: engine.foldDiagonal?.bind(engine) },
      state,
    );
  if (name === 'spring')
    return createOptimizer(
      'spring',
      objective,
      theta,
      { factorize: engine.factorize?.bind(engine), gram: engine.gram?.bind(engine) },
      state,
    );
  if (name === 'random-features') {
    const options =
      settings.randomFeatures !== undefined
        ? featureOptimizerOptions(settings, engine)
        : { parameters: lastLayerParameters(trial), damping: warmStartDamping };
    return createOptimizer(name, objective, theta, options, state);
  }
  return createOptimizer(name, objective, theta, {}, state);
}
