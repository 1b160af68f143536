/** Training on solutions: data, trunk, compression, branch; with more functions as long as they help. */
import type { Problem } from '../../problem/problem.ts';
import { randomGenerator } from '../../random/generator.ts';
import { CoefficientModel, linearTolerance } from '../coefficient-model.ts';
import type { OperatorData } from '../data/operator-data.ts';
import { batchEvaluation } from '../evaluate/batch-evaluation.ts';
import type { FittedRegression } from '../regression/regression.ts';
import { compressed } from './compression.ts';
import { dataCoefficients } from './data-coefficients.ts';
import { trainingPoints } from './default-points.ts';
import { type FittedModel, fitBranch } from './fit-branch.ts';
import type { ResolvedTraining } from './resolve-training.ts';
import { dataErrors } from './test-errors.ts';
import { requireEnough, selected, timedData } from './training-data.ts';
import type { TrainingHooks } from './training-hooks.ts';
import type { TrainingOutcome } from './training-outcome.ts';
import { shiftedCoordinate, withShifts } from './translation-symmetry.ts';

/** Functions of the first round, twice as many in each that follows. */
const firstRound = 64;
const mostFunctions = 4096;
/** Fewer do not say what the solutions have in common. */
const fewest = 8;
/** So few are spoken of where time was what ended it. */
const few = 48;
/** Twice as many functions that leave more than this share of the error are the last. */
const leastGain = 0.9;
/** Where neither a target nor a time limit is given. */
const enough = 1e-6;
/** Share of the time that data may take. */
const dataShare = 0.75;
/** Held out of a given data set. */
const heldOutShare = 0.2;

interface Fitted extends FittedModel {
  /** Rows with those of shifted functions, where there are some. */
  readonly shifts?: number;
  readonly data: OperatorData;
  readonly seconds: number;
}

export async function trainOnData(
  problem: Problem,
  settings: ResolvedTraining,
  given: OperatorData | undefined,
  hooks: TrainingHooks,
): Promise<TrainingOutcome> {
  const { timeLimit, functions, seed, threads, target } = settings;
  const { signal, show, seconds } = hooks;
  const { points, weights } = trainingPoints(problem, settings.points);
  const along = settings.branch === 'linear' ? undefined : shiftedCoordinate(problem);
  const enriched = (data: OperatorData): { data: OperatorData; left: OperatorData } | undefined => {
    if (along === undefined) return undefined;
    const all = Array.from({ length: data.count }, (_, n) => n);
    const out = (n: number): boolean => n % 10 === 9;
    const shifted = withShifts(
      problem,
      selected(
        data,
        all.filter((n) => !out(n)),
      ),
      along,
      seed,
    );
    const left = all.filter(out);
    return shifted === undefined || left.length === 0
      ? undefined
      : { data: shifted, left: selected(data, left) };
  };
  const trained = async (data: OperatorData, own: Float64Array | undefined): Promise<Fitted> => {
    const before = seconds();
    const left = Math.max(1, timeLimit - before);
    show({ phase: 'trunk', done: 0, total: 1 });
    const shifted = enriched(data);
    const set = await dataCoefficients(problem, shifted?.data ?? data, {
      seed,
      signal,
      weights: own,
      timeLimit: left / 3,
    });
    const compact = compressed(set, problem);
    show({ phase: 'branch', done: 0, total: 1 });
    const { model, validation } = await fitBranch(problem, compact, {
      kind: settings.branch,
      product: settings.product,
      seed,
      signal,
      timeLimit: left / 2,
      onProgress: (done, total) => show({ phase: 'branch', done, total }),
    });
    if (shifted !== undefined) {
      // A function left out is foretold by itself, shifted a little; one of which nothing was seen is not.
      const honest = heldOutError(problem, model, shifted.left);
      const words = { ...model.words, validation: honest };
      const told = new CoefficientModel(model.inputs, model.parts, model.branch, words);
      return {
        model: told,
        validation: honest,
        data,
        shifts: shifted.data.count,
        seconds: seconds() - before,
      };
    }
    return { model, validation, data, seconds: seconds() - before };
  };
  if (given !== undefined) {
    const { train, test, numbers } = split(given, functions, seed);
    const found = await trained(train, undefined);
    const stopped = reached(found, target) ?? 'functions';
    return {
      ...outcomeOf(problem, found, 0, stopped),
      ...(test === undefined ? {} : { heldOut: { data: test, numbers } }),
    };
  }
  let data: OperatorData | undefined;
  let dataSeconds = 0;
  let best: Fitted | undefined;
  let stopped: TrainingOutcome['run']['stopped'] = 'functions';
  for (let wanted = functions ?? firstRound; ; wanted *= 2) {
    const before = seconds();
    data = requireEnough(
      await timedData(problem, {
        functions: wanted,
        seed,
        points,
        threads,
        signal,
        resume: data,
        timeLimit: dataShare * timeLimit - before,
        onProgress: ({ done }) =>
          show({ phase: 'solutions', done, total: wanted, validation: best?.validation }),
      }),
      Math.min(fewest, functions ?? fewest),
      timeLimit,
    );
    const spent = seconds() - before;
    dataSeconds += spent;
    const previous = best;
    const found = await trained(data, weights);
    best = previous === undefined || found.validation < previous.validation ? found : previous;
    const done = reached(best, target ?? (settings.given.timeLimit === undefined ? enough : undefined));
    if (done !== undefined) {
      stopped = done;
      break;
    }
    if (data.count < wanted) {
      stopped = 'time';
      break;
    }
    if (functions !== undefined) break;
    if (previous !== undefined && found.validation > leastGain * previous.validation) {
      stopped = 'converged';
      break;
    }
    const perFunction = spent / (data.count - (previous?.data.count ?? 0));
    const expected = data.count * perFunction + 4 * found.seconds;
    if (
      2 * wanted > mostFunctions ||
      seconds() + Math.min(expected, 4 * found.seconds + 0.2 * timeLimit) > timeLimit
    ) {
      stopped = 2 * wanted > mostFunctions ? 'converged' : 'time';
      break;
    }
  }
  return outcomeOf(problem, best, dataSeconds, stopped);
}

