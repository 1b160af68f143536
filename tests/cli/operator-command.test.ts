import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadOperator } from '../../src/cli/operator-file.ts';
import { ansatz, folderWith } from './command.ts';

const definition = {
  name: 'square-rate',
  domain: { t: [0, 1] },
  fields: ['y'],
  inputs: { v: { of: 't', space: 'chebyshev', terms: 2, amplitude: 0.5, sensors: 5 } },
  equations: ['dy/dt = v*y'],
  conditions: [{ on: 't = 0', equation: 'y = 1' }],
};
const path = folderWith({ 'rate.json': definition, 'values.json': [0, 0.05, 0.1, 0.15, 0.2] });
const few = ['--functions', '60', '--test-functions', '5', '--threads', '1'];

test('solve trains an operator, saves it, and apply evaluates it', async () => {
  const { code, stdout, stderr } = await ansatz(
    ...[
      'solve',
      path('rate.json'),
      ...few,
      '--seed',
      '3',
      '--save',
      path('model.json'),
      '--report',
      path('r.html'),
      '--json',
    ],
  );
  expect(code).toBe(0);
  expect(stderr).toMatch(/60 training functions/);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({
    problem: 'square-rate',
    engine: 'f64',
    seed: 3,
    operator: { loss: 'data', functions: 60 },
    errors: { y: { functions: 5, against: 'reference' } },
  });
  for (const key of ['optimizer', 'seconds', 'iterations', 'loss', 'parameters', 'derived', 'stopped'])
    expect(result).toHaveProperty(key);
  const { relativeL2, median, worst, worstDraws } = result.errors.y;
  expect(relativeL2).toBeLessThan(1e-3);
  expect(Math.max(relativeL2, median)).toBeLessThanOrEqual(worst);
  expect(worstDraws[0].relativeL2).toBe(worst);

  const loaded = await loadOperator(path('model.json'));
  expect(loaded('0.2*t').at(1).y).toBeCloseTo(Math.exp(0.1), 3);

  const apply = (...args: string[]) => ansatz('apply', path('model.json'), ...args);
  const one = await apply('--input', 'v=0.2*t', '--at', 't=1', '--json');
  expect(one.code).toBe(0);
  expect(JSON.parse(one.stdout).fields.y[0]).toBe(loaded('0.2*t').at(1).y);
  const grid = await apply('--input', `v=@${path('values.json')}`, '--at', 'grid:3');
  expect(grid.stdout.trim().split('\n')).toHaveLength(4);
  const beyond = await apply('--input', 'v=7*t', '--at', 't=1');
  expect(beyond.stderr).toMatch(/warning: v lies outside the trained range.*7/);
  for (const [args, message] of [
    [[], /`v` is missing/],
    [['--input', 'w=t'], /`w` is no input function/],
    [['--input', 'v=[1, 2]'], /2 values for 5 sensors/],
    [['--input', 'v=x'], /unknown symbol `x`/],
    [['--input', 'v=t', '--input', 'v=2*t'], /given twice/],
    [['--input', 'v=t', '--at', 't=2'], /outside the domain/],
  ] as const) {
    const refused = await apply(...args);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(message);
  }
});

test('files that are no operators, and options that do not fit, exit with 2', async () => {
  writeFileSync(path('other.json'), JSON.stringify({ format: 'ansatz-operator', version: 1 }));
  for (const [args, message] of [
    [['apply', path('missing.json')], /no file/],
    [['apply', path('rate.json'), '--input', 'v=t'], /not a stored operator/],
    [['apply', path('other.json'), '--input', 'v=t'], /problem/],
    [['solve', path('rate.json'), '--optimizer', 'adam'], /solve\.optimizer/],
    [['solve', path('rate.json'), '--resume', path('other.json')], /--resume/],
    [['solve', path('rate.json'), '--data', path('values.json')], /no file of operator data/],
    [['solve', 'damped-oscillator', '--functions', '9'], /--functions/],
  ] as const) {
    const { code, stderr } = await ansatz(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  }
});

test('check says how the operator would be trained', async () => {
  const { stdout } = await ansatz('check', path('rate.json'));
  expect(stdout).toMatch(/operator\s+v -> y/);
  expect(stdout).toMatch(/functions\s+as many as help/);
});
