import { expect, test } from 'vitest';
import { makeOperatorData } from '../../../src/operator/index.ts';
import { shiftedCoordinate, withShifts } from '../../../src/operator/training/translation-symmetry.ts';
import { type ProblemDefinition, problem } from '../../../src/problem/index.ts';

const definition: ProblemDefinition = {
  name: 'heat-on-a-circle',
  domain: { x: [0, 2], t: [0, 0.1] },
  fields: ['u'],
  inputs: {
    v: { of: 'x', space: 'gaussian-random-field', kernel: 'periodic', lengthScale: 0.5, sensors: 20 },
  },
  equations: ['u_t = 0.1*u_xx'],
  conditions: [{ on: 't = 0', equation: 'u = v' }, { periodic: 'x' }],
};
const heat = problem(definition);

test('a problem that looks the same everywhere is told from one that does not', () => {
  expect(shiftedCoordinate(heat)).toBe(0);
  for (const changed of [
    { equations: ['u_t = 0.1*u_xx + sin(pi*x)'] },
    {
      conditions: [
        { on: 't = 0', equation: 'u = v' },
        { on: 'boundary', equation: 'u = 0' },
      ],
    },
    { conditions: [{ on: 't = 0', equation: 'u = v*cos(pi*x)' }, { periodic: 'x' }] },
  ])
    expect(shiftedCoordinate(problem({ ...definition, ...changed }))).toBeUndefined();
});

test('shifted functions have the shifted solutions', async () => {
  const data = await makeOperatorData(heat, { functions: 2, points: { grid: [21, 3] }, threads: 1 });
  const shifted = withShifts(heat, data, 0, 1)!;
  expect(shifted.count).toBe(2 * 20);
  const [width, first] = [data.pointCount, shifted.fields.u];
  for (let n = 0; n < shifted.count; n++) {
    const row = first.subarray(n * width, (n + 1) * width);
    const sensors = shifted.inputs.v.subarray(n * 20, (n + 1) * 20);
    // At t = 0 the solution is the input, both ends of the circle being one point.
    for (let i = 0; i < 21; i++) expect(row[3 * i]).toBeCloseTo(sensors[i % 20], 5);
  }
  expect(first.slice(0, width)).toEqual(data.fields.u.slice(0, width));
});

test('nothing is shifted where sensors or points do not allow it', async () => {
  const data = await makeOperatorData(heat, { functions: 2, points: { random: 9 }, threads: 1 });
  expect(withShifts(heat, data, 0, 1)).toBeUndefined();
  const other = await makeOperatorData(heat, { functions: 2, points: { grid: [8, 3] }, threads: 1 });
  expect(withShifts(heat, other, 0, 1)).toBeUndefined();
});
