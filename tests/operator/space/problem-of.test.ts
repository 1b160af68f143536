import { describe, expect, test } from 'vitest';
import { NotSupportedError, ProblemError } from '../../../src/errors.ts';
import {
  drawInputs,
  type GivenFunction,
  problemOf,
  sampleOf,
  sensorValues,
} from '../../../src/operator/index.ts';
import { type ProblemDefinition, problem } from '../../../src/problem/index.ts';
import { equidistant, gridPoints } from '../../../src/problem/sensors.ts';
import { reference } from '../../../src/reference/index.ts';

const integrator: ProblemDefinition = {
  name: 'integrator',
  domain: { x: [0, 1] },
  fields: ['u'],
  constants: { k: 3 },
  inputs: { v: { of: 'x', space: 'gaussian-random-field', lengthScale: 0.25, sensors: 101 } },
  equations: ['du/dx = v'],
  conditions: [{ on: 'x = 0', equation: 'u = 0' }],
  exact: { u: 'integral(v(s), s, 0, x)' },
};
const heat: ProblemDefinition = {
  name: 'heat',
  domain: { x: [0, 1], t: [0, 0.2] },
  fields: ['u'],
  inputs: {
    v: { of: 'x', space: 'gaussian-random-field', kernel: 'periodic', lengthScale: 0.6, sensors: 32 },
  },
  equations: ['u_t = 0.1*u_xx'],
  conditions: [{ on: 't = 0', equation: 'u = v' }, { periodic: 'x' }],
};
const plane: ProblemDefinition = {
  name: 'plane',
  domain: { x: [0, 1], y: [0, 2] },
  fields: ['u'],
  inputs: { f: { of: ['x', 'y'], space: 'chebyshev', sensors: [21, 33] } },
  equations: ['u_x = f'],
  conditions: [{ on: 'x = 0', equation: 'u = 0' }],
};

async function valuesAt(
  definition: ProblemDefinition,
  given: Record<string, GivenFunction>,
  points: Float64Array,
) {
  const found = await reference(problemOf(problem(definition), given));
  if (!found.available) throw new Error(found.reason);
  return found.evaluate(points).u;
}

const x = Float64Array.from(equidistant({ low: 0, high: 1 }, 41));

describe('a function given', () => {
  const cosine: Record<string, GivenFunction> = {
    'as a text': 'cos(k*x)',
    'as a JavaScript function': (at: number) => Math.cos(3 * at),
    'by its values at the sensors': equidistant({ low: 0, high: 1 }, 101).map((at) => Math.cos(3 * at)),
  };
  test.each(Object.entries(cosine))('%s is integrated', async (how, v) => {
    const u = await valuesAt(integrator, { v }, x);
    const tolerance = how.includes('sensors') ? 1e-7 : 1e-9;
    u.forEach((value, n) => void expect(Math.abs(value - Math.sin(3 * x[n]) / 3)).toBeLessThan(tolerance));
  });

  test('as a number is the constant', async () => {
    const u = await valuesAt(integrator, { v: 2 }, x);
    u.forEach((value, n) => void expect(value).toBeCloseTo(2 * x[n], 10));
  });

  test('of no polynomial’s kind is interpolated on a fine grid', () => {
    const sample = sampleOf(problem(integrator).inputs[0], (at) => Math.abs(at - 0.5));
    sample
      .values(x)
      .forEach((value, n) => void expect(Math.abs(value - Math.abs(x[n] - 0.5))).toBeLessThan(2e-3));
  });

  test('on a circle by its sensors, by trigonometric interpolation', () => {
    const [v] = problem(heat).inputs;
    const f = (at: number) => Math.sin(2 * Math.PI * at) + Math.cos(6 * Math.PI * at);
    const sample = sampleOf(v, [...v.sensors].map(f));
    sample.values(x).forEach((value, n) => void expect(value).toBeCloseTo(f(x[n]), 12));
  });

  test('in the plane, in every way, is the same function', () => {
    const [f] = problem(plane).inputs;
    const exact = (a: number, b: number) => Math.sin(a + 2 * b);
    const points = gridPoints([
      [0.1, 0.5, 0.77],
      [0.3, 1.9],
    ]);
    const samples = [
      sampleOf(f, 'sin(x + 2*y)'),
      sampleOf(f, exact),
      sampleOf(
        f,
        Array.from({ length: 21 * 33 }, (_, i) => exact(f.sensors[2 * i], f.sensors[2 * i + 1])),
      ),
    ];
    for (const sample of samples)
      sample
        .values(points)
        .forEach((value, n) => void expect(value).toBeCloseTo(exact(points[2 * n], points[2 * n + 1]), 4));
  });
});

