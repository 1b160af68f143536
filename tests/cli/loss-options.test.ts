import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keyedNumbers, kindWithNumbers, partsOrSwitch } from '../../src/cli/keyed-values.ts';
import { decay } from '../solve/problems.ts';
import { ansatz, folderWith } from './command.ts';

const file = folderWith({ 'decay.json': decay });

test('values with keys are read as the solve key has them', () => {
  expect(keyedNumbers('conditions=100, equations=1e-1')).toEqual({ conditions: 100, equations: 0.1 });
  expect(kindWithNumbers('gradient-norm')).toBe('gradient-norm');
  expect(kindWithNumbers('rar,every=50,add=20')).toEqual({ kind: 'rar', every: 50, add: 20 });
  expect(partsOrSwitch('on')).toBe(true);
  expect(partsOrSwitch('off')).toBe(false);
  expect(partsOrSwitch('4')).toEqual({ parts: 4 });
  for (const wrong of ['conditions', 'conditions=', '=3', 'a=1=2'])
    expect(() => keyedNumbers(wrong)).toThrow();
});

test('every option of the loss reaches the run from the command line', async () => {
  const saved = file('model.json');
  const { code, stdout } = await ansatz(
    ...[
      'solve',
      file('decay.json'),
      '--network',
      '8x2',
      '--points',
      '48',
      '--iterations',
      '60',
      '--optimizer',
      'lm',
    ],
    ...[
      '--weights',
      'conditions=20,equations=2',
      '--weighting',
      'ntk,every=9',
      '--causal',
      '--curriculum',
      'off',
    ],
    ...['--windows', '2', '--resampling', 'rar,every=10,add=4', '--save', saved, '--json'],
  );
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(saved, 'utf8')).given).toMatchObject({
    weights: { conditions: 20, equations: 2 },
    weighting: { kind: 'ntk', every: 9 },
    causal: true,
    curriculum: false,
    windows: 2,
    resampling: { kind: 'rar', every: 10, add: 4 },
  });
  expect(JSON.parse(stdout)).toMatchObject({ problem: 'decay', windows: 2, weighting: 'ntk' });
});

test.each([
  [['--weights', 'conditions'], /key=number/],
  [['--weights', 'walls=3'], /unknown key `walls`.*equations, conditions, data/],
  [['--weighting', 'best'], /fixed, gradient-norm, ntk, self-adaptive/],
  [['--resampling', 'rar,k=2'], /`k`/],
  [['--curriculum', 'ten'], /number/],
  [['--windows', '1.5'], /whole number/],
])('%j is refused with what would be right', async (flags, message) => {
  const { code, stderr } = await ansatz('solve', file('decay.json'), ...flags);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
