/** The schema's complaints turned into `ProblemError`s that name the place and what would be right. */
import type { z } from 'zod';
import { ProblemError } from '../errors.ts';
import { nearestName } from '../expression/suggestion.ts';

/** `['equations', 1, 'weight']` → `equations[1].weight`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

type Issue = z.core.$ZodIssue;

/** Of the branches of a union, the one that got furthest says what is wrong. */
function deepest(issue: Issue, prefix: readonly PropertyKey[]): { issue: Issue; path: PropertyKey[] } {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { issue, path };
  const candidates = issue.errors
    .filter((branch) => branch.length > 0)
    .map((branch) => ({
      typeMismatchAtTop: branch.some((b) => b.code === 'invalid_type' && b.path.length === 0),
      missing: branch.filter((b) => b.code === 'invalid_type' && b.input === undefined).length,
      found: deepest(branch[0], path),
    }));
  candidates.sort(
    (a, b) => Number(a.typeMismatchAtTop) - Number(b.typeMismatchAtTop) || a.missing - b.missing,
  );
  const best = candidates[0];
  if (best === undefined || best.typeMismatchAtTop) return { issue, path };
  return best.found;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

const nouns: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
};

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value === null || typeof value !== 'object' ? undefined : Reflect.get(value, key)),
    input,
  );
}

/**
 * Checks a value against a schema and returns it as the schema reads it.
 *
 * @throws ProblemError naming the first place that is not as it should be.
 */
export function validate<T extends z.ZodType>(
  schema: T,
  input: unknown,
  knownKeys: readonly string[],
): z.output<T> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const { issue, path } = deepest(result.error.issues[0], []);
  const place = formatPath(path);
  const found = valueAt(input, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = issue.keys[0];
      const candidate = nearestName(key, knownKeys);
      throw new ProblemError(`unknown key \`${key}\``, {
        path: place === '' ? key : `${place}.${key}`,
        hint:
          candidate === undefined
            ? `known keys here are listed in the problem format`
            : `did you mean \`${candidate}\`?`,
      });
    }
    case 'invalid_type':
      if (found === undefined)
        throw new ProblemError(`${place === '' ? 'the problem' : `\`${String(path.at(-1))}\``} is missing`, {
          path: place,
          hint: `give ${nouns[issue.expected] ?? issue.expected}`,
        });
      throw new ProblemError(
        `${describe(found)} stands where ${nouns[issue.expected] ?? issue.expected} belongs`,
        {
          path: place,
        },
      );
    default:
      throw new ProblemError(`${describe(found)} is not valid here: ${issue.message.toLowerCase()}`, {
        path: place,
      });
  }
}
