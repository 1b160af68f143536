import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { boundaryValue, decay, unknownRate } from '../solve/problems.ts';
import { ansatz, folderWith, outcome, start } from './command.ts';

const small = ['--network', '8x2', '--points', '48', '--seed', '3'];
const file = folderWith({ 'beam.json': boundaryValue, 'decay.json': decay, 'rate.json': unknownRate });

describe('solve --json prints one object', () => {
  test('with everything that a run without unknowns states', async () => {
    const flags = [
      ...small,
      '--engine',
      'f64',
      '--optimizer',
      'lm',
      '--time-limit',
      '20',
      '--target',
      '1e-3',
    ];
    const { code, stdout, stderr } = await ansatz('solve', file('beam.json'), ...flags, '--json');
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      problem: 'beam',
      engine: 'f64',
      optimizer: 'lm',
      network: '8x2',
      points: 48,
      seed: 3,
      parameters: {},
      derived: {},
      errors: { u: { against: 'exact' } },
      stopped: 'target',
    });
    expect(result).not.toHaveProperty('reason');
    expect(result.errors.u.relativeL2).toBeLessThan(1e-3);
    expect(result.errors.u.maximum).toBeGreaterThan(0);
    for (const key of ['seconds', 'iterations', 'loss']) expect(result[key]).toBeGreaterThan(0);
    expect(Number.isInteger(result.iterations)).toBe(true);
    expect(stderr).toMatch(/step \d+: loss/);
  });

  test('with estimates, their intervals and what derives from them', async () => {
    const { stdout } = await ansatz('solve', file('rate.json'), ...small, '--iterations', '250', '--json');
    const { parameters, derived, errors, stopped } = JSON.parse(stdout);
    for (const [{ value, low, high, level }, truth] of [
      [parameters.k, 0.7],
      [derived.halfLife, Math.LN2 / 0.7],
    ]) {
      expect(value).toBeCloseTo(truth, 3);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(level).toBe(0.95);
    }
    expect(errors.u.against).toBe('reference');
    expect(typeof stopped).toBe('string');
  });

  test('with errors null and a reason where there is nothing to compare with', async () => {
    const alone = folderWith({
      'p.json': {
        name: 'alone',
        domain: { x: [0, 1], y: [0, 1], z: [0, 1], v: [0, 1], w: [0, 1] },
        fields: ['u'],
        equations: ['laplacian(u) = 0'],
        conditions: [{ on: 'boundary', equation: 'u = x + y*z' }],
      },
    });
    const flags = ['--network', '8x1', '--points', '100', '--condition-points', '16', '--iterations', '60'];
    const { code, stdout } = await ansatz('solve', alone('p.json'), ...flags, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      errors: null,
      reason: expect.stringMatching(/no classical solver.*5 coordinates/),
    });
  });

  test('and nothing else on stdout with the tfjs engine, in a process of its own', async () => {
    const flags = [...small, '--engine', 'tfjs', '--optimizer', 'lbfgs', '--iterations', '400', '--json'];
    const { code, stdout, stderr } = await outcome(start(['solve', file('beam.json'), ...flags]));
    expect([code, stderr.split('\n').filter((line) => line.includes('ansatz:'))]).toEqual([0, []]);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ engine: 'tfjs', optimizer: 'lbfgs' });
  });

  test('and the reason alone where the run fails', async () => {
    const { code, stdout, stderr } = await ansatz(
      'solve',
      file('beam.json'),
      ...small,
      '--iterations',
      '1',
      '--optimizer',
      'adam',
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      problem: boundaryValue.name,
      errors: null,
      reason: expect.stringMatching(/^no usable answer: /),
    });
    expect(stderr).toMatch(/ansatz: no usable answer/);
  });
});

test('a solution that blows up, with nothing to compare it with, is no answer', async () => {
  const place = folderWith({
    'p.json': {
      name: 'blow-up',
      domain: { x: [0, 1], t: [0, 2] },
      fields: ['u'],
      equations: ['u_t = u^2'],
      conditions: [{ on: 't = 0', equation: 'u = 1 + x' }],
    },
  });
  const { code, stdout } = await ansatz('solve', place('p.json'), '--time-limit', '2', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout).reason).toMatch(/^no usable answer/);
});

test('solve prints a table for people', async () => {
  const { code, stdout } = await ansatz('solve', file('beam.json'), ...small, '--iterations', '60');
  expect(code).toBe(0);
  expect(stdout).toMatch(/engine +f64 \(.*\): .+\n +optimizer +lm: .+\n +network +8x2, seed 3/);
  expect(stdout).toMatch(/u +\d\.\d+e-\d+ .*exact solution/);
});

