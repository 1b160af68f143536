/** A heat map over a rectangular grid. */
import type { Grid, Quantity, Series } from '../report-data.ts';
import { axis, layout, type Panel, pick, quantityText, thinned } from './figure.ts';
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
}

export function heatMapPanel(map: HeatMap): Panel {
  const { horizontal, vertical } = map.grid;
  const columns = thinned(horizontal.length, MOST_LINES);
  const rows = thinned(vertical.length, MOST_LINES);
  const width = horizontal.length;
  const equal = map.equalScale ? { scaleanchor: 'x', constrain: 'domain' } : {};
  const bounds = map.range ? { zmin: map.range[0], zmax: map.range[1] } : {};
  const shown = map.logarithmic ? '10^%{z:.2f}' : '%{z:.4~g}';
  return {
    title: map.title,
    description: map.description,
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
    ],
    layout: layout(
      axis(quantityText(map.coordinates[0]), { showgrid: false, constrain: 'domain' }),
      axis(quantityText(map.coordinates[1]), { showgrid: false, ...equal }),
    ),
  };
}
