/** Measurements of ours alone that stand in the same document. */
import { tsx } from './comparisons.ts';

export interface OwnMeasurement {
  readonly name: string;
  readonly title: string;
  readonly command: readonly string[];
  /** Whether it prints Markdown; else its lines are kept as they are. */
  readonly markdown: boolean;
}

export const ownMeasurements: readonly OwnMeasurement[] = [
  { name: 'goals', title: 'Goals, and what is reached', command: tsx('goals.ts'), markdown: true },
  { name: 'operators', title: 'Operators', command: tsx('operators.ts'), markdown: true },
  {
    name: 'operator-evaluation',
    title: 'Evaluation of an operator beside a Dormand–Prince solve',
    command: tsx('operators.ts', '--evaluation'),
    markdown: true,
  },
  { name: 'kernels', title: 'Arithmetic of the f64 engine', command: tsx('kernels.ts'), markdown: false },
  {
    name: 'estimation',
    title: 'Estimates from starting values far off',
    command: tsx('estimation.ts'),
    markdown: true,
  },
  { name: 'growth', title: 'Growth with points and parameters', command: tsx('growth.ts'), markdown: true },
];

/** @param origin  date, machine, commit and command */
export function ownSection({ title, markdown }: OwnMeasurement, output: string, origin: string): string {
  const text = output.trim();
  return [`## ${title}`, '', ...(markdown ? [text] : ['```', text, '```']), '', origin, ''].join('\n');
}
