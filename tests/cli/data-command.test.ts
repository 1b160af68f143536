import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readOperatorData } from '../../src/cli/operator-data-file.ts';
import { ansatz } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'data-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('data draws, solves and keeps; the same command goes on', async () => {
  const out = join(folder, 'integrator.bin');
  const few = await ansatz(
    'data',
    'integrator',
    '--out',
    out,
    '--functions',
    '3',
    '--points',
    'grid:11',
    '--json',
  );
  expect(few.code).toBe(0);
  expect(JSON.parse(few.stdout)).toMatchObject({ functions: 3, points: 11, aligned: true, failures: 0 });
  const [first] = readOperatorData(out).fields.u.subarray(10);
  const more = await ansatz(
    'data',
    'integrator',
    '--out',
    out,
    '--functions',
    '4',
    '--points',
    'grid:11',
    '--json',
  );
  expect(JSON.parse(more.stdout)).toMatchObject({ functions: 4 });
  expect(readOperatorData(out).fields.u[10]).toBe(first);
});

test('data refuses what does not fit', async () => {
  const out = join(folder, 'refused.bin');
  for (const [args, message] of [
    [['burgers', '--out', out], /no input functions/],
    [['integrator', '--out', out, '--points', 'many'], /grid:101/],
    [['integrator', '--out', folder], /it is a folder/],
  ] as const) {
    const { code, stderr } = await ansatz('data', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  }
});

test('check says what an operator problem is made of; solve and reference say what is missing', async () => {
  const { code, stdout } = await ansatz('check', 'burgers-operator');
  expect(code).toBe(0);
  expect(stdout).toMatch(/v\(x\): Gaussian random field, kernel periodic of smoothness 3\.5.*100 sensors/);
  const reference = await ansatz('reference', 'integrator');
  expect(reference.code).toBe(2);
  expect(reference.stderr).toMatch(/input function v/);
});
