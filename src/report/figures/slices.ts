/** Cuts through fields of two coordinates at fixed values of one of them. */
import { formatNumber } from '../number-format.ts';
import type { Series, Surface, SurfaceFit } from '../report-data.ts';
import {
  axis,
  columnsFor,
  extent,
  type Figure,
  heldText,
  type LegendEntry,
  layout,
  line,
  type Panel,
  padded,
  quantityText,
  referenceLine,
} from './figure.ts';

const DEFAULT_SLICES = 5;

function nearest(values: Series, target: number): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i] - target) < Math.abs(values[best] - target)) best = i;
  }
  return best;
}

function positions(fit: SurfaceFit): readonly number[] {
  const across = fit.slices?.coordinate === 1 ? fit.grid.vertical : fit.grid.horizontal;
  const last = across.length - 1;
  const wanted = fit.slices
    ? fit.slices.at.map((value) => nearest(across, value))
    : Array.from({ length: DEFAULT_SLICES }, (_, k) => Math.round((k * last) / (DEFAULT_SLICES - 1)));
  return [...new Set(wanted)];
}

function cut(values: Series, fit: SurfaceFit, position: number): number[] {
  const width = fit.grid.horizontal.length;
  if (fit.slices?.coordinate === 1) {
    return Array.from({ length: width }, (_, i) => values[position * width + i]);
  }
  return Array.from({ length: fit.grid.vertical.length }, (_, j) => values[j * width + position]);
}

function slicePanels(field: Surface, fit: SurfaceFit): Panel[] {
  const fixed = fit.slices?.coordinate ?? 0;
  const across = fixed === 1 ? fit.grid.vertical : fit.grid.horizontal;
  const along = fixed === 1 ? fit.grid.horizontal : fit.grid.vertical;
  const range = extent(field.solution, field.reference);
  const shared = range === null || range[0] === range[1] ? {} : { range: padded(range) };
  return positions(fit).map((position) => {
    const traces = [line(along, cut(field.solution, fit, position), 'network', 'network')];
    if (field.reference) {
      traces.push(
        referenceLine(along, cut(field.reference, fit, position), fit.referenceName ?? 'reference'),
      );
    }
    const where = `${fit.coordinates[fixed].name} = ${formatNumber(across[position], 3)}`;
    return {
      title: { name: fit.fields.length > 1 ? `${field.name} at ${where}` : where },
      description: `${field.name} at ${where}`,
      traces,
      layout: layout(axis(quantityText(fit.coordinates[1 - fixed])), axis(quantityText(field), shared)),
    };
  });
}

export function sliceFigure(fit: SurfaceFit | undefined): Figure | null {
  if (fit === undefined || fit.fields.length === 0) return null;
  const panels = fit.fields.flatMap((field) => slicePanels(field, fit));
  if (panels.length === 0) return null;
  const reference = fit.referenceName ?? 'reference';
  const legend: LegendEntry[] = [{ label: 'network', mark: 'line', color: 'network' }];
  const compared = fit.fields.some((field) => field.reference);
  if (compared) legend.push({ label: reference, mark: 'dashes', color: 'ink' });
  const fixed = fit.coordinates[fit.slices?.coordinate ?? 0].name;
  return {
    id: 'slices',
    caption: `Cuts at fixed ${fixed}${heldText(fit.fixed).replace(/^ at/, ' and')}: solid line, the network${compared ? `; dashed line, ${reference}` : ''}. The vertical scale is the same in all cuts of a field.`,
    panels,
    legend,
    columns: columnsFor(panels.length),
  };
}
