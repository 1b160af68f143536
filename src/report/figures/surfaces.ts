/** Fields over two coordinates as heat maps: the network, the reference, their distance. */
import { formatNumber } from '../number-format.ts';
import type { Label, Surface, SurfaceFit } from '../report-data.ts';
import { columnsFor, extent, type Figure, heldText, type Panel, positionOfLargest } from './figure.ts';
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

function isCompared({ fields }: SurfaceFit): boolean {
  return fields.some((field) => field.reference);
}

/** @param plane  which one, where there are several */
function surfacePanels(field: Surface, fit: SurfaceFit, plane: string, columns: Figure['columns']): Panel[] {
  const reference = fit.referenceName ?? 'reference';
  const which = (text: string): string => (plane === '' ? text : `${text} ${plane}`);
  const { coordinates, grid, equalScale, marks } = fit;
  const common = { coordinates, grid, equalScale, marks, columns };
  // One scale for both, so that equal colours are equal values.
  const range = extent(field.solution, field.reference);
  const panels = [
    heatMapPanel({
      ...common,
      title: titled(field, which('network')),
      description: `${field.name} by ${which('the network')}`,
      values: field.solution,
      colorscale: 'Viridis',
      range,
    }),
  ];
  if (field.reference !== undefined) {
    panels.push(
      heatMapPanel({
        ...common,
        title: titled(field, which(reference)),
        description: `${field.name} by ${which(reference)}`,
        values: field.reference,
        colorscale: 'Viridis',
        range,
      }),
      heatMapPanel({
        ...common,
        title: titled(field, which('absolute error')),
        description: `${which('absolute error')} of ${field.name}`,
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

function overText({ coordinates }: SurfaceFit): string {
  return `over ${coordinates.map(({ name }) => name).join(' and ')}`;
}

/** Whether planes differ only in what is held. */
function areParallel(fits: readonly SurfaceFit[]): boolean {
  return new Set(fits.map(overText)).size === 1;
}

/** "at t = 1", with what else is held; the coordinates too where planes differ in them. */
function planeText(fit: SurfaceFit, fits: readonly SurfaceFit[]): string {
  const held = heldText(fit.fixed);
  return (areParallel(fits) ? held : `${overText(fit)}${held}`).trim();
}

/** "a, b and c". */
function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

/** @param planes  further planes through the same fields */
export function surfaceFigure(
  first: SurfaceFit | undefined,
  planes: readonly SurfaceFit[] = [],
): Figure | null {
  if (first === undefined || first.fields.length === 0) return null;
  const fits = [first, ...planes];
  const compared = isCompared(first);
  const panels = fits.reduce((sum, fit) => sum + fit.fields.length, 0);
  const columns = compared ? 3 : columnsFor(panels);
  const places = listed(fits.map((fit) => planeText(fit, fits)));
  const where = areParallel(fits) ? `${overText(first)} ${places}`.trim() : places;
  const caption = compared
    ? `The solution ${where}: the network, ${first.referenceName ?? 'the reference'} on the same colours, and their absolute difference.`
    : `The solution ${where} by the network.`;
  const marked = first.marks === undefined ? '' : ` The points are ${first.marks.name}.`;
  return {
    id: 'surfaces',
    caption: caption + marked + first.fields.map((field) => largestError(field, first)).join(''),
    panels: fits.flatMap((fit) => {
      const plane = planes.length === 0 ? '' : planeText(fit, fits);
      return fit.fields.flatMap((field) => surfacePanels(field, fit, plane, columns));
    }),
    legend: [],
    columns,
  };
}
