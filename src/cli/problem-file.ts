/** Problem files: JSON, or modules whose default export is a problem definition. Data paths are relative to them. */
import { readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { ProblemError } from '../errors.ts';
import { type Problem, type ProblemDefinition, problem } from '../problem/index.ts';
import { parseJson } from './json-text.ts';

function readText(path: string, place: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new ProblemError(
      code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})`,
      { path: place },
    );
  }
}

async function readModule(path: string): Promise<unknown> {
  let namespace: unknown;
  try {
    namespace =
      extname(path) === '.ts'
        ? await createJiti(import.meta.url).import(path)
        : await import(pathToFileURL(path).href);
  } catch (error) {
    // Not by class: a module may bring its own copy of the library.
    const { name, message } = error as Error;
    throw new ProblemError(name === 'ProblemError' ? message : `the module cannot be loaded: ${message}`, {
      path,
    });
  }
  const definition = (namespace as { default?: unknown }).default;
  if (definition === undefined)
    throw new ProblemError('the module has no default export', {
      path,
      hint: 'export the problem as default',
    });
  return definition;
}

/**
 * Reads a problem from a `.json` file or a module (`.js`, `.mjs`, `.ts`) and checks it.
 *
 * @throws ProblemError naming the file or the place inside the problem.
 */
export async function loadProblem(file: string): Promise<Problem> {
  const path = resolve(file);
  const isModule = ['.js', '.mjs', '.ts'].includes(extname(path));
  if (isModule) readText(path, file);
  const definition = isModule ? await readModule(path) : parseJson(readText(path, file), file);
  if (
    typeof definition === 'object' &&
    definition !== null &&
    'definition' in definition &&
    'coordinates' in definition
  )
    return definition as Problem;
  return problem(definition as ProblemDefinition, {
    readText: (name) => readText(resolve(dirname(path), name), name),
  });
}
