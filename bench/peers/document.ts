/** The results as docs/benchmarks.md. */
import type { Measurement } from '../measurement.ts';
import { figure, table } from '../table.ts';
import { medianOf } from '../timing.ts';
import type { Comparison } from './comparisons.ts';

export interface ProgramResult {
  readonly label: string;
  readonly ours: boolean;
  readonly oneCore: boolean;
  /** One a round. */
  readonly measurements: readonly Measurement[];
  /** Why there are none. */
  readonly failure?: string;
}

export interface ComparisonResult {
  readonly name: string;
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  readonly rounds: number;
  readonly commit: string;
  readonly versions: Readonly<Record<string, string>>;
  /** The largest load average over a minute seen before a program was started. */
  readonly load: number;
  readonly programs: readonly ProgramResult[];
}

const detail = (measurement: Measurement, key: string): number => Number(measurement.details?.[key]);

/** Agreement of loss and gradient norm with ours, the worse of both; NaN where they were not compared. */
function disagreement(result: Measurement, ours: Measurement): number {
  return Math.max(
    ...['loss', 'gradientNorm'].map((key) => Math.abs(detail(result, key) / detail(ours, key) - 1)),
  );
}

function timeTable({ programs }: ComparisonResult): string {
  const measured = programs.filter((p) => p.measurements.length > 0);
  const best = (p: ProgramResult): number => Math.min(...p.measurements.map((m) => m.value));
  const standard = (oneCore: boolean): ProgramResult | undefined =>
    measured.find((p) => p.ours && p.oneCore === oneCore);
  const rows = measured
    .map((p) => ({ p, time: best(p) }))
    .sort((a, b) => Number(b.p.oneCore) - Number(a.p.oneCore) || a.time - b.time)
    .map(({ p, time }) => {
      const ours = standard(p.oneCore) ?? standard(true);
      const off = ours === undefined ? Number.NaN : disagreement(p.measurements[0], ours.measurements[0]);
      return [
        p.ours ? `**${p.label}**` : p.label,
        p.measurements[0].precision ?? '',
        p.oneCore ? '1' : 'all',
        figure(time),
        figure(medianOf(p.measurements.map((m) => detail(m, 'median')))),
        ours === undefined ? '–' : figure(time / best(ours)),
        Number.isNaN(off) ? '–' : off.toExponential(0),
      ];
    });
  return table(
    [
      '',
      'precision',
      'cores',
      'ms, shortest',
      'ms, median',
      '× Ansatz f64, same cores',
      'differs from it by',
    ],
    rows,
  );
}

/** The value of the last sample not after a time; beyond the end that of the end. */
function valueAt({ trace, value, seconds }: Measurement, time: number): number {
  const before = (trace ?? [[seconds, value] as const]).filter(([t]) => t <= time * 1.05 + 0.2);
  return before.at(-1)?.[1] ?? Number.NaN;
}

const times = [2, 5, 10, 30, 60, 120, 300];

function errorTable({ programs }: ComparisonResult): string {
  const rows = programs
    .filter((p) => p.measurements.length > 0)
    .map((p) => {
      const median = (of: (m: Measurement) => number): string => figure(medianOf(p.measurements.map(of)));
      return [
        p.ours ? `**${p.label}**` : p.label,
        p.measurements[0].precision ?? '',
        ...times.map((time) => median((m) => valueAt(m, time))),
        median((m) => m.value),
        p.measurements.map((m) => figure(m.value)).join(', '),
        median((m) => m.seconds),
      ];
    });
  return table(['', 'precision', ...times.map((t) => `${t} s`), 'end', 'each round', 'seconds in all'], rows);
}

/** The smallest error of a run, and the seconds at which it stood. */
function bestOf({ trace, value, seconds }: Measurement): readonly [number, number] {
  return [...(trace ?? []), [seconds, value] as const].reduce((best, sample) =>
    sample[1] < best[1] ? sample : best,
  );
}

/** The first sampled second from which on the error is no larger; Infinity if there is none. */
function secondsTo(error: number, { trace, value, seconds }: Measurement): number {
  const samples = trace ?? [[seconds, value] as const];
  const first = samples.findIndex((_, i) => samples.slice(i).every(([, later]) => later <= error));
  return first < 0 ? Number.POSITIVE_INFINITY : samples[first][0];
}

/** How much sooner ours came to the best error of each other program. */
function sooner({ programs }: ComparisonResult): string[] {
  const ours = programs.find((p) => p.ours && p.measurements.length > 0);
  if (ours === undefined) return [];
  return programs
    .filter((p) => !p.ours && p.measurements.some(({ trace }) => trace !== undefined))
    .map((p) => {
      const best = p.measurements.map(bestOf);
      const error = medianOf(best.map(([, value]) => value));
      const theirs = medianOf(best.map(([seconds]) => seconds));
      const own = medianOf(ours.measurements.map((m) => secondsTo(error, m)));
      const ratio = theirs / own;
      const comparison = Number.isFinite(own)
        ? `${ours.label} after ${figure(own)} s: ${figure(ratio)} times ${ratio >= 1 ? 'sooner' : 'as soon'}`
        : `${ours.label} did not come to it`;
      return `- ${p.label} came to its best error, ${figure(error)}, after ${figure(theirs)} s; ${comparison}.`;
    });
}

