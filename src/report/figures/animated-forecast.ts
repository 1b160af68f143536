/** A forecast made again as data arrive: one plot of frames with a slider, fields below each other. */
import type { ForecastAnimation, ForecastFrame, Trajectory } from '../report-data.ts';
import { bandTraces } from './band.ts';
import {
  axis,
  extent,
  type Figure,
  type LegendEntry,
  layout,
  line,
  padded,
  quantityText,
  referenceLine,
  type Trace,
} from './figure.ts';
import { frameControls } from './frame-controls.ts';
import { color } from './palette.ts';

/** A band reaches out of the plot by what is wider than this share of the range of all else. */
const shownBand = 0.35;

const secondsPerFrame = 0.8;

/** Height of a plot of `fields` rows, in rem. */
const heightOf = (fields: number): number => 9 + 10 * fields;

function circles(data: Trajectory['data'], name: string, symbol: string, size: number): Trace {
  return {
    type: 'scatter',
    mode: 'markers',
    cliponaxis: false,
    name,
    x: data?.at ?? [],
    y: data?.values ?? [],
    marker: { symbol, size, color: color('observation'), line: { width: 1.4 } },
  };
}

/** Vertical range of a field that holds for all frames, so that they can be compared. */
function rangeOf(frames: readonly ForecastFrame[], f: number): [number, number] {
  const own = frames.map(({ fields }) => fields[f]);
  const [low, high] = extent(
    ...own.flatMap(({ solution, reference, data, later }) => [
      solution.values,
      reference?.values,
      data?.values,
      later?.values,
    ]),
  ) ?? [0, 1];
  const [bottom, top] = extent(...own.flatMap(({ band }) => [band?.low, band?.high])) ?? [low, high];
  const room = shownBand * (high - low || 1);
  return padded([Math.max(low - room, Math.min(low, bottom)), Math.min(high + room, Math.max(high, top))]);
}

/** All traces of a frame, in the same order in every frame. */
function tracesOf(
  frame: ForecastFrame,
  ranges: readonly (readonly [number, number])[],
  { bandName = 'band', referenceName = 'reference' }: ForecastAnimation,
): Trace[] {
  return frame.fields.flatMap((field, f) => {
    const { solution, reference, band = { at: [], low: [], high: [] } } = field;
    const traces = [
      ...bandTraces(band, bandName, 'band'),
      line(solution.at, solution.values, 'forecast', 'network'),
      referenceLine(reference?.at ?? [], reference?.values ?? [], referenceName),
      circles(field.data, 'seen', 'circle-open', 7),
      circles(field.later, 'not yet seen', 'x-thin-open', 5),
      {
        type: 'scatter',
        mode: 'lines',
        hoverinfo: 'skip',
        name: 'today',
        x: [frame.from, frame.from],
        y: ranges[f],
        line: { color: color('muted'), width: 1.2, dash: 'dot' },
      },
    ];
    const [xaxis, yaxis] = f === 0 ? ['x', 'y'] : ['x', `y${f + 1}`];
    return traces.map((trace) => ({ ...trace, xaxis, yaxis }));
  });
}

export function forecastFigure(animation: ForecastAnimation | undefined): Figure | null {
  if (animation === undefined || animation.frames.length === 0) return null;
  const { frames, coordinate, bandName = 'band', referenceName = 'reference' } = animation;
  const [{ fields }] = frames;
  const ranges = fields.map((_, f) => rangeOf(frames, f));
  const traces = frames.map((frame) => tracesOf(frame, ranges, animation));
  const has = (part: 'reference' | 'band' | 'later'): boolean =>
    frames.some((frame) => frame.fields.some((field) => field[part] !== undefined));
  const legend: LegendEntry[] = [{ label: 'forecast', mark: 'line', color: 'network' }];
  if (has('band')) legend.push({ label: bandName, mark: 'band', color: 'band' });
  if (has('reference')) legend.push({ label: referenceName, mark: 'dashes', color: 'ink' });
  legend.push({ label: 'data seen', mark: 'circle', color: 'observation' });
  if (has('later')) legend.push({ label: 'data not yet seen', mark: 'cross', color: 'observation' });
  const span = extent(...frames.flatMap((f) => f.fields.map(({ solution }) => solution.at))) ?? [0, 1];
  const gap = 0.035;
  const row = (1 - gap * (fields.length - 1)) / fields.length;
  const vertical = fields.map((field, f): [string, Trace] => {
    const top = 1 - f * (row + gap);
    return [
      f === 0 ? 'yaxis' : `yaxis${f + 1}`,
      axis(quantityText(field), { range: ranges[f], domain: [Math.max(0, top - row), top], nticks: 5 }),
    ];
  });
  const horizontal = axis(quantityText(coordinate), {
    range: padded(span),
    anchor: fields.length === 1 ? 'y' : `y${fields.length}`,
  });
  const [, first] = vertical[0];
  return {
    id: 'forecasts',
    caption: `The forecast after each of ${frames.length} arrivals of data, from ${frames[0].label} to ${frames[frames.length - 1].label}: the slider, or Play, goes from one to the next. A dotted line marks where the data end.`,
    panels: [
      {
        description: `${fields.map(({ name }) => name).join(', ')} over ${coordinate.name}, forecast as data arrive`,
        traces: traces[0],
        layout: layout(horizontal, first, {
          ...Object.fromEntries(vertical.slice(1)),
          ...frameControls(
            frames.map(({ label }) => label),
            secondsPerFrame,
          ),
        }),
        frames: traces.map((all, i) => ({
          name: String(i),
          data: all.map(({ x, y }) => ({ x, y })),
          traces: all.map((_, k) => k),
        })),
        height: heightOf(fields.length),
      },
    ],
    legend,
    columns: 1,
  };
}