describe('a draw solved classically', () => {
  test('of an ordinary equation is its exact solution', async () => {
    const operator = problem(integrator);
    const given = problemOf(operator, drawInputs(operator, 1, 0));
    expect(given.inputs).toEqual([]);
    const found = await reference(given);
    if (!found.available) throw new Error(found.reason);
    const step = 1e-4;
    const v = drawInputs(operator, 1, 0).v;
    const grid = Float64Array.from(equidistant({ low: 0, high: 1 }, 1 / step + 1));
    const values = v.values(grid);
    // Simpson's rule
    const total = values.reduce((sum, value, i) => {
      const weight = i === 0 || i === values.length - 1 ? 1 : i % 2 === 1 ? 4 : 2;
      return sum + (weight * value * step) / 3;
    }, 0);
    expect(found.evaluate(Float64Array.from([1])).u[0]).toBeCloseTo(total, 9);
  });

  test('of the heat equation decays wave by wave', async () => {
    const operator = problem(heat);
    const { v } = drawInputs(operator, 3, 0);
    const found = await reference(problemOf(operator, { v }));
    if (!found.available) throw new Error(found.reason);
    const n = 64;
    const nodes = equidistant({ low: 0, high: 1 }, n, true);
    const at = (t: number) => Float64Array.from(nodes.flatMap((node) => [node, t]));
    const wave = (values: Float64Array, k: number) =>
      (values.reduce((sum, value, i) => sum + value * Math.cos(2 * Math.PI * k * nodes[i]), 0) * 2) / n;
    const [start, end] = [v.values(Float64Array.from(nodes)), found.evaluate(at(0.2)).u];
    for (const k of [1, 2])
      expect(wave(end, k)).toBeCloseTo(wave(start, k) * Math.exp(-0.1 * (2 * Math.PI * k) ** 2 * 0.2), 6);
  });
});

describe('refused:', () => {
  const operator = problem(integrator);
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['nothing', {}, /input function `v` is missing/],
    ['a name that is no input', { v: 'x', w: 'x' }, /`w` is no input function/],
    ['too few values', { v: [1, 2, 3] }, /3 values for 101 sensors/],
    ['values that are none', { v: new Array(101).fill(Number.NaN) }, /the value at sensor 0/],
    ['a function without a value', { v: (at: number) => Math.sqrt(at - 0.5) }, /the function is NaN at/],
    ['a text without a value', { v: 'sqrt(x - 0.5)' }, /no finite value/],
    ['a text in other names', { v: 'y' }, /unknown symbol `y`/],
    ['an infinite number', { v: Number.POSITIVE_INFINITY }, /is no value/],
    ['an object', { v: {} }, /this is no function/],
  ])('%s', (_, given, message) => {
    const act = () => problemOf(operator, given as Record<string, GivenFunction>);
    expect(act).toThrow(ProblemError);
    expect(act).toThrow(message);
  });

  test('values at scattered sensors in the plane', () => {
    const scattered = {
      f: {
        ...plane.inputs!.f,
        sensors: [
          [0, 0],
          [1, 2],
          [0.5, 0.4],
        ],
      },
    };
    const [f] = problem({ ...plane, inputs: scattered }).inputs;
    expect(() => sampleOf(f, [1, 2, 3])).toThrow(NotSupportedError);
  });
});

test('what the sensors see is the function there', () => {
  const [v] = problem({
    ...integrator,
    inputs: { v: { ...integrator.inputs!.v, sensors: [0.9, 0.1] } },
  }).inputs;
  expect([...sensorValues(v, sampleOf(v, 'x^2'))].map((value) => value.toFixed(12))).toEqual([
    '0.810000000000',
    '0.010000000000',
  ]);
});

test('a function given stands under integrals of the equations too', async () => {
  // u' = ∫₀ˣ v(s) u(s) ds with v = 1 is cosh
  const memory: ProblemDefinition = {
    ...integrator,
    equations: ['du/dx = integral(v(s)*u(s), s, 0, x) + 0*v_x'],
    conditions: [{ on: 'x = 0', equation: 'u = 1' }],
    exact: {},
  };
  const u = await valuesAt(memory, { v: '1 + 0*x' }, x);
  u.forEach((value, n) => void expect(value).toBeCloseTo(Math.cosh(x[n]), 9));
});
