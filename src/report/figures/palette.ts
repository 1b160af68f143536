/**
 * The colours of a report, by the part they play, in a light and a dark scheme. The eight line colours are
 * those of Okabe and Ito, "Color Universal Design" (2008), shaded for contrast with each background.
 */
export interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  readonly network: string;
  readonly band: string;
  readonly prediction: string;
  readonly observation: string;
  readonly warning: string;
  readonly line1: string;
  readonly line2: string;
  readonly line3: string;
  readonly line4: string;
  readonly line5: string;
  readonly line6: string;
  readonly line7: string;
}

export type ColorName = keyof Palette;

export const LIGHT: Palette = {
  paper: '#ffffff',
  ink: '#1b1d20',
  muted: '#5d6269',
  rule: '#d9dce0',
  network: '#1769aa',
  band: '#c9ddee',
  prediction: '#e8f0f7',
  observation: '#c2491d',
  warning: '#8a4b00',
  line1: '#0072b2',
  line2: '#d55e00',
  line3: '#008f67',
  line4: '#b3578f',
  line5: '#b57d00',
  line6: '#3a9bd1',
  line7: '#6b6b6b',
};

export const DARK: Palette = {
  paper: '#16181b',
  ink: '#e6e7e9',
  muted: '#a0a5ac',
  rule: '#373b41',
  network: '#6cb4ee',
  band: '#27425a',
  prediction: '#1e2c39',
  observation: '#f08a5d',
  warning: '#f0b35a',
  line1: '#5fb0e5',
  line2: '#f0894a',
  line3: '#35c79b',
  line4: '#dc93bd',
  line5: '#e6b13a',
  line6: '#9ad6f5',
  line7: '#a8a8a8',
};

const LINES = ['line1', 'line2', 'line3', 'line4', 'line5', 'line6', 'line7'] as const;

/** Colour of the n-th of several lines, from 0; they recur after the seventh. */
export function lineColor(index: number): ColorName {
  return LINES[index % LINES.length];
}

/** A colour as it stands in a figure; the page puts in the scheme's value. */
export function color(name: ColorName): string {
  return `@${name}`;
}
