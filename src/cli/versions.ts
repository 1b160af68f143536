import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './catalogue.ts';

/** Versions that a report states. */
export function versions(): Record<string, string> {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return { ansatz: version, node: process.version.slice(1) };
}
