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
  readonly kind: ProblemKind;
}

/** What the catalogue is grouped by, in this order. */
export const problemKinds = [
  'ordinary differential equations',
  'partial differential equations in time',
  'stationary partial differential equations',
  'what observations tell: inverse problems and epidemics',
  'operators: from input functions to solutions',
] as const;

export type ProblemKind = (typeof problemKinds)[number];

interface Definition {
  readonly title?: string;
  readonly domain: Readonly<Record<string, unknown>>;
  readonly time?: string;
  readonly data?: unknown;
  readonly inputs?: unknown;
}

/** The kind of a problem as it stands in its file. */
function kindOf({ domain, time = 't', data, inputs }: Definition): ProblemKind {
  const [ordinary, evolution, stationary, inverse, operators] = problemKinds;
  if (inputs !== undefined) return operators;
  if (data !== undefined) return inverse;
  if (!('geometry' in domain) && Object.keys(domain).length === 1) return ordinary;
  return time in domain ? evolution : stationary;
}

export function catalogue(): CatalogueEntry[] {
  const folder = join(packageRoot(), 'problems');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const definition = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Definition;
      return {
        name: file.replace(/\.json$/, ''),
        title: definition.title ?? '',
        file: join(folder, file),
        kind: kindOf(definition),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
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
