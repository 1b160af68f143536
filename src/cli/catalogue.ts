/** The catalogue: the problem files that come with the package, each by its name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProblemError } from '../errors.ts';
import { nearestName } from '../expression/suggestion.ts';

/** The package's root: the first folder above this file that holds a package.json. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export interface CatalogueEntry {
  readonly name: string;
  readonly title: string;
  readonly file: string;
}

export function catalogue(): CatalogueEntry[] {
  const folder = join(packageRoot(), 'problems');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const { title } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { title?: string };
      return { name: file.replace(/\.json$/, ''), title: title ?? '', file: join(folder, file) };
    });
}

/**
 * The file that an argument means: a path, or a name of the catalogue.
 *
 * @throws ProblemError where it is neither.
 */
export function resolveProblemFile(argument: string): string {
  if (existsSync(argument)) return argument;
  const entries = catalogue();
  const entry = entries.find(({ name }) => name === argument);
  if (entry !== undefined) return entry.file;
  const candidate = nearestName(
    argument,
    entries.map(({ name }) => name),
  );
  throw new ProblemError(`there is no file and no problem of the catalogue named ${argument}`, {
    hint: candidate === undefined ? '`ansatz list` shows the catalogue' : `did you mean ${candidate}?`,
  });
}
