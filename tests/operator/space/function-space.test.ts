import { describe, expect, test } from 'vitest';
import { coordinate } from '../../../src/expression/build.ts';
import { evaluateScalar } from '../../../src/expression/evaluate.ts';
import { drawInput, drawInputs, functionSpace, sensorValues } from '../../../src/operator/index.ts';
import { type ProblemDefinition, problem } from '../../../src/problem/index.ts';
import { equidistant } from '../../../src/problem/sensors.ts';
import { type RandomGenerator, randomGenerator } from '../../../src/random/generator.ts';

type Input = NonNullable<ProblemDefinition['inputs']>[string];

function inputOf(definition: Input, domain: ProblemDefinition['domain'] = { x: [0, 2], y: [0, 1] }) {
  return problem({
    name: 'p',
    domain,
    fields: ['u'],
    inputs: { v: definition },
    equations: ['u_x = v'],
    conditions: [{ on: 'x = 0', equation: 'u = 0' }],
  }).inputs[0];
}

/** Σ_j v_j(p) v_j(q) over what each of the normal numbers adds: the covariance itself, without sampling error. */
function covariance(definition: Input, points: readonly (readonly number[])[]): number[][] {
  const space = functionSpace(inputOf(definition));
  const flat = Float64Array.from(points.flat());
  const result = points.map(() => points.map(() => 0));
  let count = 0;
  const only = (wanted: number): RandomGenerator => {
    count = 0;
    return { uniform: () => 0.5, integer: () => 0, normal: () => (count++ === wanted ? 1 : 0) };
  };
  space(only(-1)).values(flat);
  const modes = count;
  for (let j = 0; j < modes; j++) {
    const values = space(only(j)).values(flat);
    for (const [p, a] of values.entries()) for (const [q, b] of values.entries()) result[p][q] += a * b;
  }
  return result;
}

const random = randomGenerator(8);
const line = Array.from({ length: 6 }, () => [2 * random.uniform()]);
const plane = Array.from({ length: 6 }, () => [2 * random.uniform(), random.uniform()]);
const distance = (p: readonly number[], q: readonly number[], l: readonly number[]) =>
  Math.hypot(...p.map((a, i) => (a - q[i]) / l[i]));

function expectCovariance(
  definition: Input,
  points: readonly (readonly number[])[],
  kernel: (p: readonly number[], q: readonly number[]) => number,
  tolerance: number,
): void {
  const found = covariance(definition, points);
  for (const [i, p] of points.entries())
    for (const [j, q] of points.entries())
      expect(Math.abs(found[i][j] - kernel(p, q)), `${p} ${q}`).toBeLessThan(tolerance);
}

const field = { of: 'x', space: 'gaussian-random-field' } as const;

