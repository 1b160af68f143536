import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../src/errors.ts';
import { gaussLegendre } from '../../../src/expression/gauss-legendre.ts';
import {
  drawInput,
  makeOperatorData,
  operatorDataFrom,
  operatorFrom,
  trainOperator,
} from '../../../src/operator/index.ts';
import { type ProblemDefinition, problem } from '../../../src/problem/index.ts';

const definition: ProblemDefinition = {
  name: 'integrator',
  domain: { x: [0, 1] },
  fields: ['u'],
  inputs: { v: { of: 'x', space: 'gaussian-random-field', lengthScale: 0.25, sensors: 60 } },
  equations: ['du/dx = v'],
  conditions: [{ on: 'x = 0', equation: 'u = 0' }],
  exact: { u: 'integral(v(s), s, 0, x)' },
};
const integrator = problem(definition);
const quick = { functions: 60, testFunctions: 8, threads: 1, seed: 1 } as const;
const integrate = await trainOperator(integrator, quick);

describe('the antiderivative', () => {
  test('is recognised as linear and found to rounding', () => {
    expect(integrate.run).toMatchObject({ branch: 'linear', stopped: 'exact', functions: 60, engine: 'f64' });
    expect(integrate.errors!.u).toMatchObject({ functions: 8, against: 'exact' });
    expect(integrate.errors!.u.worst).toBeLessThan(1e-8);
    expect(integrate.errors!.u.each).toHaveLength(8);
    expect(integrate.errors!.u.median).toBeLessThanOrEqual(integrate.errors!.u.worst);
  });

  test('of cos(3x) is sin(3x)/3, whatever stands for cos(3x)', () => {
    const { sensors } = integrator.inputs[0];
    for (const v of ['cos(3*x)', (x: number) => Math.cos(3 * x), sensors.map((x) => Math.cos(3 * x))]) {
      const solution = integrate(v);
      for (const x of [0, 0.3, 1]) {
        const exact = Math.sin(3 * x) / 3;
        expect(Math.abs(solution.at(x).u - exact)).toBeLessThan(1e-6);
        expect(solution.at({ x })).toEqual(solution.at([x]));
      }
      expect(solution.warnings).toEqual([]);
    }
    expect(integrate('cos(3*x)').compare('exact').u.relativeL2).toBeLessThan(1e-6);
  });

  test('has the function for its derivative', () => {
    const points = [0.1, 0.5, 0.9];
    const solution = integrate('cos(3*x)');
    const residual = solution.evaluate('u_x - v', points);
    residual.forEach((value) => void expect(Math.abs(value)).toBeLessThan(1e-4));
    points.forEach((x, i) => {
      const difference = (solution.at(x + 1e-5).u - solution.at(x - 1e-5).u) / 2e-5;
      expect(solution.evaluate('u_x', points)[i]).toBeCloseTo(difference, 6);
    });
  });

  test('in a batch is that of each function', () => {
    const points = [0, 0.25, 0.8];
    const functions = ['cos(3*x)', 'x', 'sin(2*x)'];
    const alone = functions.map((v) => [...integrate(v).evaluateFields(points).u]);
    const aligned = integrate.evaluate(functions, points).u;
    const unaligned = integrate.evaluate(functions, [...points, ...points, ...points], { aligned: false }).u;
    alone.flat().forEach((value, i) => {
      expect(aligned[i]).toBeCloseTo(value, 12);
      expect(unaligned[i]).toBeCloseTo(value, 12);
    });
    expect(() => integrate.evaluate({ v: new Float64Array(61) }, points)).toThrow(/rows of 60 sensors/);
    expect(() => integrate.evaluate({}, points)).toThrow(/`v` is missing/);
  });

  test('of functions unlike those of training comes with warnings that say by how much', () => {
    const measures = (v: string) => integrate.warnings(v).map(({ measure }) => measure);
    expect(measures('30*cos(3*x)')).toContain('amplitude');
    expect(measures('cos(40*x)')).toContain('remainder');
    const [first] = integrate('30*cos(3*x)').warnings;
    expect(first.value).toBeGreaterThan(first.limit);
    expect(first.text).toMatch(/outside the trained range.*\d/);
    // most draws of the same space are inside
    const draws = Array.from({ length: 40 }, (_, k) => drawInput(integrator.inputs[0], 9, k));
    expect(draws.filter((v) => integrate.warnings(v).length === 0).length).toBeGreaterThan(30);
  });

  test('stored and read again is the same', async () => {
    const again = await operatorFrom(JSON.parse(JSON.stringify(integrate.save())));
    expect(again('cos(x)').at(0.7)).toEqual(integrate('cos(x)').at(0.7));
    expect(again.warnings('9*x')).toEqual(integrate.warnings('9*x'));
    expect(again.errors).toEqual(integrate.errors);
    expect(again.run).toEqual(integrate.run);
  });

  test('damaged files are refused', async () => {
    const stored = JSON.parse(JSON.stringify(integrate.save()));
    await expect(operatorFrom({ format: 'ansatz-solution' })).rejects.toThrow(
      /no stored operator|not a stored operator/,
    );
    const damages: [place: readonly string[], value: unknown][] = [
      [['version'], 2],
      [['model'], undefined],
      [['model', 'kind'], 'other'],
      [['model', 'parts'], []],
      [['model', 'branch'], undefined],
      [['model', 'parts', '0', 'basis', 'bias', 'float64'], 'AAAA'],
      [['ranges'], []],
      [['problem', 'equations'], ['du/dx = w']],
    ];
    for (const [place, value] of damages) {
      const copy = structuredClone(stored);
      const parent = place.slice(0, -1).reduce((inner, key) => inner[key], copy);
      parent[place[place.length - 1]] = value;
      await expect(operatorFrom(copy), place.join('.')).rejects.toThrow(ProblemError);
    }
  });
});

