import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { fieldRanges } from '../../src/residual/index.ts';
import { pureNumberFields } from '../../src/residual/pure-numbers.ts';

function decay(rate: string) {
  return problem({
    name: 'decay',
    domain: { t: [0, 10] },
    fields: { u: {}, k: { of: ['t'], unknown: true } },
    equations: [`u' = -(${rate})*u`],
    conditions: [{ on: 't = 0', equation: 'u = 500' }],
    data: [{ rows: [{ day: 1, u: 300 }], at: { t: 'day' }, observe: { u: 'u' } }],
  });
}

describe('unknown fields without a unit', () => {
  it('stand as they are in exponentials and their like', () => {
    for (const rate of ['exp(k)', '2*exp(k - 1)', '1 + tanh(0.5 - k)'])
      expect([...pureNumberFields(decay(rate))]).toEqual(['k']);
    for (const rate of ['k', 'exp(-2*k)', 'k*exp(-t)'])
      expect([...pureNumberFields(decay(rate))]).toEqual([]);
  });

  it('are of size one, whatever the units of the rest', () => {
    expect(fieldRanges(decay('exp(k)')).get('k')).toEqual({ low: -1, high: 1 });
  });
});
