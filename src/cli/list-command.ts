import { catalogue, problemKinds } from './catalogue.ts';

/**
 * `ansatz list`: the catalogue, one line each. For a reader at a terminal the problems stand under their kinds;
 * another program gets the lines alone, in the order of names.
 */
export function listCommand(): void {
  const entries = catalogue();
  const width = Math.max(...entries.map(({ name }) => name.length));
  const lines = (indent: string, of: typeof entries): string =>
    of.map(({ name, title }) => `${indent}${name.padEnd(width)}  ${title}\n`).join('');
  if (process.stdout.isTTY !== true) {
    process.stdout.write(lines('', entries));
    return;
  }
  const groups = problemKinds.map((kind) => {
    const of = entries.filter((entry) => entry.kind === kind);
    return `${kind[0].toUpperCase()}${kind.slice(1)} (${of.length})\n${lines('  ', of)}`;
  });
  process.stdout.write(groups.join('\n'));
}
