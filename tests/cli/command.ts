/** Runs the command line, inside this process or as one of its own, in a folder with files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `ansatz …args` in this process. */
export async function ansatz(...args: string[]): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      texts[name] += String(chunk);
      return true;
    }),
  );
  try {
    return { code: await main(args), ...texts };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const source = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

/** Starts `ansatz …args` as a process of its own. */
export function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--import', loader, source, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What a process has written by its end. */
export function outcome(child: ChildProcess): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A new folder with the files given, gone at the end of the tests. */
export function folderWith(files: Readonly<Record<string, unknown>>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'ansatz-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return (name) => join(folder, name);
}
