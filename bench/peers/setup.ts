/** Puts the other systems into folders of their own beside this file; the package does not depend on them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
export const python = join(folder, '.venv', 'bin', 'python');
export const runsFolder = join(folder, '.runs');

function must(command: string, args: readonly string[]): void {
  console.error(`$ ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed`);
}

/** torch first: where wheels lie on disk, that pins its build without CUDA. */
export function setUpPeers(): void {
  mkdirSync(runsFolder, { recursive: true });
  const ready = join(folder, '.venv', 'ready');
  if (!existsSync(ready)) {
    if (!existsSync(python)) must('python3', ['-m', 'venv', join(folder, '.venv')]);
    must(python, ['-m', 'pip', 'install', '--quiet', 'torch==2.13.0']);
    must(python, ['-m', 'pip', 'install', '--quiet', 'deepxde', 'jax', 'jaxlib', 'numpy', 'scipy']);
    writeFileSync(ready, '');
  }
  const jaxJs = join(folder, '.jax-js');
  if (!existsSync(join(jaxJs, 'node_modules', '@jax-js', 'jax'))) {
    mkdirSync(jaxJs, { recursive: true });
    writeFileSync(join(jaxJs, 'package.json'), '{ "private": true, "type": "module" }\n');
    must('npm', ['install', '--prefix', jaxJs, '--no-audit', '--no-fund', '@jax-js/jax@0.1.25']);
  }
}
