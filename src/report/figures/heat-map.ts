/** A heat map over a rectangular grid. */
import type { Grid, Marks, Quantity, Series } from '../quantities.ts';
import { axis, figureText, layout, type Panel, pick, quantityText, type Trace, thinned } from './figure.ts';
import { color } from './palette.ts';

/** More lines than a panel has pixels to tell apart would only swell the file. */
const MOST_LINES = 201;

export interface HeatMap {
  readonly title: Panel['title'];
  readonly description: string;
  readonly coordinates: readonly [Quantity, Quantity];
  readonly grid: Grid;
  /** (vertical.length, horizontal.length), row-major. */
  readonly values: Series;
  readonly colorscale: string | readonly (readonly [number, string])[];
  /** Values at the two ends of the colours; default: those of the map itself. */
  readonly range?: readonly [number, number] | null;
  readonly reversed?: boolean;
  /** True where values are decimal logarithms. */
  readonly logarithmic?: boolean;
  readonly equalScale?: boolean;
  readonly marks?: Marks;
  /** How many panels share a row; default 1. */
  readonly columns?: 1 | 2 | 3;
}

/** Width of a panel in rem, by how many share a row, and what axes, title and colours take of its height. */
const panelWidth = { 1: 27, 2: 22, 3: 16 } as const;
const aroundMap = 6.5;
const [lowest, highest] = [12, 38];

/** Height in rem of a panel whose map fills its width at equal scales. */
function equalScaleHeight({ horizontal, vertical }: Grid, columns: 1 | 2 | 3): number {
  const [width, height] = [horizontal, vertical].map((at) => Math.abs(at[at.length - 1] - at[0]));
  const filled = aroundMap + (panelWidth[columns] * height) / width;
  return Math.round(Math.min(highest, Math.max(lowest, filled)));
}

function markTraces(marks: Marks | undefined): Trace[] {
  if (marks === undefined) return [];
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name: figureText(marks.name),
      x: Array.from(marks.horizontal),
      y: Array.from(marks.vertical),
      marker: { size: 6, color: color('observation'), line: { color: color('paper'), width: 1 } },
      hovertemplate: `(%{x:.4~g}, %{y:.4~g})<extra>${figureText(marks.name)}</extra>`,
    },
  ];
}

export function heatMapPanel(map: HeatMap): Panel {
  const { horizontal, vertical } = map.grid;
  const columns = thinned(horizontal.length, MOST_LINES);
  const rows = thinned(vertical.length, MOST_LINES);
  const width = horizontal.length;
  const equal = map.equalScale ? { scaleanchor: 'x', constrain: 'domain' } : {};
  // Beside a map of equal scales a bar would take the width that the map needs.
  const place = map.equalScale
    ? { orientation: 'h', x: 0.5, xanchor: 'center', y: 1.01, yanchor: 'bottom', len: 0.96 }
    : {};
  const bounds = map.range ? { zmin: map.range[0], zmax: map.range[1] } : {};
  const shown = map.logarithmic ? '10^%{z:.2f}' : '%{z:.4~g}';
  return {
    title: map.title,
    description: map.description,
    height: map.equalScale ? equalScaleHeight(map.grid, map.columns ?? 1) : undefined,
    traces: [
      {
        type: 'heatmap',
        x: pick(horizontal, columns),
        y: pick(vertical, rows),
        z: rows.map((row) => columns.map((column) => map.values[row * width + column])),
        colorscale: map.colorscale,
        reversescale: map.reversed ?? false,
        ...bounds,
        hovertemplate: `(%{x:.4~g}, %{y:.4~g}): ${shown}<extra></extra>`,
        colorbar: {
          ...place,
          thickness: 10,
          outlinewidth: 0,
          ticks: 'outside',
          ticklen: 3,
          nticks: 6,
          tickcolor: color('muted'),
          exponentformat: 'power',
          tickfont: { color: color('muted'), size: 11 },
          ...(map.logarithmic ? { tickprefix: '10<sup>', ticksuffix: '</sup>', tickformat: '~g' } : {}),
        },
      },
      ...markTraces(map.marks),
    ],
    layout: layout(
      axis(quantityText(map.coordinates[0]), { showgrid: false, constrain: 'domain' }),
      axis(quantityText(map.coordinates[1]), { showgrid: false, ...equal }),
    ),
  };
}
