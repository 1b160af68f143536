/** The unknowns over the iterations, with the reference estimates. */
import { formatNumber } from '../number-format.ts';
import type { ParameterHistory } from '../report-data.ts';
import {
  axis,
  columnsFor,
  type Figure,
  type LegendEntry,
  layout,
  line,
  nameText,
  pick,
  quantityText,
  referenceLine,
  thinned,
} from './figure.ts';
import { phaseMarks } from './phase-marks.ts';

const MOST_POINTS = 2000;

export function parameterFigure(history: ParameterHistory | undefined): Figure | null {
  if (history === undefined || history.parameters.length === 0 || history.iterations.length === 0)
    return null;
  const kept = thinned(history.iterations.length, MOST_POINTS);
  const iterations = pick(history.iterations, kept);
  const ends = [iterations[0], iterations[iterations.length - 1]];
  const columns = columnsFor(history.parameters.length);
  const reference = history.referenceName ?? 'reference';
  const compared = history.parameters.some((parameter) => parameter.reference !== undefined);
  const legend: LegendEntry[] = [{ label: 'network', mark: 'line', color: 'network' }];
  if (compared) legend.push({ label: reference, mark: 'dashes', color: 'ink' });
  const reached = history.parameters.map(
    (parameter) => `${nameText(parameter)} = ${formatNumber(parameter.values[parameter.values.length - 1])}`,
  );
  return {
    id: 'parameters',
    caption: `The unknowns over the iterations, ending at ${reached.join(', ')}${compared ? `; dashed line, ${reference}` : ''}.${(history.phases?.length ?? 0) > 1 ? ' Dotted lines mark the phases, which the figure of the loss names.' : ''}`,
    panels: history.parameters.map((parameter) => {
      const traces = [line(iterations, pick(parameter.values, kept), 'network', 'network')];
      if (parameter.reference !== undefined) {
        traces.push(referenceLine(ends, [parameter.reference, parameter.reference], reference));
      }
      return {
        title: parameter,
        description: `${parameter.name} over the iterations`,
        traces,
        layout: layout(
          axis('iteration'),
          axis(quantityText(parameter)),
          phaseMarks(history.phases, ends[1], columns),
        ),
      };
    }),
    legend,
    columns,
  };
}
