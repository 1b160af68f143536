import { describe, expect, test } from 'vitest';
import type { ProblemDefinition } from '../../../src/problem/index.ts';
import { randomGenerator } from '../../../src/random/generator.ts';
import { solve } from '../../../src/solve/index.ts';
import { observedScales } from '../../../src/solve/inverse-features/observed-scales.ts';
import { read } from '../problems.ts';

/** Values of a wave at places in a square, half width 1. */
const waves = (kx: number, ky: number, noise: number, count = 120): ProblemDefinition => {
  const generator = randomGenerator(5);
  return {
    name: 'waves',
    domain: { x: [0, 2], y: [-1, 1] },
    fields: ['u'],
    unknowns: { k: { initial: 1 } },
    equations: ['u_xx + k*u_yy = 0'],
    data: [
      {
        rows: Array.from({ length: count }, () => {
          const [x, y] = [2 * generator.uniform(), 2 * generator.uniform() - 1];
          return { x, y, u: Math.sin(kx * x + 0.3) * Math.sin(ky * y + 0.5) + noise * generator.normal() };
        }),
        at: { x: 'x', y: 'y' },
        observe: { u: 'u' },
      },
    ],
  };
};

const never = (): boolean => false;

describe('frequencies of what is observed', () => {
  test('they are found along each coordinate', () => {
    const { scales, noise } = observedScales(read(waves(8, 2, 0)), never)!;
    expect(scales[0]).toBeGreaterThan(6);
    expect(scales[0]).toBeLessThan(13);
    expect(scales[1]).toBeGreaterThan(1.3);
    expect(scales[1]).toBeLessThan(4);
    expect(noise).toBeLessThan(1e-4);
  });

  test('noise is told from what varies fast', () => {
    const { scales, noise } = observedScales(read(waves(2, 2, 0.1)), never)!;
    expect(Math.max(...scales)).toBeLessThan(5);
    expect(noise).toBeGreaterThan(1e-3);
  });

  test('a few values say nothing', () => {
    expect(observedScales(read(waves(2, 2, 0, 10)), never)).toBeUndefined();
  });
});

test('an unknown is found though a field that stands beside it is not observed', async () => {
  const generator = randomGenerator(3);
  // u = sin(3x) exp(y) and w = u_x.
  const definition: ProblemDefinition = {
    name: 'beside',
    domain: { x: [-1, 1], y: [-1, 1] },
    fields: ['u', 'w'],
    unknowns: { k: { initial: 1, min: 0 } },
    equations: ['w = u_x', 'w_x + k*u_yy = 0'],
    data: [
      {
        rows: Array.from({ length: 150 }, () => {
          const [x, y] = [2 * generator.uniform() - 1, 2 * generator.uniform() - 1];
          return { x, y, u: Math.sin(3 * x) * Math.exp(y) };
        }),
        at: { x: 'x', y: 'y' },
        observe: { u: 'u' },
      },
    ],
    exact: { u: 'sin(3*x)*exp(y)', w: '3*cos(3*x)*exp(y)' },
  };
  const solution = await solve(read(definition), { timeLimit: 5, threads: 1, optimizer: 'random-features' });
  expect(solution.unknowns.k).toBeCloseTo(9, 2);
  expect(solution.compare('exact').w.relativeL2).toBeLessThan(1e-3);
});
