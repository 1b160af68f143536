/** Tables of observations: CSV text, or rows given as objects. */
import Papa from 'papaparse';
import { ProblemError } from '../errors.ts';
import { nearestName } from '../expression/suggestion.ts';

export type Cell = number | string | null | undefined;

/** A table with named columns; cells as they were given. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** The place of row i, for messages. */
  place(row: number): string;
}

/**
 * Reads CSV with a header line.
 *
 * @throws ProblemError where the text is empty, has no rows, repeats a column, or has a row of another length.
 */
export function parseCsv(text: string, file: string, path: string): Table {
  if (typeof text !== 'string') throw new ProblemError(`${file} was not read as text`, { path });
  if (text.trim() === '')
    throw new ProblemError(`the file ${file} is empty`, { path, hint: 'it needs a header line and rows' });
  const parsed = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    skipEmptyLines: 'greedy',
    comments: '#',
  });
  const fatal = parsed.errors.find((error) => error.type !== 'Delimiter');
  if (fatal !== undefined)
    throw new ProblemError(`${file} is not well-formed CSV: ${fatal.message}`, {
      path: `${path} (record ${(fatal.row ?? 0) + 1})`,
    });
  const [header, ...body] = parsed.data;
  if (header === undefined) throw new ProblemError(`the file ${file} has no header line`, { path });
  const columns = header.map((name) => name.trim());
  const repeated = columns.find((name, i) => columns.indexOf(name) !== i);
  if (repeated !== undefined)
    throw new ProblemError(`${file} has two columns named \`${repeated}\``, { path });
  if (body.length === 0) throw new ProblemError(`${file} has a header line but no rows`, { path });
  const place = (row: number): string => `${file}, row ${row + 1} after the header`;
  const rows = body.map((cells, i) => {
    if (cells.length !== columns.length)
      throw new ProblemError(`${cells.length} cells stand where the header names ${columns.length} columns`, {
        path: place(i),
      });
    return Object.fromEntries(columns.map((name, j) => [name, cells[j]]));
  });
  return { columns, rows, place };
}

/** A table from rows given as objects. */
export function tableOfRows(rows: readonly Readonly<Record<string, Cell>>[], path: string): Table {
  if (rows.length === 0)
    throw new ProblemError('there are no rows', { path, hint: 'give at least one observation' });
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, rows, place: (row) => `${path}[${row}]` };
}

/** Whether a text is a number in decimal notation: JavaScript's `Number` would read 0x1F as well. */
function isDecimal(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim());
}

/**
 * One column as numbers. An empty cell is a missing observation and read as NaN where `missing` allows it.
 *
 * @throws ProblemError for a column that is not there, a text that is no number, an infinite value or NaN.
 */
export function numericColumn(
  table: Table,
  column: string,
  path: string,
  missing: 'allowed' | 'refused',
): Float64Array {
  if (!table.columns.includes(column)) {
    const candidate = nearestName(column, table.columns);
    throw new ProblemError(`there is no column \`${column}\``, {
      path,
      hint:
        candidate === undefined
          ? `columns are ${table.columns.join(', ')}`
          : `columns are ${table.columns.join(', ')}; did you mean \`${candidate}\`?`,
    });
  }
  return Float64Array.from(table.rows, (row, i) => {
    const cell = Object.hasOwn(row, column) ? row[column] : undefined;
    const place = `${table.place(i)}.${column}`;
    if (cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')) {
      if (missing === 'allowed') return Number.NaN;
      throw new ProblemError('the cell is empty', {
        path: place,
        hint: 'a coordinate needs a number in every row',
      });
    }
    const value = typeof cell === 'number' ? cell : isDecimal(cell) ? Number(cell) : Number.NaN;
    if (typeof cell === 'string' && Number.isNaN(value))
      throw new ProblemError(`\`${cell.trim()}\` is not a number`, {
        path: place,
        hint: 'leave the cell empty where nothing was observed',
      });
    if (!Number.isFinite(value))
      throw new ProblemError(`${value} is not a finite number`, {
        path: place,
        hint: 'leave the cell empty where nothing was observed',
      });
    return value;
  });
}
