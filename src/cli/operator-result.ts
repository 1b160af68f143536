/** What `solve` prints of an operator problem. */
import type { OperatorError, TrainedOperator } from '../operator/index.ts';
import { aligned } from './text-table.ts';

/** Draws that are named in the output, the worst first. */
const namedDraws = 5;

/** Numbers of the draws with the largest errors. */
function worstDraws({ each, draws }: OperatorError): { draw: number; relativeL2: number }[] {
  return each
    .map((relativeL2, n) => ({ draw: draws[n], relativeL2 }))
    .sort((a, b) => b.relativeL2 - a.relativeL2)
    .slice(0, namedDraws);
}

/** The one JSON object that `solve --json` prints. */
export function operatorJson({ problem, run, errors, reason, model }: TrainedOperator): object {
  const { seconds, dataSeconds, testSeconds } = run;
  const rounded = (value: number): number => Number(value.toFixed(3));
  return {
    problem: problem.name,
    engine: run.engine,
    engineReason: run.engineReason,
    optimizer: run.optimizer,
    seed: run.seed,
    seconds: rounded(seconds),
    iterations: run.iterations,
    loss: run.validation ** 2,
    parameters: {},
    derived: {},
    operator: {
      loss: run.loss,
      architecture: run.architecture,
      branch: run.branch,
      functions: run.functions,
      points: run.points,
      validation: run.validation,
      dataSeconds: rounded(dataSeconds),
      testSeconds: rounded(testSeconds),
      ...Object.fromEntries(model.description.filter(([label]) => label === 'trunk')),
    },
    errors:
      errors === null
        ? null
        : Object.fromEntries(
            Object.entries(errors).map(([name, error]) => {
              const { relativeL2, median, worst, functions, against, referenceError } = error;
              return [
                name,
                {
                  relativeL2,
                  median,
                  worst,
                  functions,
                  against,
                  ...(referenceError === undefined ? {} : { referenceError }),
                  worstDraws: worstDraws(error),
                },
              ];
            }),
          ),
    ...(errors === null ? { reason } : {}),
    ...(run.notes.length === 0 ? {} : { notes: run.notes }),
    stopped: run.stopped,
  };
}

/** What `solve` prints for people. */
export function operatorTable({ problem, run, errors, reason, model }: TrainedOperator): string {
  const { title } = problem.definition;
  const lines = [
    title === undefined ? problem.name : `${problem.name}: ${title}`,
    `  engine     ${run.engine}: ${run.engineReason}`,
    `  operator   ${problem.inputs.map(({ name }) => name).join(', ')} -> ${problem.fields.map(({ name }) => name).join(', ')}; ${run.architecture}, loss: ${run.loss}`,
    ...model.description.map(([label, text]) => `  ${label.padEnd(10)} ${text}`),
    `  ${run.functions} training functions in ${run.seconds.toFixed(1)} s (${run.dataSeconds.toFixed(1)} s of these for their solutions), seed ${run.seed}, stopped: ${run.stopped}`,
    '',
  ];
  if (errors === null) lines.push(`  no comparison: ${reason}`);
  else {
    const rows = Object.entries(errors).map(([name, error]) => [
      name,
      ...[error.relativeL2, error.median, error.worst].map((value) => value.toExponential(2)),
      String(error.functions),
      { exact: 'exact solution', reference: 'reference', data: 'data held out' }[error.against],
    ]);
    lines.push(
      ...aligned([['field', 'relative L2, mean', 'median', 'worst', 'functions', 'against'], ...rows]),
    );
    for (const [name, error] of Object.entries(errors))
      lines.push(
        `  worst for ${name}: ${worstDraws(error)
          .map(({ draw, relativeL2 }) => `draw ${draw} (${relativeL2.toExponential(1)})`)
          .join(', ')}`,
      );
  }
  for (const note of run.notes) lines.push(`  note: ${note}`);
  return `${lines.join('\n')}\n`;
}
