import { analyzeOutbreak, type OutbreakAnalysis } from '../epidemiology/outbreak-analysis.ts';
import { InterruptedError } from '../errors.ts';
import type { EstimatedValue, EstimationMethod } from '../estimate/estimate.ts';
import { writeReport } from '../report/report-file.ts';
import { reportOfOutbreak } from '../report/report-of-outbreak.ts';
import { resolveProblemFile } from './catalogue.ts';
import { estimationTable } from './estimation-table.ts';
import { failingInJson } from './failure-json.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { assertWritable } from './output-file.ts';
import { loadProblem } from './problem-file.ts';
import { progressOf } from './progress.ts';
import { versions } from './versions.ts';

interface EstimateFlags {
  readonly method?: EstimationMethod;
  readonly level?: number;
  readonly seed?: number;
  readonly timeLimit?: number;
  readonly fitUntil?: number;
  readonly bootstrap?: number;
  readonly threads?: number;
  readonly profiles?: boolean;
  readonly assumptions?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

/** `ansatz estimate FILE`. */
export async function estimateCommand(argument: string, flags: EstimateFlags): Promise<void> {
  const { report, json = false, bootstrap, ...options } = flags;
  const problem = await loadProblem(resolveProblemFile(argument));
  if (report !== undefined) await assertWritable(report, '--report');
  const { signal, release } = interruptSignal();
  const progress = progressOf(process.stderr);
  let shown = 0;
  let analysis: OutbreakAnalysis;
  try {
    analysis = await failingInJson(json, problem, () =>
      analyzeOutbreak(problem, {
        ...options,
        replicates: bootstrap,
        signal,
        callbacks: [progress.callback],
        onBootstrap: ({ done, failed, total }) => {
          if (done < total && done - shown < total / 10) return;
          shown = done;
          process.stderr.write(`bootstrap: ${done} of ${total}${failed === 0 ? '' : `, ${failed} failed`}\n`);
        },
      }),
    );
  } catch (error) {
    if (signal.aborted) throw new InterruptedError('interrupted; there is nothing to be resumed');
    throw error;
  } finally {
    progress.finish();
    release();
  }
  process.stdout.write(json ? `${JSON.stringify(estimationJson(analysis))}\n` : estimationTable(analysis));
  if (report !== undefined) {
    const command = ['ansatz', ...process.argv.slice(2)].join(' ');
    const date = new Date().toISOString().slice(0, 10);
    await writeReport(report, reportOfOutbreak(analysis, { command, versions: versions(), date }));
    process.stderr.write(`report: ${report}\n`);
  }
}

/** The one JSON object that `estimate --json` prints; a number that does not exist is null. */
function estimationJson(analysis: OutbreakAnalysis): object {
  const { problem, estimation, profiles, bootstrap, reproduction, assumptions, scores, notes } = analysis;
  const { level } = estimation;
  const finite = (value: number | null): number | null =>
    value !== null && Number.isFinite(value) ? value : null;
  const entry = ({ value, low, high }: EstimatedValue) => ({
    value: finite(value),
    low: finite(low),
    high: finite(high),
    level,
  });
  const entries = (values: Readonly<Record<string, EstimatedValue>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, entry(value)]));
  return {
    problem: problem.name,
    method: estimation.method,
    seconds: Number(analysis.seconds.toFixed(3)),
    observations: problem.observations.reduce((sum, { count }) => sum + count, 0),
    parameters: entries(estimation.parameters),
    derived: entries(estimation.derived),
    noise: entries(estimation.noise),
    sumOfSquares: estimation.sumOfSquares,
    negativeLogLikelihood: estimation.negativeLogLikelihood,
    aic: estimation.aic,
    atBounds: estimation.atBounds,
    agreement: estimation.agreement,
    stages: estimation.stages,
    profiles: Object.fromEntries(
      profiles.map(({ name, low, high, identifiable, words }) => [
        name,
        { low, high, level, identifiable, words },
      ]),
    ),
    ...(bootstrap === undefined
      ? {}
      : {
          bootstrap: {
            intervals: Object.fromEntries(
              Object.entries(bootstrap.intervals).map(([name, { median, low, high }]) => [
                name,
                { median, low, high, level },
              ]),
            ),
            failed: bootstrap.failed,
          },
        }),
    ...(reproduction === undefined
      ? {}
      : {
          R0: entry(reproduction.basic),
          herdImmunityThreshold: reproduction.herdImmunityThreshold ?? null,
        }),
    assumptions: assumptions.map(({ assumption, fit, failure }) =>
      fit === undefined
        ? { assumption, failure }
        : {
            assumption,
            parameters: entries(fit.estimates),
            derived: entries(fit.derived),
            noise: entries(fit.noise),
            aic: fit.aic,
            sumOfSquares: fit.sumOfSquares,
          },
    ),
    ...(scores.length === 0 ? {} : { heldOut: scores }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}
