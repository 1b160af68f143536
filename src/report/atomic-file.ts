/** Node only: files that are either the old one or the new one, never half of it. */

/**
 * Writes `text` to `path`, replacing what is there. It is written beside it first, brought to the disk and
 * then renamed, so that a reader never meets half a file and a failure leaves the old one. Errors of the
 * file system are thrown as they come.
 */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  const [{ open, rename, rm }, { randomUUID }] = await Promise.all([
    import('node:fs/promises'),
    import('node:crypto'),
  ]);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
