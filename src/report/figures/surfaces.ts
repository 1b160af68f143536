/** Fields over two coordinates as heat maps: the network, the reference, their distance. */
import { formatNumber } from '../number-format.ts';
import type { Label, Surface, SurfaceFit } from '../report-data.ts';
import { extent, type Figure, heldText, type Panel, positionOfLargest } from './figure.ts';
import { heatMapPanel } from './heat-map.ts';

function absoluteError(field: Surface): Float64Array | null {
  if (field.reference === undefined) return null;
  return Float64Array.from(field.solution, (value, i) => Math.abs(value - field.reference![i]));
}

function titled(field: Surface, text: string): Label {
  return {
    name: `${field.name}, ${text}`,
    tex:
      field.tex === undefined ? undefined : `${field.tex},\\ \\text{${text.replace(/[\\{}$#%&_^~]/g, ' ')}}`,
  };
}

function surfacePanels(field: Surface, fit: SurfaceFit): Panel[] {
  const reference = fit.referenceName ?? 'reference';
  const common = { coordinates: fit.coordinates, grid: fit.grid, equalScale: fit.equalScale };
  // One scale for both, so that equal colours are equal values.
  const range = extent(field.solution, field.reference);
  const panels = [
    heatMapPanel({
      ...common,
      title: titled(field, 'network'),
      description: `${field.name} by the network`,
      values: field.solution,
      colorscale: 'Viridis',
      range,
    }),
  ];
  if (field.reference !== undefined) {
    panels.push(
      heatMapPanel({
        ...common,
        title: titled(field, reference),
        description: `${field.name} by ${reference}`,
        values: field.reference,
        colorscale: 'Viridis',
        range,
      }),
      heatMapPanel({
        ...common,
        title: titled(field, 'absolute error'),
        description: `absolute error of ${field.name}`,
        values: absoluteError(field)!,
        colorscale: 'YlOrRd',
        reversed: true,
      }),
    );
  }
  return panels;
}

function largestError(field: Surface, fit: SurfaceFit): string {
  const error = absoluteError(field);
  const position = error === null ? -1 : positionOfLargest(error);
  if (error === null || position < 0) return '';
  const width = fit.grid.horizontal.length;
  const [first, second] = fit.coordinates;
  const at =
    `${first.name} = ${formatNumber(fit.grid.horizontal[position % width], 3)}, ` +
    `${second.name} = ${formatNumber(fit.grid.vertical[Math.floor(position / width)], 3)}`;
  return ` The largest absolute error of ${field.name} on this grid, ${formatNumber(error[position], 3)}, lies at ${at}.`;
}

export function surfaceFigure(fit: SurfaceFit | undefined): Figure | null {
  if (fit === undefined || fit.fields.length === 0) return null;
  const [first, second] = fit.coordinates;
  const compared = fit.fields.some((field) => field.reference);
  const where = `over ${first.name} and ${second.name}${heldText(fit.fixed)}`;
  const caption = compared
    ? `The solution ${where}: the network, ${fit.referenceName ?? 'the reference'} on the same colours, and their absolute difference.`
    : `The solution ${where} by the network.`;
  return {
    id: 'surfaces',
    caption: caption + fit.fields.map((field) => largestError(field, fit)).join(''),
    panels: fit.fields.flatMap((field) => surfacePanels(field, fit)),
    legend: [],
    columns: compared ? 3 : fit.fields.length === 1 ? 1 : 2,
  };
}
