/**
 * What weights, causality, windows and resampling do for problems that training fails on without them: relative L²
 * error with each of them alone, everything else the same.
 *
 *   npx tsx bench/weighting.ts [poisson|allen-cahn|convection|pendulum …] [--time-limit 25] [--seed 0] [--threads 1]
 *
 * First-order steps are asked for where second-order ones find the solution anyway. “refused” stands where solve()
 * found its own result unusable.
 */
import { parseArgs } from 'node:util';
import { SolveError } from '../src/errors.ts';
import { problem, reference, type Solution, solve } from '../src/index.ts';
import type { ProblemDefinition, SolveSettings } from '../src/problem/index.ts';
import { figure, table } from './table.ts';

interface Case {
  readonly definition: ProblemDefinition;
  readonly settings: SolveSettings;
  /** Share of the time limit that it takes. */
  readonly share: number;
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
    settings: { optimizer: 'adam', learningRate: 3e-3, points: 400 },
    share: 1,
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
    share: 1,
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
    seed: { type: 'string', default: '0' },
    threads: { type: 'string', default: '1' },
  },
});

async function errorOf(solution: Solution): Promise<number> {
  const truth = solution.problem.exact.size > 0 ? 'exact' : await reference(solution.problem);
  return Math.max(...Object.values(solution.compare(truth)).map(({ relativeL2 }) => relativeL2));
}

for (const name of positionals.length > 0 ? positionals : Object.keys(cases)) {
  const chosen = cases[name];
  if (chosen === undefined) throw new Error(`no case ${name}; cases are ${Object.keys(cases).join(', ')}`);
  const { definition, settings, share, variants } = chosen;
  const timeLimit = share * Number(values['time-limit']);
  const rows: string[][] = [];
  for (const [variant, more] of Object.entries(variants)) {
    const options = {
      ...settings,
      ...more,
      timeLimit,
      seed: Number(values.seed),
      threads: Number(values.threads),
    };
    try {
      const solution = await solve(problem(definition), options);
      const { iterations, seconds } = solution.run;
      rows.push([variant, figure(await errorOf(solution)), String(iterations), seconds.toFixed(1)]);
    } catch (error) {
      if (!(error instanceof SolveError)) throw error;
      rows.push([variant, 'refused', '', '']);
    }
  }
  process.stdout.write(`\n${name}, ${settings.optimizer}, at most ${timeLimit} s\n\n`);
  process.stdout.write(`${table(['', 'relative L²', 'steps', 'seconds'], rows)}\n`);
}
