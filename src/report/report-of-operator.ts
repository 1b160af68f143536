/** A trained operator and what it is worth, as the data of a report. */
import type { OperatorAssessment } from '../operator/assessment/assess-operator.ts';
import type { TrainedOperator } from '../operator/trained-operator.ts';
import { caseSection } from './contents/operator-cases.ts';
import { distanceSection, distributionSection } from './contents/operator-sections.ts';
import { problemDescription } from './contents/problem-statements.ts';
import type { RunCircumstances } from './contents/run-settings.ts';
import { formatDuration } from './number-format.ts';
import type { ReportData } from './report-data.ts';

/**
 * The report of a trained operator: the problem as mathematics, errors on functions it has not seen, the worst, the
 * median and the best of these beside the reference, errors away from the functions of training, and the settings.
 *
 * @param assessment  of `assessOperator`; without it there are neither single functions nor those from elsewhere
 * @param about  command line, versions and date, where the report shall state them
 * @example
 * const html = await renderReport(reportOfOperator(operator, await assessOperator(operator)));
 */
export function reportOfOperator(
  operator: TrainedOperator,
  assessment?: OperatorAssessment,
  about: RunCircumstances = {},
): ReportData {
  const { problem, run, errors, model, reason } = operator;
  const sections = [
    distributionSection(operator),
    ...(assessment === undefined
      ? []
      : [caseSection(problem, assessment), distanceSection(operator, assessment)]),
  ];
  return {
    title: problem.definition.title ?? problem.name,
    problem: problemDescription(problem, hardConditions(problem.conditions)),
    notes: run.notes.map((text) => ({ kind: 'note', text })),
    sections: sections.filter((section) => section !== undefined),
    settings: {
      engine: `${run.engine}: ${run.engineReason}`,
      optimizer: run.optimizer,
      seed: run.seed,
      seconds: run.seconds,
      iterations: run.iterations,
      stopped: run.stopped,
      points: run.points === 0 ? undefined : `${run.points} for each function`,
      ...about,
      other: [
        { name: 'loss', value: run.loss },
        { name: 'architecture', value: run.architecture },
        ...model.description.map(([name, value]) => ({ name, value })),
        { name: 'training functions', value: run.functions },
        { name: 'of the time, for solutions', value: formatDuration(run.dataSeconds) },
        { name: 'time for test functions', value: formatDuration(run.testSeconds) },
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

const hardConditions = (conditions: TrainedOperator['problem']['conditions']): ReadonlySet<string> =>
  new Set(
    conditions.flatMap((condition) =>
      condition.kind !== 'periodic' && condition.hard === true ? [condition.path] : [],
    ),
  );
