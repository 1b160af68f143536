/** The geometry: parts of its boundary by name, their normals, interfaces, and points of training. */
import type { Columns, GeometryPart, GeometryView } from '../geometry-view.ts';
import {
  axis,
  extent,
  type Figure,
  figureText,
  type LegendEntry,
  layout,
  type Panel,
  quantityText,
  type Trace,
} from './figure.ts';
import { color, lineColor } from './palette.ts';

/** Length of a normal, over the longest side of the geometry. */
const normalLength = 0.06;

/** A part's colour; unnamed ones share the last. */
function colorsOf(parts: readonly GeometryPart[]): ReadonlyMap<string, ReturnType<typeof lineColor>> {
  return new Map([...new Set(parts.map(({ name }) => name))].map((name, i) => [name, lineColor(i)]));
}

const axesOf = (columns: Columns): Record<string, unknown> =>
  Object.fromEntries(columns.map((values, i) => ['xyz'[i], Array.from(values)]));

/** Segments from feet to tips, with gaps between them. */
function segments(feet: Columns, normals: Columns, length: number): Columns {
  return feet.map((values, i) =>
    Array.from(values).flatMap((foot, n) => [foot, foot + length * normals[i][n], Number.NaN]),
  );
}

function longestSide({ parts }: GeometryView): number {
  const sides = parts[0].outline.map((_, i) => {
    const [low, high] = extent(...parts.map(({ outline }) => outline[i])) ?? [0, 1];
    return high - low;
  });
  return Math.max(...sides) || 1;
}

function traces(view: GeometryView): Trace[] {
  const type = view.coordinates.length === 3 ? 'scatter3d' : 'scatter';
  const small = type === 'scatter3d' ? 1.6 : 3;
  const colors = colorsOf(view.parts);
  const length = normalLength * longestSide(view);
  const dots = (columns: Columns, name: string, own: string, size: number, options = {}): Trace => ({
    type,
    mode: 'markers',
    name: figureText(name),
    ...axesOf(columns),
    marker: { size, color: own, ...options },
    hovertemplate: `${view.coordinates.map((_, i) => `%{${'xyz'[i]}:.4~g}`).join(', ')}<extra>${figureText(name)}</extra>`,
  });
  const inside =
    view.points === undefined || type === 'scatter3d'
      ? []
      : [dots(view.points, 'points inside', color('muted'), 2.5, { opacity: 0.55 })];
  return [
    ...inside,
    ...view.parts.flatMap(({ name, outline, feet, normals }) => {
      const own = color(colors.get(name)!);
      const drawn = [dots(outline, name, own, small)];
      if (feet === undefined || normals === undefined) return drawn;
      return [
        ...drawn,
        {
          type,
          mode: 'lines',
          name: figureText(`normal of ${name}`),
          ...axesOf(segments(feet, normals, length)),
          connectgaps: false,
          hoverinfo: 'skip',
          line: { color: own, width: type === 'scatter3d' ? 2 : 1.4 },
        },
      ];
    }),
  ];
}

function plane(view: GeometryView): Panel {
  const [horizontal, vertical] = view.coordinates;
  return {
    description: 'the geometry with the parts of its boundary',
    traces: traces(view),
    layout: layout(
      axis(quantityText(horizontal), { constrain: 'domain', showgrid: false }),
      axis(quantityText(vertical), { scaleanchor: 'x', constrain: 'domain', showgrid: false }),
    ),
    height: 26,
  };
}

function space(view: GeometryView): Panel {
  const quiet = (title: string): Trace => ({
    title: { text: figureText(title) },
    tickfont: { color: color('muted'), size: 10 },
    gridcolor: color('rule'),
    zeroline: false,
    showspikes: false,
    nticks: 5,
  });
  const [x, y, z] = view.coordinates.map((coordinate) => quiet(quantityText(coordinate)));
  return {
    description: 'the geometry in space with the parts of its boundary',
    traces: traces(view),
    layout: {
      scene: { xaxis: x, yaxis: y, zaxis: z, aspectmode: 'data', dragmode: 'turntable' },
      margin: { l: 0, r: 0, t: 0, b: 0 },
      showlegend: false,
      font: { family: 'system-ui, sans-serif', size: 12, color: color('ink') },
      paper_bgcolor: color('paper'),
    },
    height: 28,
  };
}

export function geometryFigure(view: GeometryView | undefined): Figure | null {
  if (view === undefined || view.parts.length === 0) return null;
  const names = [...colorsOf(view.parts)];
  const inside = new Set(view.parts.flatMap(({ name, inside }) => (inside ? [name] : [])));
  const legend: LegendEntry[] = names.map(([label, own]) => ({
    label: inside.has(label) ? `${label} (interface)` : label,
    mark: 'line',
    color: own,
  }));
  const shown = view.points !== undefined && view.coordinates.length === 2;
  if (shown) legend.push({ label: 'points inside', mark: 'circle', color: 'muted' });
  return {
    id: 'geometry',
    caption: [
      'The geometry: parts of its boundary by name, with normals pointing outwards.',
      ...(inside.size > 0 ? ['Normals of an interface point out of its region.'] : []),
      ...(shown && view.pointWords !== undefined ? [`The points inside: ${view.pointWords}.`] : []),
    ].join(' '),
    panels: [view.coordinates.length === 3 ? space(view) : plane(view)],
    legend,
    columns: 1,
  };
}
