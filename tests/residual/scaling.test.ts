import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import { parseExpression } from '../../src/expression/parse.ts';
import { problem, scopeOf } from '../../src/problem/index.ts';
import {
  derivativeScale,
  inNormalizedVariables,
  scalingOf,
  toNormalizedPoints,
  toUserPoints,
} from '../../src/residual/index.ts';

const read = problem({
  name: 'two fields',
  domain: { x: [-2, 5], t: [10, 10.5] },
  fields: ['T', 'c'],
  unknowns: { k: { initial: 2, min: 0 }, m: { initial: 1, min: -1, max: 4 } },
  equations: ['T_t = k*T_xx + m*c', 'c_t = c_xx'],
  conditions: [
    { on: 't = 10', equation: 'T = 300' },
    { on: 't = 10', equation: 'c = 0' },
  ],
  data: [{ rows: [{ x: 0, t: 10.2, T: 303 }], at: { x: 'x', t: 't' }, observe: { T: 'T' } }],
});
const scaling = scalingOf(
  read,
  new Map([
    ['T', { low: 300, high: 310 }],
    ['c', { low: -1e-6, high: 3e-6 }],
  ]),
);

describe('scaling', () => {
  it('coordinates run over [−1, 1]', () => {
    const points = Float64Array.of(-2, 10, 5, 10.5, 1.5, 10.25);
    expect([...toNormalizedPoints(points, scaling)]).toEqual([-1, -1, 1, 1, 0, 0]);
    expect([...toUserPoints(toNormalizedPoints(points, scaling), scaling)]).toEqual([...points]);
  });

  it('a field far from zero is measured from its middle, any other one from zero', () => {
    expect(scaling.fields.get('T')).toEqual({ offset: 305, scale: 5 });
    expect(scaling.fields.get('c')).toEqual({ offset: 0, scale: 3e-6 });
    expect(derivativeScale(scaling, 'T', [2, 1])).toBeCloseTo(5 / 3.5 ** 2 / 0.25, 12);
  });

  it.each([
    'T_t - k*T_xx - m*c',
    'x*T^2 - sin(t)*c_x + T_xxt/3',
    'exp(-(T - 305)/10)*k + m*m - 1/k',
    'max(x, t - 10)*(T > 305 ? c : T_x)',
    '2*T - 610 + x - t',
    'k^m*d(T*c, x)',
  ])('%s has the same value in normalised variables', (text) => {
    const expression = parseExpression(text, scopeOf(read), 'test');
    const normalized = inNormalizedVariables(expression, scaling);
    const unit = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(unit, { minLength: 24, maxLength: 24 }), (values) => {
        const jets = new Map<string, number>();
        const jet = (key: string): number => {
          if (!jets.has(key)) jets.set(key, values[4 + (jets.size % 20)]);
          return jets.get(key)!;
        };
        const expected = evaluateScalar(expression, (leaf) => {
          switch (leaf.kind) {
            case 'coordinate':
              return toUserPoints(Float64Array.from(values.slice(0, 2)), scaling)[leaf.index];
            case 'unknown': {
              const i = scaling.unknowns.findIndex((u) => u.name === leaf.name);
              return scaling.unknowns[i].value(values[2 + i]);
            }
            case 'field': {
              const isValue = leaf.order.every((k) => k === 0);
              const { offset } = scaling.fields.get(leaf.name)!;
              const scale = derivativeScale(scaling, leaf.name, leaf.order);
              return (isValue ? offset : 0) + scale * jet(`${leaf.name}${leaf.order}`);
            }
            default:
              return Number.NaN;
          }
        });
        const found = evaluateScalar(normalized, (leaf) => {
          if (leaf.kind === 'coordinate') return values[leaf.index];
          if (leaf.kind === 'unknown')
            return values[2 + scaling.unknowns.findIndex((u) => u.name === leaf.name)];
          return leaf.kind === 'field' ? jet(`${leaf.name}${leaf.order}`) : Number.NaN;
        });
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(expected)));
      }),
    );
  });
});
