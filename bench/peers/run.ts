/**
 * Ansatz beside other systems: ours and theirs in turn, the results in docs/benchmarks.md.
 *
 *   npx tsx bench/peers/run.ts [--only NAME …] [--rounds 2] [--our-time-limit 60] [--time-limit 600]
 *                              [--seconds 5] [--program TEXT] [--quick] [--list]
 *
 * `--quick` only shows that every program works: seconds at most, one round, and the document goes to
 * bench/peers/.runs/. The first run sets up a Python environment and jax-js beside this file.
 */
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Measurement } from '../measurement.ts';
import { type Comparison, comparisons, type Program } from './comparisons.ts';
import { benchmarksDocument, type ComparisonResult, type ProgramResult, section } from './document.ts';
import { type OwnMeasurement, ownMeasurements, ownSection } from './own.ts';
import { runsFolder, setUpPeers } from './setup.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    program: { type: 'string' },
    rounds: { type: 'string' },
    'our-time-limit': { type: 'string' },
    'time-limit': { type: 'string' },
    seconds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
if (values.list) {
  for (const { name, title } of [...ownMeasurements, ...comparisons])
    console.log(`${name.padEnd(18)} ${title}`);
  process.exit(0);
}
const names = [...ownMeasurements, ...comparisons].map(({ name }) => name);
const unknown = values.only?.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`there is no comparison ${unknown}; --list shows them`);
  process.exit(2);
}
const rounds = Number(values.rounds ?? (values.quick ? 1 : 2));
const ourTimeLimit = values['our-time-limit'] ?? (values.quick ? '3' : '60');
const timeLimit = values['time-limit'] ?? (values.quick ? '3' : '600');
const seconds = values.seconds ?? (values.quick ? '0.3' : '5');
const root = join(import.meta.dirname, '..', '..');
const log = join(runsFolder, 'run.log');
const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** The last line of standard output as a measurement; the rest, and messages, go to the log. */
function run(command: readonly string[], pinned: boolean): Promise<{ out: string; status: number | null }> {
  const full = pinned && canPin ? ['taskset', '-c', '0', ...command] : command;
  return new Promise((resolve) => {
    const child = spawn(full[0], full.slice(1), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => appendFileSync(log, text));
    child.on('close', (status) => resolve({ out, status }));
  });
}

function optionsOf(program: Program, kind: Comparison['kind'], round: number): string[] {
  return [
    ...(program.seeded ? ['--seed', String(round)] : []),
    ...(program.limited ? ['--time-limit', program.ours ? ourTimeLimit : timeLimit] : []),
    ...(kind === 'time' ? ['--seconds', seconds] : []),
  ];
}

function git(...args: string[]): string {
  return spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
}

/** When, where and with what a measurement is made. */
function circumstances() {
  const processors = cpus();
  const changed = git('status', '--porcelain', '--', 'src') !== '';
  return {
    date: new Date().toISOString().slice(0, 10),
    command: `npx tsx bench/peers/run.ts ${process.argv.slice(2).join(' ')}`.trim(),
    machine: `${processors.length} cores of ${processors[0].model.trim()}`,
    commit: `${git('rev-parse', '--short', 'HEAD')}${changed ? ', with changes not yet committed' : ''}`,
  };
}

async function measureOwn(measurement: OwnMeasurement): Promise<string> {
  const { date, machine, commit } = circumstances();
  const load = loadavg()[0];
  const quick = values.quick && measurement.name !== 'kernels' ? ['--quick'] : [];
  const { out, status } = await run([...measurement.command, ...quick], false);
  if (status !== 0) throw new Error(`${measurement.name} failed, see ${log}`);
  const own = `npx tsx ${measurement.command.slice(3).join(' ').replace(`${root}/`, '')}`;
  return ownSection(
    measurement,
    out,
    `${date}, ${machine}; node ${process.versions.node}; load before it ${load.toFixed(1)}; commit ${commit}. \`${own}\``,
  );
}

async function compare(comparison: Comparison): Promise<ComparisonResult> {
  for (const command of comparison.prepare) {
    const { status } = await run(command, false);
    if (status !== 0) throw new Error(`${comparison.name}: \`${command.join(' ')}\` failed, see ${log}`);
  }
  const chosen = comparison.programs.filter(
    (p) => values.program === undefined || p.label.toLowerCase().includes(values.program.toLowerCase()),
  );
  const found = chosen.map(() => [] as Measurement[]);
  const failures: (string | undefined)[] = chosen.map(() => undefined);
  let load = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [i, program] of chosen.entries()) {
      load = Math.max(load, loadavg()[0]);
      const command = [...program.command, ...optionsOf(program, comparison.kind, round)];
      appendFileSync(log, `\n$ ${command.join(' ')}\n`);
      const { out, status } = await run(command, program.oneCore === true);
      const line = out.trim().split('\n').at(-1) ?? '';
      if (status !== 0 || !line.startsWith('{')) {
        failures[i] = `exit status ${status}`;
        console.error(`${comparison.name}: ${program.label} failed, see ${log}`);
        continue;
      }
      const measurement = JSON.parse(line) as Measurement;
      found[i].push(measurement);
      console.error(
        `${comparison.name}, round ${round + 1}, ${program.label}, ${measurement.precision}${program.oneCore ? ', one core' : ''}: ${measurement.value.toPrecision(4)} ${measurement.unit} (${measurement.seconds.toFixed(1)} s)`,
      );
    }
  }
  const versions = Object.assign(
    { node: process.versions.node },
    ...found.flat().map((measurement) => measurement.versions ?? {}),
  ) as Record<string, string>;
  return {
    name: comparison.name,
    ...circumstances(),
    rounds,
    versions,
    load,
    programs: chosen.map(
      (program, i): ProgramResult => ({
        label: program.label,
        ours: program.ours === true,
        oneCore: program.oneCore === true,
        measurements: found[i],
        failure: found[i].length === 0 ? failures[i] : undefined,
      }),
    ),
  };
}

setUpPeers();
writeFileSync(log, '');
const suffix = values.quick || values.program !== undefined ? '-quick' : '';
const stored = (name: string): string => join(runsFolder, `${name}-result${suffix}.json`);
const document =
  values.quick || values.program !== undefined
    ? join(runsFolder, 'benchmarks-quick.md')
    : join(root, 'docs', 'benchmarks.md');

/** Written after each measurement: what there is is not lost if a later one fails. */
function writeDocument(): void {
  const own = ownMeasurements.map(({ name }) => stored(name)).filter(existsSync);
  const compared = comparisons.filter(({ name }) => existsSync(stored(name)));
  const sections = [
    ...own.map((file) => (JSON.parse(readFileSync(file, 'utf8')) as { section: string }).section),
    ...compared.map((c) => section(c, JSON.parse(readFileSync(stored(c.name), 'utf8')) as ComparisonResult)),
  ];
  writeFileSync(document, benchmarksDocument(sections));
}

const chosen = ({ name }: { readonly name: string }): boolean =>
  values.only === undefined || values.only.includes(name);
for (const measurement of values.program === undefined ? ownMeasurements.filter(chosen) : []) {
  const text = await measureOwn(measurement);
  writeFileSync(stored(measurement.name), JSON.stringify({ section: text }));
  writeDocument();
  console.log(`\n${text}`);
}
for (const comparison of comparisons.filter(chosen)) {
  const result = await compare(comparison);
  writeFileSync(stored(comparison.name), JSON.stringify(result));
  writeDocument();
  console.log(`\n${section(comparison, result)}`);
}
console.error(`written to ${document}`);
