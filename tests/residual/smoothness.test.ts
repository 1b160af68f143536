import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { smoothnessBlocks } from '../../src/residual/smoothness.ts';
import { refusal } from '../problem/refusal.ts';

const rows = [{ day: 1, infected: 0.3 }];

function epidemic(beta: object, data = true) {
  return problem({
    name: 'epidemic',
    domain: { t: [0, 10] },
    fields: { beta: { of: ['t'], unknown: true, ...beta } },
    flows: ['S -> I: beta*S*I', 'I -> : I'],
    conditions: [
      { on: 't = 0', equation: 'S = 1' },
      { on: 't = 0', equation: 'I = 0.1' },
      ...(data ? [] : [{ on: 't = 1', equation: 'I = 0.1' }]),
    ],
    ...(data ? { data: [{ rows, at: { t: 'day' }, observe: { I: 'infected' } }] } : {}),
  });
}

describe('smoothness of unknown fields', () => {
  it('is a block of its own: the second derivative in normalised time, over the whole of it', () => {
    const [block, ...others] = smoothnessBlocks(epidemic({ smooth: 1e-3 }), 2);
    expect(others).toEqual([]);
    expect(block.weight).toBeCloseTo(2e-3, 15);
    expect(block.residuals).toHaveLength(1);
    const text = JSON.stringify(block.residuals[0]);
    expect(text).toContain('"order":[2]');
    // Midpoints: the mean of a polynomial of degree 3 over [−1, 1] is exact up to the square of the spacing.
    const mean = block.points[0].reduce((sum, t) => sum + 3 * t * t + t, 0) / block.count;
    expect(mean).toBeCloseTo(1, 4);
  });

  it('is asked of functions of time in problems with data, and of others where they say so', () => {
    expect(smoothnessBlocks(epidemic({}), 1)).toHaveLength(1);
    expect(smoothnessBlocks(epidemic({}, false), 1)).toEqual([]);
    expect(smoothnessBlocks(epidemic({ smooth: 0 }), 1)).toEqual([]);
    const dataAlone = problem({
      name: 'data alone',
      domain: { t: [0, 10] },
      fields: { I: { unknown: true } },
      data: [{ rows, at: { t: 'day' }, observe: { I: 'infected' } }],
    });
    expect(smoothnessBlocks(dataAlone, 1)).toEqual([]);
    const heat = (k: object) =>
      problem({
        name: 'heat',
        domain: { x: [0, 1], t: [0, 1] },
        fields: { u: {}, k: { unknown: true, ...k } },
        equations: ['u_t = d(k*u_x, x)'],
        conditions: [
          { on: 't = 0', equation: 'u = sin(pi*x)' },
          { on: 'boundary', equation: 'u = 0' },
        ],
        data: [{ rows: [{ x: 0.5, t: 0.5, u: 0.1 }], at: { x: 'x', t: 't' }, observe: { u: 'u' } }],
      });
    expect(smoothnessBlocks(heat({}), 1)).toEqual([]);
    // ∂xx, √2 ∂xt and ∂tt: the sum of squares does not depend on the directions of the axes.
    expect(smoothnessBlocks(heat({ smooth: 1 }), 1)[0].residuals).toHaveLength(3);
  });

  it('is refused for fields with an equation, and below zero', () => {
    const decay = {
      name: 'decay',
      domain: { t: [0, 1] as [number, number] },
      equations: ["u' = -u"],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
    };
    expect(refusal({ ...decay, fields: { u: { smooth: 1 } } })).toMatchObject({ path: 'fields.u.smooth' });
    expect(() => epidemic({ smooth: -1 })).toThrow(/smooth/);
  });
});

describe('unknown functions beside flows', () => {
  it('are fields after the compartments', () => {
    expect(epidemic({}).fields.map(({ name, unknown }) => [name, unknown])).toEqual([
      ['S', false],
      ['I', false],
      ['beta', true],
    ]);
  });

  it('cannot be compartments, nor have equations', () => {
    const model = {
      name: 'f',
      domain: { t: [0, 1] as [number, number] },
      flows: ['S -> I: S*I'],
    };
    expect(refusal({ ...model, fields: { S: { unknown: true } } })).toMatchObject({ path: 'fields.S' });
    expect(refusal({ ...model, fields: { b: {} } })).toMatchObject({ path: 'flows' });
    expect(refusal({ ...model, fields: ['b'] })).toMatchObject({ path: 'flows' });
  });
});
