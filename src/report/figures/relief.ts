/** A quantity over two coordinates as a surface in space, that can be turned. */
import { formatNumber } from '../number-format.ts';
import type { MapPanel } from '../report-section.ts';
import { extent, figureText, nameText, type Panel, pick, thinned } from './figure.ts';
import { color } from './palette.ts';

/** Lines of a surface: more are slow to turn. */
const mostLines = 81;

/** Height of the box of a relief, over its longer side. */
const steepness = 0.6;

function sceneAxis(title: string, options: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    title: { text: figureText(title), font: { color: color('muted'), size: 12 } },
    tickfont: { color: color('muted'), size: 10 },
    gridcolor: color('rule'),
    linecolor: color('muted'),
    zeroline: false,
    showspikes: false,
    nticks: 5,
    exponentformat: 'power',
    ...options,
  };
}

/** Points stand on the floor of the box: on the surface they would be lost in it. */
function markTrace({ marks, range }: MapPanel, floor: number): Record<string, unknown>[] {
  if (marks === undefined) return [];
  return [
    {
      type: 'scatter3d',
      mode: 'markers',
      name: figureText(marks.name),
      x: Array.from(marks.horizontal),
      y: Array.from(marks.vertical),
      z: Array.from(marks.horizontal, () => range?.[0] ?? floor),
      marker: { size: 3.5, color: color('observation') },
      hovertemplate: `(%{x:.4~g}, %{y:.4~g})<extra>${figureText(marks.name)}</extra>`,
    },
  ];
}

/** @param description  for readers who cannot see it */
export function reliefPanel(map: MapPanel, description: string): Panel {
  const { horizontal, vertical } = map.grid;
  const columns = thinned(horizontal.length, mostLines);
  const rows = thinned(vertical.length, mostLines);
  const range = map.range ?? extent(map.values) ?? [0, 1];
  const [a, b] = [horizontal, vertical].map((at) => Math.abs(at[at.length - 1] - at[0]) || 1);
  const longest = map.equalScale ? Math.max(a, b) : 0;
  const error = map.colors === 'error';
  return {
    title: map.title,
    description: `${description}, from ${formatNumber(range[0], 3)} to ${formatNumber(range[1], 3)}`,
    height: 20,
    traces: [
      {
        type: 'surface',
        x: pick(horizontal, columns),
        y: pick(vertical, rows),
        z: rows.map((row) =>
          columns.map((column) => {
            const value = map.values[row * horizontal.length + column];
            return Number.isFinite(value) ? value : null;
          }),
        ),
        cmin: range[0],
        cmax: range[1],
        colorscale: error ? 'YlOrRd' : 'Viridis',
        reversescale: error,
        showscale: false,
        connectgaps: false,
        lighting: { ambient: 0.75, diffuse: 0.5, specular: 0.05, roughness: 0.9 },
        contours: { x: { highlight: false }, y: { highlight: false }, z: { highlight: false } },
        hovertemplate: '(%{x:.4~g}, %{y:.4~g}): %{z:.4~g}<extra></extra>',
      },
      ...markTrace(map, range[0]),
    ],
    layout: {
      scene: {
        xaxis: sceneAxis(nameText(map.coordinates[0])),
        yaxis: sceneAxis(nameText(map.coordinates[1])),
        zaxis: sceneAxis('', { range }),
        aspectmode: 'manual',
        aspectratio: {
          x: longest > 0 ? a / longest : 1,
          y: longest > 0 ? b / longest : 1,
          z: steepness,
        },
        camera: { eye: { x: 1.55, y: -1.95, z: 1.25 }, center: { x: 0, y: 0, z: -0.12 } },
        dragmode: 'turntable',
      },
      margin: { l: 0, r: 0, t: 0, b: 0 },
      showlegend: false,
      font: { family: 'system-ui, sans-serif', size: 12, color: color('ink') },
      paper_bgcolor: color('paper'),
    },
  };
}
