/**
 * What weights, causality, windows and resampling do for problems that training finds hard: relative L² error with
 * each of them alone, everything else the same, the budget included.
 *
 *   npx tsx bench/weighting.ts [poisson|allen-cahn|convection|burgers|pendulum …] [--time-limit 25] [--seeds 3]
 *                              [--threads 1]
 *
 * Equal budgets matter: a plain run may end as converged on a plateau that longer training leaves, and what only
 * delays that end would look like progress. A run that ends before its time is therefore resumed until the time is
 * spent, in every row. `poisson` compares equal numbers of steps instead. Errors are those of what was reached,
 * whether solve() would have refused it or not: median, least and largest over the seeds.
 */
import { parseArgs } from 'node:util';
import { SolveError } from '../src/errors.ts';
import { loadSolution, type Problem, problem, reference, type StoredSolution, solve } from '../src/index.ts';
import type { ProblemDefinition, SolveSettings } from '../src/problem/index.ts';
import { figure, table } from './table.ts';
import { medianOf } from './timing.ts';

interface Case {
  readonly definition: ProblemDefinition;
  readonly settings: SolveSettings;
  /** Share of the time limit that it takes; undefined: as many steps as one run plans. */
  readonly share: number | undefined;
  readonly variants: Readonly<Record<string, SolveSettings>>;
}

const weightings: Readonly<Record<string, SolveSettings>> = {
  'fixed, 1 each': { weights: { conditions: 1 } },
  'fixed, default': {},
  'gradient-norm': { weighting: 'gradient-norm' },
  ntk: { weighting: 'ntk' },
};

const inTime: Readonly<Record<string, SolveSettings>> = {
  none: {},
  'self-adaptive': { weighting: 'self-adaptive' },
  causal: { causal: true },
  'curriculum, 5 parts': { curriculum: { parts: 5 } },
  '5 windows': { windows: 5 },
  rad: { resampling: 'rad' },
  rar: { resampling: 'rar' },
};

const cases: Readonly<Record<string, Case>> = {
  poisson: {
    definition: {
      name: 'poisson',
      domain: { x: [0, 1] },
      fields: ['u'],
      equations: ['u_xx = -(4*pi)^2*sin(4*pi*x)'],
      conditions: [
        { on: 'x = 0', equation: 'u = 1' },
        { on: 'x = 1', equation: 'u = 2' },
      ],
      exact: { u: 'sin(4*pi*x) + 1 + x' },
    },
    settings: { optimizer: 'adam', learningRate: 3e-3, points: 400, iterations: 3000 },
    share: undefined,
    variants: weightings,
  },
  'allen-cahn': {
    definition: {
      name: 'allen-cahn',
      domain: { x: [-1, 1], t: [0, 1] },
      fields: ['u'],
      equations: ['u_t = 0.0001*u_xx - 5*u^3 + 5*u'],
      conditions: [{ on: 't = 0', equation: 'u = x^2*cos(pi*x)' }, { periodic: 'x' }],
    },
    settings: { optimizer: 'adam+lbfgs', points: 1500 },
    share: 0.8,
    variants: inTime,
  },
  convection: {
    definition: {
      name: 'convection',
      domain: { x: [0, '2*pi'], t: [0, 1] },
      fields: ['u'],
      equations: ['u_t + 30*u_x = 0'],
      conditions: [{ on: 't = 0', equation: 'u = sin(x)' }, { periodic: 'x' }],
      exact: { u: 'sin(x - 30*t)' },
    },
    settings: { optimizer: 'lbfgs', points: 1500 },
    share: 0.5,
    variants: { none: {}, '5 windows': { windows: 5 } },
  },
  burgers: {
    definition: {
      name: 'burgers',
      domain: { x: [-1, 1], t: [0, 1] },
      fields: ['u'],
      constants: { nu: '0.01/pi' },
      equations: ['u_t + u*u_x = nu*u_xx'],
      conditions: [
        { on: 't = 0', equation: 'u = -sin(pi*x)' },
        { on: 'x = -1', equation: 'u = 0' },
        { on: 'x = 1', equation: 'u = 0' },
      ],
    },
    settings: { optimizer: 'lm', points: 1500 },
    share: 0.5,
    variants: {
      none: { resampling: 'none' },
      rad: { resampling: 'rad' },
      rar: { resampling: 'rar' },
    },
  },
  pendulum: {
    definition: {
      name: 'pendulum',
      domain: { t: [0, 150] },
      fields: ['q'],
      equations: ["q'' = -sin(q)"],
      conditions: [
        { on: 't = 0', equation: 'q = 2' },
        { on: 't = 0', equation: "q' = 0" },
      ],
    },
    settings: { optimizer: 'lm' },
    share: 0.8,
    variants: { none: {}, '20 windows': { windows: 20 } },
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'time-limit': { type: 'string', default: '25' },
    seeds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '1' },
  },
});

/** What is left of a time limit below this is not worth another start. */
const leastSeconds = 0.3;

/** Trains until the seconds are spent, or without them the steps, resuming what ends before. */
async function reached(task: Problem, settings: SolveSettings, seconds: number | undefined) {
  let kept: StoredSolution | undefined;
  let left = seconds ?? Number.POSITIVE_INFINITY;
  const unspent = (): boolean =>
    left > leastSeconds && (kept?.run.iterations ?? 0) < (settings.iterations ?? Number.POSITIVE_INFINITY);
  do {
    const before = kept?.run.seconds ?? 0;
    try {
      await solve(task, {
        ...settings,
        ...(seconds === undefined ? {} : { timeLimit: left }),
        resume: kept,
        onCheckpoint: (stored) => {
          kept = stored;
        },
      });
    } catch (error) {
      if (!(error instanceof SolveError) || kept === undefined) throw error;
    }
    left -= Math.max(leastSeconds, kept!.run.seconds - before);
  } while (unspent());
  return loadSolution(kept!);
}

for (const name of positionals.length > 0 ? positionals : Object.keys(cases)) {
  const chosen = cases[name];
  if (chosen === undefined) throw new Error(`no case ${name}; cases are ${Object.keys(cases).join(', ')}`);
  const { definition, settings, share, variants } = chosen;
  const seconds = share === undefined ? undefined : share * Number(values['time-limit']);
  const task = problem(definition);
  const truth = task.exact.size > 0 ? 'exact' : await reference(task);
  const rows: string[][] = [];
  for (const [variant, more] of Object.entries(variants)) {
    const errors: number[] = [];
    const steps: number[] = [];
    for (let seed = 0; seed < Number(values.seeds); seed++) {
      const options = { ...settings, ...more, seed, threads: Number(values.threads) };
      const solution = await reached(task, options, seconds);
      errors.push(Math.max(...Object.values(solution.compare(truth)).map(({ relativeL2 }) => relativeL2)));
      steps.push(solution.run.iterations);
    }
    const range = [Math.min(...errors), Math.max(...errors)].map(figure).join(' to ');
    rows.push([variant, figure(medianOf(errors)), range, String(Math.round(medianOf(steps)))]);
  }
  const budget = seconds === undefined ? `${settings.iterations} steps` : `${seconds} s`;
  process.stdout.write(`\n${name}, ${settings.optimizer}, ${budget} each, ${values.seeds} seeds\n\n`);
  process.stdout.write(`${table(['', 'relative L², median', 'range', 'steps'], rows)}\n`);
}
