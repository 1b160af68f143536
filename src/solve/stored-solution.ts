/** A solution and the state of its training as JSON: saved, loaded, resumed. */
import { ProblemError } from '../errors.ts';
import type { Layer, TrialSolution } from '../network/trial-solution.ts';
import { trialSize } from '../network/trial-solution.ts';
import type { OptimizerState } from '../optimizer/index.ts';
import { hardAnsatz } from '../problem/hard/index.ts';
import { type Problem, type ProblemDefinition, problem as readProblem } from '../problem/index.ts';
import { selfContained } from '../problem/self-contained.ts';
import type { Scaling } from '../residual/index.ts';
import { scalingOf } from '../residual/index.ts';
import type { RunRecord } from './run-record.ts';
import { Solution } from './solution.ts';
import {
  decode,
  encode,
  format,
  readStored,
  type StoredLayer,
  type StoredSolution,
  version,
} from './stored-format.ts';
import type { TrainingProgress } from './training-progress.ts';
import type { SolvedWindow } from './windows/solved-window.ts';
import { windowProblem } from './windows/window-problem.ts';

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** JSON writes NaN, a term that did not count, as null. */
function historyOf({ history }: StoredSolution): RunRecord['history'] {
  const entries = history.entries.map((entry) => ({
    ...entry,
    terms: entry.terms.map((t) => t ?? Number.NaN),
  }));
  return { ...history, entries };
}

/** The stored form of a solution, with where its training stands: JSON.stringify() it to keep it. */
export function saveSolution(solution: Solution): StoredSolution {
  const {
    given,
    optimizer,
    multipliers,
    points,
    weighting,
    average,
    phase,
    iterationInPhase,
    reached,
    skipping,
    memory,
  } = solution.position;
  const { history, settings, ...run } = solution.run;
  return {
    format,
    version,
    problem: selfContained(solution.problem),
    given,
    networks: storedNetworks(solution.trial),
    scales: Object.fromEntries(solution.scaling.fields),
    theta: encode(solution.theta),
    windows:
      solution.windows?.map(({ low, high, trial, scaling, theta, loss, terms }) => ({
        ...(trial && { networks: storedNetworks(trial) }),
        low,
        high,
        scales: Object.fromEntries(scaling.fields),
        theta: encode(theta),
        loss: String(loss),
        terms: terms.map((term) => (Number.isFinite(term) ? term : null)),
      })) ?? null,
    run,
    settings,
    history,
    phase,
    iterationInPhase,
    multipliers: multipliers?.map(encode) ?? null,
    points: points?.map((set) => (set === null ? null : encode(set))) ?? null,
    weighting:
      weighting === undefined
        ? null
        : {
            factors: weighting.factors ?? null,
            attention: weighting.attention?.map(encode) ?? null,
            causal:
              weighting.causal === undefined
                ? null
                : { rung: weighting.causal.rung, weights: encode(weighting.causal.weights) },
          },
    average: average === undefined ? null : { theta: encode(average.theta), count: average.count },
    reached,
    skipping,
    memory:
      memory === undefined
        ? null
        : {
            best: { loss: String(memory.best.loss), theta: encode(memory.best.theta) },
            progress: { ...memory.progress, loss: String(memory.progress.loss) },
            start:
              memory.start === undefined
                ? null
                : { theta: encode(memory.start.theta), data: memory.start.data },
          },
    optimizer:
      optimizer === undefined
        ? null
        : {
            name: optimizer.name,
            numbers: mapValues(optimizer.numbers, String),
            vectors: mapValues(optimizer.vectors, encode),
          },
  };
}

function weightingOf({ weighting }: StoredSolution): TrainingProgress['weighting'] {
  if (weighting === undefined || weighting === null) return undefined;
  const { factors, attention, causal } = weighting;
  return {
    factors: factors ?? undefined,
    attention: attention?.map((text) => decode(text, 'weighting.attention')),
    causal:
      causal === null
        ? undefined
        : { rung: causal.rung, weights: decode(causal.weights, 'weighting.causal') },
  };
}

function memoryOf({ memory }: StoredSolution): TrainingProgress['memory'] {
  if (memory === null) return undefined;
  const { best, progress, start } = memory;
  return {
    best: { loss: Number(best.loss), theta: decode(best.theta, 'memory.best') },
    progress: { ...progress, loss: Number(progress.loss) },
    start: start === null ? undefined : { data: start.data, theta: decode(start.theta, 'memory.start') },
  };
}

function storedNetworks(trial: TrialSolution): StoredSolution['networks'] {
  return trial.networks.map(({ coordinates, fields, layers, window, chart, separable }) => ({
    coordinates,
    fields,
    ...(window && { window }),
    ...(chart && { chart }),
    ...(separable && { separable }),
    layers: layers.map(
      (layer): StoredLayer =>
        layer.kind === 'embedding'
          ? { ...layer, matrix: encode(layer.matrix), bias: encode(layer.bias) }
          : layer,
    ),
  }));
}

function restoredTrial(networks: StoredSolution['networks'], dimension: number): TrialSolution {
  return {
    dimension,
    networks: networks.map(({ coordinates, fields, layers, window, chart, separable }) => ({
      coordinates,
      fields,
      ...(window && { window }),
      ...(chart && { chart }),
      ...(separable && { separable }),
      layers: layers.map(
        (layer): Layer =>
          layer.kind === 'embedding'
            ? { ...layer, matrix: decode(layer.matrix, 'networks'), bias: decode(layer.bias, 'networks') }
            : layer,
      ),
    })),
  };
}

