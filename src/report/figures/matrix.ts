/** Counts by two kinds of labels, such as a confusion matrix. */
import type { MatrixPanel } from '../report-section.ts';
import { axis, extent, layout, type Panel } from './figure.ts';
import { color } from './palette.ts';

export function matrixPanel({ title, rows, columns, entries }: MatrixPanel, description: string): Panel {
  const [, high] = extent(entries) ?? [0, 1];
  const width = columns.labels.length;
  const table = rows.labels.map((_, i) => columns.labels.map((_, j) => entries[i * width + j]));
  const annotations = table.flatMap((row, i) =>
    row.map((value, j) => ({
      x: j,
      y: i,
      text: Number.isInteger(value) ? String(value) : value.toPrecision(2),
      showarrow: false,
      // Dark cells of the scale would hide dark figures, in the light scheme and in the dark one.
      font: { size: 11, color: value > 0.5 * high ? '#ffffff' : '#1b1d20' },
    })),
  );
  const ticks = (labels: readonly string[]): object => ({
    tickmode: 'array',
    tickvals: labels.map((_, i) => i),
    ticktext: labels,
    showgrid: false,
  });
  return {
    title,
    description,
    traces: [
      {
        type: 'heatmap',
        z: table,
        zmin: 0,
        zmax: high,
        colorscale: [
          [0, '#f2f6fa'],
          [1, '#12508a'],
        ],
        showscale: false,
        hovertemplate: `${rows.name} %{y}, ${columns.name} %{x}: %{z}<extra></extra>`,
        xgap: 1,
        ygap: 1,
      },
    ],
    layout: layout(
      axis(columns.name, { ...ticks(columns.labels), constrain: 'domain' }),
      axis(rows.name, { ...ticks(rows.labels), autorange: 'reversed', scaleanchor: 'x' }),
      { annotations, plot_bgcolor: color('paper') },
    ),
    height: Math.min(38, 8 + 2.2 * rows.labels.length),
  };
}
