/** Files that a run will write: whether they can be, before hours of work. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ProblemError } from '../errors.ts';

/**
 * Makes a folder and those above it. `mkdir` with `recursive` never returns in a file system whose folders can be
 * seen but not added to, such as /proc.
 */
async function makeFolder(path: string): Promise<void> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (there !== undefined) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * Makes the file's folder where it is missing and tries to write beside it.
 *
 * @param place  the option that names the file
 * @throws ProblemError with the system's reason.
 */
export async function assertWritable(file: string, place: string): Promise<void> {
  const path = resolve(file);
  const refuse = (reason: string): never => {
    throw new ProblemError(`${file} cannot be written: ${reason}`, { path: place });
  };
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder || /[/\\]$/.test(file)) refuse('it is a folder');
  const trial = `${path}.${randomUUID()}.tmp`;
  try {
    await makeFolder(dirname(path));
    await writeFile(trial, '');
    await rm(trial);
  } catch (error) {
    refuse((error as NodeJS.ErrnoException).message);
  }
}
