import { expect, it } from 'vitest';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import type { Expression } from '../../src/expression/expression.ts';
import { problem } from '../../src/problem/index.ts';
import { scalingOf } from '../../src/residual/index.ts';
import { checkEquations } from '../../src/solve/equation-check.ts';
import type { Solution } from '../../src/solve/solution.ts';
import { marchedWindows, startsWithLayers } from '../../src/solve/windows/initial-layers.ts';

const rod = (equation: string, conditions: readonly [on: string, equation: string][]) =>
  problem({
    name: 'rod',
    domain: { x: [0, 1], t: [0, 2] },
    fields: ['u'],
    equations: [equation],
    conditions: conditions.map(([on, text]) => ({ on, equation: text })),
  });

const plate = (robin: string) =>
  problem({
    name: 'plate',
    domain: {
      geometry: {
        difference: [
          {
            box: [
              [0, 2],
              [0, 1],
            ],
          },
          { disk: { center: [0.5, 0.5], radius: 0.2 } },
        ],
      },
      t: [0, 1],
    },
    fields: ['u'],
    equations: ['u_t = laplacian(u)'],
    conditions: [
      { on: 't = 0', equation: 'u = 2' },
      { on: 'boundary', equation: robin },
    ],
  });

it('layers start where the boundary wants another value or slope than the initial state has', () => {
  expect(startsWithLayers(plate('u_n = 5 - u'))).toBe(true);
  expect(startsWithLayers(plate('u_n = 2 - u'))).toBe(false);
  const heat = 'u_t = u_xx';
  const sine: [string, string] = ['t = 0', 'u = sin(pi*x)'];
  expect(startsWithLayers(rod(heat, [sine, ['x = 0', 'u = 0'], ['x = 1', 'u = 0']]))).toBe(false);
  expect(startsWithLayers(rod(heat, [sine, ['x = 0', 'u = 0'], ['x = 1', 'u = 1']]))).toBe(true);
  expect(startsWithLayers(rod(heat, [sine, ['x = 0', 'u_x = pi'], ['x = 1', 'u = 0']]))).toBe(false);
});

it('a wave carries what contradicts its start on: there is no layer', () => {
  const start: [string, string][] = [
    ['t = 0', 'u = 0'],
    ['t = 0', 'u_t = 0'],
  ];
  expect(startsWithLayers(rod('u_tt = u_xx', [...start, ['x = 0', 'u = 1'], ['x = 1', 'u = 0']]))).toBe(
    false,
  );
});

it('windows from such a start end at equal steps of the square root of time', () => {
  const windows = marchedWindows(plate('u_n = 5 - u'), 4);
  expect(windows.map(({ high }) => Math.sqrt(high))).toEqual([0.25, 0.5, 0.75, 1]);
  windows.slice(1).forEach(({ low }, k) => {
    expect(low).toBe(windows[k].high);
  });
  expect(marchedWindows(plate('u_n = 2 - u'), 4).map(({ high }) => high)).toEqual([0.25, 0.5, 0.75, 1]);
});

/** A field whose rate of change is given, as far as the check asks. */
function changingAt(rate: (t: number) => number): Solution {
  const given = rod('u_t = u_xx + 1', [
    ['t = 0', 'u = 0'],
    ['x = 0', 'u = t'],
    ['x = 1', 'u = t'],
  ]);
  return {
    problem: given,
    scaling: scalingOf(given, new Map([['u', { low: 0, high: 1 }]])),
    unknowns: {},
    evaluateExpression: (term: Expression, points: Float64Array) =>
      Float64Array.from({ length: points.length / 2 }, (_, n) =>
        evaluateScalar(term, (leaf) =>
          leaf.kind === 'field' && leaf.order[1] === 1 ? rate(points[2 * n + 1]) : 0,
        ),
      ),
  } as unknown as Solution;
}

it('a rate that is wrong for a moment counts by what it adds up to, and as before where it always is', () => {
  const [moment] = checkEquations(changingAt((t) => (t < 0.02 ? 9 : 1)));
  expect(moment.share).toBeLessThan(0.1);
  const [always] = checkEquations(changingAt(() => 1.8));
  expect(always.share).toBeGreaterThan(0.15);
  const [jump] = checkEquations(changingAt((t) => (t < 0.02 ? 101 : 1)));
  expect(jump.share).toBeGreaterThan(0.4);
});
