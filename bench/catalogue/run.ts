/**
 * Solves the catalogue row by row and writes docs/problems.md.
 *
 *   npm run catalogue -- [NAME …] [--time-limit 120] [--seed 0] [--threads N] [--fresh] [--document]
 *
 * Every row runs in a process of its own, one after the other, and is kept under bench/results/catalogue/. Without
 * names those rows are solved that are not kept yet with this seed and time limit, so that an interrupted run goes
 * on where it stopped; `--fresh` solves all of them again, `--document` none.
 */
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CatalogueEntry, catalogue } from '../../src/cli/catalogue.ts';
import { figure } from '../table.ts';
import { writeDocument } from './document.ts';
import { problemHash, type Row, readRow, worstError, writeRow } from './row.ts';

interface Options {
  readonly seed: number;
  readonly timeLimit: number;
  readonly threads: number;
}

/** Seconds beyond its time limit, once more for the reference, after which a row is given up: for what no limit holds. */
const grace = 240;

type Outcome = Pick<Row, 'result' | 'unusable' | 'failure'>;

/** Runs `solve-row.ts`; what it prints, or why it printed nothing. */
function outcomeOf(name: string, { seed, timeLimit, threads }: Options): Promise<Outcome> {
  const settings = JSON.stringify({ seed, timeLimit, ...(threads === 0 ? {} : { threads }) });
  const program = join(import.meta.dirname, 'solve-row.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, name, settings], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let messages = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    messages = (messages + chunk).slice(-2000);
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 1000 * (2 * timeLimit + grace));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      if (code === 0) resolve(JSON.parse(output) as Outcome);
      else if (signal !== null) resolve({ failure: `no end ${timeLimit + grace} s after its time limit` });
      else resolve({ failure: /^\w*Error: .*$/m.exec(messages)?.[0] ?? `exit code ${code}` });
    });
  });
}

async function solveRow(entry: CatalogueEntry, options: Options, commit: string): Promise<void> {
  const outcome = await outcomeOf(entry.name, options);
  const row: Row = {
    name: entry.name,
    hash: problemHash(entry),
    commit,
    date: new Date().toISOString().slice(0, 10),
    ...options,
    ...outcome,
  };
  writeRow(row);
  const worst = worstError(row);
  const error = worst === undefined ? '–' : figure(worst.relativeL2 ?? Number.NaN);
  const remark = row.failure ?? row.unusable ?? row.result?.reason ?? '';
  console.error(`${entry.name.padEnd(32)} ${error.padStart(8)}  ${figure(row.result?.seconds)} s  ${remark}`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'time-limit': { type: 'string', default: '120' },
    seed: { type: 'string', default: '0' },
    threads: { type: 'string', default: '0' },
    fresh: { type: 'boolean', default: false },
    document: { type: 'boolean', default: false },
  },
});
const options: Options = {
  seed: Number(values.seed),
  timeLimit: Number(values['time-limit']),
  threads: Number(values.threads),
};
const entries = catalogue();
const unknown = positionals.find((name) => !entries.some((entry) => entry.name === name));
if (unknown !== undefined) {
  console.error(`there is no problem ${unknown}; \`ansatz list\` shows the catalogue`);
  process.exit(2);
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const kept = (entry: CatalogueEntry): boolean => {
  const row = readRow(entry);
  return row?.seed === options.seed && row.timeLimit === options.timeLimit;
};
const wanted = values.document
  ? []
  : positionals.length > 0
    ? entries.filter(({ name }) => positionals.includes(name))
    : entries.filter((entry) => values.fresh || !kept(entry));
for (const entry of wanted) await solveRow(entry, options, commit);
writeDocument(entries);
