/** The names a problem declares: well formed, each with one meaning. */
import { ProblemError } from '../errors.ts';

const reserved = new Set([
  'laplacian',
  'integral',
  'pi',
  'true',
  'false',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  'LN2',
  'LN10',
  'LOG2E',
  'LOG10E',
  'SQRT1_2',
  'SQRT2',
  'mod',
  'to',
  'in',
  'and',
  'or',
  'xor',
  'not',
  'end',
  'boundary',
]);

/** Registers names one by one and refuses what cannot be told apart. */
export class NameRegister {
  private readonly places = new Map<string, string>();

  /** Declares a name close to the given one that is well formed and free, and returns it. */
  declareNear(name: string, path: string): string {
    const formed = name.replace(/[^\w\u00C0-\u02AF\u0370-\u03FF]+/g, '_').replace(/_+$/, '');
    let free = formed;
    for (let i = 2; this.places.has(free); i++) free = `${formed}_${i}`;
    this.declare(free, path);
    return free;
  }

  /** @throws ProblemError for a malformed, reserved or already declared name. */
  declare(name: string, path: string): void {
    if (!/^[a-zA-Z\u00C0-\u02AF\u0370-\u03FF][\w\u00C0-\u02AF\u0370-\u03FF]*$/.test(name))
      throw new ProblemError(`\`${name}\` is not a name`, {
        path,
        hint: 'a name starts with a Latin or Greek letter and goes on with letters, digits and underscores',
      });
    if (reserved.has(name))
      throw new ProblemError(`\`${name}\` has a meaning of its own in the language`, {
        path,
        hint: 'choose another name',
      });
    // results are plain objects with the names as keys
    if (name in Object.prototype)
      throw new ProblemError(`\`${name}\` cannot be a name`, { path, hint: 'choose another name' });
    const other = this.places.get(name);
    if (other !== undefined)
      throw new ProblemError(`\`${name}\` is declared twice`, {
        path,
        hint: `it already stands at ${other}`,
      });
    this.places.set(name, path);
  }
}