function reached(
  { validation, model }: FittedModel,
  target: number | undefined,
): 'exact' | 'target' | undefined {
  if (model.words.kind === 'linear' && validation < linearTolerance) return 'exact';
  return target !== undefined && validation < target ? 'target' : undefined;
}

function outcomeOf(
  problem: Problem,
  { model, validation, data, shifts }: Fitted,
  dataSeconds: number,
  stopped: TrainingOutcome['run']['stopped'],
): TrainingOutcome {
  const notes: string[] = [];
  const kind = model.words.kind as FittedRegression['kind'];
  if (stopped === 'exact')
    notes.push('the operator is linear: one least-squares solve for the branch is exact');
  if (shifts !== undefined)
    notes.push(`solutions may be shifted along the circle: ${shifts} functions were made of ${data.count}`);
  if (stopped === 'time' && data.count < few)
    notes.push(
      `only ${data.count} functions were solved in time: more time helps, and so may the loss "physics", which solves many functions in one basis`,
    );
  if (!data.aligned) notes.push('output points differ from function to function');
  if (data.failures.length > 0)
    notes.push(`${data.failures.length} draws were left out: ${data.failures[0].reason}`);
  return {
    model,
    inputs: data.inputs,
    run: {
      optimizer: 'least-squares',
      branch: kind,
      functions: data.count,
      points: data.pointCount,
      dataSeconds,
      iterations: problem.fields.length + 1,
      validation,
      stopped,
      notes,
    },
  };
}

/** Of a given set those to train on, and those to test with in case there is no reference. */
function split(
  data: OperatorData,
  functions: number | undefined,
  seed: number,
): {
  readonly train: OperatorData;
  readonly test: OperatorData | undefined;
  readonly numbers: readonly number[];
} {
  const all = Array.from({ length: data.count }, (_, n) => n);
  if (functions !== undefined && functions < data.count)
    return {
      train: selected(data, all.slice(0, functions)),
      test: selected(data, all.slice(functions)),
      numbers: all.slice(functions),
    };
  const random = randomGenerator(seed);
  const order = all.map((n) => ({ n, key: random.uniform() })).sort((a, b) => a.key - b.key);
  const out = new Set(order.slice(0, Math.floor(heldOutShare * data.count)).map(({ n }) => n));
  if (out.size === 0) return { train: data, test: undefined, numbers: [] };
  const numbers = all.filter((n) => out.has(n));
  return {
    train: selected(
      data,
      all.filter((n) => !out.has(n)),
    ),
    test: selected(data, numbers),
    numbers,
  };
}

/** Mean relative error at the output points of functions that were not trained on, all fields together. */
function heldOutError(problem: Problem, model: CoefficientModel, data: OperatorData): number {
  const fields = Object.values(
    dataErrors({ problem, evaluate: batchEvaluation(problem, model) }, data, 'data'),
  );
  return Math.sqrt(fields.reduce((sum, { relativeL2 }) => sum + relativeL2 ** 2, 0) / fields.length);
}
