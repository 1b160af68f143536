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
}

/** Lines and points over one axis. */
export interface PlotPanel {
  readonly title?: Label;
  readonly horizontal: Quantity;
  readonly vertical: Quantity;
  /** True where the vertical axis is logarithmic. */
  readonly logarithmic?: boolean;
  /** At most seven. */
  readonly curves: readonly {
    readonly name: string;
    readonly curve: Curve;
    /** Default 'line'. */
    readonly mark?: 'line' | 'dashes' | 'circle';
  }[];
}

export interface SectionFigure {
  /** What is seen, in sentences. */
  readonly caption: string;
  /** All of one kind of curves share a legend. */
  readonly panels: readonly (MapPanel | PlotPanel)[];
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
  /** Paragraphs of plain text, figures and tables, in order. */
  readonly parts: readonly (string | SectionFigure | SectionTable)[];
}
