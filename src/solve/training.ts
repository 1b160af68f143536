/** The training loop: the plan's phases, one optimizer step after another, until something ends it. */
import { createEngine, type LoadedEngine } from '../engine/create-engine.ts';
import { SolveError } from '../errors.ts';
import { trialSize } from '../network/trial-solution.ts';
import type { Optimizer } from '../optimizer/index.ts';
import {
  type ResidualBlock,
  type ResidualSystem,
  type ResidualsOf,
  reweighted,
  type Scaling,
} from '../residual/index.ts';
import type { TrainingState } from './callbacks.ts';
import { fitUnknowns } from './fit-unknowns.ts';
import { HeldOutLoss } from './held-out-loss.ts';
import { History } from './history.ts';
import { ObservedObjective } from './observed-objective.ts';
import { optimizerFor } from './phase-optimizer.ts';
import {
  type Horizon,
  nextMultipliers,
  pointCount,
  pointsOf,
  weighted,
  withNewPoints,
  withPoints,
} from './phase-system.ts';
import type { PhaseWeights, PlannedPhase } from './plan.ts';
import type { ResolvedSettings } from './settings.ts';
import type { StopReason, TrainingHooks, TrainingProgress, TrainingResult } from './training-progress.ts';
import { LossWeights } from './weighting/loss-weights.ts';

const checkpointSeconds = 10;

/** Where a phase does not say otherwise, it ends when the loss has not fallen by this share over its patience. */
const leastImprovement = 0.02;

/** A mean of parameters is taken where its loss exceeds that of the last ones by less than this factor. */
const acceptedRise = 4;

const now = (): number => performance.now() / 1000;

/**
 * Trains from `theta` (or from where `resume` stands) through the phases.
 *
 * @throws SolveError where the loss is not finite from the start.
 */
export async function train(
  system: ResidualSystem,
  scaling: Scaling,
  phases: readonly PlannedPhase[],
  settings: ResolvedSettings,
  theta0: Float64Array,
  time: number | null,
  hooks: TrainingHooks,
  resume?: TrainingProgress,
): Promise<TrainingResult> {
  const engine = await createEngine(settings.engine, system, {
    backend: settings.backend,
    threads: settings.threads,
  });
  try {
    return await runPhases(engine, system, scaling, phases, settings, theta0, time, hooks, resume);
  } finally {
    await engine.dispose();
  }
}

