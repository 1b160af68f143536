/** R(t): how many further infections one infected person causes at that time. */
import type { ReproductionNumber } from '../report-data.ts';
import { bandTraces } from './band.ts';
import { axis, type Figure, horizontalMark, type LegendEntry, layout, line, quantityText } from './figure.ts';

export function reproductionFigure(data: ReproductionNumber | undefined): Figure | null {
  if (data === undefined || data.curve.at.length === 0) return null;
  const { coordinate, curve, band, bandName = 'band' } = data;
  const values = Array.from(curve.values);
  // The threshold of growth is crossed where it is, between two points.
  const crossing = values.findIndex((value, i) => i > 0 && values[i - 1] >= 1 && value < 1);
  const place =
    crossing < 0
      ? ''
      : `; it falls below 1 at ${coordinate.name} = ${(
          curve.at[crossing - 1] +
            ((values[crossing - 1] - 1) / (values[crossing - 1] - values[crossing])) *
              (curve.at[crossing] - curve.at[crossing - 1])
        ).toPrecision(3)}`;
  const legend: LegendEntry[] = [{ label: 'R(t)', mark: 'line', color: 'network' }];
  if (band !== undefined) legend.push({ label: bandName, mark: 'band', color: 'band' });
  return {
    id: 'reproduction-number',
    caption: `The effective reproduction number over ${quantityText(coordinate)}${place}. Above the dashed line at 1 the outbreak grows.`,
    panels: [
      {
        description: 'effective reproduction number over time',
        traces: [
          ...(band === undefined ? [] : bandTraces(band, bandName, 'band')),
          line(curve.at, curve.values, 'R(t)', 'network'),
        ],
        layout: layout(axis(quantityText(coordinate)), axis('R(t)', { rangemode: 'tozero' }), {
          shapes: [horizontalMark(1, 'dash')],
        }),
      },
    ],
    legend,
    columns: 1,
  };
}
