/** A trained operator and what it is worth, as the data of a report. */
import type { TrainedOperator } from '../operator/trained-operator.ts';
import { problemDescription } from './contents/problem-statements.ts';
import type { RunCircumstances } from './contents/run-settings.ts';
import type { ReportData } from './report-data.ts';

/**
 * The report of a trained operator: the problem as mathematics, how it was trained, errors on functions it has not seen.
 *
 * @param about  command line, versions and date, where the report shall state them
 */
export function reportOfOperator(operator: TrainedOperator, about: RunCircumstances = {}): ReportData {
  const { problem, run, errors, model, reason } = operator;
  return {
    title: problem.definition.title ?? problem.name,
    problem: problemDescription(problem, new Set()),
    notes: run.notes.map((text) => ({ kind: 'note', text })),
    settings: {
      engine: run.engine,
      optimizer: run.optimizer,
      seed: run.seed,
      seconds: run.seconds,
      iterations: run.iterations,
      loss: run.validation ** 2,
      stopped: run.stopped,
      points: run.points,
      ...about,
      other: [
        { name: 'training functions', value: run.functions },
        ...model.description.map(([name, value]) => ({ name, value })),
      ],
    },
    errors: problem.fields.map(({ name }) => {
      const error = errors?.[name];
      if (error === undefined) return { name, relativeL2: null, reason };
      const { relativeL2, median, worst, functions, against, referenceError } = error;
      return { name, relativeL2, median, worst, functions, against, referenceError };
    }),
  };
}
