/** Operator data from classical references. */
import { NotSupportedError, ProblemError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/index.ts';
import { requireMatch } from './data-match.ts';
import { type DrawPoolOptions, solveDraws } from './draw-pool.ts';
import type { DrawOutcome, DrawSetup, DrawTask, SolvedDraw } from './draw-solver.ts';
import type { FailedDraw, OperatorData } from './operator-data.ts';
import { type OutputPoints, pointPlan } from './output-points.ts';

export interface DataProgress {
  /** Functions solved, and how many there will be. */
  readonly done: number;
  readonly wanted: number;
  /** Draws without a solution. */
  readonly failed: number;
  readonly seconds: number;
}

export interface OperatorDataOptions extends DrawPoolOptions {
  /** Number of functions; default 150. */
  readonly functions?: number;
  /** Of the draws; default 0. */
  readonly seed?: number;
  /** Number of the first draw: draws from elsewhere in the same stream are other functions. Default 0. */
  readonly first?: number;
  /** Default: a grid of 101 points, in two coordinates 41 by 41. */
  readonly points?: OutputPoints;
  /** Relative error that the reference aims at; default 1e-10 for ordinary, 1e-6 for partial differential equations. */
  readonly target?: number;
  /** Seconds for each draw; default 60. */
  readonly timeLimit?: number;
  /** A part of the same data set, from an interrupted run: its functions are taken over. */
  readonly resume?: OperatorData;
  readonly onProgress?: (progress: DataProgress) => void;
  /** Called from time to time, and at the end, with what there is so far. */
  readonly onPart?: (part: OperatorData) => void;
}

/** Milliseconds between two parts. */
const betweenParts = 2000;

/** More failures than this share of the functions, and this many, are a failure of the whole. */
const mostFailures = 0.2;
const someFailures = 3;

function wholeNumber(value: number, least: number, path: string): void {
  if (!(Number.isSafeInteger(value) && value >= least))
    throw new ProblemError(`${value} stands where a whole number from ${least} on belongs`, { path });
}

/** Solved and failed draws, in any order. */
class Draws {
  readonly solved = new Map<number, SolvedDraw & { readonly points: Float64Array }>();
  readonly failures = new Map<number, string>();
}

/**
 * Draws input functions, solves the problem for each, and keeps the solutions at output points. A draw for which the
 * reference has no solution is left out, and another one drawn. What comes out depends on problem, seed, `first`,
 * number and points alone.
 *
 * @throws ProblemError for options that do not fit; InterruptedError once the signal is aborted; SolveError where
 * the reference fails for too many draws
 */
export async function makeOperatorData(
  problem: Problem,
  options: OperatorDataOptions = {},
): Promise<OperatorData> {
  const { functions: wanted = 150, seed = 0, first = 0, resume, onProgress, onPart } = options;
  if (problem.inputs.length === 0)
    throw new ProblemError(`${problem.name} has no input functions`, {
      path: 'inputs',
      hint: 'operator data are those of an operator problem',
    });
  if (problem.observations.length > 0 || problem.unknowns.length > 0)
    throw new NotSupportedError('operator data of a problem with unknowns');
  wholeNumber(wanted, 1, 'functions');
  wholeNumber(seed, 0, 'seed');
  wholeNumber(first, 0, 'first');
  const plan = pointPlan(problem, options.points, seed);
  const setup: DrawSetup = {
    definition: problem.definition,
    seed,
    target: options.target ?? (problem.coordinates.length === 1 ? undefined : 1e-6),
    timeLimit: options.timeLimit ?? 60,
  };
  const draws = new Draws();
  if (resume !== undefined) takeOver(draws, resume, problem, { plan, seed, first });
  const part = (): OperatorData => dataOf(draws, problem, { plan, seed, wanted });
  const start = performance.now();
  let shown = start;
  const report = (): void => {
    const seconds = (performance.now() - start) / 1000;
    onProgress?.({ done: Math.min(draws.solved.size, wanted), wanted, failed: draws.failures.size, seconds });
  };
  const take = (draw: number, points: Float64Array, outcome: DrawOutcome): void => {
    if ('solved' in outcome) draws.solved.set(draw, { ...outcome.solved, points });
    else {
      draws.failures.set(draw, outcome.failure);
      if (draws.failures.size > Math.max(someFailures, mostFailures * wanted))
        throw new SolveError(
          `the reference fails for ${draws.failures.size} of ${draws.failures.size + draws.solved.size} draws: ${outcome.failure}`,
        );
    }
    report();
    if (onPart !== undefined && performance.now() - shown > betweenParts) {
      onPart(part());
      shown = performance.now();
    }
  };
  report();
  try {
    // Failed draws are made up for by the next ones, so that there are as many functions as were asked for.
    for (let end = first + wanted; draws.solved.size < wanted; end += wanted - draws.solved.size) {
      const tasks: DrawTask[] = [];
      for (let draw = first; draw < end; draw++)
        if (!draws.solved.has(draw) && !draws.failures.has(draw)) tasks.push({ draw, points: plan.of(draw) });
      await solveDraws(setup, tasks, options, (index, outcome) =>
        take(tasks[index].draw, tasks[index].points, outcome),
      );
    }
  } finally {
    if (draws.solved.size > 0) onPart?.(part());
  }
  return part();
}

interface Kept {
  readonly plan: ReturnType<typeof pointPlan>;
  readonly seed: number;
}

function dataOf(
  { solved, failures }: Draws,
  problem: Problem,
  { plan, seed, wanted }: Kept & { readonly wanted: number },
): OperatorData {
  const numbers = [...solved.keys()].sort((a, b) => a - b).slice(0, wanted);
  const rows = numbers.map((draw) => solved.get(draw)!);
  const joined = (parts: readonly Float64Array[]): Float64Array => {
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    const result = new Float64Array(size);
    let at = 0;
    for (const part of parts) {
      result.set(part, at);
      at += part.length;
    }
    return result;
  };
  const byName = (of: readonly { readonly name: string }[], rowsOf: (name: string) => Float64Array[]) =>
    Object.fromEntries(of.map(({ name }) => [name, joined(rowsOf(name))]));
  const failed = [...failures].map(([draw, reason]): FailedDraw => ({ draw, reason }));
  return {
    problem: problem.definition,
    count: rows.length,
    inputs: byName(problem.inputs, (name) => rows.map((row) => row.inputs[name])),
    aligned: plan.aligned,
    pointCount: plan.count,
    points: plan.aligned ? plan.of(0) : joined(rows.map(({ points }) => points)),
    ...(plan.sides === undefined ? {} : { sides: plan.sides }),
    fields: byName(problem.fields, (name) => rows.map((row) => row.fields[name])),
    errorEstimates: Float64Array.from(rows, ({ errorEstimate }) => errorEstimate),
    seed,
    draws: Float64Array.from(numbers),
    failures: failed.sort((a, b) => a.draw - b.draw),
    wanted,
  };
}

/** Takes over what an interrupted run has found. @throws ProblemError where it was a run of another kind */
function takeOver(
  draws: Draws,
  data: OperatorData,
  problem: Problem,
  { plan, seed, first }: Kept & { readonly first: number },
): void {
  requireMatch(problem, data);
  const refuse = (reason: string, hint: string): never => {
    throw new ProblemError(`the part to go on from ${reason}`, { path: 'resume', hint });
  };
  if (data.draws === undefined || data.seed !== seed)
    refuse(`was drawn with seed ${data.seed ?? 'none'}, not ${seed}`, 'take the same seed, or begin anew');
  if (JSON.stringify(data.problem.inputs) !== JSON.stringify(problem.definition.inputs))
    refuse('was drawn from other function spaces', 'begin anew');
  const d = problem.coordinates.length;
  const width = data.pointCount;
  const samePlan = data.aligned === plan.aligned && width === plan.count;
  data.draws!.forEach((draw, n) => {
    const expected = plan.of(draw);
    const points = data.aligned ? data.points : data.points.slice(n * width * d, (n + 1) * width * d);
    if (!samePlan || !expected.every((value, k) => value === points[k]))
      refuse('has other output points', 'take the same points, or begin anew');
    if (draw < first) return;
    const row = (all: Float64Array, size: number): Float64Array => all.slice(n * size, (n + 1) * size);
    draws.solved.set(draw, {
      inputs: Object.fromEntries(
        problem.inputs.map(({ name, sensorCount }) => [name, row(data.inputs[name], sensorCount)]),
      ),
      fields: Object.fromEntries(problem.fields.map(({ name }) => [name, row(data.fields[name], width)])),
      errorEstimate: data.errorEstimates[n],
      points,
    });
  });
  for (const { draw, reason } of data.failures) if (draw >= first) draws.failures.set(draw, reason);
}
