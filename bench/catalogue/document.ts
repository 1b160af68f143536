/** docs/problems.md, from the problem files, the rows kept of them and the figures published for them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CatalogueEntry, problemKinds } from '../../src/cli/catalogue.ts';
import type { ProblemDefinition } from '../../src/problem/index.ts';
import { figure } from '../table.ts';
import { type PublishedFigure, publishedFigures, sources } from './published-figures.ts';
import { type Row, readRow, worstError } from './row.ts';
import { trueUnknowns } from './true-unknowns.ts';

const equationLength = 90;

/** A table in Markdown without padding: its cells are too unlike in length. */
function plainTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The equations as they are written, cut where they are long. */
function equationText({ equations = [], flows = [] }: ProblemDefinition): string {
  const all = [...equations.map((e) => (typeof e === 'string' ? e : e.equation)), ...flows].join('; ');
  const text = all.length <= equationLength ? all : `${all.slice(0, equationLength - 1)}…`;
  return cell(`\`${text}\``);
}

/** The last of several sources, by its first author and its year; PINNacle's cases by their names. */
function shortSource(source = ''): string {
  const pinnacle = /PINNacle.*arXiv:[\d.]+, (.+)$/.exec(source);
  if (pinnacle !== null) return cell(`PINNacle: ${pinnacle[1]}`);
  const [first] = source.split(';');
  const year = /\b(1[4-9]|20)\d\d\b/.exec(first.replace(/\d+-\d+/g, ''))?.[0];
  const authors = first.split(/,|:| \(/)[0];
  const several = / & |, [A-Z][a-z]+( &|,)/.test(first.split(/[([]/)[0]);
  const name = several && !authors.includes('&') ? `${authors} et al.` : authors;
  return cell([name, year].filter((part) => part !== undefined).join(' '));
}

const labelOf = (key: string): string => sources[key].split(/,| \(|:/)[0];

function publishedText(figures: readonly PublishedFigure[]): string {
  return figures
    .map(({ relativeL2, source, note }) => {
      const remark = note === undefined ? '' : `: ${note}`;
      return `${figure(relativeL2)} (${labelOf(source)}${remark})`;
    })
    .join(', ');
}

/** The worst relative error of the unknown scalars whose true values are known. */
function unknownsError({ name, result }: Row): number | undefined {
  const truth = Object.entries(trueUnknowns[name] ?? {});
  if (result === undefined || truth.length === 0) return undefined;
  return Math.max(...truth.map(([key, value]) => Math.abs(result.parameters[key].value / value - 1)));
}

function reached(row: Row): string {
  const worst = worstError(row);
  const unknowns = unknownsError(row);
  const parts = [
    ...(worst === undefined ? [] : [figure(worst.relativeL2 ?? Number.NaN)]),
    ...(unknowns === undefined ? [] : [`unknowns ${figure(unknowns)}`]),
  ];
  if (row.failure !== undefined) parts.push('no answer');
  if (row.unusable !== undefined) parts.push('too far off to be given out');
  return parts.length > 0 ? parts.join('; ') : '–';
}

function comparedWith(row: Row): string {
  const worst = worstError(row);
  if (worst === undefined) return '–';
  if (worst.against === 'exact') return 'exact';
  const error = worst.referenceError === undefined ? '' : `, itself to ${figure(worst.referenceError)}`;
  return cell(`${worst.method ?? 'reference'}${error}`);
}

function ratio(row: Row, figures: readonly PublishedFigure[]): string {
  const worst = worstError(row)?.relativeL2;
  const best = Math.min(...figures.filter(({ record }) => record !== true).map((f) => f.relativeL2));
  return worst === undefined || worst === null || !Number.isFinite(best) ? '–' : figure(worst / best);
}

function method({ result }: Row): string {
  if (result === undefined) return '–';
  if (result.operator !== undefined)
    return cell(`${result.operator.branch}, ${result.operator.functions} functions`);
  const network = result.optimizer === 'random-features' ? '' : `${result.network}, `;
  const windows = result.windows === undefined ? '' : `, ${result.windows} windows`;
  return `${network}${result.optimizer}${windows}`;
}

function rowCells(entry: CatalogueEntry): string[] {
  const definition = JSON.parse(readFileSync(entry.file, 'utf8')) as ProblemDefinition;
  const figures = publishedFigures(entry.name);
  const start = [`[${entry.name}](../problems/${entry.name}.json)`, equationText(definition)];
  const row = readRow(entry);
  const published = publishedText(figures) || '–';
  if (row === undefined)
    return [...start, shortSource(definition.source), '–', 'not run', '–', '–', published, '–'];
  return [
    ...start,
    shortSource(definition.source),
    method(row),
    reached(row),
    comparedWith(row),
    figure(row.result?.seconds),
    published,
    ratio(row, figures),
  ];
}

const head = [
  'problem',
  'equation',
  'source',
  'network, optimizer',
  'relative L²',
  'against',
  'seconds',
  'published',
  'ratio',
];

const introduction = `# The catalogue

Every problem of \`problems/\`, as the library solves it with its default settings and those in the problem's file.
Written by \`npm run catalogue\`; a row that falls short of a published figure, or has no answer, stands here as it is.

- Relative L² is that of the worst field, at points never trained on, against the exact solution or else the
  classical reference, whose own error is an estimate. For inverse problems with true values the worst relative
  error of the unknowns stands beside it.
- Seconds are those of the training; the reference is not counted. For operators they hold the solutions trained on, and
  the error is the mean over functions never trained on.
- Published figures are those of the sources below, each with its own hardware and settings. The ratio is ours to
  the smallest of them: below 1 is better. Records by special methods or machines are listed and left out of it.
- Full sources stand in the problem files. A difference from the published problem is said in its \`description\`.
`;

/** How the rows were solved: one line for each kind of run among them. */
function conditionsOfRuns(rows: readonly Row[]): string {
  const runs = new Map<string, number>();
  for (const { seed, timeLimit, threads, date, commit } of rows) {
    const text = `time limit ${timeLimit} s, seed ${seed}, ${threads === 0 ? 'threads by default' : `${threads} thread(s)`}, ${date}, commit ${commit}`;
    runs.set(text, (runs.get(text) ?? 0) + 1);
  }
  return [...runs].map(([text, count]) => `- ${count} row(s): ${text}`).join('\n');
}

/** Why rows have no answer, or nothing to be compared with. */
function remarks(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) => {
    const remark = row.failure ?? (worstError(row) === undefined ? row.result?.reason : undefined);
    return remark === undefined ? [] : [`- ${row.name}: ${remark}`];
  });
  return lines.length === 0
    ? ''
    : `## Rows without an answer or without a comparison\n\n${lines.join('\n')}\n`;
}

export function problemsDocument(entries: readonly CatalogueEntry[]): string {
  const groups = problemKinds.map((kind) => {
    const rows = entries.filter((entry) => entry.kind === kind).map(rowCells);
    return `## ${kind[0].toUpperCase()}${kind.slice(1)}\n\n${plainTable(head, rows)}\n`;
  });
  const rows = entries.flatMap((entry) => readRow(entry) ?? []);
  const citations = Object.entries(sources).map(([key, text]) => `- ${labelOf(key)}: ${text}`);
  return [
    introduction,
    ...groups,
    remarks(rows),
    `## Sources of the published figures\n\n${citations.join('\n')}\n`,
    `## How the rows were run\n\n${conditionsOfRuns(rows)}\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

export function writeDocument(entries: readonly CatalogueEntry[]): void {
  writeFileSync(join(import.meta.dirname, '../../docs/problems.md'), problemsDocument(entries));
}
