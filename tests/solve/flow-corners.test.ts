import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { chartsOfGeometry } from '../../src/solve/random-features/charts-of-geometry.ts';
import { multipliers } from '../../src/solve/random-features/flow-corners.ts';

const cavity = (lid: string) =>
  problem({
    name: 'cavity',
    domain: { x: [0, 2], y: [0, 1] },
    fields: ['u', 'v', 'p'],
    equations: ['p_x = laplacian(u)', 'p_y = laplacian(v)', 'u_x + v_y = 0'],
    conditions: [
      { on: 'y = 1', equation: `u = ${lid}` },
      ...['y = 0', 'x = 0', 'x = 2'].map((on) => ({ on, equation: 'u = 0' })),
      { on: 'boundary', equation: 'v = 0' },
      { on: { points: [[0, 0]] }, equation: 'p = 0' },
    ],
  });

describe('corners of a flow', () => {
  it('matter where the slope of the lid’s velocity contradicts continuity: two charts for each', () => {
    expect(multipliers(cavity('0'))).toEqual(['p']);
    const charts = chartsOfGeometry(cavity('x*(2 - x)'));
    expect(charts.map(({ center }) => center)).toEqual([
      [1, 1],
      [1, 1],
      [-1, 1],
      [-1, 1],
    ]);
    expect(charts.slice(0, 2)).toMatchObject([
      { kind: 'polar', power: 1 },
      { kind: 'polar', power: 0, fields: ['p'] },
    ]);
  });

  it('are left alone where all slopes vanish', () => {
    expect(chartsOfGeometry(cavity('x^2*(2 - x)^2'))).toEqual([]);
  });
});
