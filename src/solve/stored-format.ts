/** The stored form of a solution: its type, its shape as a schema, and vectors as text. */
import { z } from 'zod';
import { ProblemError } from '../errors.ts';
import type { NetworkChart } from '../network/chart.ts';
import type { SeparableForm } from '../network/separable.ts';
import type { Layer } from '../network/trial-solution.ts';
import type { NetworkWindow } from '../network/window.ts';
import type { ProblemDefinition, SolveSettings } from '../problem/index.ts';
import { validate } from '../problem/validate.ts';
import type { FieldScale } from '../residual/index.ts';
import type { RunRecord } from './run-record.ts';
import type { TrainingProgress } from './training-progress.ts';

export const format = 'ansatz-solution';
export const version = 1;

export type StoredLayer =
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
    /** Where the domain is divided into subdomains. */
    readonly window?: NetworkWindow;
    /** Where the network has coordinates of its own. */
    readonly chart?: NetworkChart;
    /** Where the field is a sum of products. */
    readonly separable?: SeparableForm;
  }[];
  readonly scales: Readonly<Record<string, FieldScale>>;
  readonly theta: string;
  /**
   * Where time is solved in windows: those trained, the last one in training or trained last. Absent or null
   * otherwise. `theta` is then that of the last one. Losses as text: JSON has no infinity.
   */
  readonly windows?:
    | readonly {
        readonly low: number;
        readonly high: number;
        /** Where windows differ in their networks. */
        readonly networks?: StoredSolution['networks'];
        readonly scales: Readonly<Record<string, FieldScale>>;
        readonly theta: string;
        readonly loss: string;
        readonly terms: readonly (number | null)[];
      }[]
    | null;
  readonly run: Omit<RunRecord, 'history' | 'settings'>;
  readonly settings: RunRecord['settings'];
  readonly history: RunRecord['history'];
  readonly phase: number;
  readonly iterationInPhase: number;
  readonly average: { readonly theta: string; readonly count: number } | null;
  /** Of the phase, by block. */
  readonly multipliers: readonly string[] | null;
  /** Of the blocks whose points have been drawn anew, by block. */
  readonly points: readonly (string | null)[] | null;
  /** Absent or null where training sets no weights. */
  readonly weighting?: {
    readonly factors: readonly number[] | null;
    readonly attention: readonly string[] | null;
    readonly causal: { readonly rung: number; readonly weights: string } | null;
  } | null;
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

/** Base64 of little-endian float64. */
export function encode(vector: Float64Array): string {
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

/** @throws ProblemError where the text is damaged. */
export function decode(text: string, path: string): Float64Array {
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

const vectorWithLoss = z.object({ loss: z.string(), theta: z.string() });
const weights = z.object({ equation: z.number(), condition: z.number(), data: z.number() });

const scales = z.record(
  z.string(),
  z.object({ offset: z.number(), scale: z.number(), networkScale: z.number().optional() }),
);

const networks = z.array(
  z.looseObject({
    coordinates: z.array(z.int().min(0)),
    fields: z.array(z.string()),
    layers: z.array(z.looseObject({ kind: z.enum(['embedding', 'affine', 'activation', 'gate']) })),
  }),
);

/** What reading relies on; the problem itself is checked as any problem is. */
const storedShape = z.looseObject({
  problem: z.looseObject({ name: z.string() }),
  given: z.looseObject({}),
  networks,
  scales,
  windows: z
    .array(
      z.looseObject({
        low: z.number(),
        high: z.number(),
        networks: networks.optional(),
        scales,
        theta: z.string(),
        loss: z.string(),
        terms: z.array(z.number().nullable()),
      }),
    )
    .min(1)
    .nullish(),
  theta: z.string(),
  run: z.looseObject({ iterations: z.int().min(0), seconds: z.number() }),
  settings: z.looseObject({ optimizers: z.array(z.string()), seed: z.int() }),
  history: z.looseObject({
    entries: z.array(z.looseObject({ iteration: z.int(), terms: z.array(z.number().nullable()) })),
    phases: z.array(z.looseObject({ name: z.string(), start: z.int() })),
  }),
  phase: z.int().min(0),
  iterationInPhase: z.int().min(0),
  average: z.looseObject({ theta: z.string(), count: z.int() }).nullable(),
  multipliers: z.array(z.string()).nullable(),
  points: z.array(z.string().nullable()).nullable(),
  weighting: z
    .looseObject({
      factors: z.array(z.number()).nullable(),
      attention: z.array(z.string()).nullable(),
      causal: z.looseObject({ rung: z.int().min(0), weights: z.string() }).nullable(),
    })
    .nullish(),
  reached: weights,
  skipping: z.boolean(),
  memory: z
    .looseObject({
      best: vectorWithLoss,
      progress: z.object({ loss: z.string(), iteration: z.int() }),
      start: z.object({ theta: z.string(), data: z.number() }).nullable(),
    })
    .nullable(),
  optimizer: z
    .looseObject({
      name: z.string(),
      numbers: z.record(z.string(), z.string()),
      vectors: z.record(z.string(), z.string()),
    })
    .nullable(),
});

/** @throws ProblemError where the value is no stored solution, of another version, or damaged. */
export function readStored(value: unknown): StoredSolution {
  if (typeof value !== 'object' || value === null || Reflect.get(value, 'format') !== format)
    throw new ProblemError('this is not a stored solution', { hint: `its "format" would be "${format}"` });
  const found = Reflect.get(value, 'version');
  if (found !== version)
    throw new ProblemError(`the stored solution is of version ${String(found)}`, {
      hint: `this version reads ${version}`,
    });
  // Checked on its own plain form: NaN, which a solution in memory may hold, is null there.
  validate(storedShape, JSON.parse(JSON.stringify(value)));
  return value as StoredSolution;
}
