/** A solution and what it is worth, as the data of a report. */
import type { Assessment } from '../estimate/assess.ts';
import type { Solution } from '../solve/solution.ts';
import { builtInConditions } from './contents/block-label.ts';
import { comparisonOf, errorRows } from './contents/comparison.ts';
import { conditionErrors } from './contents/condition-errors.ts';
import { equationResiduals } from './contents/equation-residuals.ts';
import { estimatesOf } from './contents/estimates.ts';
import { planesOf, surfacesOf, trajectoriesOf } from './contents/fits.ts';
import { geometryView } from './contents/geometry-view.ts';
import { lossHistory, parameterHistory } from './contents/histories.ts';
import { notesOf } from './contents/notes.ts';
import { problemDescription } from './contents/problem-statements.ts';
import { type RunCircumstances, runSettings } from './contents/run-settings.ts';
import type { ReportData } from './report-data.ts';

/**
 * The report of a solution: the problem as mathematics, estimates beside those of classical least squares,
 * errors, fields over the domain, the course of the training, residuals, and the settings.
 *
 * Fields over one coordinate are curves of 401 points. Over two they are surfaces of 121 × 121; over more,
 * surfaces over the first two space coordinates, with time at its end and other coordinates at their middle, and
 * such over further planes and at earlier times.
 *
 * @param about  command line, versions and date, where the report shall state them
 * @example
 * const solution = await solve(burgers);
 * const html = await renderReport(reportOf(solution, await assess(solution)));
 */
export function reportOf(
  solution: Solution,
  assessment: Assessment,
  about: RunCircumstances = {},
): ReportData {
  const { problem, run } = solution;
  const comparison = comparisonOf(solution, assessment);
  const surfaces = surfacesOf(solution, comparison);
  const builtIn = builtInConditions(problem, run.blocks);
  return {
    title: problem.definition.title ?? problem.name,
    problem: problemDescription(problem, builtIn),
    notes: notesOf(solution, assessment, surfaces?.marks !== undefined),
    settings: runSettings(solution, about),
    estimates: estimatesOf(solution, assessment),
    errors: errorRows(solution, assessment),
    trajectories: trajectoriesOf(solution, comparison),
    geometry: geometryView(solution),
    surfaces,
    planes: planesOf(solution, comparison),
    conditions: conditionErrors(solution, builtIn),
    parameters: parameterHistory(solution, assessment),
    history: lossHistory(solution),
    residuals: equationResiduals(solution),
  };
}
