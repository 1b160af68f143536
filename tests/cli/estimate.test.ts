import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ansatz, folderWith } from './command.ts';

/** An SIR outbreak whose second half is kept back; counts are those of β = 0.8, γ = 0.3 (Runge–Kutta 4, step 0.001), rounded. */
const outbreak = {
  name: 'outbreak',
  domain: { t: [0, 30] },
  constants: { N: 1000 },
  unknowns: { beta: { initial: 0.5, min: 0, max: 5 }, gamma: { initial: 0.5, min: 0, max: 5 } },
  flows: ['S -> I: beta*S*I/N', 'I -> R: gamma*I'],
  conditions: [
    { on: 't = 0', equation: 'S = 990' },
    { on: 't = 0', equation: 'I = 10' },
    { on: 't = 0', equation: 'R = 0' },
  ],
  data: [{ file: 'counts.csv', at: { t: 'day' }, observe: { I: 'ill' }, noise: 'negative-binomial' }],
};
const counts =
  'day,ill\n1,16\n2,26\n3,42\n4,64\n5,\n6,136\n7,180\n8,220\n9,249\n10,261\n11,256\n12,238\n13,214\n14,186\n15,158\n16,132\n18,89\n20,59\n22,38\n24,24\n26,15\n';
const file = folderWith({
  'outbreak.json': outbreak,
  'counts.csv': counts,
  'nothing.json': { ...outbreak, data: undefined },
});

describe('ansatz estimate', () => {
  test('gives one JSON object: estimates, profiles, R0 by the flows, what assumptions change', async () => {
    const { code, stdout } = await ansatz(
      'estimate',
      file('outbreak.json'),
      '--method',
      'shooting',
      '--json',
    );
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.observations).toBe(20);
    for (const [name, truth] of [
      ['beta', 0.8],
      ['gamma', 0.3],
    ] as const) {
      expect(Math.abs(result.parameters[name].value / truth - 1)).toBeLessThan(0.01);
      expect(result.profiles[name].identifiable).toBe('yes');
    }
    expect(result.R0.value).toBeCloseTo(result.parameters.beta.value / result.parameters.gamma.value, 6);
    expect(result.herdImmunityThreshold).toBeCloseTo(1 - 1 / result.R0.value, 10);
    expect(result.assumptions.map(({ assumption }: { assumption: string }) => assumption)).toContain(
      'Poisson noise, I(0) estimated',
    );
  });

  test('holds observations back, and says how the forecast did', async () => {
    const report = file('report.html');
    const { code, stdout } = await ansatz(
      ...['estimate', file('outbreak.json'), '--method', 'shooting', '--fit-until', '12'],
      ...['--no-assumptions', '--no-profiles', '--bootstrap', '20', '--threads', '1', '--report', report],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/held out: \d of 9 observations of I/);
    expect(stdout).toContain('bootstrap');
    expect(existsSync(report)).toBe(true);
    const html = readFileSync(report, 'utf8');
    for (const id of ['trajectories', 'reproduction-number']) expect(html).toContain(`id="${id}-0"`);
    expect(html).not.toContain('id="profiles-0"');
  });

  test.each([
    [['--fit-until', '0.5'], 'no observation lies at or before t = 0.5'],
    [['--level', '2'], 'no confidence level'],
    [['--method', 'guess'], 'Allowed choices are pinn, shooting, both'],
  ])('refuses %j', async (flags, message) => {
    const { code, stdout, stderr } = await ansatz(
      'estimate',
      file('outbreak.json'),
      '--method',
      'shooting',
      ...flags,
    );
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  test('refuses a problem without data', async () => {
    const { code, stderr } = await ansatz('estimate', file('nothing.json'), '--method', 'shooting');
    expect(code).not.toBe(0);
    expect(stderr).toContain('observations');
  });
});
