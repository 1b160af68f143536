import { expect, it } from 'vitest';
import { problem } from '../../../src/problem/index.ts';
import { sourceVariation } from '../../../src/reference/scattered/source-variation.ts';

function variation(source: string): number {
  const given = problem({
    name: 'source',
    domain: {
      geometry: {
        difference: [
          {
            box: [
              [0, 2],
              [0, 1],
            ],
          },
          { disk: { center: [0.5, 0.5], radius: 0.1 } },
        ],
      },
    },
    fields: ['u'],
    equations: [`laplacian(u) = ${source}`],
    conditions: [{ on: 'boundary', equation: 'u = 0' }],
  });
  return sourceVariation(given, given.space!.shape, given.space!.coordinates);
}

it('a wave varies over its length / 2π, along the axis where that is shortest', () => {
  expect(variation('sin(3*x) * sin(40*y)') * 40).toBeGreaterThan(0.8);
  expect(variation('sin(3*x) * sin(40*y)') * 40).toBeLessThan(1.25);
});

it('what is constant does not vary, and a step does not vary fast', () => {
  expect(variation('3')).toBe(Number.POSITIVE_INFINITY);
  expect(variation('x < 1.1 ? 1 : 2')).toBeGreaterThan(0.2);
});
