import { catalogue } from './catalogue.ts';

/** `ansatz list`: the catalogue, one line each. */
export function listCommand(): void {
  const entries = catalogue();
  const width = Math.max(...entries.map(({ name }) => name.length));
  for (const { name, title } of entries) process.stdout.write(`${name.padEnd(width)}  ${title}\n`);
}
