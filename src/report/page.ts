/** The skeleton of a report: its sections in order, and the scripts that draw the figures. */
import { conditionTable, sectionTable } from './condition-table.ts';
import { figureMarkup } from './figure-markup.ts';
import { forecastFigure } from './figures/animated-forecast.ts';
import type { Figure } from './figures/figure.ts';
import { geometryFigure } from './figures/geometry.ts';
import { lossFigure } from './figures/loss-history.ts';
import { parameterFigure } from './figures/parameter-paths.ts';
import { profileFigure } from './figures/profiles.ts';
import { reproductionFigure } from './figures/reproduction-number.ts';
import { residualFigure } from './figures/residuals.ts';
import { sectionFigure } from './figures/section-figure.ts';
import { sliceFigure } from './figures/slices.ts';
import { surfaceFigure } from './figures/surfaces.ts';
import { trajectoryFigure } from './figures/trajectories.ts';
import { escapeText, scriptJson, scriptSource } from './markup.ts';
import { statementMarkup } from './mathematics.ts';
import { MOUNT_SCRIPT } from './mount-script.ts';
import { problemMarkup } from './problem-section.ts';
import type { Note, ReportData } from './report-data.ts';
import { STYLESHEET } from './stylesheet.ts';
import {
  assumptionTable,
  constantTable,
  errorTable,
  estimateTable,
  settingTable,
  type Table,
  tableMarkup,
} from './tables.ts';

/** Nothing may be fetched: not by the page, not by the plotting library. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";

/** One section: its tables and figures numbered through the whole report. */
class Sections {
  readonly markup: string[] = [];
  readonly figures: Figure[] = [];
  private tables = 0;

  add(heading: string, parts: readonly (string | Table | Figure | null)[]): void {
    const body = parts.flatMap((part) => {
      if (part === null || part === '') return [];
      if (typeof part === 'string') return [part];
      if ('panels' in part) {
        this.figures.push(part);
        return [figureMarkup(part, this.figures.length)];
      }
      this.tables += 1;
      return [tableMarkup(part, this.tables)];
    });
    if (body.length === 0) return;
    this.markup.push(`<section>\n<h2>${heading}</h2>\n${body.join('\n')}\n</section>`);
  }
}

function noteMarkup(notes: readonly Note[] | undefined): string {
  if (notes === undefined || notes.length === 0) return '';
  const items = notes.map(
    ({ kind, text }) =>
      `<li class="${kind === 'warning' ? 'warning' : 'remark'}"><span class="kind">${kind === 'warning' ? 'Warning' : 'Note'}.</span> ${escapeText(text)}</li>`,
  );
  return `<ul class="notes">${items.join('\n')}</ul>`;
}

function commandMarkup(command: string | undefined): string {
  return command === undefined || command === '' ? '' : `<pre><code>${escapeText(command)}</code></pre>`;
}

function scripts(figures: readonly Figure[], plotly: string): string {
  if (figures.length === 0) return '';
  const data = figures.map(({ id, columns, panels }) => ({
    id,
    columns,
    panels: panels.map(({ traces, layout, frames, height }) => ({ traces, layout, frames, height })),
  }));
  return [
    '<noscript><p>The figures are drawn by a script in this file, which this browser does not run.</p></noscript>',
    `<script type="application/json" id="figure-data">${scriptJson(data)}</script>`,
    `<script>${scriptSource(plotly)}</script>`,
    `<script>${scriptSource(MOUNT_SCRIPT)}</script>`,
  ].join('\n');
}

/** The whole file. `plotly` is the source text of plotly.js, left out where there is no figure. */
export function page(data: ReportData, plotly: string): string {
  const sections = new Sections();
  sections.add('Problem', [
    problemMarkup(data.problem),
    constantTable(data.problem),
    geometryFigure(data.geometry),
  ]);
  sections.add('Estimates', [
    estimateTable(data.estimates),
    profileFigure(data.profiles),
    assumptionTable(data.assumptions),
    parameterFigure(data.parameters),
  ]);
  sections.add('Solution', [
    errorTable(data.errors),
    trajectoryFigure(data.trajectories),
    forecastFigure(data.forecasts),
    reproductionFigure(data.reproduction),
    surfaceFigure(data.surfaces, data.planes),
    sliceFigure(data.surfaces),
    conditionTable(data.conditions),
  ]);
  for (const [i, { heading, parts }] of (data.sections ?? []).entries())
    sections.add(
      escapeText(heading),
      parts.map((part, k) => {
        if (typeof part === 'string') return `<p>${escapeText(part)}</p>`;
        if ('tex' in part) return statementMarkup({ tex: part.tex, text: part.tex });
        return 'panels' in part ? sectionFigure(part, `section-${i}-${k}`) : sectionTable(part);
      }),
    );
  sections.add('Training', [lossFigure(data.history), residualFigure(data.residuals)]);
  sections.add('Reproduction', [commandMarkup(data.settings.command), settingTable(data.settings)]);
  const name = data.problem?.name;
  const subtitle =
    name === undefined || name === data.title ? '' : `<p class="subtitle">${escapeText(name)}</p>`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="generator" content="Ansatz">
<title>${escapeText(data.title)}</title>
<style>${STYLESHEET}</style>
</head>
<body>
<header>
<h1>${escapeText(data.title)}</h1>
${subtitle}
${noteMarkup(data.notes)}
</header>
<main>
${sections.markup.join('\n')}
</main>
<footer>Made with Ansatz. The file holds all its data and fetches nothing.</footer>
${scripts(sections.figures, plotly)}
</body>
</html>
`;
}
