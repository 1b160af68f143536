/**
 * Reads a text into its names and numbers with their places, refuses what is not part of the language, and
 * masks derivative notations so that the rest is plain mathjs syntax, column for column.
 */
import { ProblemError } from '../errors.ts';
import { type LeibnizDerivative, readLeibniz } from './derivative-notation.ts';
import type { Scope } from './scope.ts';

/** A name or a number, in the order of the text. */
export interface Token {
  /** Position of the first character, from 0. */
  readonly start: number;
  readonly text: string;
  /** Number of primes behind the name. */
  readonly primes: number;
  /** Set where the token is a whole dS/dt. */
  readonly leibniz?: LeibnizDerivative;
}

export interface Scan {
  /** The text for mathjs: as long as the original, each token at its place. */
  readonly masked: string;
  readonly tokens: readonly Token[];
  /** Positions of every `=`, with the depth of parentheses. */
  readonly equalSigns: readonly { readonly position: number; readonly depth: number }[];
}

const letter = 'A-Za-z_\\u00C0-\\u02AF\\u0370-\\u03FF\\u2100-\\u214F';
const namePattern = new RegExp(`[${letter}][${letter}0-9]*`, 'y');
const numberPattern = /(?:\d+(?:\.(?![*/^'])\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const operatorPattern = /==|!=|<=|>=|\*\*|[-+*/^(),?:<>]/y;

/** Words that mathjs reads as operators. */
const operatorWords: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'not', 'mod']);

const refusals: ReadonlyMap<string, string> = new Map([
  ['"', 'a string'],
  ["'", "a string, or a prime that follows no field's name,"],
  ['`', 'a string'],
  ['[', 'a matrix or an index'],
  [']', 'a matrix or an index'],
  ['{', 'an object'],
  ['}', 'an object'],
  [';', 'a block of statements'],
  ['!', 'the factorial'],
  ['%', 'the percent sign'],
  ['.', 'access to a property, or an elementwise operator,'],
  ['&', 'the bitwise operator &'],
  ['|', 'the bitwise operator |'],
  ['~', 'the bitwise operator ~'],
  ['#', 'a comment'],
]);

const refusalHints: ReadonlyMap<string, string> = new Map([
  ['%', 'write mod(a, b) for the remainder, /100 for a percentage'],
  ['&', 'write `and`'],
  ['|', 'write `or`, or abs(x)'],
  ['~', 'write `not`'],
  ['[', 'write parentheses ( )'],
  ['{', 'write parentheses ( )'],
  [';', 'one text holds one expression'],
]);

export function notInLanguage(what: string, path: string, column: number, hint?: string): ProblemError {
  return new ProblemError(`${what} is not part of the language`, { path, column, hint });
}

export function scan(original: string, scope: Scope | undefined, path: string): Scan {
  const text = original.replace(/[\s\u00A0]/g, ' ');
  const tokens: Token[] = [];
  const equalSigns: { position: number; depth: number }[] = [];
  let masked = '';
  let depth = 0;
  let at = 0;
  let behindValue = false;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const token = (source: string, replacement: string, primes: number, leibniz?: LeibnizDerivative): void => {
    tokens.push({ start: at, text: source, primes, leibniz });
    masked += replacement;
    at += source.length + primes;
    behindValue = true;
  };

  while (at < text.length) {
    const character = text[at];
    if (character === ' ') {
      masked += ' ';
      at++;
      continue;
    }
    if (character === 'd' || character === '∂') {
      const leibniz = readLeibniz(text, at, scope, path);
      if (leibniz !== undefined) {
        const length = leibniz.end - at;
        token(text.slice(at, leibniz.end), '$'.repeat(length), 0, leibniz);
        continue;
      }
    }
    const digits = match(numberPattern);
    if (digits !== undefined) {
      if (/^0$/.test(digits) && /^[xXbBoO][0-9a-fA-F]/.test(text.slice(at + 1))) {
        throw notInLanguage('a number in another base than ten', path, at + 1);
      }
      token(digits, digits, 0);
      continue;
    }
    const name = match(namePattern);
    if (name !== undefined) {
      // where a value is due, mathjs reads all of these but `not` as names: mod(a, b)
      if (operatorWords.has(name) && (behindValue || name === 'not')) {
        masked += name;
        at += name.length;
        behindValue = false;
        continue;
      }
      if (name === 'to' || name === 'in') throw notInLanguage(`the operator \`${name}\``, path, at + 1);
      let primes = 0;
      while (text[at + name.length + primes] === "'") primes++;
      token(name, name + ' '.repeat(primes), primes);
      continue;
    }
    if ((character === '"' || character === "'") && /\binside *\( *$/.test(text.slice(0, at))) {
      const end = text.indexOf(character, at + 1);
      if (end < 0) throw notInLanguage('a string without its end', path, at + 1, 'write inside("name")');
      token(text.slice(at, end + 1), '$'.repeat(end + 1 - at), 0);
      continue;
    }
    const operator = match(operatorPattern);
    if (operator !== undefined) {
      if (operator === '**') throw notInLanguage('the operator `**`', path, at + 1, 'write ^');
      if (operator === '(') depth++;
      if (operator === ')') depth--;
      behindValue = operator === ')';
      masked += operator;
      at += operator.length;
      continue;
    }
    if (character === '=') {
      equalSigns.push({ position: at, depth });
      masked += '=';
      behindValue = false;
      at++;
      continue;
    }
    const what =
      refusals.get(character) ?? `the character \`${String.fromCodePoint(text.codePointAt(at)!)}\``;
    throw notInLanguage(what, path, at + 1, refusalHints.get(character));
  }
  return { masked, tokens, equalSigns };
}
