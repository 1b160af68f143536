/**
 * The project's own measurements, printed as tables.
 *
 *   npm run bench -- [kernels|gradient|growth|accuracy|goals|estimation …] [--quick] [options of that benchmark]
 *
 * Without a name all of them run. Other systems are measured by `bench/peers/run.ts`.
 */
import { accuracyBenchmark } from './accuracy.ts';
import { estimationBenchmark } from './estimation.ts';
import { goalsBenchmark } from './goals.ts';
import { gradientBenchmark } from './gradient.ts';
import { growthBenchmark } from './growth.ts';

const benchmarks: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  kernels: async () => {
    await import('./kernels.ts');
  },
  gradient: gradientBenchmark,
  growth: growthBenchmark,
  accuracy: accuracyBenchmark,
  goals: goalsBenchmark,
  estimation: estimationBenchmark,
};

const [first, ...rest] = process.argv.slice(2);
if (first === undefined || first.startsWith('--')) {
  const options = process.argv.slice(2);
  for (const [name, run] of Object.entries(benchmarks)) await run(name === 'kernels' ? [] : options);
} else {
  const run = benchmarks[first];
  if (run === undefined) {
    console.error(`there is no benchmark ${first}; choose from ${Object.keys(benchmarks).join(', ')}`);
    process.exit(2);
  }
  await run(rest);
}
