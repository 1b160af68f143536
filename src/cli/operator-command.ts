/** `ansatz solve FILE` where the problem has input functions: the operator is trained and tested. */
import { ProblemError } from '../errors.ts';
import { assessOperator, type TrainOptions, trainOperator } from '../operator/index.ts';
import type { OperatorSettings, Problem, SolveSettings } from '../problem/index.ts';
import { writeReport } from '../report/report-file.ts';
import { reportOfOperator } from '../report/report-of-operator.ts';
import { failingInJson } from './failure-json.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { readOperatorData } from './operator-data-file.ts';
import { saveOperator } from './operator-file.ts';
import { operatorProgress } from './operator-progress.ts';
import { operatorJson, operatorTable } from './operator-result.ts';
import { assertWritable } from './output-file.ts';
import { versions } from './versions.ts';

/** Options of the command line that belong to operator problems alone. */
export interface OperatorFlags extends Omit<OperatorSettings, 'points' | 'product'> {
  readonly data?: string;
}

export interface OperatorOutput {
  readonly report?: string;
  readonly save?: string;
  readonly resume?: string;
  readonly json?: boolean;
}

export async function solveOperator(
  problem: Problem,
  settings: SolveSettings,
  { data: file, ...operator }: OperatorFlags,
  { report, save, resume, json = false }: OperatorOutput,
): Promise<void> {
  if (resume !== undefined)
    throw new ProblemError('the training of an operator is not resumed', {
      path: '--resume',
      hint: 'its data are what takes time: make them with ansatz data, which goes on where it was interrupted, and give them with --data',
    });
  if (report !== undefined) await assertWritable(report, '--report');
  if (save !== undefined) await assertWritable(save, '--save');
  const data = file === undefined ? undefined : readOperatorData(file);
  const { signal, release } = interruptSignal();
  const progress = operatorProgress(process.stderr);
  try {
    const options = { ...settings, ...operator, data, signal } as TrainOptions;
    const trained = await failingInJson(json, problem, () =>
      trainOperator(problem, { ...options, onProgress: (state) => progress.show(state) }),
    );
    progress.finish();
    if (save !== undefined) {
      await saveOperator(trained, save);
      process.stderr.write(`operator: ${save}\n`);
    }
    process.stdout.write(json ? `${JSON.stringify(operatorJson(trained))}\n` : operatorTable(trained));
    if (report === undefined) return;
    const command = ['ansatz', ...process.argv.slice(2)].join(' ');
    const about = { command, versions: versions(), date: new Date().toISOString().slice(0, 10) };
    process.stderr.write('report: errors away from the training functions\n');
    const assessment = await assessOperator(trained, { threads: settings.threads, signal });
    await writeReport(report, reportOfOperator(trained, assessment, about));
    process.stderr.write(`report: ${report}\n`);
  } finally {
    progress.finish();
    release();
  }
}
