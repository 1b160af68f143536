/** Where the phases of a run begin. */
import type { Phase } from '../report-data.ts';
import { figureText } from './figure.ts';
import { color } from './palette.ts';

/** Widths in pixels on a wide page: of a panel by the columns of its figure, and of a character. */
const PANEL_WIDTH: Readonly<Record<1 | 2 | 3, number>> = { 1: 930, 2: 420, 3: 260 };
const CHARACTER_WIDTH = 6.5;

/**
 * The phases' names where every one has room before the next; else their numbers, counted from 1; '' where
 * not even the number has room.
 *
 * @param end  the last iteration
 */
export function phaseLabels(phases: readonly Phase[], end: number, columns: 1 | 2 | 3): string[] {
  const from = phases[0].start;
  const scale = PANEL_WIDTH[columns] / Math.max(end - from, Number.MIN_VALUE);
  const width = (text: string): number => CHARACTER_WIDTH * ([...text].length + 1);
  const room = (i: number): number => ((phases[i + 1]?.start ?? end) - phases[i].start) * scale;
  if (phases.every(({ name }, i) => width(name) <= room(i))) return phases.map(({ name }) => name);
  let free = Number.NEGATIVE_INFINITY;
  return phases.map(({ start }, i) => {
    const number = String(i + 1);
    const at = (start - from) * scale;
    if (at < free) return '';
    free = at + width(number);
    return number;
  });
}

/** Vertical dotted lines where phases begin, with the phases' labels; one phase alone is not marked. */
export function phaseMarks(
  phases: readonly Phase[] | undefined,
  end: number,
  columns: 1 | 2 | 3,
): Readonly<Record<string, unknown>> {
  if (phases === undefined || phases.length < 2) return {};
  const labels = phaseLabels(phases, end, columns);
  return {
    shapes: phases.slice(1).map((phase) => ({
      type: 'line',
      xref: 'x',
      yref: 'paper',
      x0: phase.start,
      x1: phase.start,
      y0: 0,
      y1: 1,
      line: { color: color('muted'), width: 1, dash: 'dot' },
    })),
    annotations: phases.flatMap((phase, i) =>
      labels[i] === ''
        ? []
        : [
            {
              xref: 'x',
              yref: 'paper',
              x: phase.start,
              y: 1,
              xanchor: 'left',
              yanchor: 'bottom',
              xshift: -2,
              showarrow: false,
              text: figureText(labels[i]),
              font: { size: 11, color: color('muted') },
            },
          ],
    ),
    margin: { l: 12, r: 12, t: 26, b: 12 },
  };
}
