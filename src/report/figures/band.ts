/** A shaded band between two curves. */
import type { Series } from '../report-data.ts';
import { figureText, type Trace } from './figure.ts';
import { type ColorName, color } from './palette.ts';

export interface BandCurves {
  readonly at: Series;
  readonly low: Series;
  readonly high: Series;
}

export function bandTraces(band: BandCurves, name: string, fill: ColorName): Trace[] {
  const edge = {
    type: 'scatter',
    mode: 'lines',
    x: band.at,
    line: { width: 0, color: color(fill) },
    hoverinfo: 'skip',
  };
  return [
    { ...edge, y: band.low, name: figureText(`${name}, low`) },
    { ...edge, y: band.high, name: figureText(`${name}, high`), fill: 'tonexty', fillcolor: color(fill) },
  ];
}
