/**
 * Milliseconds of one loss and gradient on Burgers' equation, by engine.
 *
 *   npx tsx bench/gradient.ts [--json] [--seconds 5] [--engine f64|wasm] [--threads N] [--case FILE]
 *
 * `--case` writes the points and parameters for the systems in `peers/`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createEngine, type LoadedEngine } from '../src/engine/create-engine.ts';
import type { ResidualSystem } from '../src/residual/index.ts';
import { burgersCase, caseFile } from './burgers-case.ts';
import { print } from './measurement.ts';
import { figure, table } from './table.ts';
import { timed } from './timing.ts';

export interface EngineChoice {
  readonly engine: 'f64' | 'wasm';
  readonly threads?: number;
}

export function openEngine({ engine, threads }: EngineChoice, system: ResidualSystem): Promise<LoadedEngine> {
  return engine === 'f64'
    ? createEngine('f64', system, { threads })
    : createEngine('tfjs', system, { backend: 'wasm' });
}

export function engineLabel({ engine, threads }: EngineChoice): string {
  return engine === 'f64' ? `f64, ${threads} thread${threads === 1 ? '' : 's'}` : `tfjs ${engine}`;
}

async function measure(choice: EngineChoice, seconds: number) {
  const begun = performance.now();
  const { system, theta } = burgersCase();
  const engine = await openEngine(choice, system);
  const { loss, gradient } = await engine.lossAndGradient(theta);
  const timing = await timed(() => engine.lossAndGradient(theta), seconds);
  const { backend, precision } = engine;
  await engine.dispose();
  return {
    name: 'burgers-gradient',
    system: `Ansatz ${choice.engine === 'f64' ? 'f64' : 'tfjs wasm'}`,
    metric: 'loss and gradient',
    value: timing.shortest,
    unit: 'ms',
    seconds: (performance.now() - begun) / 1000,
    precision,
    details: {
      median: timing.median,
      runs: timing.runs,
      backend,
      loss,
      gradientNorm: Math.hypot(...gradient),
    },
  };
}

export async function gradientBenchmark(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      engine: { type: 'string' },
      threads: { type: 'string' },
      case: { type: 'string' },
    },
  });
  if (values.case !== undefined) {
    writeFileSync(values.case, caseFile(burgersCase()));
    return;
  }
  const seconds = Number(values.seconds ?? (values.quick ? 0.5 : 5));
  const all: EngineChoice[] = [
    { engine: 'f64', threads: 1 },
    { engine: 'f64', threads: 2 },
    { engine: 'wasm' },
  ];
  const chosen = all.filter(
    ({ engine, threads }) =>
      (values.engine === undefined || values.engine === engine) &&
      (values.threads === undefined || Number(values.threads) === threads),
  );
  const rows: string[][] = [];
  let first: number | undefined;
  for (const choice of chosen) {
    const result = await measure(choice, seconds);
    if (values.json) print(result);
    first ??= result.value;
    rows.push([
      engineLabel(choice),
      result.precision,
      figure(result.value),
      figure(result.details.median),
      figure(result.value / first),
    ]);
  }
  if (values.json) return;
  console.log(`\nLoss and gradient, Burgers' equation, 2→20×3→1 tanh, 2540 + 240 points\n`);
  console.log(
    table(['engine', 'precision', 'ms, shortest', 'ms, median', `× ${engineLabel(chosen[0])}`], rows),
  );
}

if (process.argv[1] === import.meta.filename) await gradientBenchmark(process.argv.slice(2));
