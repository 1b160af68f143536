/** Node only: a table from a CSV file. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ProblemError } from '../../errors.ts';
import { type CsvTableOptions, csvTable } from '../data/csv.ts';

/** Reads a file as {@link csvTable} does. @throws ProblemError where it is not there, or is no such table */
export async function readCsvTable(
  path: string,
  options: CsvTableOptions,
): Promise<ReturnType<typeof csvTable>> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ProblemError(`there is no file ${path}`, { path });
  });
  return csvTable(text, options, basename(path));
}
