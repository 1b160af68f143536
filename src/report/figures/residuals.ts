/** Residuals of the equations along the domain: lines over one coordinate, heat maps over two. */
import { formatNumber } from '../number-format.ts';
import type { EquationResidual } from '../report-data.ts';
import {
  axis,
  columnsFor,
  type Figure,
  heldText,
  layout,
  line,
  type Panel,
  positionOfLargest,
  quantityText,
} from './figure.ts';
import { heatMapPanel } from './heat-map.ts';
import { color } from './palette.ts';

/** Magnitudes further below the largest than this look the same. */
const DECADES = 6;

function logarithmicMagnitude(values: ArrayLike<number>): { values: Float64Array; top: number } {
  const position = positionOfLargest(values);
  const largest = position < 0 ? 0 : Math.abs(values[position]);
  const top = largest > 0 ? Math.log10(largest) : 0;
  return {
    values: Float64Array.from(values, (value) =>
      Number.isNaN(value) ? Number.NaN : Math.max(Math.log10(Math.abs(value)), top - DECADES),
    ),
    top,
  };
}

function residualPanel(residual: EquationResidual, columns: Figure['columns']): Panel {
  if ('curve' in residual) {
    return {
      title: residual,
      description: `residual of ${residual.name} over ${residual.coordinate.name}`,
      traces: [line(residual.curve.at, residual.curve.values, 'residual', 'network', 1.6)],
      layout: layout(
        axis(quantityText(residual.coordinate)),
        axis('residual', { zeroline: true, zerolinecolor: color('muted'), zerolinewidth: 1 }),
      ),
    };
  }
  return heatMapPanel({
    title: residual,
    description: `magnitude of the residual of ${residual.name}`,
    coordinates: residual.coordinates,
    grid: residual.grid,
    equalScale: residual.equalScale,
    columns,
    values: logarithmicMagnitude(residual.values).values,
    colorscale: 'Cividis',
    logarithmic: true,
  });
}

function largest(residual: EquationResidual): string {
  const values = 'curve' in residual ? residual.curve.values : residual.values;
  const position = positionOfLargest(values);
  if (position < 0) return '';
  let at: string;
  if ('curve' in residual) {
    at = `${residual.coordinate.name} = ${formatNumber(residual.curve.at[position], 3)}`;
  } else {
    const { horizontal, vertical } = residual.grid;
    const [first, second] = residual.coordinates;
    at =
      `${first.name} = ${formatNumber(horizontal[position % horizontal.length], 3)}, ` +
      `${second.name} = ${formatNumber(vertical[Math.floor(position / horizontal.length)], 3)}`;
  }
  if (!('curve' in residual)) at += heldText(residual.fixed).replace(/^ at/, ',');
  return ` ${residual.name}: largest magnitude ${formatNumber(Math.abs(values[position]), 3)} at ${at}.`;
}

export function residualFigure(residuals: readonly EquationResidual[] | undefined): Figure | null {
  if (residuals === undefined || residuals.length === 0) return null;
  const maps = residuals.some((residual) => !('curve' in residual));
  const lines = residuals.some((residual) => 'curve' in residual);
  const kinds = [
    ...(lines ? ['left side minus right side'] : []),
    ...(maps ? ['magnitude on a logarithmic scale of colours'] : []),
  ];
  return {
    id: 'residuals',
    caption: `Residuals of the equations, unweighted (${kinds.join('; ')}).${residuals.map(largest).join('')}`,
    panels: residuals.map((residual) => residualPanel(residual, columnsFor(residuals.length))),
    legend: [],
    columns: columnsFor(residuals.length),
  };
}
