import { describe, expect, test } from 'vitest';
import type { ProblemDefinition } from '../../../src/problem/index.ts';
import { dataScales } from '../../../src/solve/random-features/data-scales.ts';
import { read } from '../problems.ts';

/** Half of the highest frequency on [0, 1] is what a coordinate mapped to [−1, 1] sees. */
const heat = (start: string, source = '0'): ProblemDefinition => ({
  name: 'heat',
  domain: { x: [0, 1], y: [0, 1], t: [0, 1] },
  fields: ['u'],
  equations: [`u_t = laplacian(u) + ${source}`],
  conditions: [
    { on: 't = 0', equation: `u = ${start}` },
    { on: 'boundary', equation: 'u = 0' },
  ],
});

describe('data tell how fast they vary', () => {
  test.each([
    ['sin(20*pi*x)*sin(2*pi*y)', '0', [10 * Math.PI, Math.PI, undefined]],
    ['sin(6*pi*x)', 'sin(16*pi*y)', [3 * Math.PI, 8 * Math.PI, undefined]],
    ['0', 'cos(30*t)', [undefined, undefined, 15]],
  ])('%s, %s', (start, source, expected) => {
    const found = dataScales(read(heat(start, source), {}));
    found.forEach((scale, i) => {
      if (expected[i] === undefined) expect(scale).toBeUndefined();
      else expect(scale! / expected[i]!).toBeCloseTo(1, 0);
    });
  });

  test('a jump has no highest frequency', () => {
    const [x] = dataScales(read(heat('(x < 0.3 ? 1 : 2)'), {}));
    expect(x).toBeUndefined();
  });
});
