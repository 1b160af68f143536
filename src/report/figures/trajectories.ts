/** Fields over one coordinate, with the reference, an interval and the observations. */
import type { Trajectory, TrajectoryFit } from '../report-data.ts';
import {
  axis,
  columnsFor,
  extent,
  type Figure,
  figureText,
  type LegendEntry,
  layout,
  line,
  type Panel,
  padded,
  quantityText,
  referenceLine,
  type Trace,
} from './figure.ts';
import { color } from './palette.ts';

function bandTraces(band: NonNullable<Trajectory['band']>, name: string): Trace[] {
  const edge = {
    type: 'scatter',
    mode: 'lines',
    x: band.at,
    line: { width: 0, color: color('band') },
    hoverinfo: 'skip',
  };
  return [
    { ...edge, y: band.low, name: figureText(`${name}, low`) },
    { ...edge, y: band.high, name: figureText(`${name}, high`), fill: 'tonexty', fillcolor: color('band') },
  ];
}

function trajectoryPanel(field: Trajectory, fit: TrajectoryFit): Panel {
  const traces: Trace[] = [];
  if (field.band) traces.push(...bandTraces(field.band, fit.bandName ?? 'band'));
  traces.push(line(field.solution.at, field.solution.values, 'network', 'network'));
  if (field.reference) {
    traces.push(referenceLine(field.reference.at, field.reference.values, fit.referenceName ?? 'reference'));
  }
  if (field.data) {
    traces.push({
      type: 'scatter',
      mode: 'markers',
      cliponaxis: false,
      name: 'data',
      x: field.data.at,
      y: field.data.values,
      marker: { symbol: 'circle-open', size: 8, color: color('observation'), line: { width: 1.6 } },
    });
  }
  const range = extent(
    field.solution.values,
    field.reference?.values,
    field.data?.values,
    field.band?.low,
    field.band?.high,
  );
  const span = extent(field.solution.at, field.reference?.at, field.data?.at, field.band?.at);
  // An axis from zero shows sizes truly, but would flatten a field that varies little about a large value.
  const fromZero = range !== null && range[0] >= 0 && range[0] < range[1] / 2;
  return {
    title: field,
    description: `${field.name} over ${fit.coordinate.name}`,
    traces,
    layout: layout(
      axis(quantityText(fit.coordinate), span === null || span[0] === span[1] ? {} : { range: padded(span) }),
      axis(quantityText(field), { rangemode: fromZero ? 'tozero' : 'normal' }),
    ),
  };
}

export function trajectoryFigure(fit: TrajectoryFit | undefined): Figure | null {
  if (fit === undefined || fit.fields.length === 0) return null;
  const reference = fit.referenceName ?? 'reference';
  const band = fit.bandName ?? 'band';
  const observed = fit.fields.filter((field) => field.data !== undefined && field.data.at.length > 0);
  const legend: LegendEntry[] = [{ label: 'network', mark: 'line', color: 'network' }];
  const parts = [`The solution over ${quantityText(fit.coordinate)}: solid line, the network`];
  if (fit.fields.some((field) => field.reference)) {
    legend.push({ label: reference, mark: 'dashes', color: 'ink' });
    parts.push(`dashed line, ${reference}`);
  }
  if (fit.fields.some((field) => field.band)) {
    legend.push({ label: band, mark: 'band', color: 'band' });
    parts.push(`shaded, ${band}`);
  }
  if (observed.length > 0) {
    legend.push({ label: 'data', mark: 'circle', color: 'observation' });
    const counts = observed.map((field) => `${field.data!.at.length} of ${field.name}`);
    parts.push(`circles, the observations (${counts.join(', ')})`);
  }
  return {
    id: 'trajectories',
    caption: `${parts.join('; ')}.`,
    panels: fit.fields.map((field) => trajectoryPanel(field, fit)),
    legend,
    columns: columnsFor(fit.fields.length),
  };
}
