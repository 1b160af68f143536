/** What is kept of a row of the catalogue, one file each. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueEntry } from '../../src/cli/catalogue.ts';

export interface FieldRecord {
  readonly relativeL2: number | null;
  readonly maximum: number | null;
  readonly against: 'exact' | 'reference';
  readonly method?: string;
  readonly referenceError?: number;
}

/** The part of `ansatz solve --json` that the table is made of. */
export interface RowResult {
  readonly engine: string;
  readonly optimizer: string;
  /** None where an operator was trained. */
  readonly network?: string;
  readonly operator?: { readonly branch: string; readonly functions: number };
  readonly windows?: number;
  readonly seconds: number;
  readonly parameters: Readonly<Record<string, { readonly value: number }>>;
  readonly errors: Readonly<Record<string, FieldRecord>> | null;
  readonly reason?: string;
  readonly stopped: string;
}

export interface Row {
  readonly name: string;
  /** Of the problem, whatever its texts: rows of another problem are not taken for this one's. */
  readonly hash: string;
  readonly commit: string;
  readonly date: string;
  readonly seed: number;
  readonly timeLimit: number;
  /** Threads asked for; 0 for all that the engine takes by itself. */
  readonly threads: number;
  readonly result?: RowResult;
  /** Why the answer is not given out as one. */
  readonly unusable?: string;
  /** Why there is no answer at all. */
  readonly failure?: string;
}

const folder = join(import.meta.dirname, '../results/catalogue');
const fileOf = (name: string): string => join(folder, `${name}.json`);

export function problemHash({ file }: CatalogueEntry): string {
  const { title: _, description: __, source: ___, ...problem } = JSON.parse(readFileSync(file, 'utf8'));
  return createHash('sha256').update(JSON.stringify(problem)).digest('hex').slice(0, 12);
}

/** The row kept for a problem as it stands now. */
export function readRow(entry: CatalogueEntry): Row | undefined {
  if (!existsSync(fileOf(entry.name))) return undefined;
  const row = JSON.parse(readFileSync(fileOf(entry.name), 'utf8')) as Row;
  return row.hash === problemHash(entry) ? row : undefined;
}

export function writeRow(row: Row): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(row.name), `${JSON.stringify(row, null, 2)}\n`);
}

/** The largest relative L² error over the fields; undefined where nothing is compared. */
export function worstError({ result }: Row): (FieldRecord & { readonly field: string }) | undefined {
  const fields = Object.entries(result?.errors ?? {}).map(([field, error]) => ({ field, ...error }));
  const size = (x: number | null): number => x ?? Number.POSITIVE_INFINITY;
  return fields.sort((a, b) => size(b.relativeL2) - size(a.relativeL2))[0];
}
