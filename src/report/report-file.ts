/** Node only: a report on disk. */
import { renderReport } from './html-report.ts';
import type { ReportData } from './report-data.ts';

/**
 * Writes the report to `path`, replacing what is there. It is written beside it first and then renamed, so
 * that a reader never meets half a file. Errors of the file system are thrown as they come.
 */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  const [{ open, rename, rm }, { randomUUID }] = await Promise.all([
    import('node:fs/promises'),
    import('node:crypto'),
  ]);
  const html = await renderReport(data);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(html, 'utf8');
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
