/** JSON whose faults are told by line and column, whatever the JavaScript engine says about them. */
import { ProblemError } from '../errors.ts';

class Fault extends Error {
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

const spaces = /[ \t\n\r]*/y;
const scalars =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/uy;

/** Walks a text by the grammar of RFC 8259. @throws Fault at the first character that does not fit. */
function scan(text: string): void {
  let position = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    position += found?.length ?? 0;
    return found;
  };
  const take = (character: string): boolean => {
    match(spaces);
    if (text[position] !== character) return false;
    position++;
    return true;
  };
  const fail = (expected: string): never => {
    match(spaces);
    const found = position >= text.length ? 'the end of the file' : `\`${text[position]}\``;
    throw new Fault(position, `${expected} is expected here, not ${found}`);
  };
  const members = (close: string, member: () => void): void => {
    if (take(close)) return;
    do member();
    while (take(','));
    if (!take(close)) fail(`\`,\` or \`${close}\``);
  };
  const value = (): void => {
    if (take('{'))
      members('}', () => {
        match(spaces);
        if (text[position] !== '"' || match(scalars) === undefined) fail('a name in double quotes');
        if (!take(':')) fail('`:`');
        value();
      });
    else if (take('[')) members(']', value);
    else if (match(scalars) === undefined) fail('a value');
  };
  value();
  match(spaces);
  if (position < text.length) fail('the end of the file');
}

/** @throws ProblemError with line and column where the text is not JSON. */
export function parseJson(text: string, file: string): unknown {
  if (text.trim() === '') throw new ProblemError('the file is empty', { path: file });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    try {
      scan(text);
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      const before = text.slice(0, fault.position).split('\n');
      throw new ProblemError(`this is not JSON: ${fault.message}`, {
        path: `${file}, line ${before.length}`,
        column: before[before.length - 1].length + 1,
      });
    }
    throw new ProblemError(`this is not JSON: ${(error as Error).message}`, { path: file });
  }
}