test('the same seed gives the same operator', async () => {
  const again = await trainOperator(integrator, { ...quick, testFunctions: 0 });
  expect(again('x^2').at(0.6)).toEqual(integrate('x^2').at(0.6));
  expect(again.errors).toBeNull();
  expect(again.reason).toMatch(/no test functions/);
});

test('a nonlinear operator is learnt, with hard conditions that hold whatever the input', async () => {
  const growth = problem({
    name: 'growth',
    domain: { t: [0, 1] },
    fields: ['y'],
    inputs: {
      v: { of: 't', space: 'chebyshev', terms: 3, amplitude: 0.5, sensors: 9 },
      y0: { of: [], space: 'uniform', range: [0.5, 1] },
    },
    equations: ['dy/dt = (1 + v)*y'],
    conditions: [{ on: 't = 0', equation: 'y = y0', hard: true }],
  });
  const grow = await trainOperator(growth, { functions: 150, testFunctions: 10, threads: 1 });
  expect(grow.errors!.y.relativeL2).toBeLessThan(1e-3);
  expect(grow.errors!.y.against).toBe('reference');
  const solution = grow({ v: '0.2*t', y0: 0.8 });
  expect(solution.at(0).y).toBeCloseTo(0.8, 12);
  expect(solution.at(0.5).y).toBeCloseTo(0.8 * Math.exp(0.5 + 0.1 * 0.25), 2);
  const batch = grow.evaluate([{ v: '0.2*t', y0: 0.8 }], [0, 0.5]).y;
  expect(batch[1]).toBeCloseTo(solution.at(0.5).y, 12);
  expect(() => grow('t')).toThrow(/2 inputs/);
  expect(() => grow({ v: 't' })).toThrow(/`y0` is missing/);
  const again = await operatorFrom(JSON.parse(JSON.stringify(grow.save())));
  expect(again({ v: '0.2*t', y0: 0.8 }).at(0.5)).toEqual(solution.at(0.5));
});

describe('data that are given', () => {
  const { nodes, weights } = gaussLegendre(12);
  const at = Array.from({ length: 31 }, (_, i) => i / 30);
  const draws = Array.from({ length: 40 }, (_, k) => drawInput(integrator.inputs[0], 5, k));
  const antiderivative = (k: number, x: number) =>
    draws[k].values(nodes.map((z) => ((z + 1) / 2) * x)).reduce((s, v, i) => s + (weights[i] * v * x) / 2, 0);
  const given = {
    inputs: { v: draws.map((draw) => draw.values(integrator.inputs[0].sensors)) },
    points: at.map((x) => [x]),
    fields: { u: draws.map((_, k) => at.map((x) => antiderivative(k, x))) },
  };

  test('are trained on; where there is no reference some of them are the test', async () => {
    const data = operatorDataFrom(integrator, given);
    const operator = await trainOperator(integrator, { data, testFunctions: 5 });
    expect(operator.run.functions).toBe(32);
    expect(operator.errors!.u.relativeL2).toBeLessThan(1e-6);
  });

  test('have to fit the problem', async () => {
    expect(() => operatorDataFrom(integrator, { ...given, aligned: false })).toThrow(/40 functions/);
    const other = problem({ ...definition, equations: ['du/dx = 2*v'] });
    const data = await makeOperatorData(other, { functions: 4, points: { grid: 5 }, threads: 1 });
    await expect(trainOperator(integrator, { data })).rejects.toThrow(/another problem/);
    const whole = operatorDataFrom(integrator, given);
    const holed = { u: whole.fields.u.map((value, k) => (k === 7 ? Number.NaN : value)) };
    for (const [fields, words] of [
      [{}, /values of fields\.u are missing/],
      [{ u: whole.fields.u.slice(1) }, /40 rows of 31/],
      [holed, /fields\.u\[0\]\[7\]/],
    ] as const)
      await expect(trainOperator(integrator, { data: { ...whole, fields } })).rejects.toThrow(words);
  });
});

test('options that mean nothing are refused, naming their place', async () => {
  const ordinary = problem({
    name: 'decay',
    domain: { t: [0, 1] },
    fields: ['u'],
    equations: ['du/dt = -u'],
    conditions: [{ on: 't = 0', equation: 'u = 1' }],
  });
  await expect(trainOperator(ordinary)).rejects.toThrow(/no input functions/);
  await expect(trainOperator(integrator, { optimizer: 'adam' })).rejects.toThrow(/solve\.optimizer/);
  await expect(trainOperator(integrator, { loss: 'date' as 'data' })).rejects.toThrow(/did you mean "data"/);
  expect(() => problem({ ...ordinary.definition, solve: { operator: {} } })).toThrow(/solve\.operator/);
  const misspelled = { ...definition, solve: { operator: { function: 3 } } } as unknown as ProblemDefinition;
  expect(() => problem(misspelled)).toThrow(/did you mean `functions`/);
});
