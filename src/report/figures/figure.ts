/** A figure before it is drawn: panels of plotly traces, a legend and a caption, all plain data. */
import { formatNumber } from '../number-format.ts';
import type { FixedCoordinate, Label, Quantity, Series } from '../report-data.ts';
import { GREEK } from './greek.ts';
import { type ColorName, color } from './palette.ts';

export type Trace = Readonly<Record<string, unknown>>;

export interface Panel {
  /** Shown above the panel. */
  readonly title?: Label;
  /** What the panel shows, for readers who cannot see it. */
  readonly description: string;
  readonly traces: readonly Trace[];
  readonly layout: Readonly<Record<string, unknown>>;
  /** States that the controls in the layout go through, by name; the traces are those of the first. */
  readonly frames?: readonly {
    readonly name: string;
    readonly data: readonly Trace[];
    readonly traces: readonly number[];
  }[];
  /** In rem; default: by the columns of the figure. */
  readonly height?: number;
}

export interface LegendEntry {
  readonly label: string;
  readonly mark: 'line' | 'dashes' | 'circle' | 'cross' | 'band';
  readonly color: ColorName;
}

export interface Figure {
  /** Identifier in the page. */
  readonly id: string;
  /** What is seen, in sentences. */
  readonly caption: string;
  readonly panels: readonly Panel[];
  readonly legend: readonly LegendEntry[];
  /** How many panels share a row on a wide page. */
  readonly columns: 1 | 2 | 3;
}

/** Text inside plotly, which reads a few HTML tags and entities. */
export function figureText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\$/g, '&#36;');
}

/** A name as it stands in plain text: the Greek letter where its TeX is one, else the name. */
export function nameText(label: Label): string {
  const command = label.tex === undefined ? null : /^\\([A-Za-z]+)$/.exec(label.tex);
  return (command && GREEK.get(command[1])) ?? label.name;
}

/** `t (days)`. */
export function quantityText(quantity: Quantity): string {
  return quantity.unit === undefined ? nameText(quantity) : `${nameText(quantity)} (${quantity.unit})`;
}

/** ` at z = 0.5, t = 1`; '' where no coordinate is held. */
export function heldText(fixed: readonly FixedCoordinate[] | undefined): string {
  if (fixed === undefined || fixed.length === 0) return '';
  return ` at ${fixed.map(({ name, value }) => `${name} = ${formatNumber(value)}`).join(', ')}`;
}

/** How many panels share a row so that no row is left nearly empty. */
export function columnsFor(panels: number): Figure['columns'] {
  if (panels === 1) return 1;
  return panels === 2 || panels === 4 ? 2 : 3;
}

/** An axis range around [low, high] with a little room at both ends. */
export function padded(range: readonly [number, number], share = 0.03): [number, number] {
  const margin = share * (range[1] - range[0]);
  return [range[0] - margin, range[1] + margin];
}

/** An axis title longer than the axis would push the plot away. */
const LONGEST_TITLE = 40;

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST_TITLE ? text : `${characters.slice(0, LONGEST_TITLE - 1).join('')}…`;
}

export function axis(title: string, options: Readonly<Record<string, unknown>> = {}): Trace {
  return {
    title: { text: figureText(shortened(title)), standoff: 6 },
    automargin: true,
    color: color('muted'),
    gridcolor: color('rule'),
    linecolor: color('muted'),
    tickcolor: color('muted'),
    showline: true,
    zeroline: false,
    ticks: 'outside',
    ticklen: 4,
    nticks: 7,
    exponentformat: 'power',
    hoverformat: '.4~g',
    ...options,
  };
}

export function layout(
  horizontal: Trace,
  vertical: Trace,
  options: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    xaxis: horizontal,
    yaxis: vertical,
    margin: { l: 12, r: 12, t: 10, b: 12 },
    showlegend: false,
    hovermode: 'closest',
    font: { family: 'system-ui, sans-serif', size: 12, color: color('ink') },
    paper_bgcolor: color('paper'),
    plot_bgcolor: color('paper'),
    ...options,
  };
}

export function line(at: Series, values: Series, name: string, stroke: ColorName, width = 2.5): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    name: figureText(name),
    x: at,
    y: values,
    line: { color: color(stroke), width },
  };
}

/** A reference is drawn thin and dashed on top, so that agreement shows as dashes within the line. */
export function referenceLine(at: Series, values: Series, name: string): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    name: figureText(name),
    x: at,
    y: values,
    line: { color: color('ink'), width: 1.4, dash: 'dash' },
  };
}

/** A dotted line through the whole height of a panel. */
export function verticalMark(at: number): Trace {
  return {
    type: 'line',
    xref: 'x',
    yref: 'paper',
    x0: at,
    x1: at,
    y0: 0,
    y1: 1,
    line: { color: color('muted'), width: 1.2, dash: 'dot' },
  };
}

/** A thin line through the whole width of a panel. */
export function horizontalMark(at: number, dash: 'dot' | 'dash' = 'dot'): Trace {
  return {
    type: 'line',
    xref: 'paper',
    yref: 'y',
    x0: 0,
    x1: 1,
    y0: at,
    y1: at,
    line: { color: color('muted'), width: 1.2, dash },
  };
}

/** Smallest and largest finite value, or null where there is none. */
export function extent(...series: readonly (Series | undefined)[]): readonly [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of series) {
    for (let i = 0; i < (values?.length ?? 0); i++) {
      const value = values![i];
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/** Position of the largest finite magnitude, or −1 where there is none. */
export function positionOfLargest(values: Series): number {
  let position = -1;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (position < 0 || Math.abs(values[i]) > Math.abs(values[position])) position = i;
  }
  return position;
}

/** Every step-th position of `length`, the last one always among them, at most about `most` in all. */
export function thinned(length: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil(length / most));
  const positions: number[] = [];
  for (let i = 0; i < length; i += step) positions.push(i);
  if (length > 0 && positions[positions.length - 1] !== length - 1) positions.push(length - 1);
  return positions;
}

export function pick(values: Series, positions: readonly number[]): number[] {
  return positions.map((position) => values[position]);
}
