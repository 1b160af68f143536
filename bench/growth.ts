/**
 * How the time of one loss and gradient, and of one Gauss–Newton matrix with its factorisation, grows with points
 * and with parameters.
 *
 *   npx tsx bench/growth.ts [--quick] [--engine f64|wasm]
 */
import { parseArgs } from 'node:util';
import { type BurgersSize, burgersCase, demonstrationSize } from './burgers-case.ts';
import { type EngineChoice, engineLabel, openEngine } from './gradient.ts';
import { figure, table } from './table.ts';
import { timed } from './timing.ts';

async function milliseconds(choice: EngineChoice, size: BurgersSize, seconds: number): Promise<number> {
  const { system, theta } = burgersCase(size);
  const engine = await openEngine(choice, system);
  const { shortest } = await timed(() => engine.lossAndGradient(theta), seconds);
  await engine.dispose();
  return shortest;
}

export async function growthBenchmark(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, engine: { type: 'string' } },
  });
  const seconds = values.quick ? 0.1 : 1;
  const choices: EngineChoice[] = (
    [{ engine: 'f64', threads: 1 }, { engine: 'f64', threads: 2 }, { engine: 'wasm' }] as const
  ).filter(({ engine }) => (values.engine ?? engine) === engine);
  const head = ['', ...choices.flatMap((choice) => [`${engineLabel(choice)}: ms`, 'ns per point·parameter'])];

  const row = async (label: string, size: BurgersSize, parameters: number): Promise<string[]> => {
    const cells: string[] = [];
    for (const choice of choices) {
      const time = await milliseconds(choice, size, seconds);
      cells.push(figure(time), figure((1e6 * time) / (size.interior * parameters)));
    }
    return [label, ...cells];
  };
  const parametersOf = ({ width, depth }: BurgersSize): number =>
    3 * width + (depth - 1) * (width + 1) * width + width + 1;

  const points: string[][] = [];
  for (const interior of values.quick ? [1e3, 1e4] : [1e3, 1e4, 1e5, 1e6]) {
    const size = { ...demonstrationSize, interior };
    points.push(await row(`${interior} points`, size, parametersOf(size)));
  }
  console.log(
    `\nGrowth with points: Burgers' equation, 2→20×3→1 tanh, ${parametersOf(demonstrationSize)} parameters\n`,
  );
  console.log(table(head, points));

  const parameters: string[][] = [];
  for (const width of values.quick ? [6, 20] : [6, 12, 20, 40, 70]) {
    const size = { ...demonstrationSize, width };
    parameters.push(await row(`width ${width}, ${parametersOf(size)} parameters`, size, parametersOf(size)));
  }
  console.log(`\nGrowth with parameters: three hidden layers, 2540 + 240 points\n`);
  console.log(table(head, parameters));
  if (values.engine !== 'wasm') await secondOrderGrowth(values.quick);
}

/** The shortest of a few runs, of one alone where it is long; milliseconds. */
async function shortestOf(run: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  const begun = performance.now();
  for (let i = 0; i < 6 && (i < 1 || performance.now() - begun < 3000); i++) {
    const start = performance.now();
    await run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** What a step of Levenberg–Marquardt is made of: JᵀJ takes points × parameters², Cholesky parameters³. */
async function secondOrderGrowth(quick: boolean): Promise<void> {
  const head = ['', 'JᵀJ: ms', 'ps per point·parameter²', 'Cholesky: ms', 'ps per parameter³'];
  const row = async (label: (parameters: number) => string, size: BurgersSize): Promise<string[]> => {
    const { system, theta } = burgersCase(size);
    const engine = await openEngine({ engine: 'f64', threads: 2 }, system);
    let matrix: Float64Array = new Float64Array(0);
    const product = await shortestOf(async () => {
      ({ matrix } = await engine.gaussNewton!(theta));
    });
    const p = theta.length;
    for (let i = 0; i < p; i++) matrix[i * p + i] *= 1.001;
    const cholesky = await shortestOf(() => engine.factorize!(matrix, p));
    await engine.dispose();
    const points = size.interior + size.initial + size.boundary;
    return [
      label(p),
      figure(product),
      figure((1e9 * product) / (points * p * p)),
      figure(cholesky),
      figure((1e9 * cholesky) / p ** 3),
    ];
  };
  const points: string[][] = [];
  for (const interior of quick ? [1e3] : [1e3, 1e4, 1e5, 1e6])
    points.push(await row(() => `${interior} points`, { ...demonstrationSize, interior }));
  console.log('\nGrowth of a second-order step with points: 2→20×3→1, two threads\n');
  console.log(table(head, points));
  const parameters: string[][] = [];
  for (const width of quick ? [6, 20] : [6, 12, 20, 40, 70])
    parameters.push(await row((p) => `width ${width}, ${p} parameters`, { ...demonstrationSize, width }));
  console.log('\nGrowth of a second-order step with parameters: three hidden layers, 2540 + 240 points\n');
  console.log(table(head, parameters));
}

if (process.argv[1] === import.meta.filename) await growthBenchmark(process.argv.slice(2));
