import { readFileSync } from 'node:fs';
import { InterruptedError, ProblemError, SolveError } from '../errors.ts';
import { type Assessment, assess } from '../estimate/index.ts';
import { checkExact } from '../problem/exact-check.ts';
import type { Problem, SolveSettings } from '../problem/index.ts';
import { missingConditions } from '../problem/unconditioned.ts';
import { writeFileAtomically } from '../report/atomic-file.ts';
import { writeReport } from '../report/report-file.ts';
import { reportOf } from '../report/report-of-solution.ts';
import { type Solution, type StoredSolution, solve } from '../solve/index.ts';
import { resolveProblemFile } from './catalogue.ts';
import { failingInJson } from './failure-json.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { parseJson } from './json-text.ts';
import { type OperatorFlags, solveOperator } from './operator-command.ts';
import { assertWritable } from './output-file.ts';
import { loadProblem } from './problem-file.ts';
import { progressOf } from './progress.ts';
import { resultJson } from './result-json.ts';
import { resultTable } from './result-table.ts';
import { versions } from './versions.ts';

interface SolveFlags extends SolveSettings, OperatorFlags {
  readonly report?: string;
  readonly save?: string;
  readonly resume?: string;
  readonly json?: boolean;
}

function readStored(file: string): StoredSolution {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ProblemError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      path: '--resume',
    });
  }
  return parseJson(text, file) as StoredSolution;
}

/** Those options that were given. */
function given<T extends object>(flags: T): Partial<T> {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Writes one state after another; a failure is told at once and thrown at the end. */
class Saving {
  private readonly file: string;
  private last: Promise<void> = Promise.resolve();
  private failure: Error | undefined;
  private count = 0;

  constructor(file: string) {
    this.file = file;
  }

  /** Whether there is anything to resume. */
  get used(): boolean {
    return this.count > 0;
  }

  add(stored: StoredSolution): void {
    this.count++;
    const text = JSON.stringify(stored);
    this.last = this.last
      .then(() => writeFileAtomically(this.file, text))
      .then(
        () => {
          this.failure = undefined;
        },
        (error: Error) => {
          this.failure = error;
          process.stderr.write(`\n${this.file} cannot be written: ${error.message}\n`);
        },
      );
  }

  /** @throws SolveError where the last state could not be written. */
  async finish(): Promise<void> {
    await this.last;
    if (this.failure !== undefined)
      throw new SolveError(`${this.file} cannot be written: ${this.failure.message}`);
  }
}

/** `ansatz solve FILE`. */
export async function solveCommand(argument: string, flags: SolveFlags): Promise<void> {
  const { report, save, resume, json = false, ...others } = flags;
  const { data, functions, testFunctions, loss, architecture, branch, ...settings } = others;
  const problem = await loadProblem(resolveProblemFile(argument));
  const operator = given({ data, functions, testFunctions, loss, architecture, branch });
  if (problem.inputs.length > 0)
    return solveOperator(problem, settings, operator, { report, save, resume, json });
  const [flag] = Object.keys(operator);
  if (flag !== undefined)
    throw new ProblemError(`${problem.name} has no input functions, so there is no operator to train`, {
      path: `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      hint: 'leave the option out',
    });
  checkExact(problem);
  const stored = resume === undefined ? undefined : readStored(resume);
  if (report !== undefined) await assertWritable(report, '--report');
  if (save !== undefined) await assertWritable(save, '--save');
  const { solution, assessment } = await failingInJson(json, problem, () =>
    assessedSolution(problem, settings, stored, save),
  );
  process.stdout.write(
    json ? `${JSON.stringify(resultJson(solution, assessment))}\n` : resultTable(solution, assessment),
  );
  if (report !== undefined) {
    const command = ['ansatz', ...process.argv.slice(2)].join(' ');
    await writeReport(
      report,
      reportOf(solution, assessment, {
        command,
        versions: versions(),
        date: new Date().toISOString().slice(0, 10),
      }),
    );
    process.stderr.write(`report: ${report}\n`);
  }
}

/** @throws SolveError where there is no usable answer. */
async function assessedSolution(
  problem: Problem,
  settings: SolveSettings,
  stored: StoredSolution | undefined,
  save: string | undefined,
): Promise<{ solution: Solution; assessment: Assessment }> {
  const { signal, release } = interruptSignal();
  const progress = progressOf(process.stderr);
  const saving = save === undefined ? undefined : new Saving(save);
  let solution: Solution;
  try {
    solution = await solve(problem, {
      ...settings,
      callbacks: [progress.callback],
      signal,
      resume: stored,
      onCheckpoint: saving === undefined ? undefined : (checkpoint) => saving.add(checkpoint),
    });
  } catch (error) {
    if (error instanceof SolveError && saving?.used)
      throw new SolveError(`${error.message}; training can go on with --resume ${save}`);
    throw error;
  } finally {
    progress.finish();
    release();
    await saving?.finish();
  }
  if (solution.run.stopped === 'interrupted')
    throw new InterruptedError(
      save === undefined
        ? 'interrupted; nothing was saved (use --save to be able to resume)'
        : `interrupted; resume with --resume ${save}`,
    );
  process.stderr.write('comparing with a classical solution\n');
  const assessment = await assess(solution);
  if (assessment.unusable !== undefined) throw new SolveError(`no usable answer: ${assessment.unusable}`);
  const missing = missingConditions(problem);
  const notes = missing === undefined ? assessment.notes : [...assessment.notes, missing];
  return { solution, assessment: { ...assessment, notes } };
}
