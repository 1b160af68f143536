/** The figures of sections that an author adds. */
import type { Label } from '../report-data.ts';
import type { MapPanel, NamedCurve, PlotPanel, SectionFigure, SectionPanel } from '../report-section.ts';
import { animatedPanel } from './animated-plot.ts';
import { columnsFor, type Figure, type LegendEntry, type Panel } from './figure.ts';
import { heatMapPanel } from './heat-map.ts';
import { imagePanel } from './images.ts';
import { matrixPanel } from './matrix.ts';
import { color, lineColor } from './palette.ts';
import { reliefPanel } from './relief.ts';
import { type Colors, curveTrace, plotLayout } from './section-curves.ts';

const titleOf = (title: Label | undefined, otherwise: string): string => title?.name ?? otherwise;

function mapPanel(map: MapPanel, columns: Figure['columns'], colors: Colors): Panel {
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
  const panel = heatMapPanel({
    ...shown,
    title: shown.title,
    description,
    columns,
    colorscale: error ? 'YlOrRd' : 'Viridis',
    reversed: error,
  });
  const curves = (map.curves ?? []).map((curve) => {
    const trace = curveTrace(curve, colors);
    if (curve.mark !== 'circle') return trace;
    const rim = { size: 6, opacity: 1, line: { color: color('paper'), width: 1 } };
    return { ...trace, marker: { ...(trace.marker as object), ...rim } };
  });
  return { ...panel, traces: [...panel.traces, ...curves] };
}

function plotPanel(plot: PlotPanel, description: string, colors: Colors): Panel {
  return {
    title: plot.title,
    description,
    traces: plot.curves.map((curve) => curveTrace(curve, colors)),
    layout: plotLayout(plot),
  };
}

function panelOf(panel: SectionPanel, columns: Figure['columns'], colors: Colors): Panel {
  if ('grid' in panel) return mapPanel(panel, columns, colors);
  if ('images' in panel) return imagePanel(panel, titleOf(panel.title, `${panel.images.length} pictures`));
  if ('entries' in panel)
    return matrixPanel(panel, titleOf(panel.title, `${panel.rows.name} by ${panel.columns.name}`));
  const description = `${titleOf(panel.title, panel.vertical.name)} over ${panel.horizontal.name}`;
  return 'frames' in panel
    ? animatedPanel(panel, description, colors)
    : plotPanel(panel, description, colors);
}

function curvesOf(panel: SectionPanel): readonly NamedCurve[] {
  if ('frames' in panel) return panel.frames[0].curves;
  return ('curves' in panel ? panel.curves : undefined) ?? [];
}

const legendMarks = {
  line: 'line',
  dashes: 'dashes',
  circle: 'circle',
  cross: 'cross',
  bars: 'band',
} as const;

/** @param id  of the figure in the page */
export function sectionFigure({ caption, panels, columns }: SectionFigure, id: string): Figure {
  const curves = panels.flatMap(curvesOf);
  const names = [...new Set(curves.map(({ name }) => name))];
  const colors: Colors = new Map(names.map((name, i) => [name, lineColor(i)]));
  const legend = names.map((name): LegendEntry => {
    const mark = curves.find((curve) => curve.name === name)?.mark ?? 'line';
    return { label: name, mark: legendMarks[mark], color: colors.get(name)! };
  });
  const marks = panels.flatMap((panel) =>
    'grid' in panel && panel.marks !== undefined ? [panel.marks.name] : [],
  );
  for (const label of new Set(marks)) legend.push({ label, mark: 'circle', color: 'observation' });
  const perRow = columns ?? columnsFor(panels.length);
  return {
    id,
    caption,
    panels: panels.map((panel) => panelOf(panel, perRow, colors)),
    legend,
    columns: perRow,
  };
}
