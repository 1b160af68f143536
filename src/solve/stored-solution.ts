/** A solution and the state of its training as JSON: saved, loaded, resumed. */
import { ProblemError } from '../errors.ts';
import type { Layer, TrialSolution } from '../network/trial-solution.ts';
import { trialSize } from '../network/trial-solution.ts';
import type { OptimizerState } from '../optimizer/index.ts';
import {
  type Problem,
  type ProblemDefinition,
  problem as readProblem,
  type SolveSettings,
} from '../problem/index.ts';
import type { Scaling } from '../residual/index.ts';
import { scalingOf } from '../residual/index.ts';
import type { RunRecord } from './run-record.ts';
import { Solution } from './solution.ts';
import type { TrainingProgress } from './training.ts';

const format = 'ansatz-solution';
const version = 1;

type StoredLayer =
  | Exclude<Layer, { kind: 'embedding' }>
  | {
      kind: 'embedding';
      inputs: number;
      outputs: number;
      matrix: string;
      bias: string;
      sine: readonly boolean[];
    };

/** The stored form. Vectors are base64 of little-endian float64, so that nothing is lost. */
export interface StoredSolution {
  readonly format: typeof format;
  readonly version: typeof version;
  /** Data files are replaced by their rows: the file stands alone. */
  readonly problem: ProblemDefinition;
  readonly given: SolveSettings;
  readonly networks: readonly {
    readonly coordinates: readonly number[];
    readonly fields: readonly string[];
    readonly layers: readonly StoredLayer[];
  }[];
  readonly scales: Readonly<Record<string, { readonly offset: number; readonly scale: number }>>;
  readonly theta: string;
  readonly run: Omit<RunRecord, 'history' | 'settings'>;
  readonly settings: RunRecord['settings'];
  readonly history: RunRecord['history'];
  readonly phase: number;
  readonly iterationInPhase: number;
  readonly average: { readonly theta: string; readonly count: number } | null;
  /** Of the phase, by block. */
  readonly multipliers: readonly string[] | null;
  readonly reached: TrainingProgress['reached'];
  readonly skipping: boolean;
  /** Losses as text: JSON has no infinity. */
  readonly memory: {
    readonly best: { readonly loss: string; readonly theta: string };
    readonly progress: { readonly loss: string; readonly iteration: number };
    readonly start: { readonly theta: string; readonly data: number } | null;
  } | null;
  readonly optimizer: {
    readonly name: string;
    /** As text: JSON has no infinity. */
    readonly numbers: Readonly<Record<string, string>>;
    readonly vectors: Readonly<Record<string, string>>;
  } | null;
}

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

function encode(vector: Float64Array): string {
  const view = new DataView(new ArrayBuffer(8 * vector.length));
  vector.forEach((value, i) => {
    view.setFloat64(8 * i, value, true);
  });
  const bytes = new Uint8Array(view.buffer);
  let text = '';
  for (let start = 0; start < bytes.length; start += 0x8000)
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(text);
}

