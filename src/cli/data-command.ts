import { ProblemError } from '../errors.ts';
import type { OutputPoints } from '../operator/index.ts';
import { resolveProblemFile } from './catalogue.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { operatorDataInFile } from './operator-data-file.ts';
import { assertWritable } from './output-file.ts';
import { loadProblem } from './problem-file.ts';
import { shareProgress } from './share-progress.ts';

interface DataFlags {
  readonly out: string;
  readonly functions?: number;
  readonly first?: number;
  readonly seed?: number;
  readonly points?: string;
  readonly target?: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Reads `--points`: "grid", "grid:101", "grid:41x41", "random:50". */
function pointsOf(text: string | undefined): OutputPoints | undefined {
  if (text === undefined || text === 'grid') return undefined;
  const match = /^(?:grid:(\d+(?:x\d+)*)|random:(\d+))$/.exec(text.trim());
  if (match === null)
    throw new ProblemError(`\`${text}\` says no points`, {
      path: '--points',
      hint: 'write grid:101, grid:41x41 or random:50',
    });
  if (match[2] !== undefined) return { random: Number(match[2]) };
  const sides = match[1].split('x').map(Number);
  return { grid: sides.length === 1 ? sides[0] : sides };
}

/** `ansatz data FILE --out DATA`. */
export async function dataCommand(file: string, flags: DataFlags): Promise<void> {
  const problem = await loadProblem(resolveProblemFile(file));
  const { out, functions, first, seed, target, threads } = flags;
  const points = pointsOf(flags.points);
  await assertWritable(out, '--out');
  const begun = performance.now();
  const { signal, release } = interruptSignal();
  const progress = shareProgress(process.stderr, 'functions');
  try {
    const data = await operatorDataInFile(problem, out, {
      functions,
      first,
      seed,
      points,
      target,
      threads,
      signal,
      onProgress: ({ done, wanted }) => progress.show(done, wanted),
    });
    progress.finish();
    const worst = data.errorEstimates.reduce((a, b) => Math.max(a, b), 0);
    const seconds = Number(((performance.now() - begun) / 1000).toFixed(1));
    if (flags.json === true)
      process.stdout.write(
        `${JSON.stringify({
          problem: problem.name,
          file: out,
          functions: data.count,
          failures: data.failures.length,
          points: data.pointCount,
          aligned: data.aligned,
          errorEstimate: worst,
          seconds,
        })}\n`,
      );
    else
      process.stderr.write(
        `${problem.name}: ${data.count} functions at ${data.pointCount} points${data.aligned ? '' : ' each'} in ${out}, estimated relative errors up to ${worst.toExponential(1)}, ${seconds} s\n`,
      );
  } finally {
    progress.finish();
    release();
  }
}
