/** The loss and its terms over the iterations, on a logarithmic scale. */
import { formatNumber } from '../number-format.ts';
import type { LossHistory, Series } from '../report-data.ts';
import { axis, extent, type Figure, type LegendEntry, layout, line, pick, thinned } from './figure.ts';
import { lineColor } from './palette.ts';
import { phaseLabels, phaseMarks } from './phase-marks.ts';

const MOST_POINTS = 2000;

/** A logarithm has no place for zero or less. */
function positive(values: readonly number[]): number[] {
  return values.map((value) => (value > 0 ? value : Number.NaN));
}

/** Ticks at whole powers of ten, nine at most, unless the loss spans too few for that. */
function decadeTicks(history: LossHistory): Readonly<Record<string, unknown>> {
  const all = [history.total, ...(history.terms ?? []).map((term) => term.values)];
  const logarithms = all.map((values) =>
    Float64Array.from(values, (value) => (value > 0 ? Math.log10(value) : Number.NaN)),
  );
  const range = extent(...logarithms);
  if (range === null || range[1] - range[0] < 2) return {};
  return { dtick: Math.ceil((range[1] - range[0]) / 9) };
}

function lastFinite(values: Series): number {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values[i])) return values[i];
  return Number.NaN;
}

export function lossFigure(history: LossHistory | undefined): Figure | null {
  // One solve is no course of training.
  if (history === undefined || history.iterations.length < 2) return null;
  const count = history.iterations.length;
  const kept = thinned(count, MOST_POINTS);
  const iterations = pick(history.iterations, kept);
  const terms = history.terms ?? [];
  const traces = terms.map((term, i) =>
    line(iterations, positive(pick(term.values, kept)), term.name, lineColor(i), 1.4),
  );
  traces.push(line(iterations, positive(pick(history.total, kept)), 'total', 'ink', 2.2));
  const legend: LegendEntry[] = [{ label: 'total', mark: 'line', color: 'ink' }];
  for (const [i, term] of terms.entries())
    legend.push({ label: term.name, mark: 'line', color: lineColor(i) });
  const phases = history.phases ?? [];
  const end = history.iterations[count - 1];
  const sentences = [
    `The loss over the iterations, from ${formatNumber(history.total[0], 3)} to ${formatNumber(lastFinite(history.total), 3)}` +
      `${terms.length > 0 ? `, and ${history.unweighted ? 'the mean square of each equation, condition and data set in normalized variables, before weighting' : 'the share of each equation, condition and data set, weights included'}` : ''}.`,
  ];
  if (phases.length > 1) {
    const numbered = phaseLabels(phases, end, 1).some((label, i) => label !== phases[i].name);
    const names = phases.map(
      (phase, i) =>
        `${numbered ? `(${i + 1}) ` : ''}${phase.name} from iteration ${formatNumber(phase.start, 7)}`,
    );
    sentences.push(`Dotted lines mark where phases begin: ${names.join(', ')}.`);
  }
  if (kept.length < count) sentences.push(`Of ${count} points ${kept.length} are drawn.`);
  return {
    id: 'loss',
    caption: sentences.join(' '),
    panels: [
      {
        description: 'loss over the iterations',
        traces,
        layout: layout(
          axis('iteration'),
          axis('loss', { type: 'log', ...decadeTicks(history) }),
          phaseMarks(phases, end, 1),
        ),
      },
    ],
    legend,
    columns: 1,
  };
}