async function runPhases(
  engine: LoadedEngine,
  initialSystem: ResidualSystem,
  scaling: Scaling,
  phases: readonly PlannedPhase[],
  settings: ResolvedSettings,
  theta0: Float64Array,
  time: number | null,
  hooks: TrainingHooks,
  resume: TrainingProgress | undefined,
): Promise<TrainingResult> {
  let system = initialSystem;
  const begun = now();
  const before = resume?.seconds ?? 0;
  const history = new History(resume?.history);
  const unknownsStart = trialSize(system.trial);
  const unknownsAt = (theta: Float64Array): number[] =>
    scaling.unknowns.map((t, i) => t.value(theta[unknownsStart + i]));
  let theta = resume?.theta ?? theta0;
  let iteration = resume?.iteration ?? 0;
  let loss = Number.NaN;
  let terms: readonly number[] = [];
  let stopped: StopReason | undefined;
  let multipliers = resume?.multipliers;
  let average = resume?.average;
  let current = withPoints(system, resume?.points);
  let reached: PhaseWeights = resume?.reached ?? { equation: 1, condition: 1, data: 1 };
  const lossWeights = new LossWeights(settings, time, resume?.weighting);
  let skipping = resume?.skipping ?? false;
  let memory = resume?.memory;
  const dataOf = (blocks: readonly ResidualBlock[], values: Float64Array): number =>
    blocks.reduce((sum, block, b) => (block.kind === 'data' ? sum + values[b] : sum), 0);
  let checkpointAt = now();
  let errorCheckAt = now();
  const spent = (): number => now() - begun;
  const progressOf = (
    phase: number,
    iterationInPhase: number,
    optimizer: Optimizer | undefined,
  ): TrainingProgress => ({
    theta,
    phase,
    iterationInPhase,
    iteration,
    seconds: before + spent(),
    optimizer: optimizer?.state(),
    multipliers,
    points: pointsOf(current, system),
    weighting: lossWeights.state,
    average,
    reached,
    skipping,
    memory,
    history: history.record(),
  });
  let position = progressOf(resume?.phase ?? 0, resume?.iterationInPhase ?? 0, undefined);

  for (let p = resume?.phase ?? 0; p < phases.length && stopped === undefined; p++) {
    const phase = phases[p];
    if (phase.updateMultipliers === true && !(p === resume?.phase && resume.multipliers !== undefined))
      multipliers = await nextMultipliers(engine, current, theta);
    if (skipping && phase.weights !== 'reached') continue;
    skipping = false;
    // The variance of counts is taken at the means that the phase before has found.
    if (p > 0) {
      const settled = 2 * p >= phases.length;
      system = reweighted(system, theta, settled);
      current = reweighted(current, theta, settled);
    }
    const weights: PhaseWeights = phase.weights === 'reached' ? reached : phase.weights;
    const horizon: Horizon | undefined =
      phase.horizon === undefined || time === null ? undefined : { time, share: phase.horizon };
    const unadapted = (): ResidualSystem => weighted(current, weights, multipliers, horizon);
    if (lossWeights.adapts && !(p === resume?.phase && resume.iterationInPhase > 0)) {
      lossWeights.startPhase();
      await lossWeights.update(engine, unadapted(), theta);
    }
    let phaseSystem = lossWeights.apply(unadapted());
    await engine.update(phaseSystem);
    const observed = new ObservedObjective(engine, settings.seed);
    const restored = p === resume?.phase ? resume.optimizer : undefined;
    const optimizer = optimizerFor(
      phase.optimizer,
      observed.objective,
      theta,
      phase,
      settings,
      engine,
      system.trial,
      restored,
    );
    if (restored === undefined) history.startPhase(phase.name, iteration);
    const phaseBegun = spent();
    const phaseLimit = (settings.timeLimit - phaseBegun) * phase.share;
    const isLast = p === phases.length - 1;
    if (p !== resume?.phase) memory = undefined;
    const atStart =
      phase.dataRise === undefined
        ? undefined
        : (memory?.start ?? { theta, data: dataOf(system.blocks, (await engine.loss(theta)).terms) });
    let best = memory?.best ?? { loss: Number.POSITIVE_INFINITY, theta };
    let lastProgress = memory?.progress ?? { loss: Number.POSITIVE_INFINITY, iteration };
    let ended = false;
    // A horizon, or weights that change, would have to be carried over to other points; without any that may be
    // drawn anew there are no others.
    const judged =
      phase.resampling?.kind === 'rad' &&
      phase.horizon === undefined &&
      !lossWeights.adapts &&
      pointCount(system) > 0;
    const heldOut = judged
      ? new HeldOutLoss(
          engine,
          system,
          (other) => weighted(other, weights, multipliers, undefined),
          settings.seed,
          settings.largestPoints / settings.points,
          pointCount(current) / pointCount(system),
        )
      : undefined;
    if (heldOut !== undefined && p === resume?.phase) {
      // The parameters to beat are those that the run goes on from.
      await heldOut.note(theta, Number.POSITIVE_INFINITY);
      await engine.update(phaseSystem);
    }
    for (let i = p === resume?.phase ? resume.iterationInPhase : 0; i < phase.iterations && !ended; i++) {
      if (hooks.signal?.aborted) stopped = 'interrupted';
      else if (spent() > settings.timeLimit) stopped = 'time-limit';
      else if (settings.iterations !== undefined && iteration >= settings.iterations) stopped = 'iterations';
      if (stopped !== undefined || spent() - phaseBegun > phaseLimit) break;
      const step = await optimizer.step();
      if (!Number.isFinite(step.loss) && !Number.isFinite(best.loss))
        throw new SolveError(
          `the loss is ${step.loss} at the ${iteration === 0 ? 'start' : `start of phase ${phase.name}`}: the equations cannot be evaluated at the trial solution`,
        );
      if (step.finished === 'diverged' && isLast)
        throw new SolveError(
          `the run diverged at step ${iteration + 1}: the loss is not finite one step beyond ${step.loss}; a smaller learning rate may help`,
        );
      iteration++;
      if (step.loss < best.loss) best = { loss: step.loss, theta: optimizer.theta };
      theta = optimizer.theta;
      const entry = () => {
        const weightedTerms = observed.termsOf(step.loss);
        return {
          iteration,
          seconds: before + spent(),
          loss: step.loss,
          terms: phaseSystem.blocks.map((b, k) =>
            weightedTerms === undefined || b.weight === 0 ? Number.NaN : weightedTerms[k] / b.weight,
          ),
          unknowns: unknownsAt(optimizer.theta),
        };
      };
      if (history.wants(iteration)) history.add(entry());
      loss = step.loss;
      const state: TrainingState = {
        iteration,
        phase: phase.name,
        progress: Math.min(
          1,
          Math.max(spent() / settings.timeLimit, (p + (i + 1) / phase.iterations) / phases.length),
        ),
        seconds: before + spent(),
        loss: step.loss,
        theta: optimizer.theta,
        solution: () =>
          hooks.solutionAt({ ...progressOf(p, i + 1, undefined), theta: optimizer.theta.slice() }),
        entry,
      };
      if (step.loss < lastProgress.loss * (1 - (phase.improvement ?? leastImprovement)))
        lastProgress = { loss: step.loss, iteration };
      const stalled = iteration - lastProgress.iteration >= phase.patience;
      const goal = phase.goal ?? settings.lossGoal;
      const atEnd = step.loss <= goal || step.finished !== undefined;
      const { resampling } = phase;
      const redraws = resampling !== undefined && ((i + 1) % resampling.every === 0 || atEnd);
      const climbs = stalled && lossWeights.climb();
      let standing = false;
      const reweighs = lossWeights.due(phase.optimizer, atEnd || climbs ? 0 : i + 1);
      if (redraws || reweighs.length > 0) {
        if (redraws) {
          const causal = lossWeights.importance(system.trial.dimension);
          // What more points are to gain shows in the steps to come.
          if (await heldOut?.note(theta, step.loss)) lastProgress = { ...lastProgress, iteration };
          standing = heldOut !== undefined && heldOut.standing >= (phase.drawsWithoutGain ?? Infinity);
          const factor = heldOut?.factor;
          const residualsOf: ResidualsOf = async (elsewhere) => {
            await engine.update(elsewhere);
            return engine.residuals(theta);
          };
          current = await withNewPoints(
            current,
            system,
            residualsOf,
            resampling,
            settings,
            iteration,
            horizon,
            causal,
            factor,
          );
        }
        if (reweighs.length > 0) await lossWeights.update(engine, unadapted(), theta, reweighs, iteration);
        phaseSystem = lossWeights.apply(unadapted());
        await engine.update(phaseSystem);
        optimizer.objectiveChanged();
        // The loss at points not trained on, and under the new weights, is what counts.
        loss = (await engine.loss(theta)).loss;
        best = { loss, theta };
        if (climbs) lastProgress = { loss, iteration };
        else if (reweighs.length > 0 && step.loss > 0)
          // Progress is measured under the same weights.
          lastProgress = { ...lastProgress, loss: lastProgress.loss * (loss / step.loss) };
      }
      const changing = resampling !== undefined || lossWeights.adapts;
      if ((step.finished !== undefined && !changing) || (stalled && !climbs) || standing || loss <= goal) {
        ended = true;
        if (isLast) stopped = 'converged';
      }
      memory = { best, progress: lastProgress, start: atStart };
      for (const callback of hooks.callbacks) if (callback(state) === 'stop') stopped = 'callback';
      if (settings.target !== undefined && (isLast || system.unknowns.length === 0) && now() > errorCheckAt) {
        const started = now();
        // The loss stands for the error only where it is that of the whole problem.
        const whole = isLast && phase.horizon === undefined && !lossWeights.adapts;
        const error =
          hooks.errorAt?.(optimizer.theta) ??
          (hooks.errorAt === undefined && whole ? Math.sqrt(step.loss) : undefined);
        errorCheckAt = now() + Math.max(0.2, 10 * (now() - started));
        if (error !== undefined && error <= settings.target) stopped = 'target';
      }
      position = { ...position, phase: p, iterationInPhase: i + 1 };
      if (hooks.onCheckpoint !== undefined && now() - checkpointAt > checkpointSeconds) {
        checkpointAt = now();
        hooks.onCheckpoint(progressOf(p, i + 1, optimizer));
      }
      if (stopped !== undefined) break;
    }
    // What met the target, or a callback's wish, is what was wanted.
    const final = stopped === 'target' || stopped === 'callback';
    if (heldOut !== undefined && !final && stopped !== 'interrupted') {
      theta = await heldOut.better(theta);
      await engine.update(phaseSystem);
    }
    const unfinished = stopped === 'interrupted' || stopped === 'time-limit' || stopped === 'iterations';
    // A finished phase that is resumed starts to count anew, with what its optimizer remembers.
    if (!unfinished) memory = undefined;
    position = progressOf(p, unfinished ? position.iterationInPhase : 0, optimizer);
    // Where steps may raise the loss, what is handed on is the best that was seen.
    const wanders = optimizer.name === 'adam' || optimizer.name === 'spring';
    if (heldOut === undefined && !final && (stopped === undefined || stopped === 'converged' || wanders)) {
      if (Number.isFinite(best.loss) && best.loss < loss) [theta, loss] = [best.theta, best.loss];
    }
    if (phase.fitUnknowns === true && stopped === undefined) theta = await fitUnknowns(system, theta);
    if (
      atStart !== undefined &&
      !unfinished &&
      dataOf(system.blocks, (await engine.loss(theta)).terms) > phase.dataRise! * atStart.data
    ) {
      theta = atStart.theta;
      skipping = true;
    } else if (!unfinished) reached = weights;
    if (phase.averaged === true && !unfinished) {
      const { theta: mean, count } = average ?? { theta: new Float64Array(theta.length), count: 0 };
      average = { theta: mean.map((m, i) => m + (theta[i] - m) / (count + 1)), count: count + 1 };
    }
    if (isLast && !unfinished && average !== undefined) {
      const averaged = await engine.loss(average.theta);
      if (averaged.loss < acceptedRise * loss) theta = average.theta;
    }
    if (isLast || stopped !== undefined) {
      const final = await engine.loss(theta);
      loss = final.loss;
      terms = phaseSystem.blocks.map((b, k) => (b.weight === 0 ? Number.NaN : final.terms[k] / b.weight));
    }
  }
  if (stopped === 'converged' && settings.target !== undefined) {
    const error = hooks.errorAt?.(theta);
    if (error !== undefined && error <= settings.target) stopped = 'target';
  }
  return {
    ...position,
    theta,
    average,
    reached,
    history: history.record(),
    seconds: before + spent(),
    loss,
    terms,
    stopped: stopped ?? 'iterations',
    backend: engine.backend,
    precision: engine.precision,
  };
}
