/** The report of a run as one HTML file that needs nothing else: no network, no fonts, no server. */
import { page } from './page.ts';
import { checkReport } from './report-check.ts';
import type { ReportData } from './report-data.ts';

export interface RenderOptions {
  /** Source text of plotly.js (`plotly.min.js`); default: read from the installed package, in Node alone. */
  readonly plotly?: string;
}

/**
 * The HTML of the report. In a browser pass the source of plotly.js. Throws ProblemError where the lengths
 * of the data do not agree.
 *
 * @example
 * const html = await renderReport({ title: 'Influenza 1978', settings: { engine: 'f64', optimizer: 'lm', seed: 0 } });
 */
export async function renderReport(data: ReportData, options: RenderOptions = {}): Promise<string> {
  checkReport(data);
  const plotly = options.plotly ?? (await (await import('./plotly-source.ts')).plotlySource());
  return page(data, plotly);
}
