/**
 * Training on the equations alone: every training function is solved in the trunk, then the branch is fitted; with more
 * functions as long as they help.
 */

import { InterruptedError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { CoefficientModel, linearTolerance } from '../coefficient-model.ts';
import { EquationSolutions } from '../physics/equation-solutions.ts';
import type { PhysicsCoefficients } from '../physics/physics-coefficients.ts';
import { drawInputs } from '../space/function-space.ts';
import { coefficientError, rowsBetween } from './coefficient-rows.ts';
import type { CoefficientSet } from './coefficient-set.ts';
import { compressed } from './compression.ts';
import { type FittedModel, fitBranch } from './fit-branch.ts';
import { trainedOnResiduals } from './residual-training.ts';
import type { ResolvedTraining } from './resolve-training.ts';
import type { TrainingHooks } from './training-hooks.ts';
import type { TrainingOutcome } from './training-outcome.ts';
import { mostRows, shiftedCoordinate } from './translation-symmetry.ts';

/** The resolution is such that so many can be solved in time. */
const expectedFunctions = 400;
/** Functions of the first round, twice as many in each that follows. */
const firstRound = 100;
const mostFunctions = 3200;
/** Fewer cannot be left out one by one. */
const fewest = 4;
/** Twice as many functions that leave more than this share of the error are the last. */
const leastGain = 0.9;
/** Where neither a target nor a time limit is given. */
const enough = 1e-6;
/** Solutions that err by more make no exact operator, however exact its branch. */
const exactSolutions = 1e-3;
/** Of the time, for the solutions; the rest is the branch's. */
const solutionShare = 0.75;
/** What a solution errs, at best, of what the target allows. */
const solutionError = 0.1;
/** Of so many functions one is held out where all others are shifted along a circle. */
const heldOut = 10;

interface Fitted extends FittedModel {
  readonly set: PhysicsCoefficients;
  readonly functions: number;
  /** Sensors of the functions themselves. */
  readonly inputs: Readonly<Record<string, Float64Array>>;
  readonly rows: number;
  /** What the branch was fitted to. */
  readonly compact: CoefficientSet;
  readonly seconds: number;
}

export async function trainOnPhysics(
  problem: Problem,
  settings: ResolvedTraining,
  hooks: TrainingHooks,
): Promise<TrainingOutcome> {
  const { functions, seed, threads, timeLimit, target } = settings;
  const { signal, show, seconds } = hooks;
  const goal = target ?? (settings.given.timeLimit === undefined ? enough : undefined);
  const solutions = await EquationSolutions.searched(problem, {
    functions: functions ?? expectedFunctions,
    seed,
    threads,
    signal,
    timeLimit: solutionShare * timeLimit,
    target: target === undefined ? undefined : solutionError * target,
  });
  let solving = 0;
  let best: Fitted | undefined;
  let stopped: TrainingOutcome['run']['stopped'] = 'functions';
  for (let wanted = functions ?? firstRound; ; wanted *= 2) {
    const before = seconds();
    const had = solutions.count;
    await solutions.extend(wanted, {
      threads,
      signal,
      timeLimit: solutionShare * timeLimit - before,
      onProgress: ({ done }) =>
        show({ phase: 'solutions', done, total: wanted, validation: best?.validation }),
    });
    if (solutions.count < fewest)
      throw new SolveError(
        `${solutions.count} training function${solutions.count === 1 ? ' was' : 's were'} solved within ${timeLimit} s, ${fewest} are needed; give more time (--time-limit)`,
      );
    const spent = seconds() - before;
    solving += spent;
    const previous = best;
    const found = await trained(problem, solutions, settings, hooks);
    best = previous === undefined || found.validation < previous.validation ? found : previous;
    const done = reached(best, solutions.expectedError, goal);
    if (done !== undefined) {
      stopped = done;
      break;
    }
    if (solutions.count + found.set.failures.length < wanted) {
      stopped = 'time';
      break;
    }
    if (functions !== undefined) break;
    const gained = previous === undefined || found.validation < leastGain * previous.validation;
    if (!gained || 2 * wanted > mostFunctions) {
      stopped = 'converged';
      break;
    }
    const perFunction = spent / Math.max(1, solutions.count - had);
    const expected = Math.min(wanted * perFunction, 0.2 * timeLimit) + 4 * found.seconds;
    if (seconds() + expected > timeLimit) {
      stopped = 'time';
      break;
    }
  }
  const refined = await onResiduals(problem, best, settings, hooks);
  return outcomeOf({ ...best, ...refined }, solving, stopped, refined?.note);
}

/** A network goes on from its coefficients on the residuals themselves, as long as there is time. */
async function onResiduals(
  problem: Problem,
  best: Fitted,
  { branch, seed, timeLimit }: ResolvedTraining,
  { signal, show, seconds }: TrainingHooks,
): Promise<(FittedModel & { readonly note: string }) | undefined> {
  const hard = problem.conditions.some((condition) => 'hard' in condition && condition.hard === true);
  if (branch !== 'network' || best.rows > best.functions || hard) return undefined;
  const samples = best.set.draws.map((draw) => drawInputs(problem, seed, draw));
  const found = await trainedOnResiduals(problem, best, best.compact, samples, {
    seed,
    proceed: () => {
      if (signal?.aborted) throw new InterruptedError('the training was interrupted');
      return seconds() < timeLimit;
    },
    onStep: (done, total) => show({ phase: 'training', done, total, validation: best.validation }),
  });
  if (found === undefined) return undefined;
  const [from, to] = found.losses.map((loss) => loss.toExponential(1));
  const [before, after] = [best.validation, found.validation].map((error) => error.toExponential(1));
  return {
    model: found.model,
    validation: found.validation,
    note: `the branch network was trained on the residuals as well: their mean square from ${from} to ${to} in ${found.steps} steps, the error on functions left out from ${before} to ${after}`,
  };
}

async function trained(
  problem: Problem,
  solutions: EquationSolutions,
  { branch, product, seed, timeLimit }: ResolvedTraining,
  { signal, show, seconds }: TrainingHooks,
): Promise<Fitted> {
  const before = seconds();
  const along = branch === 'linear' ? undefined : shiftedCoordinate(problem);
  show({ phase: 'trunk', done: 0, total: 1 });
  const shifted =
    along === undefined ? undefined : solutions.shifted({ along, most: mostRows, seed, heldOut });
  const set = shifted ?? solutions.coefficients();
  const all = compressed(set, problem);
  const rows = set.count - (shifted?.left ?? 0);
  const compact = rowsBetween(all, 0, rows);
  show({ phase: 'branch', done: 0, total: 1 });
  const { model, validation } = await fitBranch(problem, compact, {
    kind: branch,
    product,
    seed,
    signal,
    timeLimit: Math.max(1, timeLimit - before) / 2,
    onProgress: (done, total) => show({ phase: 'branch', done, total }),
  });
  const kept = { set, functions: solutions.count, inputs: solutions.inputs(), rows, compact };
  if (shifted === undefined) return { model, validation, ...kept, seconds: seconds() - before };
  // A function left out is foretold by itself, shifted a little; one of which nothing was seen is not.
  const honest = coefficientError(model, rowsBetween(all, rows, set.count));
  const told = new CoefficientModel(model.inputs, model.parts, model.branch, {
    ...model.words,
    validation: honest,
  });
  return { model: told, validation: honest, ...kept, seconds: seconds() - before };
}

function reached(
  { validation, model }: Fitted,
  solutionError: number,
  goal: number | undefined,
): 'exact' | 'converged' | 'target' | undefined {
  if (model.words.kind === 'linear' && validation < linearTolerance)
    return solutionError < exactSolutions ? 'exact' : 'converged';
  return goal !== undefined && Math.max(validation, solutionError) < goal ? 'target' : undefined;
}

function outcomeOf(
  { model, validation, set, functions, inputs, rows }: Fitted,
  solving: number,
  stopped: TrainingOutcome['run']['stopped'],
  remark: string | undefined,
): TrainingOutcome {
  const notes = [
    `no data: residuals of the equations, at most ${set.residual.toExponential(1)} of their largest terms; solutions are expected to err by ${set.expectedError.toExponential(1)}`,
  ];
  if (remark !== undefined) notes.push(remark);
  if (stopped === 'exact')
    notes.push('the operator is linear: one least-squares solve for the branch is exact');
  if (rows > functions)
    notes.push(`solutions may be shifted along the circle: ${rows} functions were made of ${functions}`);
  if (set.failures.length > 0)
    notes.push(`${set.failures.length} draws for which the equations were not solved are left out`);
  return {
    model,
    inputs,
    run: {
      optimizer: 'gauss-newton+least-squares',
      branch: model.words.kind,
      functions,
      points: 0,
      dataSeconds: solving,
      iterations: functions + 1,
      validation,
      stopped,
      notes,
    },
  };
}
