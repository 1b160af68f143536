/** Node only: a report on disk. */
import { writeFileAtomically } from './atomic-file.ts';
import { renderReport } from './html-report.ts';
import type { ReportData } from './report-data.ts';

/** Writes the report to `path`, replacing what is there, whole or not at all. */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  await writeFileAtomically(path, await renderReport(data));
}
