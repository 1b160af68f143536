import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decay, unknownRate } from '../solve/problems.ts';
import { ansatz, folderWith } from './command.ts';

async function refused(args: readonly string[], message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await ansatz(...args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  expect([code, stdout]).toEqual([2, '']);
}

describe('bad input ends with code 2 and the place', () => {
  const rows = (csv: string) => ({
    'p.json': { ...unknownRate, data: [{ file: 'd.csv', at: { t: 'day' }, observe: { u: 'count' } }] },
    'd.csv': csv,
  });
  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      'unknown symbol',
      { 'p.json': { ...decay, equations: ['u_t = -v'] } },
      /equations\[0\], column 8: unknown symbol `v`/,
    ],
    [
      'undeclared derivative',
      { 'p.json': { ...decay, equations: ['u_x = -u'] } },
      /equations\[0\], column 1.*u_x/,
    ],
    ['too few equations', { 'p.json': { ...decay, fields: ['u', 'v'] } }, /equation/],
    ['missing initial condition', { 'p.json': { ...decay, conditions: [] } }, /condition/],
    [
      'condition outside the domain',
      { 'p.json': { ...decay, conditions: [{ on: 't = 9', equation: 'u = 1' }] } },
      /conditions\[0\].*9/,
    ],
    [
      'contradiction',
      { 'p.json': { ...decay, conditions: [...decay.conditions!, { on: 't = 0', equation: 'u = 2' }] } },
      /conditions\[1\].*contradict|conditions/,
    ],
    [
      'an exact solution of another problem',
      { 'p.json': { ...decay, exact: { u: 'exp(-2*t)' } } },
      /exact: the exact solution contradicts equations\[0\]/,
    ],
    ['unknown key', { 'p.json': { ...decay, equation: [] } }, /equation/],
    ['no data file', { 'p.json': rows('')['p.json'] }, /d\.csv/],
    ['missing column', rows('day,cases\n0,4\n'), /count.*cases|cases.*count/],
    ['text in a number column', rows('day,count\n0,4\n1,many\n'), /d\.csv.*many|many/],
    ['NaN', rows('day,count\n0,4\n1,NaN\n'), /NaN/],
    ['an empty data file', rows(''), /empty/],
    [
      'bounds that exclude the initial value',
      { 'p.json': { ...unknownRate, unknowns: { k: { initial: 7, min: 0, max: 5 } } } },
      /unknowns\.k/,
    ],
    [
      'JavaScript in an equation',
      { 'p.json': { ...decay, equations: ['u_t = u.constructor("x")()'] } },
      /equations\[0\]/,
    ],
    [
      'an import in an equation',
      { 'p.json': { ...decay, equations: ['u_t = import("fs")'] } },
      /equations\[0\]/,
    ],
    [
      'an assignment in an equation',
      { 'p.json': { ...decay, equations: ['u_t = (pi = 3)*u'] } },
      /equations\[0\]/,
    ],
    [
      'a data file of another kind',
      { 'p.json': { ...unknownRate, data: [{ file: '.', at: { t: 'day' }, observe: { u: 'count' } }] } },
      /EISDIR|folder/,
    ],
    [
      'an operator problem',
      {
        'p.json': {
          ...decay,
          inputs: { v: { of: 't', space: 'gaussian-random-field', lengthScale: 0.2, sensors: 10 } },
        },
      },
      /inputs/,
    ],
    ['an empty file', { 'p.json': '' }, /empty/],
    ['a list', { 'p.json': '[1]' }, /object/],
  ])('%s', async (_, files, message) => {
    await refused(['check', folderWith(files)('p.json')], message);
    await refused(['solve', folderWith(files)('p.json'), '--json'], message);
  });

  test.each([
    ['{"name": "a",\n  "fields": }', 2, 13, /value.*`}`/],
    ["{'name': 'a'}", 1, 2, /double quotes/],
    ['{"name": "a"\n "fields": []}', 2, 2, /`,` or `}`/],
    ['{"a": [1, 2}', 1, 12, /`,` or `]`/],
    ['{"a": 1,}', 1, 9, /double quotes/],
    ['{"a": 01}', 1, 7, /value/],
    ['{"a": tru}', 1, 7, /value/],
    ['{"a": "b', 1, 7, /value/],
    ['{"a": {"b": [', 1, 14, /end of the file/],
    ['{} {}', 1, 4, /end of the file/],
    ['{"a" 1}', 1, 6, /`:`/],
  ])('the text %j, at line %i, column %i', async (text, line, column, message) => {
    const path = folderWith({ 'p.json': text })('p.json');
    const { code, stderr } = await ansatz('check', path);
    expect(code).toBe(2);
    expect(stderr).toContain(`line ${line}, column ${column}: `);
    expect(stderr).toMatch(message);
  });

  test.each([
    ['a missing file', ['solve', '/nowhere/p.json'], /no file/],
    ['a name near one of the catalogue', ['solve', 'burger'], /did you mean burgers/],
    ['a folder', ['check', '/tmp'], /folder|EISDIR/],
    ['a network of no width', ['solve', 'burgers', '--network', '0x3'], /network/],
    ['a network of words', ['solve', 'burgers', '--network', 'large'], /network/],
    ['an unknown engine', ['solve', 'burgers', '--engine', 'f32'], /f32.*f64, tfjs/],
    ['an unknown optimizer', ['solve', 'burgers', '--optimizer', 'sgd'], /sgd.*lbfgs/],
    ['an unknown activation', ['solve', 'burgers', '--activation', 'tahn'], /tahn/],
    ['an unknown sampling', ['solve', 'burgers', '--sampling', 'random'], /sampling/],
    ['points that are no number', ['solve', 'burgers', '--points', 'many'], /--points.*many/],
    ['no points', ['solve', 'burgers', '--points', '0'], /--points/],
    ['a negative seed', ['solve', 'burgers', '--seed', '-1'], /--seed/],
    ['no time', ['solve', 'burgers', '--time-limit', '0'], /--time-limit/],
    ['an infinite target', ['solve', 'burgers', '--target', 'Infinity'], /--target/],
    ['an unknown flag', ['solve', 'burgers', '--pints', '3'], /--pints/],
    ['an unknown command', ['sovle', 'burgers'], /sovle/],
    ['no file', ['solve'], /file/],
    ['a grid of too many sides', ['reference', 'sir', '--at', 'grid:3x3'], /--at/],
    ['a point outside', ['reference', 'sir', '--at', 't=-1'], /--at.*outside/],
    ['a point without a coordinate', ['reference', 'burgers', '--at', 'x=0'], /--at.*t is missing/],
    ['no place', ['reference', 'burgers', '--at', 'everywhere'], /--at/],
  ])('%s', async (_, args, message) => {
    await refused(args, message);
  });
});