function fitTable({ programs }: ComparisonResult): string {
  const measured = programs.filter((p) => p.measurements.length > 0);
  const estimatesOf = (m: Measurement) => (m.details?.estimates ?? {}) as Record<string, number>;
  const names = measured.length === 0 ? [] : Object.keys(estimatesOf(measured[0].measurements[0]));
  const rows = measured.map((p) => [
    p.ours ? `**${p.label}**` : p.label,
    ...names.map((name) =>
      medianOf(p.measurements.map((m) => estimatesOf(m)[name] ?? Number.NaN)).toPrecision(6),
    ),
    figure(medianOf(p.measurements.map((m) => m.seconds))),
  ]);
  return table(['', ...names, 'seconds'], rows);
}

/** A column a program, a row a stage; how many times longer the others take than ours. */
function stagesTable({ programs }: ComparisonResult): string {
  const measured = programs.filter((p) => p.measurements.length > 0);
  const timesOf = (m: Measurement) => (m.details?.times ?? {}) as Record<string, number>;
  const intervalsOf = (m: Measurement) => (m.details?.intervals ?? {}) as Record<string, readonly number[]>;
  const ours = measured.find((p) => p.ours);
  const stages = measured.length === 0 ? [] : Object.keys(timesOf(measured[0].measurements[0]));
  const intervals = measured.length === 0 ? [] : Object.keys(intervalsOf(measured[0].measurements[0]));
  const seconds = (p: ProgramResult, stage: string): number =>
    medianOf(p.measurements.map((m) => timesOf(m)[stage] ?? Number.NaN));
  const rows = [
    ...stages.map((stage) => [
      `seconds: ${stage}`,
      ...measured.map((p) => {
        const ratio =
          ours === undefined || p === ours ? Number.NaN : seconds(p, stage) / seconds(ours, stage);
        return `${figure(seconds(p, stage))}${Number.isNaN(ratio) ? '' : ` (${figure(ratio)} ×)`}`;
      }),
    ]),
    ...intervals.map((name) => [
      `95% profile interval of ${name}`,
      ...measured.map((p) =>
        intervalsOf(p.measurements[0])
          [name].map((end) => end.toFixed(5))
          .join(' to '),
      ),
    ]),
  ];
  return table(['', ...measured.map((p) => (p.ours ? `**${p.label}**` : p.label))], rows);
}

const tables = { time: timeTable, error: errorTable, fit: fitTable, stages: stagesTable };

export function section(comparison: Comparison, result: ComparisonResult): string {
  const refusals = result.programs.flatMap((p) =>
    p.measurements.flatMap(({ details }) =>
      details?.refused === undefined
        ? []
        : [`- ${p.label} refused its own result, seed ${details.seed}: ${details.refused}`],
    ),
  );
  const failures = result.programs
    .filter((p) => p.failure !== undefined)
    .map((p) => `- ${p.label} did not run: ${p.failure}`);
  const versions = Object.entries(result.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${comparison.title}`,
    '',
    tables[comparison.kind](result),
    '',
    ...(comparison.kind === 'error' ? [...sooner(result), ''] : []),
    ...(comparison.note === undefined ? [] : [comparison.note, '']),
    ...(failures.length + refusals.length === 0 ? [] : [...failures, ...refusals, '']),
    `${result.date}, ${result.machine}; ${versions.join(', ')}; ${result.rounds} round${result.rounds === 1 ? '' : 's'} in turn; load before a program up to ${result.load.toFixed(1)}; commit ${result.commit}. \`${result.command}\``,
    '',
  ].join('\n');
}

export function benchmarksDocument(sections: readonly string[]): string {
  return `# What is reached, and beside other systems

Measured on one machine, ours and theirs in turn (A, B, A, B, …), so that what else the machine does falls on
both. Written by \`npx tsx bench/peers/run.ts\`; whatever is slower than another system stands here too.

- Times of one evaluation are the shortest and the median; programs marked with one core are kept to it by \`taskset\`.
- Errors against time: relative L² against a grid never trained on, the median over the rounds, each with a seed
  of its own (0, 1, …). The clock starts before the problem is set up and leaves out imports and the sampling of
  errors. After a run has ended its last error stands for later times. “–” is a time before the first sample:
  DeepXDE samples between steps of L-BFGS, which are a thousand iterations long.
- Ansatz runs with its default settings, a network for Burgers' equation (\`--optimizer lm\`), and is stopped by its time limit; the others run as their own
  demonstrations configure them, to the end or to the time limit given.

${sections.join('\n')}`;
}
