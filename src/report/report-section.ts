/** Sections that an author adds to a report: paragraphs, maps, reliefs, plots and tables, as plain data. */
import type { Curve, Grid, Label, Marks, Quantity, Series } from './quantities.ts';

/** A quantity over two coordinates, in colours. */
export interface MapPanel {
  readonly title?: Label;
  readonly coordinates: readonly [Quantity, Quantity];
  readonly grid: Grid;
  /** (vertical.length, horizontal.length), row-major; gaps where they are not finite. */
  readonly values: Series;
  /** True for a surface in space that can be turned; false, the default, for a flat map. */
  readonly relief?: boolean;
  /** 'error' for what should be small; default 'value'. */
  readonly colors?: 'value' | 'error';
  /** True where values are positive and span decades: they are shown by their logarithms. */
  readonly logarithmic?: boolean;
  /** Values at the ends of the colours and of the relief's height; default: those of the values. */
  readonly range?: readonly [number, number];
  /** True where both coordinates have the same scale, as in space. */
  readonly equalScale?: boolean;
  readonly marks?: Marks;
  /** Lines and points on a flat map: boundaries, paths, classes. */
  readonly curves?: readonly NamedCurve[];
}

/** One line or cloud of points; one name has one colour throughout a figure. */
export interface NamedCurve {
  readonly name: string;
  readonly curve: Curve;
  /** Default 'line'. 'bars' stand upon zero. */
  readonly mark?: 'line' | 'dashes' | 'circle' | 'cross' | 'bars';
}

/** Lines, points and bars over one axis. */
export interface PlotPanel {
  readonly title?: Label;
  readonly horizontal: Quantity;
  readonly vertical: Quantity;
  /** True where the vertical axis is logarithmic; 'both': the horizontal one as well. */
  readonly logarithmic?: boolean | 'both';
  /** Ends of the axes in units of the quantities; default: those of the curves. */
  readonly horizontalRange?: readonly [number, number];
  readonly verticalRange?: readonly [number, number];
  /** True where both axes have the same scale. */
  readonly equalScale?: boolean;
  /** At most seven names in one figure. */
  readonly curves: readonly NamedCurve[];
}

/** A plot that changes: a slider goes through its frames, all over the same axes. */
export interface AnimatedPanel {
  readonly title?: Label;
  readonly horizontal: Quantity;
  readonly vertical: Quantity;
  readonly horizontalRange?: readonly [number, number];
  readonly verticalRange?: readonly [number, number];
  /** Two or more, with curves of the same names and marks in the same order. */
  readonly frames: readonly { readonly label: string; readonly curves: readonly NamedCurve[] }[];
}

/** Small pictures of one size, side by side in rows. */
export interface ImagePanel {
  readonly title?: Label;
  /** Height and width of one picture in pixels. */
  readonly size: readonly [number, number];
  /** Pixels of each, (height, width), row-major from its upper left corner; with a word above it. */
  readonly images: readonly { readonly pixels: Series; readonly label?: string }[];
  /** Pictures in a row; default: about as many as there are rows. */
  readonly perRow?: number;
  /** 'ink': white to black, the default; 'signed': blue below zero and red above; 'value': many colours. */
  readonly colors?: 'ink' | 'signed' | 'value';
  /** Values at the ends of the colours; default: those of all pixels, with zero in the middle where signed. */
  readonly range?: readonly [number, number];
}

/** A table of counts in colours, such as a confusion matrix; the first row stands on top. */
export interface MatrixPanel {
  readonly title?: Label;
  readonly rows: { readonly name: string; readonly labels: readonly string[] };
  readonly columns: { readonly name: string; readonly labels: readonly string[] };
  /** (rows, columns), row-major. */
  readonly entries: Series;
}

/** A line of mathematics in TeX. */
export interface SectionFormula {
  readonly tex: string;
}

export type SectionPanel = MapPanel | PlotPanel | AnimatedPanel | ImagePanel | MatrixPanel;

export interface SectionFigure {
  /** What is seen, in sentences. */
  readonly caption: string;
  /** All of one kind of curves share a legend. */
  readonly panels: readonly SectionPanel[];
  /** Panels in a row on a wide page; default: by their number. */
  readonly columns?: 1 | 2 | 3;
}

export interface SectionTable {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface ReportSection {
  readonly heading: string;
  /** Paragraphs of plain text, mathematics, figures and tables, in order. */
  readonly parts: readonly (string | SectionFormula | SectionFigure | SectionTable)[];
}
