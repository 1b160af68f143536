/**
 * What the project wants to reach on two cores, and what it does reach: errors after so many seconds, seconds to
 * an error, with default settings unless the row says otherwise.
 *
 *   npx tsx bench/goals.ts [--only TEXT] [--seeds 1] [--quick]
 *
 * `--quick` gives every run a twentieth of its time and only
 * shows that the table can be made. With several seeds the worst of them stands in the table.
 */
import { parseArgs } from 'node:util';
import { shoot } from '../src/estimate/index.ts';
import type { SolveSettings } from '../src/problem/index.ts';
import { benchmarkProblem, type ComparisonGrid, comparisonGrid, errorOn } from './comparison-grid.ts';
import { type ErrorTrace, traceErrors } from './error-trace.ts';
import { figure, table } from './table.ts';

interface Goal {
  readonly problem: string;
  /** Seconds of the run. */
  readonly limit: number;
  /** The largest error wanted at the end. */
  readonly error?: number;
  /** Seconds within which another error is wanted. */
  readonly reach?: { readonly error: number; readonly seconds: number };
  readonly settings?: SolveSettings;
}

const directSolver: SolveSettings = { optimizer: 'random-features' };
const network: SolveSettings = { optimizer: 'lm' };

const goals: readonly Goal[] = [
  ...['damped-oscillator', 'lotka-volterra', 'sir'].map((problem) => ({ problem, limit: 5, error: 1e-7 })),
  ...['poisson-2d', 'heat-1d'].map((problem) => ({ problem, limit: 30, error: 1e-8 })),
  ...['wave-1d', 'helmholtz-2d'].map((problem) => ({ problem, limit: 30, error: 1e-7 })),
  ...['damped-oscillator', 'poisson-2d', 'heat-1d', 'wave-1d', 'helmholtz-2d'].map((problem) => ({
    problem,
    limit: 2,
    error: 1e-8,
    settings: directSolver,
  })),
  { problem: 'burgers', limit: 60, error: 1e-5, reach: { error: 1e-3, seconds: 10 }, settings: network },
  { problem: 'allen-cahn', limit: 120, error: 1e-4, settings: network },
  { problem: 'korteweg-de-vries', limit: 120, error: 1e-4, settings: network },
  { problem: 'lorenz-inverse', limit: 10, error: 5e-5, reach: { error: 5e-5, seconds: 10 } },
  { problem: 'influenza-1978', limit: 30, error: 5e-5, reach: { error: 5e-5, seconds: 2 } },
  { problem: 'burgers', limit: 60, error: 1e-8 },
  { problem: 'allen-cahn', limit: 60, error: 1e-6 },
  { problem: 'korteweg-de-vries', limit: 60, error: 1e-6 },
];

const labelOf = ({ problem, settings }: Goal): string =>
  settings === undefined ? problem : `${problem}, ${settings.optimizer}`;

/** Those the observations were made with. */
const lorenzTruth = { sigma: 10, rho: 15, beta: 8 / 3 };

type Measure = Parameters<typeof traceErrors>[3];

async function measureOf(name: string, grids: Map<string, ComparisonGrid>): Promise<Measure> {
  const problem = await benchmarkProblem(name);
  if (problem.unknowns.length > 0) {
    const truth: Readonly<Record<string, number>> =
      name === 'lorenz-inverse'
        ? lorenzTruth
        : Object.fromEntries(Object.entries(shoot(problem).estimates).map(([n, { value }]) => [n, value]));
    return ({ unknowns }) =>
      Math.max(...Object.entries(truth).map(([n, v]) => Math.abs(unknowns[n] / v - 1)));
  }
  if (!grids.has(name)) grids.set(name, (await comparisonGrid(problem))!);
  const grid = grids.get(name)!;
  return (solution) => errorOn(grid, solution);
}

/** The first sampled time from which on the error stays below the bound; Infinity if it does not. */
function timeTo(bound: number, { samples }: ErrorTrace): number {
  const first = samples.findIndex((_, i) => samples.slice(i).every(([, error]) => error <= bound));
  return first < 0 ? Number.POSITIVE_INFINITY : samples[first][0];
}

export async function goalsTable(options: { only?: string; seeds: number; quick: boolean }): Promise<string> {
  const grids = new Map<string, ComparisonGrid>();
  const rows: string[][] = [];
  // A row by its whole name, or all that have the text in theirs.
  const whole = goals.some((goal) => labelOf(goal) === options.only);
  for (const goal of goals) {
    const label = labelOf(goal);
    if (options.only !== undefined && (whole ? label !== options.only : !label.includes(options.only)))
      continue;
    const limit = options.quick ? goal.limit / 20 : goal.limit;
    const times = Array.from({ length: 40 }, (_, i) => limit * 1.1 ** (i - 40));
    const problem = await benchmarkProblem(goal.problem);
    const measure = await measureOf(goal.problem, grids);
    const traces: ErrorTrace[] = [];
    for (let seed = 0; seed < options.seeds; seed++)
      traces.push(await traceErrors(problem, { ...goal.settings, seed, timeLimit: limit }, times, measure));
    const worst = Math.max(...traces.map(({ samples }) => samples.at(-1)![1]));
    const slowest = Math.max(...traces.map(({ seconds }) => seconds));
    const { run } = traces[0].solution;
    const row = (what: string, goalText: string, value: number, met: boolean): void => {
      rows.push([
        label,
        `${run.settings.engine}, ${run.settings.optimizers.join('+')}`,
        what,
        goalText,
        figure(value),
        met ? 'yes' : 'no',
      ]);
      console.error(rows.at(-1)!.join('  '));
    };
    if (goal.reach !== undefined) {
      const { error, seconds } = goal.reach;
      const time = Math.max(...traces.map((trace) => timeTo(error, trace)));
      row(`seconds to ${figure(error)}`, `< ${seconds}`, time, time < seconds);
    }
    if (goal.error !== undefined)
      row(
        `error after ${figure(Math.min(slowest, limit))} s`,
        `≤ ${figure(goal.error)}`,
        worst,
        worst <= goal.error,
      );
  }
  return table(['problem', 'engine, optimizer', 'measured', 'goal', 'reached', 'met'], rows);
}

export async function goalsBenchmark(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      seeds: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
    },
  });
  console.log(`\nGoals on two cores, and what is reached\n`);
  console.log(await goalsTable({ ...values, seeds: Number(values.seeds) }));
}

if (process.argv[1] === import.meta.filename) await goalsBenchmark(process.argv.slice(2));
