/**
 * What kinds of networks do for problems of many scales: relative L² error after the same number of seconds on one
 * thread, everything else the same.
 *
 *   npx tsx bench/networks.ts [oscillations|poisson|helmholtz|burgers|allen-cahn …] [--time-limit 20] [--seed 1]
 *
 * Errors are those of what was reached, whether solve() would have refused it or not.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SolveError } from '../src/errors.ts';
import { loadSolution, type Problem, problem, reference, type StoredSolution, solve } from '../src/index.ts';
import type { ProblemDefinition, SolveSettings } from '../src/problem/index.ts';
import { figure, table } from './table.ts';

type Networks = Readonly<Record<string, SolveSettings>>;

const catalogued = (name: string): ProblemDefinition =>
  JSON.parse(readFileSync(new URL(`../problems/${name}.json`, import.meta.url), 'utf8'));

const square = { x: [0, 1], y: [0, 1] } as ProblemDefinition['domain'];
const least = { optimizer: 'random-features' } as const;

const architectures: Networks = {
  '20x3': { network: { width: 20, depth: 3 } },
  'modified 20x3': { network: { width: 20, depth: 3, architecture: 'modified' } },
  'modified 12x3': { network: { width: 12, depth: 3, architecture: 'modified' } },
};

const cases: Readonly<Record<string, { definition: ProblemDefinition; networks: Networks }>> = {
  oscillations: {
    definition: {
      name: 'oscillations',
      source: 'Moseley, Markham & Nissen-Meyer, Adv. Comput. Math. 49 (2023), section 5.2.2',
      domain: { x: [-2 * Math.PI, 2 * Math.PI] },
      fields: ['u'],
      equations: ['u_x = cos(x) + 15*cos(15*x)'],
      conditions: [{ on: 'x = 0', equation: 'u = 0' }],
      exact: { u: 'sin(x) + sin(15*x)' },
    },
    networks: {
      '16x2': { network: '16x2' },
      '20x3': { network: '20x3' },
      '30 subdomains, 8x1': { network: { width: 8, depth: 1, subdomains: { x: 30 } } },
      '30 subdomains, overlap 1': { network: { width: 8, depth: 1, subdomains: { x: 30, overlap: 1 } } },
      'Fourier features of two scales': {
        network: { width: 16, depth: 2, fourierFeatures: { count: 8, scale: [6, 90] } },
      },
    },
  },
  poisson: {
    definition: {
      name: 'poisson-two-scales',
      domain: square,
      fields: ['u'],
      equations: ['u_xx + u_yy = -2*pi^2*sin(pi*x)*sin(pi*y) - 20*pi^2*sin(10*pi*x)*sin(10*pi*y)'],
      conditions: [{ on: 'boundary', equation: 'u = 0' }],
      exact: { u: 'sin(pi*x)*sin(pi*y) + 0.1*sin(10*pi*x)*sin(10*pi*y)' },
    },
    networks: {
      '20x3': { network: '20x3' },
      '5 by 5 subdomains, 8x1': { network: { width: 8, depth: 1, subdomains: { x: 5, y: 5 } } },
      '5 by 5 subdomains, 16x1': { network: { width: 16, depth: 1, subdomains: { x: 5, y: 5 } } },
      '5 by 5 subdomains, 80 random features': {
        ...least,
        network: { randomFeatures: { count: 80, scale: 6 }, subdomains: { x: 5, y: 5 } },
      },
      '2000 random features': {
        ...least,
        network: { randomFeatures: { count: 2000, scale: 30 } },
      },
    },
  },
  helmholtz: {
    definition: {
      name: 'helmholtz-high-frequency',
      domain: square,
      fields: ['u'],
      equations: ['u_xx + u_yy + 64*pi^2*u = -34*pi^2*sin(7*pi*x)*sin(7*pi*y)'],
      conditions: [{ on: 'boundary', equation: 'u = 0' }],
      exact: { u: 'sin(7*pi*x)*sin(7*pi*y)' },
    },
    networks: {
      '20x3': { network: '20x3' },
      '5 by 5 subdomains, 8x1': { network: { width: 8, depth: 1, subdomains: { x: 5, y: 5 } } },
      '4 by 4 subdomains, 100 random features': {
        ...least,
        network: { randomFeatures: { count: 100, scale: 6 }, subdomains: { x: 4, y: 4 } },
      },
      '1600 random features': { ...least, network: { randomFeatures: { count: 1600, scale: 25 } } },
    },
  },
  burgers: { definition: catalogued('burgers'), networks: architectures },
  'allen-cahn': { definition: catalogued('allen-cahn'), networks: architectures },
};

/** The solution reached, usable or not. */
async function reached(subject: Problem, settings: SolveSettings) {
  let last: StoredSolution | undefined;
  const onCheckpoint = (stored: StoredSolution): void => {
    last = stored;
  };
  try {
    return await solve(subject, { ...settings, onCheckpoint });
  } catch (failure) {
    if (!(failure instanceof SolveError) || last === undefined) throw failure;
    return loadSolution(last);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'time-limit': { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
for (const name of positionals.length > 0 ? positionals : Object.keys(cases)) {
  const { definition, networks } = cases[name];
  const subject = problem(definition);
  const truth = subject.exact.size === 0 ? await reference(subject) : 'exact';
  const rows: string[][] = [];
  for (const [network, settings] of Object.entries(networks)) {
    const solution = await reached(subject, {
      optimizer: 'lm',
      threads: 1,
      seed: Number(values.seed),
      timeLimit: Number(values['time-limit']),
      ...settings,
    });
    const { parameters, iterations, seconds } = solution.run;
    const { relativeL2 } = solution.compare(truth).u;
    rows.push([network, `${parameters}`, `${iterations}`, figure(seconds), figure(relativeL2)]);
  }
  console.log(`\n${name}\n${table(['network', 'parameters', 'steps', 'seconds', 'relative L2'], rows)}`);
}
