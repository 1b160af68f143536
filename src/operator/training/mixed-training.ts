/** Training on solutions and equations: functions with solutions and functions that the equations alone determine. */
import type { Problem } from '../../problem/problem.ts';
import type { OperatorData } from '../data/operator-data.ts';
import { physicsCoefficients } from '../physics/physics-coefficients.ts';
import type { CoefficientSet } from './coefficient-set.ts';
import { compressed } from './compression.ts';
import { dataCoefficients } from './data-coefficients.ts';
import { trainingPoints } from './default-points.ts';
import { fitBranch } from './fit-branch.ts';
import { JoinedBasis } from './joined-basis.ts';
import type { ResolvedTraining } from './resolve-training.ts';
import { requireEnough, timedData } from './training-data.ts';
import type { TrainingHooks } from './training-hooks.ts';
import type { TrainingOutcome } from './training-outcome.ts';

const defaultFunctions = 300;
/** Of the functions, those that are given solutions where no data set is given. */
const solvedShare = 1 / 3;
const fewest = 8;
/** Of the time: for references, and until the equations are solved. */
const dataShare = 0.35;
const solutionShare = 0.75;

/**
 * One trunk and one branch from both: the functions of a data set with their solutions, and further draws, which are
 * solved by their equations.
 */
export async function trainOnBoth(
  problem: Problem,
  settings: ResolvedTraining,
  given: OperatorData | undefined,
  { signal, show, seconds }: TrainingHooks,
): Promise<TrainingOutcome> {
  const { seed, threads, timeLimit, functions = defaultFunctions, target } = settings;
  const { points, weights } = trainingPoints(problem, settings.points);
  const wanted = Math.max(fewest, Math.round(solvedShare * functions));
  const data =
    given ??
    requireEnough(
      await timedData(problem, {
        functions: wanted,
        seed,
        points,
        threads,
        signal,
        timeLimit: dataShare * timeLimit,
        onProgress: ({ done }) => show({ phase: 'solutions', done, total: functions }),
      }),
      fewest,
      timeLimit,
    );
  const dataSeconds = seconds();
  show({ phase: 'trunk', done: 0, total: 1 });
  const solved = await dataCoefficients(problem, data, {
    seed,
    signal,
    timeLimit: 0.1 * timeLimit,
    weights: given === undefined ? weights : undefined,
  });
  // Draws of its own seed are taken already; those after them are not.
  const taken = data.seed === seed && data.draws !== undefined ? Math.max(...data.draws) + 1 : 0;
  const further = await physicsCoefficients(problem, {
    functions: Math.max(fewest, functions - data.count),
    seed,
    first: taken,
    threads,
    signal,
    timeLimit: Math.max(5, solutionShare * timeLimit - seconds()),
    target: target === undefined ? undefined : target / 10,
    onProgress: ({ done }) => show({ phase: 'solutions', done: data.count + done, total: functions }),
  });
  show({ phase: 'branch', done: 0, total: 1 });
  const both = compressed(joined(solved, further), problem);
  const { model, validation } = await fitBranch(problem, both, {
    kind: settings.branch,
    product: settings.product,
    seed,
    signal,
    timeLimit: Math.max(1, timeLimit - seconds()),
    onProgress: (done, total) => show({ phase: 'branch', done, total }),
  });
  return {
    model,
    inputs: both.inputs,
    run: {
      optimizer: 'gauss-newton+least-squares',
      branch: model.words.kind,
      functions: both.count,
      points: data.pointCount,
      dataSeconds,
      iterations: further.count + problem.fields.length + 1,
      validation,
      stopped: target !== undefined && validation < target ? 'target' : 'functions',
      notes: [`${data.count} functions with their solutions, ${further.count} by the equations alone`],
    },
  };
}

/** The functions of both, in the functions of both bases. */
function joined(a: CoefficientSet, b: CoefficientSet): CoefficientSet {
  const count = a.count + b.count;
  const appended = (first: Float64Array, second: Float64Array): Float64Array => {
    const all = new Float64Array(first.length + second.length);
    all.set(first);
    all.set(second, first.length);
    return all;
  };
  const names = Object.keys(a.bases);
  return {
    inputs: Object.fromEntries(
      Object.entries(a.inputs).map(([name, values]) => [name, appended(values, b.inputs[name])]),
    ),
    count,
    bases: Object.fromEntries(names.map((name) => [name, JoinedBasis.of(a.bases[name], b.bases[name])])),
    coefficients: Object.fromEntries(
      names.map((name) => {
        const [left, right] = [a.bases[name].size, b.bases[name].size];
        const all = new Float64Array(count * (left + right));
        for (let i = 0; i < a.count; i++)
          all.set(a.coefficients[name].subarray(i * left, (i + 1) * left), i * (left + right));
        for (let i = 0; i < b.count; i++)
          all.set(
            b.coefficients[name].subarray(i * right, (i + 1) * right),
            (a.count + i) * (left + right) + left,
          );
        return [name, all];
      }),
    ),
    seconds: a.seconds + b.seconds,
  };
}
