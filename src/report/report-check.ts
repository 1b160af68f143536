/** Refuses report data whose lengths do not agree, before a figure would show it wrongly. */
import { ProblemError } from '../errors.ts';
import type { Grid, ReportData, Series, Trajectory } from './report-data.ts';

function agree(path: string, values: Series | undefined, count: number, what: string): void {
  if (values === undefined || values.length === count) return;
  throw new ProblemError(`${values.length} values where ${what} has ${count}`, { path });
}

function onGrid(path: string, values: Series | undefined, grid: Grid): void {
  agree(path, values, grid.horizontal.length * grid.vertical.length, 'the grid');
}

function checkCurves(owner: string, fields: readonly Trajectory[]): void {
  for (const [i, field] of fields.entries()) {
    const path = `${owner}.fields[${i}]`;
    for (const part of ['solution', 'reference', 'data', 'later'] as const) {
      const curve = field[part];
      if (curve) agree(`${path}.${part}.values`, curve.values, curve.at.length, 'at');
    }
    for (const part of ['band', 'prediction'] as const) {
      const band = field[part];
      if (band === undefined) continue;
      agree(`${path}.${part}.low`, band.low, band.at.length, 'at');
      agree(`${path}.${part}.high`, band.high, band.at.length, 'at');
    }
  }
}

/** Throws ProblemError naming the first place where two lengths differ. */
export function checkReport(data: ReportData): void {
  if (typeof data.title !== 'string' || data.title === '') {
    throw new ProblemError('a report needs a title', { path: 'title' });
  }
  const {
    estimates,
    trajectories,
    surfaces,
    history,
    parameters,
    residuals,
    profiles,
    reproduction,
    assumptions,
    forecasts,
  } = data;
  for (const [i, row] of (estimates?.rows ?? []).entries()) {
    agree(`estimates.rows[${i}].values`, row.values.map(Number), estimates!.methods.length, 'methods');
  }
  checkCurves('trajectories', trajectories?.fields ?? []);
  for (const [i, { fields }] of (forecasts?.frames ?? []).entries()) {
    agree(
      `forecasts.frames[${i}].fields`,
      { length: fields.length },
      forecasts!.frames[0].fields.length,
      'the first frame',
    );
    checkCurves(`forecasts.frames[${i}]`, fields);
  }
  for (const [i, profile] of (profiles?.profiles ?? []).entries())
    agree(`profiles.profiles[${i}].deviance`, profile.deviance, profile.values.length, 'values');
  for (const [i, row] of (assumptions?.rows ?? []).entries())
    if (row.failure === undefined)
      agree(
        `assumptions.rows[${i}].values`,
        row.values.map(Number),
        assumptions!.quantities.length,
        'quantities',
      );
  if (reproduction !== undefined)
    agree('reproduction.curve.values', reproduction.curve.values, reproduction.curve.at.length, 'at');
  for (const [i, field] of (surfaces?.fields ?? []).entries()) {
    onGrid(`surfaces.fields[${i}].solution`, field.solution, surfaces!.grid);
    onGrid(`surfaces.fields[${i}].reference`, field.reference, surfaces!.grid);
  }
  if (history) {
    const count = history.iterations.length;
    agree('history.total', history.total, count, 'iterations');
    for (const [i, term] of (history.terms ?? []).entries()) {
      agree(`history.terms[${i}].values`, term.values, count, 'iterations');
    }
  }
  for (const [i, parameter] of (parameters?.parameters ?? []).entries()) {
    agree(
      `parameters.parameters[${i}].values`,
      parameter.values,
      parameters!.iterations.length,
      'iterations',
    );
  }
  for (const [i, residual] of (residuals ?? []).entries()) {
    if ('curve' in residual) {
      agree(`residuals[${i}].curve.values`, residual.curve.values, residual.curve.at.length, 'at');
    } else {
      onGrid(`residuals[${i}].values`, residual.values, residual.grid);
    }
  }
}
