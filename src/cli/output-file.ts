/** Files that a run will write: whether they can be, before hours of work. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ProblemError } from '../errors.ts';

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
    await mkdir(dirname(path), { recursive: true });
    await writeFile(trial, '');
    await rm(trial);
  } catch (error) {
    refuse((error as NodeJS.ErrnoException).message);
  }
}
