/** All that is needed to make a run again, in words. */
import { defaultScheme } from '../../network/index.ts';
import type { MethodName } from '../../solve/optimizer-choice.ts';
import type { RunRecord } from '../../solve/run-record.ts';
import type { Solution } from '../../solve/solution.ts';
import { formatDuration, formatNumber } from '../number-format.ts';
import type { RunSettings } from '../report-data.ts';
import { blockLabel } from './block-label.ts';
import { countText, networkWords } from './network-words.ts';

/** What the caller knows of a run that the solution does not. */
export interface RunCircumstances {
  /** The command line that makes this report. */
  readonly command?: string;
  /** Version by part: { ansatz: '0.1.0', node: '20.11.0' }. */
  readonly versions?: Readonly<Record<string, string>>;
  /** When it was run, as it shall be read. */
  readonly date?: string;
}

const optimizerWords: Readonly<Record<MethodName, string>> = {
  adam: 'Adam',
  lbfgs: 'L-BFGS',
  broyden: 'self-scaled Broyden',
  lm: 'Levenberg–Marquardt',
  spring: 'natural gradient on samples with projected momentum (SPRING)',
  'random-features': 'least squares in the last layer (random features)',
  spectral: 'collocation in time of waves in space',
};

const weightingWords = {
  'gradient-norm': 'balanced norms of the gradients',
  ntk: 'the neural tangent kernel',
  'self-adaptive': 'ascent at each point (self-adaptive)',
} as const;

const resamplingWords = {
  none: 'none',
  rad: 'points drawn anew by the residual (RAD)',
  rar: 'points added where the residual is largest (RAR)',
} as const;

const stopWords: Readonly<Record<RunRecord['stopped'], string>> = {
  target: 'reaching the target error',
  converged: 'convergence: the loss fell no further',
  iterations: 'the limit of iterations',
  'time-limit': 'the time limit',
  callback: 'a callback',
  interrupted: 'interruption from outside',
};

function pointWords({ problem, run }: Solution): string {
  const inside = run.blocks.filter(({ kind }) => kind === 'equation');
  const words = run.blocks.map(({ path, kind, points }) => {
    if (kind === 'equation' && inside.length === 1) return `${countText(points)} inside`;
    return `${countText(points)} for ${blockLabel(problem, path)}`;
  });
  return [...words, `drawn by ${run.settings.sampling}`].join('; ');
}

/** One number for each scale, or one for each coordinate where they differ. */
function scaleWords(
  { scales }: NonNullable<RunRecord['settings']['fourierFeatures']>,
  { coordinates }: Solution['problem'],
): string {
  return scales
    .map((group) =>
      group.every((scale) => scale === group[0])
        ? formatNumber(group[0])
        : group.map((scale, i) => `${formatNumber(scale)} along ${coordinates[i].name}`).join(' and '),
    )
    .join('; ');
}

function scheduleWords(schedule: RunRecord['settings']['schedule']): string {
  if (schedule === undefined || schedule.kind === 'constant') return '';
  if (schedule.kind === 'cosine') return ', falling as a cosine';
  return `, times ${formatNumber(schedule.factor)} every ${countText(schedule.every)} steps`;
}

/** What differs from the usual in the loss. */
function lossSettings(settings: RunRecord['settings']): { name: string; value: string | number }[] {
  const { weights, weighting, causal, windows, resampling } = settings;
  const given = Object.entries(weights ?? {}).map(([kind, factor]) => `${kind} ${formatNumber(factor)}`);
  return [
    ...(given.length === 0 ? [] : [{ name: 'weights', value: given.join(', ') }]),
    ...(weighting === undefined || weighting.kind === 'fixed'
      ? []
      : [{ name: 'weights set by', value: weightingWords[weighting.kind] }]),
    ...(causal === undefined
      ? []
      : [
          {
            name: 'causal weights',
            value: `${causal.slabs} slabs of time, ε = ${causal.epsilons.join(', ')}`,
          },
        ]),
    ...((windows ?? 1) === 1 ? [] : [{ name: 'windows of time', value: windows }]),
    ...(resampling === undefined ? [] : [{ name: 'resampling', value: resamplingWords[resampling.kind] }]),
  ];
}

function otherSettings({ run, problem }: Solution): { name: string; value: string | number }[] {
  const { settings } = run;
  const limits = [
    formatDuration(settings.timeLimit),
    ...(settings.iterations === undefined ? [] : [`${countText(settings.iterations)} iterations`]),
    ...(settings.target === undefined ? [] : [`relative error ${formatNumber(settings.target)}`]),
  ];
  return [
    { name: 'engine chosen because', value: settings.engineReason },
    ...(settings.threads === undefined ? [] : [{ name: 'threads', value: settings.threads }]),
    ...(settings.optimizers.includes('adam')
      ? [
          {
            name: 'learning rate',
            value: formatNumber(settings.learningRate) + scheduleWords(settings.schedule),
          },
        ]
      : []),
    { name: 'optimizer chosen because', value: settings.optimizerReason },
    ...(settings.randomFeatures === undefined
      ? [
          {
            name: 'initialization',
            value: settings.initialization ?? defaultScheme(settings.activation),
          },
        ]
      : []),
    ...(run.heldOutResidual === undefined
      ? []
      : [
          {
            name: 'largest residual at points not trained on, relative',
            value: formatNumber(run.heldOutResidual),
          },
        ]),
    ...(settings.fourierFeatures === undefined
      ? []
      : [{ name: 'scales of the Fourier features', value: scaleWords(settings.fourierFeatures, problem) }]),
    ...lossSettings(settings),
    {
      name: 'points asked for',
      value: `${countText(settings.points)} inside, ${countText(settings.conditionPoints)} on each face`,
    },
    ...(problem.unknowns.length === 0
      ? []
      : [{ name: 'trained parameters', value: `${countText(run.parameters)}, unknowns among them` }]),
    { name: 'ends at the latest after', value: limits.join(', or ') },
  ];
}

export function runSettings(solution: Solution, circumstances: RunCircumstances): RunSettings {
  const { run, trial, problem } = solution;
  const { settings } = run;
  const words = settings.optimizers.map((name) => optimizerWords[name]).join(', then ');
  return {
    engine: settings.engine,
    backend: run.backend === settings.engine ? undefined : run.backend,
    precision: run.precision,
    optimizer: `${words} (${settings.optimizers.join('+')})`,
    network: networkWords(trial, problem),
    points: pointWords(solution),
    seed: settings.seed,
    seconds: run.seconds,
    iterations: run.iterations,
    loss: run.loss,
    stopped: stopWords[run.stopped],
    other: otherSettings(solution),
    ...circumstances,
  };
}
