import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  operatorDataInFile,
  readOperatorData,
  writeOperatorData,
} from '../../../src/cli/operator-data-file.ts';
import { InterruptedError, ProblemError, SolveError } from '../../../src/errors.ts';
import {
  decodeOperatorData,
  drawInput,
  encodeOperatorData,
  makeOperatorData,
  type OperatorData,
  operatorDataFrom,
  requireMatch,
} from '../../../src/operator/index.ts';
import { type ProblemDefinition, problem } from '../../../src/problem/index.ts';

const integrator: ProblemDefinition = {
  name: 'integrator',
  domain: { x: [0, 1] },
  fields: ['u'],
  inputs: { v: { of: 'x', space: 'chebyshev', terms: 4, sensors: 11 } },
  equations: ['du/dx = v'],
  conditions: [{ on: 'x = 0', equation: 'u = 0' }],
};
const read = problem(integrator);
const row = (all: Float64Array, n: number, width: number) => all.subarray(n * width, (n + 1) * width);
/** ∫ of the polynomial, by Simpson's rule, which is exact for cubics. */
const integral = (seed: number, draw: number, x: number): number => {
  const [a, b, c] = drawInput(read.inputs[0], seed, draw).values(Float64Array.from([0, x / 2, x]));
  return (x * (a + 4 * b + c)) / 6;
};

test('every function of an aligned set is the solution for its draw', async () => {
  const data = await makeOperatorData(read, { functions: 5, seed: 3, points: { grid: 21 } });
  expect([data.count, data.pointCount, data.aligned, data.sides]).toEqual([5, 21, true, [21]]);
  for (let n = 0; n < 5; n++) {
    const sensors = drawInput(read.inputs[0], 3, n).values(read.inputs[0].sensors);
    expect([...row(data.inputs.v, n, 11)]).toEqual([...sensors]);
    row(data.fields.u, n, 21).forEach(
      (u, i) => void expect(u).toBeCloseTo(integral(3, n, data.points[i]), 9),
    );
    expect(data.errorEstimates[n]).toBeLessThan(1e-7);
  }
});

test('with random points every function has its own', async () => {
  const data = await makeOperatorData(read, { functions: 3, points: { random: 7 } });
  expect(data.aligned).toBe(false);
  expect(data.points).toHaveLength(21);
  expect(new Set(data.points).size).toBe(21);
  data.fields.u.forEach(
    (u, i) => void expect(u).toBeCloseTo(integral(0, Math.floor(i / 7), data.points[i]), 9),
  );
});

const plain = ({ inputs, fields, points, draws, errorEstimates }: OperatorData) =>
  [inputs.v, fields.u, points, draws!, errorEstimates].map((array) => [...array]);

test('what comes out depends neither on threads nor on how many are made', async () => {
  const options = { seed: 1, points: { random: 4 } };
  const here = await makeOperatorData(read, { ...options, functions: 6, threads: 1 });
  const there = await makeOperatorData(read, { ...options, functions: 6, threads: 2 });
  expect(plain(there)).toEqual(plain(here));
  const tail = await makeOperatorData(read, { ...options, functions: 2, first: 4, threads: 1 });
  expect([...tail.fields.u]).toEqual([...here.fields.u.subarray(16)]);
});

describe('in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'operator-data-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a data set is what was written', async () => {
    const data = await makeOperatorData(read, { functions: 3, points: { random: 4 } });
    const file = join(folder, 'random.bin');
    writeOperatorData(file, data);
    expect(readOperatorData(file)).toEqual(data);
    expect(readFileSync(file).subarray(0, 8).toString()).toBe('ANSATZOD');
  });

  test('its header says where the numbers stand', async () => {
    const data = await makeOperatorData(read, { functions: 2, points: { grid: 3 } });
    const bytes = encodeOperatorData(data);
    const view = new DataView(bytes.buffer);
    const begin = 16 + view.getUint32(12, true);
    const { arrays } = JSON.parse(new TextDecoder().decode(bytes.subarray(16, begin)));
    expect(arrays.map((a: { name: string }) => a.name)).toEqual([
      'input:v',
      'points',
      'field:u',
      'errorEstimates',
      'draws',
    ]);
    expect(arrays[0].shape).toEqual([2, 11]);
    expect(view.getFloat64(begin, true)).toBe(data.inputs.v[0]);
    expect(view.getFloat64(begin + 8 * (22 + 3), true)).toBe(data.fields.u[0]);
  });

  test('an interrupted run goes on, and ends as one that was not interrupted', async () => {
    const file = join(folder, 'resumed.bin');
    const controller = new AbortController();
    const options = { functions: 6, seed: 2, points: { grid: 5 }, threads: 1 };
    const interrupted = operatorDataInFile(read, file, {
      ...options,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 2) controller.abort();
      },
    });
    await expect(interrupted).rejects.toThrow(InterruptedError);
    expect(readOperatorData(file)).toMatchObject({ count: 2, wanted: 6 });
    const done: number[] = [];
    const whole = await operatorDataInFile(read, file, {
      ...options,
      onProgress: (p) => void done.push(p.done),
    });
    expect(done).toEqual([2, 3, 4, 5, 6]);
    expect(whole).toEqual(await makeOperatorData(read, options));
    expect(readOperatorData(file)).toEqual(whole);
    // finished: nothing is solved again
    expect(await operatorDataInFile(read, file, options)).toEqual(whole);
    for (const other of [{ seed: 3 }, { points: { grid: 7 } }])
      await expect(operatorDataInFile(read, file, { ...options, ...other })).rejects.toThrow(ProblemError);
  });

  test('what is no such file is refused', async () => {
    const bytes = encodeOperatorData(await makeOperatorData(read, { functions: 2, points: { grid: 3 } }));
    const refused = (changed: Uint8Array, message: RegExp) => {
      expect(() => decodeOperatorData(changed)).toThrow(ProblemError);
      expect(() => decodeOperatorData(changed)).toThrow(message);
    };
    refused(bytes.subarray(0, 10), /no file of operator data/);
    refused(new TextEncoder().encode('{"name": "integrator"}'), /no file of operator data/);
    refused(bytes.subarray(0, bytes.length - 8), /ends within the array draws/);
    refused(Uint8Array.from([...bytes, 0]), /follow the last array/);
    refused(bytes.with(8, 9), /version 9/);
    refused(bytes.with(16, 0), /header/);
    const file = join(folder, 'text.bin');
    writeFileSync(file, 'nothing');
    expect(() => readOperatorData(file)).toThrow(file);
    expect(() => readOperatorData(join(folder, 'missing.bin'))).toThrow(ProblemError);
  });
});