function decode(text: string, path: string): Float64Array {
  let bytes: string;
  try {
    bytes = atob(text);
  } catch {
    throw new ProblemError('the vector is not base64', { path });
  }
  if (bytes.length % 8 !== 0)
    throw new ProblemError('the vector is cut off', { path, hint: 'the file is damaged' });
  const view = new DataView(new ArrayBuffer(bytes.length));
  for (let i = 0; i < bytes.length; i++) view.setUint8(i, bytes.charCodeAt(i));
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

/** Observations as rows, so that the definition needs no file. */
function selfContained(problem: Problem): ProblemDefinition {
  const { data, ...rest } = problem.definition;
  if (data === undefined) return rest;
  const rowsOf = (index: number) => {
    const own = problem.observations.filter((o) => o.path.startsWith(`data[${index}].`));
    const d = problem.coordinates.length;
    const { at, observe } = data[index];
    const rows = new Map<string, Record<string, number>>();
    for (const o of own) {
      const repetitions = new Map<string, number>();
      for (let n = 0; n < o.count; n++) {
        const point = [...o.points.subarray(n * d, (n + 1) * d)];
        const repetition = (repetitions.get(point.join()) ?? 0) + 1;
        repetitions.set(point.join(), repetition);
        const key = `${point.join()} ${repetition}`;
        const row =
          rows.get(key) ?? Object.fromEntries(problem.coordinates.map((c, i) => [at[c.name], point[i]]));
        row[observe[o.text]] = o.values[n];
        rows.set(key, row);
      }
    }
    return [...rows.values()];
  };
  return {
    ...rest,
    data: data.map(({ file, ...entry }, i) => (file === undefined ? entry : { ...entry, rows: rowsOf(i) })),
  };
}

/** The stored form of a solution, with where its training stands: JSON.stringify() it to keep it. */
export function saveSolution(solution: Solution): StoredSolution {
  const { given, optimizer, multipliers, average, phase, iterationInPhase, reached, skipping, memory } =
    solution.position;
  const { history, settings, ...run } = solution.run;
  return {
    format,
    version,
    problem: selfContained(solution.problem),
    given,
    networks: solution.trial.networks.map(({ coordinates, fields, layers }) => ({
      coordinates,
      fields,
      layers: layers.map(
        (layer): StoredLayer =>
          layer.kind === 'embedding'
            ? { ...layer, matrix: encode(layer.matrix), bias: encode(layer.bias) }
            : layer,
      ),
    })),
    scales: Object.fromEntries(solution.scaling.fields),
    theta: encode(solution.theta),
    run,
    settings,
    history,
    phase,
    iterationInPhase,
    multipliers: multipliers?.map(encode) ?? null,
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

function memoryOf({ memory }: StoredSolution): TrainingProgress['memory'] {
  if (memory === null) return undefined;
  const { best, progress, start } = memory;
  return {
    best: { loss: Number(best.loss), theta: decode(best.theta, 'memory.best') },
    progress: { ...progress, loss: Number(progress.loss) },
    start: start === null ? undefined : { data: start.data, theta: decode(start.theta, 'memory.start') },
  };
}

/** What makes a problem the one it is: all but words, comparisons and defaults of the run. */
function essence(definition: ProblemDefinition): Record<string, string> {
  const { name, title, description, source, exact, derived, solve, ...essential } = definition;
  return mapValues(essential as Record<string, unknown>, (value) => JSON.stringify(value));
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

function isStored(value: unknown): value is StoredSolution {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'format') === format;
}

/** @throws ProblemError where the stored solution is damaged, of another version, or of another problem. */
export function restoreSolution(
  stored: unknown,
  problem: Problem,
): { trial: TrialSolution; scaling: Scaling; progress: TrainingProgress } {
  if (!isStored(stored))
    throw new ProblemError('this is not a stored solution', { hint: `its "format" would be "${format}"` });
  if (stored.version !== version)
    throw new ProblemError(`the stored solution is of version ${String(stored.version)}`, {
      hint: `this version reads ${version}`,
    });
  assertSameProblem(stored.problem, problem);
  const trial: TrialSolution = {
    dimension: problem.coordinates.length,
    networks: stored.networks.map(({ coordinates, fields, layers }) => ({
      coordinates,
      fields,
      layers: layers.map(
        (layer): Layer =>
          layer.kind === 'embedding'
            ? { ...layer, matrix: decode(layer.matrix, 'networks'), bias: decode(layer.bias, 'networks') }
            : layer,
      ),
    })),
  };
  const theta = decode(stored.theta, 'theta');
  const expected = trialSize(trial) + problem.unknowns.length;
  if (theta.length !== expected)
    throw new ProblemError(
      `the stored solution has ${theta.length} parameters; the problem needs ${expected}`,
      { path: 'theta', hint: 'resume with the problem it was made for' },
    );
  const ranges = new Map(problem.fields.map(({ name }) => [name, { low: -1, high: 1 }]));
  const scaling: Scaling = { ...scalingOf(problem, ranges), fields: new Map(Object.entries(stored.scales)) };
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
    progress: {
      theta,
      phase: stored.phase,
      iterationInPhase: stored.iterationInPhase,
      iteration: stored.run.iterations,
      seconds: stored.run.seconds,
      optimizer,
      multipliers: stored.multipliers?.map((text) => decode(text, 'multipliers')) ?? undefined,
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
export function loadSolution(stored: unknown): Solution {
  if (!isStored(stored))
    throw new ProblemError('this is not a stored solution', { hint: `its "format" would be "${format}"` });
  const problem = readProblem(stored.problem);
  const { trial, scaling, progress } = restoreSolution(stored, problem);
  const run: RunRecord = { ...stored.run, settings: stored.settings, history: progress.history };
  return new Solution(problem, trial, scaling, progress.theta, run, { given: stored.given, ...progress });
}
