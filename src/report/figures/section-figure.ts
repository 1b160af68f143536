/** The figures of sections that an author adds. */
import type { Label } from '../report-data.ts';
import type { MapPanel, PlotPanel, SectionFigure } from '../report-section.ts';
import {
  axis,
  columnsFor,
  type Figure,
  figureText,
  type LegendEntry,
  layout,
  line,
  type Panel,
  quantityText,
  type Trace,
} from './figure.ts';
import { heatMapPanel } from './heat-map.ts';
import { color, lineColor } from './palette.ts';
import { reliefPanel } from './relief.ts';

const titleOf = (title: Label | undefined, otherwise: string): string => title?.name ?? otherwise;

function mapPanel(map: MapPanel, columns: Figure['columns']): Panel {
  const description = `${titleOf(map.title, 'values')} over ${map.coordinates.map(({ name }) => name).join(' and ')}`;
  const logarithm = (value: number): number => (value > 0 ? Math.log10(value) : Number.NaN);
  const shown: MapPanel = map.logarithmic
    ? {
        ...map,
        values: Float64Array.from(map.values, logarithm),
        range: map.range && [logarithm(map.range[0]), logarithm(map.range[1])],
      }
    : map;
  if (shown.relief === true) return reliefPanel(shown, description);
  const error = shown.colors === 'error';
  return heatMapPanel({
    ...shown,
    title: shown.title,
    description,
    columns,
    colorscale: error ? 'YlOrRd' : 'Viridis',
    reversed: error,
  });
}

/** One colour for one name in all panels of a figure. */
type Colors = ReadonlyMap<string, ReturnType<typeof lineColor>>;

function curveTrace({ name, curve, mark }: PlotPanel['curves'][number], colors: Colors): Trace {
  const own = colors.get(name)!;
  if (mark !== 'circle') {
    const trace = line(curve.at, curve.values, name, own, mark === 'dashes' ? 1.6 : 2.2);
    const dash = mark === 'dashes' ? { dash: 'dash' } : {};
    return { ...trace, line: { ...(trace.line as object), ...dash } };
  }
  return {
    type: 'scatter',
    mode: 'markers',
    name: figureText(name),
    x: Array.from(curve.at),
    y: Array.from(curve.values),
    marker: { size: 4, opacity: 0.75, color: color(own) },
  };
}

function plotPanel(plot: PlotPanel, colors: Colors): Panel {
  const scale = plot.logarithmic ? { type: 'log' } : {};
  return {
    title: plot.title,
    description: `${titleOf(plot.title, plot.vertical.name)} over ${plot.horizontal.name}`,
    traces: plot.curves.map((curve) => curveTrace(curve, colors)),
    layout: layout(axis(quantityText(plot.horizontal)), axis(quantityText(plot.vertical), scale)),
  };
}

/** @param id  of the figure in the page */
export function sectionFigure({ caption, panels, columns }: SectionFigure, id: string): Figure {
  const curves = panels.flatMap((panel) => ('curves' in panel ? panel.curves : []));
  const names = [...new Set(curves.map(({ name }) => name))];
  const colors: Colors = new Map(names.map((name, i) => [name, lineColor(i)]));
  const legend = names.map((name): LegendEntry => {
    const mark = curves.find((curve) => curve.name === name)?.mark ?? 'line';
    return { label: name, mark, color: colors.get(name)! };
  });
  const marks = panels.flatMap((panel) =>
    'grid' in panel && panel.marks !== undefined ? [panel.marks.name] : [],
  );
  for (const label of new Set(marks)) legend.push({ label, mark: 'circle', color: 'observation' });
  const perRow = columns ?? columnsFor(panels.length);
  return {
    id,
    caption,
    panels: panels.map((panel) => ('grid' in panel ? mapPanel(panel, perRow) : plotPanel(panel, colors))),
    legend,
    columns: perRow,
  };
}
