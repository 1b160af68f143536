/** The schema's complaints turned into `ProblemError`s that name the place and what would be right. */
import { z } from 'zod';
import { ProblemError } from '../errors.ts';
import { nearestName } from '../expression/suggestion.ts';
import { alternativesOf, keysOf, kindsOf, nounOf, type Schema, schemasAt } from './schema-place.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** An issue outside unions, with its whole path and the schemas at that place. */
interface Complaint {
  readonly issue: Issue;
  readonly path: Path;
  readonly schemas: readonly Schema[];
}

/** `['equations', 1, 'weight']` → `equations[1].weight`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** Keys known to those alternatives that refuse the given ones. */
function knownBeside(unknown: readonly string[], schemas: readonly Schema[]): string[] {
  return keysOf(schemas.filter((schema) => !keysOf([schema]).some((key) => unknown.includes(key))));
}

const isMismatch = (issue: Issue): boolean => issue.code === 'invalid_type' && issue.path.length === 0;

/** The first issue, but a key that looks like a misspelled one before what is missing for it. */
function complaintOf(issues: readonly Issue[], schemas: readonly Schema[], prefix: Path): Complaint {
  const misspelled = issues.find(
    (issue) =>
      issue.code === 'unrecognized_keys' &&
      issue.keys.some(
        (key) => nearestName(key, knownBeside(issue.keys, schemasAt(schemas, issue.path))) !== undefined,
      ),
  );
  const issue = misspelled ?? issues[0];
  const path = [...prefix, ...issue.path];
  const here = schemasAt(schemas, issue.path);
  if (issue.code !== 'invalid_union') return { issue, path, schemas: here };
  // Of the branches of a union, the one with the fewest complaints is the one that was meant.
  const options = here.length === issue.errors.length ? here : undefined;
  const best = issue.errors
    .map((branch, i) => ({ branch, schemas: options === undefined ? here : [options[i]] }))
    .filter(({ branch }) => branch.length > 0 && !branch.some(isMismatch))
    .map((candidate) => ({
      ...candidate,
      count: candidate.branch.reduce(
        (sum, inner) => sum + (inner.code === 'unrecognized_keys' ? inner.keys.length : 1),
        0,
      ),
    }))
    .sort((a, b) => a.count - b.count)[0];
  return best === undefined ? { issue, path, schemas: here } : complaintOf(best.branch, best.schemas, path);
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'function') return 'a function';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (value === null || typeof value !== 'object' ? undefined : Reflect.get(value, key)),
    input,
  );
}

function misplaced(found: unknown, wanted: string, path: Path): ProblemError {
  const place = formatPath(path);
  if (found === undefined)
    return new ProblemError(`${place === '' ? 'the problem' : `\`${String(path.at(-1))}\``} is missing`, {
      path: place,
      hint: `give ${wanted}`,
    });
  const finite =
    typeof found === 'number' && !Number.isFinite(found)
      ? wanted.replace('a number', 'a finite number')
      : wanted;
  return new ProblemError(`${describe(found)} stands where ${finite} belongs`, { path: place });
}

function unknownKey(key: string, known: readonly string[], path: Path): ProblemError {
  const candidate = nearestName(key, known);
  return new ProblemError(`unknown key \`${key}\``, {
    path: formatPath([...path, key]),
    hint: candidate === undefined ? `keys here are ${known.join(', ')}` : `did you mean \`${candidate}\`?`,
  });
}

/** What a bound of the schema asks for, in words. */
function boundOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const low = issue.code === 'too_small';
  const bound = low ? issue.minimum : issue.maximum;
  if (issue.origin === 'string') return 'a text that is not empty';
  if (issue.origin === 'array') return `a list of at ${low ? 'least' : 'most'} ${bound}`;
  if (issue.inclusive) return `a number of at ${low ? 'least' : 'most'} ${bound}`;
  return `a number ${low ? 'above' : 'below'} ${bound}`;
}

function errorOf({ issue, path, schemas }: Complaint, input: unknown): ProblemError {
  const found = valueAt(input, path);
  const place = formatPath(path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      if (Array.isArray(found)) return misplaced(found, 'an object', path);
      const known = knownBeside(issue.keys, schemas);
      const key = issue.keys.find((candidate) => nearestName(candidate, known) !== undefined);
      return unknownKey(key ?? issue.keys[0], known, path);
    }
    case 'invalid_type': {
      const container = path.length === 0 ? undefined : valueAt(input, path.slice(0, -1));
      if (found === undefined && Array.isArray(container) && typeof path.at(-1) === 'string')
        return misplaced(container, 'an object', path.slice(0, -1));
      return misplaced(found, nounOf(issue.expected), path);
    }
    case 'invalid_union':
      return misplaced(found, kindsOf(schemas), path);
    case 'invalid_key':
      return new ProblemError(`\`${String(path.at(-1))}\` is no key`, { path: place, hint: 'give a name' });
    case 'too_small':
    case 'too_big':
      return misplaced(found, boundOf(issue), path);
    case 'invalid_value': {
      const values = issue.values.map(String);
      const near = typeof found === 'string' ? nearestName(found, values) : undefined;
      return new ProblemError(`${describe(found)} is not one of ${values.join(', ')}`, {
        path: place,
        hint: near === undefined ? undefined : `did you mean "${near}"?`,
      });
    }
    default: {
      const hint = schemas.map((schema) => z.globalRegistry.get(schema)?.description).find(Boolean);
      return new ProblemError(`${describe(found)} is not valid here`, { path: place, hint });
    }
  }
}

/** An own key `__proto__`, which JSON can hold, would be lost without a word where objects are copied. */
function refusePrototypeKeys(value: unknown, path: Path): void {
  // no schema is nested deeper, and data that refer to themselves end here
  if (value === null || typeof value !== 'object' || path.length > 6) return;
  if (Object.hasOwn(value, '__proto__'))
    throw new ProblemError('`__proto__` is not a name', {
      path: formatPath([...path, '__proto__']),
      hint: 'choose another name',
    });
  if (Array.isArray(value)) value.forEach((item, i) => void refusePrototypeKeys(item, [...path, i]));
  else for (const [key, item] of Object.entries(value)) refusePrototypeKeys(item, [...path, key]);
}

/**
 * Checks a value against a schema and returns it as the schema reads it.
 *
 * @throws ProblemError naming the first place that is not as it should be.
 */
export function validate<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  refusePrototypeKeys(input, []);
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw errorOf(complaintOf(result.error.issues, alternativesOf(schema), []), input);
}
