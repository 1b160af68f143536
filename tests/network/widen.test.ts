import { expect, test } from 'vitest';
import {
  evaluateTrial,
  initialize,
  multilayerPerceptron,
  periodicEmbedding,
  type TrialSolution,
  trialSize,
  widened,
} from '../../src/network/index.ts';

function trialOf(width: number, depth = 3): TrialSolution {
  const activation = 'tanh';
  const embedding = periodicEmbedding({ inputs: 2, periodic: [0] });
  return {
    dimension: 2,
    networks: [
      multilayerPerceptron({ coordinates: [0, 1], fields: ['u', 'v'], width, depth, activation, embedding }),
      multilayerPerceptron({ coordinates: [1], fields: ['w'], width, depth, activation }),
    ],
  };
}

const narrow = trialOf(5);
const wide = trialOf(8);
const unknowns = [0.25, -3];
const theta = Float64Array.of(...initialize(narrow, { seed: 4 }), ...unknowns);
for (let i = 0; i < trialSize(narrow); i++) theta[i] += 0.1 * Math.sin(i);
const points = Float64Array.from({ length: 40 }, (_, i) => Math.sin(7 * i));
const orders = [
  [0, 0],
  [2, 0],
  [0, 1],
];

test('a widened network has the same fields and derivatives, and keeps the unknowns', () => {
  const result = widened(narrow, wide, theta, { seed: 9 });
  expect(result.length).toBe(trialSize(wide) + 2);
  expect([...result.subarray(trialSize(wide))]).toEqual(unknowns);
  const before = evaluateTrial(narrow, theta, points, orders);
  const after = evaluateTrial(wide, result, points, orders);
  for (const [name, columns] of before)
    columns.forEach((column, o) => {
      column.forEach((value, n) => {
        expect(after.get(name)![o][n]).toBeCloseTo(value, 12);
      });
    });
});

test('its new neurons see the inputs: a step along what goes out of them changes the fields', () => {
  const result = widened(narrow, wide, theta, { seed: 9 });
  // The first network's last matrix: rows of the new neurons.
  const last = trialSize({ dimension: 2, networks: [wide.networks[0]] }) - 9 * 2;
  for (let row = 5; row < 8; row++) {
    const moved = result.slice();
    moved[last + 2 * row] = 0.1;
    const [before, after] = [result, moved].map(
      (at) => evaluateTrial(wide, at, points, [[0, 0]]).get('u')![0],
    );
    const change = after.map((value, n) => value - before[n]);
    expect(Math.max(...change) - Math.min(...change)).toBeGreaterThan(1e-3);
  }
});

test('networks of other depth are refused', () => {
  expect(() => widened(narrow, trialOf(8, 2), theta, { seed: 9 })).toThrow('other layers');
  expect(() => widened(wide, narrow, initialize(wide, { seed: 1 }), { seed: 9 })).toThrow('other layers');
});
