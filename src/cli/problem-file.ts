/** Problem files: JSON, or modules whose default export is a problem definition. Data paths are relative to them. */
import { readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { ProblemError } from '../errors.ts';
import { type Problem, type ProblemDefinition, problem } from '../problem/index.ts';

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

/** Line and column of a position in a text, both from 1. */
function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: before[before.length - 1].length + 1 };
}

/** @throws ProblemError with line and column where the text is not JSON. */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = (error as Error).message;
    const position = /position (\d+)/.exec(message);
    const place =
      position === null
        ? { line: text.split('\n').length, column: undefined }
        : lineAndColumn(text, Number(position[1]));
    throw new ProblemError(
      text.trim() === ''
        ? 'the file is empty'
        : `this is not JSON: ${message.replace(/ in JSON at position.*| \(line.*/, '')}`,
      {
        path: `${path}, line ${place.line}`,
        column: place.column,
      },
    );
  }
}

async function readModule(path: string): Promise<unknown> {
  const namespace: unknown =
    extname(path) === '.ts'
      ? await createJiti(import.meta.url).import(path)
      : await import(pathToFileURL(path).href);
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