describe('files of a run', () => {
  test('a report is written whole, its folder made', async () => {
    const report = file('reports/beam.html');
    const { code, stderr } = await ansatz(
      'solve',
      file('beam.json'),
      ...small,
      '--iterations',
      '60',
      '--report',
      report,
    );
    expect(code).toBe(0);
    expect(stderr).toContain(report);
    expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/i);
    expect(readdirSync(dirname(report))).toEqual(['beam.html']);
  });

  test('a saved run is resumed to the same end as one in one go', async () => {
    const [part, whole] = [file('part.json'), file('whole.json')];
    await ansatz(
      'solve',
      file('beam.json'),
      ...small,
      '--threads',
      '1',
      '--iterations',
      '40',
      '--save',
      whole,
    );
    await ansatz(
      'solve',
      file('beam.json'),
      ...small,
      '--threads',
      '1',
      '--iterations',
      '15',
      '--save',
      part,
    );
    const { code } = await ansatz(
      'solve',
      file('beam.json'),
      '--resume',
      part,
      '--iterations',
      '40',
      '--save',
      part,
    );
    expect(code).toBe(0);
    const [a, b] = [part, whole].map((path) => JSON.parse(readFileSync(path, 'utf8')));
    expect(a.theta).toBe(b.theta);
    expect(a.run.iterations).toBe(b.run.iterations);
    expect(a.run.iterations).toBeGreaterThan(15);
  });

  test('a run of another problem, a damaged one or none is not resumed', async () => {
    const saved = file('saved.json');
    await ansatz('solve', file('beam.json'), ...small, '--iterations', '30', '--save', saved);
    const bad = folderWith({ 'cut.json': readFileSync(saved, 'utf8').slice(0, 500), 'other.json': decay });
    for (const [problem, resume, message] of [
      ['decay.json', saved, /another problem, beam/],
      ['beam.json', bad('cut.json'), /cut\.json, line 1, column \d+.*not JSON/],
      ['beam.json', bad('other.json'), /not a stored solution/],
      ['beam.json', bad('none.json'), /--resume.*cannot be read/],
    ] as const) {
      const { code, stdout, stderr } = await ansatz('solve', file(problem), '--resume', resume);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
    }
  });

  test.each(['--report', '--save'])(
    '%s is refused before training where it cannot be written',
    async (flag) => {
      const place = folderWith({ 'a-file': '' });
      mkdirSync(place('folder'));
      // A file system that shows folders and takes none, where there is one.
      const closed = existsSync('/proc/self') ? ['/proc/none/below.html'] : [];
      for (const path of [place('folder'), place('a-file/below.html'), ...closed]) {
        const begun = performance.now();
        const { code, stderr, stdout } = await ansatz('solve', file('beam.json'), flag, path);
        expect([code, stdout]).toEqual([2, '']);
        expect(stderr).toContain(`${flag}: ${path} cannot be written`);
        expect(performance.now() - begun).toBeLessThan(3000);
      }
      expect(readdirSync(place('.')).sort()).toEqual(['a-file', 'folder']);
    },
  );

  test('an unusable answer is kept to be resumed', async () => {
    const saved = file('begun.json');
    const { code, stderr } = await ansatz(
      'solve',
      file('decay.json'),
      ...small,
      '--iterations',
      '3',
      '--save',
      saved,
    );
    expect(code).toBe(1);
    expect(stderr).toContain(`--resume ${saved}`);
    const resumed = await ansatz(
      'solve',
      file('decay.json'),
      '--resume',
      saved,
      '--iterations',
      '450',
      '--json',
    );
    expect(JSON.parse(resumed.stdout).errors.u.relativeL2).toBeLessThan(1e-3);
  });

  test('Ctrl-C saves, and says how to go on', async () => {
    const saved = file('interrupted.json');
    const child = start([
      'solve',
      'burgers',
      '--points',
      '1000',
      '--seed',
      '5',
      '--time-limit',
      '60',
      '--save',
      saved,
      '--json',
    ]);
    const ended = outcome(child);
    // The first line of progress: training has begun.
    await once(child.stderr!, 'data');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ problem: 'burgers', errors: null });
    expect(stderr).toContain(`resume with --resume ${saved}`);
    const { format, run } = JSON.parse(readFileSync(saved, 'utf8'));
    expect([format, run.stopped]).toEqual(['ansatz-solution', 'interrupted']);
    const resumed = await ansatz(
      'solve',
      'burgers',
      '--resume',
      saved,
      '--iterations',
      String(run.iterations + 1),
    );
    expect(resumed.stderr).not.toMatch(/--resume/);
    expect(existsSync(saved)).toBe(true);
  });
});

test('a folder that may not be written to is named', async () => {
  if (process.getuid?.() === 0) return;
  const place = folderWith({});
  chmodSync(place('.'), 0o500);
  const { code, stderr } = await ansatz('solve', file('beam.json'), '--save', place('x.json'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/EACCES/);
});
