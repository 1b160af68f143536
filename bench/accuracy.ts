/**
 * Relative L² error against time, on catalogue problems through solve(), with default settings unless others
 * are given.
 *
 *   npx tsx bench/accuracy.ts [PROBLEM …] [--time-limit 60] [--times 1,2,5,10,20,30,60] [--each] [--seeds 1]
 *                             [--engine f64|tfjs] [--optimizer …] [--network 20x3] [--grid FILE] [--json]
 *
 * Errors at the times are those of one run in its course; with `--each`, of a run of its own with that time
 * limit, which plans for it. With several seeds the median is printed. For problems with unknowns it is the
 * relative error of the worst of them, where the truth is known. “refused” stands where solve() found its own
 * result unusable and gave none: the error is then that of what it had reached.
 */
import { parseArgs } from 'node:util';
import { catalogue, problemKinds } from '../src/cli/catalogue.ts';
import type { SolveOptions } from '../src/index.ts';
import type { SolveSettings } from '../src/problem/index.ts';
import { benchmarkProblem, comparisonGrid, errorOn, readGrid } from './comparison-grid.ts';
import { type ErrorTrace, traceErrors } from './error-trace.ts';
import { print } from './measurement.ts';
import { figure, table } from './table.ts';
import { medianOf } from './timing.ts';

/** Lorenz: those the observations were made with. Influenza: least squares in SciPy, rtol 1e-10. */
const trueUnknowns: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'lorenz-inverse': { sigma: 10, rho: 15, beta: 8 / 3 },
  'influenza-1978': { beta: 1.699799, gamma: 0.446866 },
};

const usualTimes = [1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 450, 600, 900, 1200, 1800];

/** Five to a doubling, for programs that read the course of a run. */
const denseTimes = Array.from({ length: 64 }, (_, i) => 0.25 * 2 ** (i / 5));

/** The error at a time: of the last sample not after it, or of the end if that came before. */
function errorAt({ samples }: ErrorTrace, time: number): number {
  const before = samples.filter(([seconds]) => seconds <= time * 1.05 + 0.2);
  return before.at(-1)?.[1] ?? Number.NaN;
}

export async function accuracyBenchmark(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'time-limit': { type: 'string' },
      times: { type: 'string' },
      each: { type: 'boolean', default: false },
      seeds: { type: 'string', default: '1' },
      seed: { type: 'string', default: '0' },
      engine: { type: 'string' },
      backend: { type: 'string' },
      optimizer: { type: 'string' },
      network: { type: 'string' },
      points: { type: 'string' },
      threads: { type: 'string' },
      grid: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const timeLimit = Number(values['time-limit'] ?? (values.quick ? 3 : 60));
  const asked = values.times?.split(',').map(Number) ?? (values.json ? denseTimes : usualTimes);
  const times = asked.filter((time) => time <= timeLimit);
  const numeric = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const settings: SolveSettings = {
    engine: values.engine as SolveSettings['engine'],
    backend: values.backend,
    optimizer: values.optimizer,
    network: values.network,
    points: numeric(values.points),
    threads: numeric(values.threads),
  };
  const everything = values.quick
    ? ['burgers', 'poisson-2d']
    : catalogue()
        .filter(({ kind }) => kind !== problemKinds[4])
        .map(({ name }) => name);
  const rows: string[][] = [];
  for (const name of positionals.length > 0 ? positionals : everything) {
    const problem = await benchmarkProblem(name);
    const truth = trueUnknowns[name];
    const grid =
      values.grid === undefined
        ? truth === undefined
          ? await comparisonGrid(problem)
          : undefined
        : readGrid(values.grid);
    if (truth === undefined && grid === undefined) {
      console.error(`${name}: there is nothing to compare with`);
      continue;
    }
    const error: Parameters<typeof traceErrors>[3] = (solution) =>
      truth === undefined
        ? errorOn(grid!, solution)
        : Math.max(...Object.entries(truth).map(([n, v]) => Math.abs(solution.unknowns[n] / v - 1)));
    const metric = truth === undefined ? 'relative L2' : 'relative error of the worst parameter';
    const traces: ErrorTrace[] = [];
    const each: number[][] = times.map(() => []);
    for (let k = 0; k < Number(values.seeds); k++) {
      const seed = Number(values.seed) + k;
      const run = (limit: number): Promise<ErrorTrace> => {
        const options: SolveOptions = { ...settings, seed, timeLimit: limit };
        return traceErrors(problem, options, times, error);
      };
      if (values.each)
        for (const [i, limit] of times.entries()) each[i].push((await run(limit)).samples.at(-1)![1]);
      const trace = await run(timeLimit);
      traces.push(trace);
      times.forEach((time, i) => {
        if (!values.each) each[i].push(errorAt(trace, time));
      });
      const { seconds, samples, solution } = trace;
      const { run: record, unknowns } = solution;
      if (values.json)
        print({
          name,
          system: `Ansatz ${record.settings.engine}`,
          metric,
          value: samples.at(-1)![1],
          unit: '',
          seconds,
          precision: record.precision,
          trace: values.each
            ? [...times.map((time, i) => [time, each[i].at(-1)!] as const), samples.at(-1)!]
            : samples,
          details: {
            seed,
            optimizer: record.settings.optimizers.join('+'),
            network: `${record.settings.width}x${record.settings.depth}`,
            points: record.settings.points,
            stopped: record.stopped,
            refused: trace.refused,
            ...(truth === undefined ? {} : { estimates: unknowns }),
            ...(grid === undefined ? {} : { against: grid.method, gridError: grid.errorEstimate }),
          },
        });
    }
    rows.push([
      name,
      ...each.map((errors) => figure(medianOf(errors))),
      figure(medianOf(traces.map(({ samples }) => samples.at(-1)![1]))),
      figure(medianOf(traces.map(({ seconds }) => seconds))),
      traces.some(({ refused }) => refused !== undefined) ? 'refused' : traces[0].solution.run.stopped,
    ]);
  }
  if (values.json) return;
  console.log(`\nError against time${Number(values.seeds) > 1 ? `, median of ${values.seeds} seeds` : ''}\n`);
  console.log(table(['problem', ...times.map((time) => `${time} s`), 'end', 'seconds', 'stopped'], rows));
}

if (process.argv[1] === import.meta.filename) await accuracyBenchmark(process.argv.slice(2));
