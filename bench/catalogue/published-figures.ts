/** Relative L² errors that others have published for problems of the catalogue. */
import published from './published-figures.json' with { type: 'json' };

export interface PublishedFigure {
  readonly relativeL2: number;
  /** A key of `sources`. */
  readonly source: string;
  /** What the figure's problem has unlike the row's. */
  readonly note?: string;
  /** The best known by whatever method, beside those meant to be compared with. */
  readonly record?: boolean;
}

export const sources: Readonly<Record<string, string>> = published.sources;

const figures: Readonly<Record<string, readonly PublishedFigure[]>> = published.figures;

export const publishedFigures = (name: string): readonly PublishedFigure[] => figures[name] ?? [];
export const namesWithFigures: readonly string[] = Object.keys(figures);