describe('a Gaussian random field has the covariance of its kernel', () => {
  test.each([0.1, 0.25, 1, 5])('rbf of length scale %d', (l) => {
    const kernel = (p: readonly number[], q: readonly number[]) =>
      2 * Math.exp(-(distance(p, q, [l]) ** 2) / 2);
    expectCovariance({ ...field, lengthScale: l, variance: 2 }, line, kernel, 1e-9);
  });

  test.each([
    [0.5, (r: number) => Math.exp(-r)],
    [1.5, (r: number) => (1 + Math.sqrt(3) * r) * Math.exp(-Math.sqrt(3) * r)],
    [2.5, (r: number) => (1 + Math.sqrt(5) * r + (5 * r * r) / 3) * Math.exp(-Math.sqrt(5) * r)],
  ])('Matérn of smoothness %d, at its knots', (smoothness, kernel) => {
    const knots = equidistant({ low: 0, high: 2 }, 41).filter((_, i) => i % 8 === 3);
    const definition = { ...field, kernel: 'matern', smoothness, lengthScale: 0.5, sensors: 41 } as const;
    expectCovariance(
      definition,
      knots.map((t) => [t]),
      (p, q) => kernel(distance(p, q, [0.5])),
      1e-12,
    );
  });

  test('Matérn of smoothness 3.5 between its knots too', () => {
    const r7 = (r: number) => Math.sqrt(7) * r;
    const kernel = (r: number) => (1 + r7(r) + (2 / 5) * r7(r) ** 2 + r7(r) ** 3 / 15) * Math.exp(-r7(r));
    const definition = { ...field, kernel: 'matern', smoothness: 3.5, lengthScale: 0.5 } as const;
    expectCovariance(definition, line, (p, q) => kernel(distance(p, q, [0.5])), 1e-5);
  });

  test.each([0.2, 0.5, 2])('periodic of length scale %d: rbf of the chord', (l) => {
    const chord = (p: readonly number[], q: readonly number[]) =>
      (2 / Math.PI) * Math.sin((Math.PI * (p[0] - q[0])) / 2);
    const kernel = (p: readonly number[], q: readonly number[]) => Math.exp(-((chord(p, q) / l) ** 2) / 2);
    expectCovariance({ ...field, kernel: 'periodic', lengthScale: l }, line, kernel, 1e-12);
  });

  test('periodic of a smoothness: the Matérn kernel wound round the circle', () => {
    const definition = { ...field, kernel: 'periodic', smoothness: 2.5, lengthScale: 0.3 } as const;
    const matern = (r: number) => (1 + Math.sqrt(5) * r + (5 * r * r) / 3) * Math.exp(-Math.sqrt(5) * r);
    const wound = (shift: number) =>
      Array.from({ length: 41 }, (_, k) => matern(Math.abs(shift + 2 * (k - 20)) / 0.3)).reduce(
        (a, b) => a + b,
      );
    expectCovariance(definition, line, (p, q) => wound(p[0] - q[0]) / wound(0), 1e-5);
  });

  test('centered: no draw has a mean', () => {
    const input = inputOf({ ...field, kernel: 'periodic', lengthScale: 0.5, centered: true, mean: 3 });
    const values = drawInput(input, 1, 0).values(
      Float64Array.from(equidistant({ low: 0, high: 2 }, 200, true)),
    );
    expect(values.reduce((a, b) => a + b) / 200).toBeCloseTo(3, 12);
  });

  test('rbf in the plane, with two length scales', () => {
    const l = [0.6, 0.4];
    const kernel = (p: readonly number[], q: readonly number[]) => Math.exp(-(distance(p, q, l) ** 2) / 2);
    expectCovariance({ ...field, of: ['x', 'y'], lengthScale: l }, plane, kernel, 1e-9);
  });

  test('periodic in the plane', () => {
    const definition = { ...field, of: ['x', 'y'], kernel: 'periodic', lengthScale: 0.5 } as Input;
    const part = (d: number, L: number) =>
      Math.exp(-((((L / Math.PI) * Math.sin((Math.PI * d) / L)) / 0.5) ** 2) / 2);
    expectCovariance(definition, plane, (p, q) => part(p[0] - q[0], 2) * part(p[1] - q[1], 1), 1e-12);
  });

  test('Matérn in the plane, near enough between its nodes', () => {
    const definition = {
      ...field,
      of: ['x', 'y'],
      kernel: 'matern',
      smoothness: 2.5,
      lengthScale: 0.7,
      terms: 14,
    } as Input;
    const kernel = (r: number) => (1 + Math.sqrt(5) * r + (5 * r * r) / 3) * Math.exp(-Math.sqrt(5) * r);
    expectCovariance(definition, plane, (p, q) => kernel(distance(p, q, [0.7, 0.7])), 5e-3);
  });
});

test('the moments of many draws are those of the field', () => {
  const input = inputOf({ ...field, lengthScale: 0.4, variance: 0.25, mean: '1 + x' });
  const points = Float64Array.from([0.3, 0.7]);
  const draws = Array.from({ length: 3000 }, (_, k) => drawInput(input, 5, k).values(points));
  const mean = (f: (v: Float64Array) => number) => draws.reduce((sum, v) => sum + f(v), 0) / draws.length;
  expect(Math.abs(mean((v) => v[0]) - 1.3)).toBeLessThan(4 * (0.5 / Math.sqrt(3000)));
  const expected = 0.25 * Math.exp(-0.5);
  expect(Math.abs(mean((v) => (v[0] - 1.3) * (v[1] - 1.7)) - expected)).toBeLessThan(
    4 * (0.3 / Math.sqrt(3000)),
  );
  // fourth moment of a normal variable: 3σ⁴
  expect(mean((v) => (v[0] - 1.3) ** 4) / 0.25 ** 2).toBeGreaterThan(2.6);
  expect(mean((v) => (v[0] - 1.3) ** 4) / 0.25 ** 2).toBeLessThan(3.4);
});

