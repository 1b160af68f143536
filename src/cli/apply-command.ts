import { readFileSync } from 'node:fs';
import { ProblemError } from '../errors.ts';
import { nearestName } from '../expression/suggestion.ts';
import type { GivenFunction } from '../operator/index.ts';
import type { Problem } from '../problem/index.ts';
import { parseJson } from './json-text.ts';
import { loadOperator } from './operator-file.ts';
import { columnsOf, placesOf, writeColumns } from './places.ts';

interface ApplyFlags {
  readonly input?: readonly string[];
  readonly at?: string;
  readonly json?: boolean;
}

/** Reads `--input`: "v=cos(3*x)", "v=[0.1, 0.2, …]" at the sensors, "v=@values.json". */
function inputsOf(texts: readonly string[], problem: Problem): Record<string, GivenFunction> {
  const names = problem.inputs.map(({ name }) => name);
  const given = new Map<string, GivenFunction>();
  for (const text of texts) {
    const cut = text.indexOf('=');
    const name = text.slice(0, Math.max(0, cut)).trim();
    const value = text.slice(cut + 1).trim();
    if (cut < 1 || value === '')
      throw new ProblemError(`\`${text}\` is no input function`, {
        path: '--input',
        hint: `write ${names.map((n) => `"${n}=…"`).join(' or ')}`,
      });
    if (!names.includes(name)) {
      const near = nearestName(name, names);
      throw new ProblemError(`\`${name}\` is no input function of ${problem.name}`, {
        path: '--input',
        hint: near === undefined ? `input functions are ${names.join(', ')}` : `did you mean ${near}?`,
      });
    }
    if (given.has(name))
      throw new ProblemError(`the input function \`${name}\` is given twice`, { path: '--input' });
    given.set(name, value.startsWith('@') || value.startsWith('[') ? numbersOf(value) : value);
  }
  return Object.fromEntries(given);
}

/** @throws ProblemError where the text, or the file behind an @, is no list of numbers */
function numbersOf(text: string): number[] {
  const file = text.startsWith('@') ? text.slice(1) : undefined;
  let content = text;
  if (file !== undefined)
    try {
      content = readFileSync(file, 'utf8');
    } catch (error) {
      throw new ProblemError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, {
        path: '--input',
      });
    }
  const values = parseJson(content, file ?? '--input');
  if (Array.isArray(values) && values.every((value) => typeof value === 'number')) return values;
  throw new ProblemError('these are no values at the sensors', {
    path: '--input',
    hint: 'write a list of numbers, one for each sensor: [0.1, 0.2, …]',
  });
}

/** `ansatz apply MODEL --input "v=cos(3*x)"`. */
export async function applyCommand(file: string, flags: ApplyFlags): Promise<void> {
  const operator = await loadOperator(file);
  const { problem } = operator;
  const places = placesOf(flags.at ?? 'grid', problem);
  const solution = operator(inputsOf(flags.input ?? [], problem));
  const { fields } =
    places.sides === undefined
      ? { fields: solution.evaluateFields(places.points) }
      : solution.grid(places.sides);
  for (const { text } of solution.warnings) process.stderr.write(`warning: ${text}\n`);
  const columns = columnsOf(problem, places.points);
  if (flags.json !== true) return writeColumns(columns, fields);
  const output = {
    problem: problem.name,
    ...(places.sides === undefined ? {} : { grid: places.sides }),
    points: Object.fromEntries(columns),
    fields: Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, [...values]])),
    warnings: solution.warnings,
  };
  process.stdout.write(`${JSON.stringify(output)}\n`);
}
