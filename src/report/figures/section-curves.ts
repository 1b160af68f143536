/** Lines, points and bars of a section's figures. */
import type { NamedCurve, PlotPanel } from '../report-section.ts';
import { axis, figureText, layout, line, type Panel, padded, quantityText, type Trace } from './figure.ts';
import { type ColorName, color } from './palette.ts';

/** One colour for one name in all panels of a figure. */
export type Colors = ReadonlyMap<string, ColorName>;

/** More points than these are drawn small. */
const crowd = 60;

export function curveTrace({ name, curve, mark = 'line' }: NamedCurve, colors: Colors): Trace {
  const own = colors.get(name)!;
  if (mark === 'line' || mark === 'dashes') {
    const trace = line(curve.at, curve.values, name, own, mark === 'dashes' ? 1.6 : 2.2);
    const dash = mark === 'dashes' ? { dash: 'dash' } : {};
    return {
      ...trace,
      x: Array.from(curve.at),
      y: Array.from(curve.values),
      line: { ...(trace.line as object), ...dash },
    };
  }
  const data = { name: figureText(name), x: Array.from(curve.at), y: Array.from(curve.values) };
  if (mark === 'bars') return { type: 'bar', ...data, marker: { color: color(own), opacity: 0.7 } };
  const marker =
    mark === 'circle'
      ? { size: curve.at.length > crowd ? 4 : 7, opacity: 0.75, color: color(own) }
      : { size: 7, symbol: 'x-thin', line: { width: 2, color: color(own) } };
  return { type: 'scatter', mode: 'markers', ...data, marker };
}

/** What both axes of a plot are given: scale, ends, equal units. */
export function plotLayout(plot: Omit<PlotPanel, 'curves'>, more: Trace = {}): Panel['layout'] {
  const { horizontal, vertical, logarithmic, horizontalRange, verticalRange } = plot;
  const scale = (on: boolean, range: readonly [number, number] | undefined): Trace => ({
    ...(on ? { type: 'log' } : {}),
    ...(range === undefined ? {} : { range: on ? range.map(Math.log10) : padded(range) }),
  });
  return layout(
    axis(quantityText(horizontal), scale(logarithmic === 'both', horizontalRange)),
    axis(quantityText(vertical), {
      ...scale(logarithmic === true || logarithmic === 'both', verticalRange),
      ...(plot.equalScale ? { scaleanchor: 'x' } : {}),
    }),
    { barmode: 'overlay', bargap: 0.05, ...more },
  );
}
