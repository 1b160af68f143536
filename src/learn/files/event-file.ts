/** Node only: event files that `tensorboard --logdir FOLDER` shows. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface EventFile {
  readonly path: string;
  /** Puts a record behind those before it. */
  write(record: Uint8Array): Promise<void>;
}

/**
 * A new event file in a folder, which is made if need be; one folder is one run.
 *
 * @param time  seconds since 1970, part of its name; default the clock
 * @example
 * const { write } = await openEventFile('logs/relu');
 * await trainModel(tf, model, samples, { epochs: 20, seed: 0, callbacks: [eventLog(write)] });
 */
export async function openEventFile(folder: string, time = Date.now() / 1000): Promise<EventFile> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `events.out.tfevents.${Math.floor(time)}.ansatz`);
  await writeFile(path, '');
  return { path, write: (record) => appendFile(path, record) };
}
