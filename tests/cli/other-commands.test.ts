import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decay, heat } from '../solve/problems.ts';
import { ansatz, folderWith, outcome, start } from './command.ts';

const file = folderWith({ 'decay.json': decay, 'heat.json': heat });

describe('reference', () => {
  test('--json gives the fields at the points of a grid', async () => {
    const { code, stdout } = await ansatz('reference', file('decay.json'), '--json', '--at', 'grid:5');
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ problem: 'decay', grid: [5], points: { t: [0, 0.5, 1, 1.5, 2] } });
    expect(result.errorEstimate).toBeLessThan(1e-6);
    result.fields.u.forEach((u: number, n: number) => {
      expect(u).toBeCloseTo(Math.exp(-n / 2), 8);
    });
  });

  test('--at grid is the default; without --json it is a table', async () => {
    const plain = await ansatz('reference', file('decay.json'));
    const named = await ansatz('reference', file('decay.json'), '--at', 'grid');
    expect(named.stdout).toBe(plain.stdout);
    const [head, ...lines] = plain.stdout.trim().split('\n');
    expect(head).toBe('t,u');
    const [t, u] = lines[40].split(',').map(Number);
    expect(u).toBeCloseTo(Math.exp(-t), 8);
  });

  test('at one point', async () => {
    const { stdout } = await ansatz('reference', file('heat.json'), '--at', 'x=0.5,t=0.1', '--json');
    expect(JSON.parse(stdout).fields.u[0]).toBeCloseTo(Math.exp(-0.3 * Math.PI ** 2 * 0.1), 6);
  });
});

test('list names every problem of the catalogue, with its title', async () => {
  const { code, stdout } = await ansatz('list');
  expect(code).toBe(0);
  const names = readdirSync('problems').filter((name) => name.endsWith('.json'));
  const lines = stdout.trim().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(names.map((name) => name.slice(0, -5)).sort());
  for (const line of lines) expect(line).toMatch(/^\S+ {2,}\S{2}/);
});

test('check says what would be solved', async () => {
  const { code, stdout } = await ansatz('check', file('heat.json'));
  expect(code).toBe(0);
  for (const text of [
    'x in [0, 1], t in [0, 0.5] (time)',
    'u(x, t)',
    'u_t, u_xx',
    'k = 0.3',
    't = 0',
    'f64',
    'random-features (the problem is linear',
  ])
    expect(stdout).toContain(text);
});

test('check warns of a part of the boundary on which nothing is said', async () => {
  const plate = folderWith({
    'plate.json': {
      name: 'plate',
      domain: {
        geometry: {
          difference: [
            {
              box: [
                [-1, 1],
                [-1, 1],
              ],
              name: 'outer',
            },
            { disk: { center: [0, 0], radius: 0.3 }, name: 'hole' },
          ],
        },
      },
      fields: ['u'],
      equations: ['laplacian(u) = 1'],
      conditions: [{ on: 'outer', equation: 'u = 0' }],
    },
  });
  const { code, stdout } = await ansatz('check', plate('plate.json'));
  expect(code).toBe(0);
  expect(stdout).toMatch(/warning +no condition on hole: there may be more than one solution/);
});

test('doctor says of every engine and backend whether it loads, and why not', async () => {
  const { code, stdout } = await outcome(start(['doctor']));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ansatz \d/);
  for (const name of ['wasm', 'cpu', 'tfjs-node', 'tfjs-node-gpu'])
    expect(stdout).toMatch(new RegExp(`\\n {2}${name} +(loads|does not load: \\S)`));
  expect(stdout).toMatch(/engine f64\n {2}(?!does not load)\S/);
});

test('help and version are no errors; no command is one', async () => {
  expect(await ansatz('--version')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
  const help = await ansatz('solve', '--help');
  expect(help.code).toBe(0);
  for (const flag of [
    'engine',
    'optimizer',
    'network',
    'points',
    'seed',
    'time-limit',
    'target',
    'report',
    'save',
    'resume',
    'json',
  ])
    expect(help.stdout).toContain(`--${flag}`);
  expect((await ansatz()).code).toBe(2);
});

test('a closed pipe ends the program without a complaint', async () => {
  const child = start(['reference', file('heat.json'), '--at', 'grid:400x400']);
  child.stdout!.once('data', () => child.stdout!.destroy());
  let stderr = '';
  child.stderr!.on('data', (chunk) => {
    stderr += String(chunk);
  });
  await new Promise((resolve) => child.on('exit', resolve));
  expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
});
