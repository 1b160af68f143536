/**
 * Runs the examples of the course one after the other and writes reports/course/index.html, which leads to their
 * reports. `npm run course`, or some of them: `npm run course -- session-1 gan`
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type ExampleRun, indexPage, reportPath } from './course/index-page.ts';
import { sessions } from './course/sessions.ts';

const record = 'reports/course/runs.json';
mkdirSync('reports/course', { recursive: true });
const kept = existsSync(record) ? (JSON.parse(readFileSync(record, 'utf8')) as [string, ExampleRun][]) : [];
const all = sessions.flatMap(({ examples }) => examples);
const runs = new Map(
  kept.filter(([file]) => all.some((example) => example.file === file && existsSync(reportPath(example)))),
);

const words = process.argv.slice(2);
const chosen = all.filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)));
if (chosen.length === 0) {
  console.error(
    `No example has ${words.join(' or ')} in its name. There are ${all.map(({ file }) => file).join(', ')}.`,
  );
  process.exit(2);
}

function run(file: string): Promise<ExampleRun> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', `examples/${file}`], { stdio: 'inherit' });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      const seconds = (performance.now() - began) / 1000;
      resolve(code === 0 ? { seconds } : { seconds, failure: `failed (${signal ?? `exit code ${code}`})` });
    });
  });
}

let failures = 0;
for (const [n, { file, title }] of chosen.entries()) {
  console.log(`\n[${n + 1}/${chosen.length}] ${title}: examples/${file}`);
  const outcome = await run(file);
  runs.set(file, outcome);
  if (outcome.failure !== undefined) failures += 1;
  console.log(outcome.failure ?? `${outcome.seconds.toFixed(0)} s`);
  writeFileSync(record, JSON.stringify([...runs]));
  writeFileSync('reports/course/index.html', indexPage(runs));
}
console.log(`\n${chosen.length - failures} of ${chosen.length} examples ran: reports/course/index.html`);
process.exitCode = failures === 0 ? 0 : 1;
