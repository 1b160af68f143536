/**
 * What conditions built into the ansatz gain: relative L² error with conditions in the loss and built in, everything
 * else the same.
 *
 *   npx tsx bench/hard-conditions.ts [poisson-2d|helmholtz-2d|heat-1d …] [--time-limit 20] [--seed 0]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { problem, solve } from '../src/index.ts';
import type { ProblemDefinition } from '../src/problem/index.ts';
import { figure, table } from './table.ts';

const names = ['poisson-2d', 'helmholtz-2d', 'heat-1d'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'time-limit': { type: 'string', default: '20' }, seed: { type: 'string', default: '0' } },
});
const chosen = positionals.length === 0 ? names : positionals;

const definitionOf = (name: string): ProblemDefinition =>
  JSON.parse(readFileSync(new URL(`../problems/${name}.json`, import.meta.url), 'utf8'));

const hardened = (definition: ProblemDefinition): ProblemDefinition => ({
  ...definition,
  conditions: definition.conditions?.map((own) => ('on' in own ? { ...own, hard: true } : own)),
});

const rows: string[][] = [];
for (const name of chosen)
  for (const optimizer of ['random-features', 'lm'] as const) {
    const errors: string[] = [];
    for (const definition of [definitionOf(name), hardened(definitionOf(name))]) {
      const solution = await solve(problem(definition), {
        optimizer,
        ...(optimizer === 'lm' ? { network: '20x3' } : {}),
        seed: Number(values.seed),
        timeLimit: Number(values['time-limit']),
        threads: 1,
      });
      errors.push(figure(solution.compare('exact').u.relativeL2));
    }
    rows.push([name, optimizer, ...errors]);
    console.error(rows[rows.length - 1].join('  '));
  }
console.log(table(['problem', 'optimizer', 'in the loss', 'hard'], rows));
