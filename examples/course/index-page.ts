/** The page that leads to the reports of the course. */
import { relative } from 'node:path';
import { type CourseExample, type CourseSession, sessions } from './sessions.ts';

/** How a run of an example ended. */
export interface ExampleRun {
  readonly seconds: number;
  /** Why there is no report, if so. */
  readonly failure?: string;
}

/** Path of an example's report. */
export function reportPath({ file, report }: CourseExample): string {
  return `reports/${report ?? `course/${file.replace(/\.ts$/, '.html')}`}`;
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

function entry(example: CourseExample, run: ExampleRun | undefined): string {
  const { title, about, file, lab } = example;
  const path = relative('reports/course', reportPath(example));
  const missing = run === undefined ? 'not run yet' : run.failure;
  const head = missing === undefined ? `<a href="${escaped(path)}">${escaped(title)}</a>` : escaped(title);
  const marks = [
    ...(lab === undefined ? [] : [`<span class="lab">lab ${lab}</span>`]),
    ...(missing === undefined ? [] : [`<span class="missing">${escaped(missing)}</span>`]),
  ];
  const time =
    run === undefined ? '' : ` <span class="time">${Math.max(1, Math.round(run.seconds))} s</span>`;
  return `<li><p class="title">${[head, ...marks].join(' ')}</p><p>${escaped(about)}</p><p class="command"><code>npx tsx examples/${escaped(file)}</code>${time}</p></li>`;
}

function sessionMarkup(
  { title, about, examples }: CourseSession,
  runs: ReadonlyMap<string, ExampleRun>,
): string {
  const items = examples.map((example) => entry(example, runs.get(example.file)));
  return `<section>\n<h2>${escaped(title)}</h2>\n<p>${escaped(about)}</p>\n<ol>\n${items.join('\n')}\n</ol>\n</section>`;
}

const style = `
:root { color-scheme: light dark; --ink: #1b1d20; --paper: #fff; --muted: #5d6269; --rule: #d9dce0; --link: #1769aa; --mark: #c2491d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e7e9; --paper: #16181b; --muted: #a0a5ac; --rule: #373b41; --link: #6cb4ee; --mark: #f08a5d; } }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 46rem; color: var(--ink); background: var(--paper); font: 1.05rem/1.5 Georgia, 'Times New Roman', serif; }
h1 { font-size: 1.9rem; } h2 { font-size: 1.3rem; margin: 2.5rem 0 0.25rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
ol { padding-left: 1.5rem; } li { margin: 0.9rem 0; } li p { margin: 0.1rem 0; }
a { color: var(--link); } .title { font-weight: bold; } .command, .time, .lab, .missing { font: 0.85rem system-ui, sans-serif; color: var(--muted); }
.command code { font-size: 0.85rem; } .lab { border: 1px solid var(--rule); border-radius: 0.6rem; padding: 0 0.5rem; } .missing { color: var(--mark); }
`;

/** The whole page; examples that were not run, or failed, say so. */
export function indexPage(runs: ReadonlyMap<string, ExampleRun>): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Neural networks, session by session</title>
<style>${style}</style>
</head>
<body>
<h1>Neural networks, session by session</h1>
<p>A university course as programs: each example is short, runs by one command, and writes one report. They are best read in this order, the program beside its report.</p>
${sessions.map((session) => sessionMarkup(session, runs)).join('\n')}
</body>
</html>
`;
}