describe('modules', () => {
  const text = JSON.stringify(decay);
  test.each([
    ['p.mjs', `export default ${text};`],
    ['p.js', `export default ${text};`],
    ['p.ts', `const name: string = 'decay';\nexport default { ...${text}, name };`],
  ])('%s is read', async (name, code) => {
    const { code: exit, stdout } = await ansatz(
      'check',
      folderWith({ [name]: code, 'package.json': '{"type":"module"}' })(name),
    );
    expect(exit).toBe(0);
    expect(stdout).toContain('decay: well formed');
  });

  test.each<[string, string, string, RegExp]>([
    ['without a default export', 'a.mjs', `export const p = ${text};`, /no default export/],
    ['with a fault in its syntax', 'b.mjs', 'export default {', /b\.mjs: the module cannot be loaded/],
    ['with a fault in its syntax', 'c.ts', 'export default {', /c\.ts: the module cannot be loaded/],
    ['that throws', 'd.mjs', 'throw new Error("no such day");', /no such day/],
    ['with a bad problem', 'e.ts', `export default { ...${text}, fields: ['w'] };`, /unknown symbol|u_t/],
    ['that exports a function', 'f.mjs', 'export default () => 1;', /object/],
  ])('a module %s is refused (%s)', async (_, name, code, message) => {
    await refused(['check', folderWith({ [name]: code })(name)], message);
  });
});

test('an equation can reach nothing outside of it', async () => {
  const file = folderWith({
    'p.json': { ...decay, equations: ['u_t = constructor.constructor("return process")().exit(7)'] },
  });
  await refused(['solve', file('p.json')], /equations\[0\]/);
  expect(existsSync(file('p.json'))).toBe(true);
});