function storedScaling(
  problem: Problem,
  ranges: ReadonlyMap<string, { readonly low: number; readonly high: number }>,
  scales: StoredSolution['scales'],
): Scaling {
  const { ansatz, ...scaling } = scalingOf(problem, ranges);
  // Conditions that the trial solution satisfies of itself are not built into it.
  const built = [...(ansatz ?? [])].filter(
    ([name]) => !hardAnsatz(problem).has(name) || scales[name].networkScale !== undefined,
  );
  return {
    ...scaling,
    fields: new Map(Object.entries(scales)),
    ...(built.length > 0 ? { ansatz: new Map(built) } : {}),
  };
}

/** @throws ProblemError where the windows do not follow each other or their parameters are not all there. */
function windowsOf(
  { windows }: StoredSolution,
  problem: Problem,
  parameters: number,
): readonly SolvedWindow[] | undefined {
  if (windows === undefined || windows === null) return undefined;
  const { time } = problem;
  let reached = time === null ? Number.NaN : problem.coordinates[time].low;
  return windows.map(({ low, high, networks, scales, theta: text, loss, terms }, k) => {
    const path = `windows[${k}]`;
    const theta = decode(text, path);
    const trial = networks && restoredTrial(networks, problem.coordinates.length);
    if (low !== reached || !(high > low) || theta.length !== (trial ? trialSize(trial) : parameters))
      throw new ProblemError('the window does not belong to the others', {
        path,
        hint: 'the file is damaged',
      });
    reached = high;
    const window = windowProblem(problem, { low, high }, k === 0);
    const ranges = new Map(problem.fields.map(({ name }) => [name, { low: -1, high: 1 }]));
    return {
      low,
      high,
      ...(trial && { trial }),
      scaling: storedScaling(window, ranges, scales),
      theta,
      loss: Number(loss),
      terms: terms.map((term) => term ?? Number.NaN),
    };
  });
}

/** A value with the keys of its objects in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** What makes a problem the one it is: all but words, comparisons and defaults of the run. */
function essence(definition: ProblemDefinition): Record<string, string> {
  const { name, title, description, source, exact, derived, solve, ...essential } = definition;
  return mapValues(essential as Record<string, unknown>, (value) =>
    JSON.stringify(value === essential.data ? sorted(value) : value),
  );
}

/** @throws ProblemError naming what differs. */
function assertSameProblem(stored: ProblemDefinition, problem: Problem): void {
  const before = essence(stored);
  const now = essence(selfContained(problem));
  const different = [...new Set([...Object.keys(now), ...Object.keys(before)])].find(
    (key) => now[key] !== before[key],
  );
  if (different !== undefined)
    throw new ProblemError(
      `the stored solution is of another problem, ${stored.name}: its \`${different}\` are not those of ${problem.name}`,
      { hint: 'resume with the problem it was made for' },
    );
}

/** @throws ProblemError where the stored solution is damaged, of another version, or of another problem. */
export function restoreSolution(
  value: unknown,
  problem: Problem,
): {
  trial: TrialSolution;
  scaling: Scaling;
  progress: TrainingProgress;
  windows: readonly SolvedWindow[] | undefined;
} {
  const stored = readStored(value);
  assertSameProblem(stored.problem, problem);
  const trial = restoredTrial(stored.networks, problem.coordinates.length);
  const theta = decode(stored.theta, 'theta');
  const expected = trialSize(trial) + problem.unknowns.length;
  if (theta.length !== expected)
    throw new ProblemError(
      `the stored solution has ${theta.length} parameters; the problem needs ${expected}`,
      { path: 'theta', hint: 'resume with the problem it was made for' },
    );
  const ranges = new Map(problem.fields.map(({ name }) => [name, { low: -1, high: 1 }]));
  const scaling = storedScaling(problem, ranges, stored.scales);
  const optimizer: OptimizerState | undefined =
    stored.optimizer === null
      ? undefined
      : {
          name: stored.optimizer.name,
          numbers: mapValues(stored.optimizer.numbers, Number),
          vectors: mapValues(stored.optimizer.vectors, (text) => decode(text, 'optimizer')),
        };
  return {
    trial,
    scaling,
    windows: windowsOf(stored, problem, theta.length),
    progress: {
      theta,
      phase: stored.phase,
      iterationInPhase: stored.iterationInPhase,
      iteration: stored.run.iterations,
      seconds: stored.run.seconds,
      optimizer,
      multipliers: stored.multipliers?.map((text) => decode(text, 'multipliers')) ?? undefined,
      points: stored.points?.map((text) => (text === null ? null : decode(text, 'points'))) ?? undefined,
      weighting: weightingOf(stored),
      average:
        stored.average === null
          ? undefined
          : { theta: decode(stored.average.theta, 'average'), count: stored.average.count },
      reached: stored.reached,
      skipping: stored.skipping,
      memory: memoryOf(stored),
      history: historyOf(stored),
    },
  };
}

/**
 * A stored solution ready for use, without training.
 *
 * @throws ProblemError where the stored form is damaged.
 */
export function loadSolution(value: unknown): Solution {
  const stored = readStored(value);
  const problem = readProblem(stored.problem);
  const { trial, scaling, progress, windows } = restoreSolution(stored, problem);
  const run: RunRecord = { ...stored.run, settings: stored.settings, history: progress.history };
  const position = { given: stored.given, ...progress };
  return new Solution(problem, trial, scaling, progress.theta, run, position, windows);
}
