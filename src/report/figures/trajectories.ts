/** Fields over one coordinate, with the reference, an interval and the observations. */
import { formatNumber } from '../number-format.ts';
import type { Curve, Trajectory, TrajectoryFit } from '../report-data.ts';
import { bandTraces } from './band.ts';
import {
  axis,
  columnsFor,
  extent,
  type Figure,
  type LegendEntry,
  layout,
  line,
  type Panel,
  padded,
  quantityText,
  referenceLine,
  type Trace,
  verticalMark,
} from './figure.ts';
import { color } from './palette.ts';

function trajectoryPanel(field: Trajectory, fit: TrajectoryFit): Panel {
  const traces: Trace[] = [];
  if (field.prediction)
    traces.push(...bandTraces(field.prediction, fit.predictionName ?? 'prediction band', 'prediction'));
  if (field.band) traces.push(...bandTraces(field.band, fit.bandName ?? 'band', 'band'));
  traces.push(line(field.solution.at, field.solution.values, fit.solutionName ?? 'network', 'network'));
  if (field.reference) {
    traces.push(referenceLine(field.reference.at, field.reference.values, fit.referenceName ?? 'reference'));
  }
  if (field.data) traces.push(circles(field.data, 'data', 'circle-open'));
  if (field.later) traces.push(circles(field.later, 'held out', 'x-thin-open'));
  const range = extent(
    field.solution.values,
    field.reference?.values,
    field.data?.values,
    field.later?.values,
    field.band?.low,
    field.band?.high,
    field.prediction?.low,
    field.prediction?.high,
  );
  const span = extent(
    field.solution.at,
    field.reference?.at,
    field.data?.at,
    field.later?.at,
    field.band?.at,
  );
  // An axis from zero shows sizes truly, but would flatten a field that varies little about a large value.
  const fromZero = range !== null && range[0] >= 0 && range[0] < range[1] / 2;
  return {
    title: field,
    description: `${field.name} over ${fit.coordinate.name}`,
    traces,
    layout: layout(
      axis(quantityText(fit.coordinate), span === null || span[0] === span[1] ? {} : { range: padded(span) }),
      axis(quantityText(field), { rangemode: fromZero ? 'tozero' : 'normal' }),
      fit.forecastFrom === undefined ? {} : { shapes: [verticalMark(fit.forecastFrom)] },
    ),
  };
}

function circles(data: Curve, name: string, symbol: string): Trace {
  return {
    type: 'scatter',
    mode: 'markers',
    cliponaxis: false,
    name,
    x: data.at,
    y: data.values,
    marker: { symbol, size: 8, color: color('observation'), line: { width: 1.6 } },
  };
}

export function trajectoryFigure(fit: TrajectoryFit | undefined): Figure | null {
  if (fit === undefined || fit.fields.length === 0) return null;
  const reference = fit.referenceName ?? 'reference';
  const band = fit.bandName ?? 'band';
  const observed = fit.fields.filter((field) => field.data !== undefined && field.data.at.length > 0);
  const solution = fit.solutionName ?? 'network';
  const legend: LegendEntry[] = [{ label: solution, mark: 'line', color: 'network' }];
  const parts = [`The solution over ${quantityText(fit.coordinate)}: solid line, the ${solution}`];
  if (fit.fields.some((field) => field.reference)) {
    legend.push({ label: reference, mark: 'dashes', color: 'ink' });
    parts.push(`dashed line, ${reference}`);
  }
  if (fit.fields.some((field) => field.band)) {
    legend.push({ label: band, mark: 'band', color: 'band' });
    parts.push(`shaded, ${band}`);
  }
  if (fit.fields.some((field) => field.prediction)) {
    const prediction = fit.predictionName ?? 'prediction band';
    legend.push({ label: prediction, mark: 'band', color: 'prediction' });
    parts.push(`lightly shaded, ${prediction}`);
  }
  if (observed.length > 0) {
    legend.push({ label: 'data', mark: 'circle', color: 'observation' });
    const counts = observed.map((field) => `${field.data!.at.length} of ${field.name}`);
    parts.push(`circles, the observations (${counts.join(', ')})`);
  }
  if (fit.fields.some((field) => field.later)) {
    legend.push({ label: 'held out', mark: 'cross', color: 'observation' });
    parts.push('crosses, observations that were not fitted to');
  }
  if (fit.forecastFrom !== undefined)
    parts.push(
      `dotted, where the forecast begins (${fit.coordinate.name} = ${formatNumber(fit.forecastFrom)})`,
    );
  return {
    id: 'trajectories',
    caption: `${parts.join('; ')}.`,
    panels: fit.fields.map((field) => trajectoryPanel(field, fit)),
    legend,
    columns: columnsFor(fit.fields.length),
  };
}