test('a least value given is that of every draw', () => {
  const input = inputOf({ ...field, lengthScale: 0.3, minimum: 1 });
  for (let k = 0; k < 5; k++) {
    const values = drawInput(input, 2, k).values(Float64Array.from(equidistant({ low: 0, high: 2 }, 20001)));
    expect(Math.min(...values)).toBeCloseTo(1, 4);
  }
});

const spaces: Record<string, Input> = {
  rbf: { ...field, lengthScale: 0.3 },
  rough: { ...field, kernel: 'matern', smoothness: 1.5, lengthScale: 0.3 },
  periodic: { ...field, kernel: 'periodic', lengthScale: 0.6 },
  chebyshev: { of: 'x', space: 'chebyshev' },
  'power series': { of: 'x', space: 'power-series', terms: 5, amplitude: 2 },
  spline: { of: 'x', space: 'spline', terms: 7 },
  functions: { of: 'x', space: 'functions', expressions: ['sin(w*x)', '1'], parameters: { w: [1, 9] } },
  plane: { of: ['x', 'y'], space: 'chebyshev', terms: 4, sensors: 25 },
};

describe.each(Object.entries(spaces))('%s', (_, definition) => {
  const input = inputOf(definition);
  const points = Float64Array.from({ length: 12 }, (_, i) => (0.07 * i) % 1);

  test('a draw depends on seed and number alone', () => {
    const later = drawInput(inputOf(definition), 4, 7).values(points);
    for (let k = 0; k < 7; k++) drawInput(input, 4, k);
    expect([...drawInput(input, 4, 7).values(points)]).toEqual([...later]);
    for (const other of [drawInput(input, 4, 8), drawInput(input, 5, 7), drawInput(input, 4, 7, 1)])
      expect([...other.values(points)]).not.toEqual([...later]);
  });

  test('as an expression it has the same values and slopes', () => {
    const sample = drawInput(input, 1, 2);
    const own = input.of.map((position, i) => coordinate('xy'[i], position));
    for (const order of [
      [0, 0],
      [1, 0],
    ]) {
      const expression = sample.expression(own, order);
      const values = sample.values(points, order);
      const d = input.of.length;
      values.forEach((value, n) => {
        const found = evaluateScalar(
          expression,
          (leaf) => points[n * d + (leaf.kind === 'coordinate' ? leaf.index : 0)],
        );
        expect(Math.abs(found - value)).toBeLessThan(1e-10 * (1 + Math.abs(value)));
      });
    }
    expect(sensorValues(input, sample)).toHaveLength(input.sensorCount);
  });

  test('its slope is that of finite differences', () => {
    const sample = drawInput(input, 1, 2);
    const d = input.of.length;
    const h = 1e-5;
    const moved = (by: number) => points.map((p, i) => (i % d === 0 ? p + by : p));
    const [low, high] = [sample.values(moved(-h)), sample.values(moved(h))];
    sample.values(points, [1, 0]).forEach((slope, n) => {
      expect(Math.abs((high[n] - low[n]) / (2 * h) - slope)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
    });
  });
});

test('coefficients are uniform: a constant has variance A²/3', () => {
  const input = inputOf({ of: 'x', space: 'chebyshev', terms: 1, amplitude: 3 });
  const values = Array.from(
    { length: 2000 },
    (_, k) => drawInput(input, 0, k).values(Float64Array.from([0.5]))[0],
  );
  expect(Math.max(...values.map(Math.abs))).toBeLessThan(3);
  const variance = values.reduce((sum, v) => sum + v * v, 0) / 2000;
  expect(Math.abs(variance - 3)).toBeLessThan(0.25);
});

test('inputs of one problem are drawn independently; a number has one value', () => {
  const { inputs } = problem({
    name: 'p',
    domain: { t: [0, 1] },
    fields: ['u'],
    inputs: {
      v: { of: 't', space: 'chebyshev' },
      w: { of: 't', space: 'chebyshev' },
      a: { of: [], space: 'uniform', range: [2, 3] },
    },
    equations: ['u_t = v + w'],
    conditions: [{ on: 't = 0', equation: 'u = a' }],
  });
  const { v, w, a } = drawInputs({ inputs }, 0, 0);
  const point = Float64Array.from([0.3]);
  expect(v.values(point)[0]).not.toBe(w.values(point)[0]);
  const [start] = sensorValues(inputs[2], a);
  expect(start).toBeGreaterThanOrEqual(2);
  expect(start).toBeLessThan(3);
});