describe('a data set and its problem', () => {
  test('agree but for the space that functions come from', async () => {
    const data = await makeOperatorData(read, { functions: 1, points: { grid: 3 } });
    requireMatch(read, data);
    const change = (changes: Partial<ProblemDefinition>) => problem({ ...integrator, ...changes });
    requireMatch(change({ inputs: { v: { ...integrator.inputs!.v, terms: 9 } } }), data);
    for (const [other, message] of [
      [change({ equations: ['du/dx = 2*v'] }), /another problem: its equations/],
      [change({ domain: { x: [0, 2] } }), /another problem: its domain/],
      [change({ inputs: { v: { ...integrator.inputs!.v, sensors: 12 } } }), /11 sensors in it, not 12/],
      [
        change({
          inputs: { v: { ...integrator.inputs!.v, sensors: Array.from({ length: 11 }, (_, i) => i / 11) } },
        }),
        /sensor 1 of v lies elsewhere/,
      ],
    ] as const) {
      expect(() => requireMatch(other, data)).toThrow(ProblemError);
      expect(() => requireMatch(other, data)).toThrow(message);
    }
  });

  const v = [new Array(11).fill(1), new Array(11).fill(2)];
  const u = [
    [0, 0.5, 1],
    [0, 1, 2],
  ];

  test('from elsewhere: aligned or not, as the number of points says', () => {
    const aligned = operatorDataFrom(read, { inputs: { v }, points: [[0], [0.5], [1]], fields: { u } });
    expect(aligned).toMatchObject({ aligned: true, count: 2, pointCount: 3 });
    const points = [0, 0.5, 1, 0, 0.5, 1].map((x) => [x]);
    const own = operatorDataFrom(read, { inputs: { v }, points, fields: { u } });
    expect(own).toMatchObject({ aligned: false, count: 2, pointCount: 3 });
    requireMatch(read, own);
  });

  test.each<[string, object, RegExp]>([
    [
      'aligned and is not',
      { aligned: true, points: [[0], [0.5], [1], [0], [0.5], [1]] },
      /same output points for every/,
    ],
    ['of other sensors', { inputs: { v: [[1, 2]] } }, /a row of 2 stands where one of 11/],
    ['without a field', { fields: {} }, /`u` is missing/],
    ['of a field that is none', { fields: { u, w: u } }, /no `w`/],
    ['outside the domain', { points: [[0], [0.5], [2]] }, /x = 2 lies outside/],
    ['not finite', { fields: { u: [[0, 0.5, Number.NaN], u[1]] } }, /NaN is no value/],
    ['of different lengths', { fields: { u: [[0, 1, 2]] } }, /1 functions here and 2 elsewhere/],
  ])('%s is refused', (_, changes, message) => {
    const given = { inputs: { v }, points: [[0], [0.5], [1]], fields: { u }, ...changes };
    expect(() => operatorDataFrom(read, given)).toThrow(ProblemError);
    expect(() => operatorDataFrom(read, given)).toThrow(message);
  });
});

test('draws without a solution are made up for, unless there are too many', async () => {
  // u' = v u² from 1 ends at a finite x where ∫ v reaches 1
  const blowUp: ProblemDefinition = {
    ...integrator,
    inputs: { v: { of: 'x', space: 'chebyshev', terms: 1, amplitude: 1.3, sensors: 1 } },
    equations: ['du/dx = v*u^2'],
    conditions: [{ on: 'x = 0', equation: 'u = 1' }],
  };
  const data = await makeOperatorData(problem(blowUp), { functions: 25, points: { grid: 3 }, threads: 1 });
  expect(data.count).toBe(25);
  expect(data.failures.length).toBeGreaterThan(0);
  const numbers = [...data.draws!, ...data.failures.map(({ draw }) => draw)].sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, i) => i));
  const always = { ...blowUp, inputs: { v: { ...blowUp.inputs!.v, amplitude: 100 } } };
  await expect(makeOperatorData(problem(always), { functions: 20, threads: 1 })).rejects.toThrow(SolveError);
});

test('options that do not fit are refused', async () => {
  await expect(makeOperatorData(read, { functions: 0 })).rejects.toThrow(ProblemError);
  await expect(makeOperatorData(read, { points: { grid: [3, 3] } })).rejects.toThrow(/2 sides for 1/);
  await expect(makeOperatorData(read, { points: { list: [[2]] } })).rejects.toThrow(/outside the domain/);
  const { inputs: _, ...ordinary } = integrator;
  await expect(makeOperatorData(problem({ ...ordinary, equations: ['du/dx = 1'] }))).rejects.toThrow(
    /no input functions/,
  );
});
