/** Tables from CSV files, as numbers to learn from. */
import { ProblemError } from '../../errors.ts';
import { nearestName } from '../../expression/suggestion.ts';
import { parseCsv } from '../../problem/table.ts';
import type { TabularData } from './scores.ts';

export interface CsvTableOptions {
  /** Name of the column to be predicted. */
  readonly target: string;
  /** Columns to leave out, such as numbers of rows. */
  readonly without?: readonly string[];
}

/** More different words than these in a column are hardly classes, but names. */
const mostWords = 30;

const numberOf = (cell: string): number => (cell.trim() === '' ? Number.NaN : Number(cell));

/**
 * Reads CSV with a header line: every column of numbers is a column, every column of words becomes one for each of its
 * words, 1 where it stands and 0 elsewhere. The target is a column of numbers, or of words, which become classes
 * 0, 1, … in alphabetical order.
 *
 * @param text  of the file
 * @param name  of the file, for messages
 * @throws ProblemError where it is no CSV, the target is not in it, a cell is empty, or a column has a word among numbers
 */
export function csvTable(
  text: string,
  { target, without = [] }: CsvTableOptions,
  name = 'the table',
): TabularData & { readonly classes?: readonly string[] } {
  const table = parseCsv(text, name, name);
  for (const column of [target, ...without])
    if (!table.columns.includes(column)) {
      const near = nearestName(column, table.columns);
      throw new ProblemError(`there is no column \`${column}\``, {
        path: name,
        hint: near === undefined ? `columns are ${table.columns.join(', ')}` : `did you mean ${near}?`,
      });
    }
  const cellsOf = (column: string): string[] =>
    table.rows.map((row, n) => {
      const cell = String(row[column]).trim();
      if (cell !== '') return cell;
      throw new ProblemError(`\`${column}\` is empty`, {
        path: table.place(n),
        hint: 'fill it in, or leave out the row or the column',
      });
    });
  const wordsOf = (column: string, cells: readonly string[]): string[] | undefined => {
    const numbers = cells.filter((cell) => Number.isFinite(numberOf(cell))).length;
    if (numbers === cells.length) return undefined;
    const odd = cells.findIndex((cell) => !Number.isFinite(numberOf(cell)));
    if (numbers > 0.5 * cells.length)
      throw new ProblemError(`\`${cells[odd]}\` is no number, as others in \`${column}\` are`, {
        path: table.place(odd),
      });
    const words = [...new Set(cells)].sort();
    if (words.length > mostWords)
      throw new ProblemError(`\`${column}\` has ${words.length} different words`, {
        path: name,
        hint: `leave it out: without: ['${column}']`,
      });
    return words;
  };
  const names: string[] = [];
  const columns: number[][] = [];
  for (const column of table.columns) {
    if (column === target || without.includes(column)) continue;
    const cells = cellsOf(column);
    for (const word of wordsOf(column, cells) ?? [undefined]) {
      names.push(word === undefined ? column : `${column}: ${word}`);
      columns.push(cells.map((cell) => (word === undefined ? numberOf(cell) : Number(cell === word))));
    }
  }
  const count = table.rows.length;
  const wanted = cellsOf(target);
  const classes = wordsOf(target, wanted);
  return {
    rows: Float64Array.from(
      { length: count * names.length },
      (_, i) => columns[i % names.length][Math.floor(i / names.length)],
    ),
    targets: Float64Array.from(wanted, (cell) =>
      classes === undefined ? numberOf(cell) : classes.indexOf(cell),
    ),
    names,
    count,
    ...(classes === undefined ? {} : { classes }),
  };
}
