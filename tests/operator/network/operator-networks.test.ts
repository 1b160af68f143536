import { afterAll, describe, expect, test } from 'vitest';
import { loadBackend } from '../../../src/engine/tfjs/backend.ts';
import { ProblemError } from '../../../src/errors.ts';
import {
  drawInputs,
  type OperatorData,
  operatorDataFrom,
  operatorFrom,
  sensorValues,
  type TrainedOperator,
  type TrainOptions,
  trainOperator,
} from '../../../src/operator/index.ts';
import {
  deepOperatorShapes,
  deepOperatorTensors,
  initialDeepOperator,
} from '../../../src/operator/network/deep-operator-network.ts';
import { TensorLayers } from '../../../src/operator/network/tensor-layers.ts';
import { partsOf } from '../../../src/operator/network/tensor-objective.ts';
import { type Problem, type ProblemDefinition, problem } from '../../../src/problem/index.ts';

const { tf, registered } = await loadBackend({ backend: 'wasm' });
const before = tf.memory().numTensors;
afterAll(() => void expect(tf.memory().numTensors).toBe(before));

const definition: ProblemDefinition = {
  name: 'integrator',
  domain: { x: [0, 1] },
  fields: ['u'],
  inputs: { v: { of: 'x', space: 'gaussian-random-field', lengthScale: 0.4, sensors: 12 } },
  equations: ['du/dx = v'],
  conditions: [{ on: 'x = 0', equation: 'u = 0' }],
  exact: { u: 'integral(v(s), s, 0, x)' },
};
const integrator = problem(definition);
const quick: TrainOptions = {
  engine: 'tfjs',
  backend: 'wasm',
  architecture: 'deeponet',
  functions: 40,
  testFunctions: 5,
  threads: 1,
  seed: 1,
  points: 17,
  network: '12x2',
  learningRate: 1e-2,
  iterations: 300,
};
const train = (own: TrainOptions, of = integrator): Promise<TrainedOperator> =>
  trainOperator(of, { ...quick, ...own });

/** u = v − mean, shifted by a quarter, on a circle: made by hand, so that no reference is needed. */
const circle = problem({
  name: 'circle',
  domain: { x: [0, 1] },
  fields: ['u'],
  inputs: {
    v: { of: 'x', space: 'gaussian-random-field', kernel: 'periodic', lengthScale: 0.5, sensors: 16 },
  },
  equations: ['u_x = v'],
  conditions: [{ periodic: 'x' }],
});
function circleData(count: number): OperatorData {
  const { sensors } = circle.inputs[0];
  const xs = [...sensors];
  const waves = Array.from({ length: count }, (_, n) => [Math.sin(n), Math.cos(2 * n), Math.sin(5 * n)]);
  const value = ([a, b, c]: number[], x: number): number =>
    a * Math.sin(2 * Math.PI * x) + b * Math.cos(2 * Math.PI * x) + c * Math.sin(4 * Math.PI * x);
  return operatorDataFrom(circle, {
    inputs: { v: waves.map((w) => xs.map((x) => value(w, x))) },
    points: xs.map((x) => [x]),
    fields: { u: waves.map((w) => xs.map((x) => value(w, x + 0.25) ** 2)) },
  });
}

/** Draws of the only input function at its sensors. */
function drawn(of: Problem, count: number): number[][] {
  const [input] = of.inputs;
  return Array.from({ length: count }, (_, n) => [...sensorValues(input, drawInputs(of, 3, n)[input.name])]);
}

test('points of their own that are all the same give what a matrix product gives, gradients included', () => {
  const layers = new TensorLayers({ tf, registered });
  const shape = {
    branches: [
      [4, 5, 6],
      [3, 5, 6],
    ],
    trunks: [
      [1, 4, 4],
      [1, 4, 2],
    ],
    activation: 'tanh' as const,
  };
  const theta = initialDeepOperator(shape, 2);
  const shapes = deepOperatorShapes(shape);
  const sensors = [tf.randomNormal([3, 4], 0, 1, 'float32', 1), tf.randomNormal([3, 3], 0, 1, 'float32', 2)];
  const points = [0.1, 0.4, 0.9];
  const outcome = (aligned: boolean): Float32Array[] => {
    const own = aligned ? points : [...points, ...points, ...points];
    return tf.tidy(() => {
      const parameters = partsOf(theta, shapes).map((part, k) =>
        tf.tensor(Float32Array.from(part), [...shapes[k]]),
      );
      const rows = tf.tensor(own, [own.length, 1]);
      const { value, grads } = tf.valueAndGrads((...given) =>
        deepOperatorTensors(layers, shape, given, { sensors, points: [rows, rows], aligned })
          .map((values, f) => tf.sum(tf.mul(values, tf.sin(tf.add(values, f)))))
          .reduce((a, b) => tf.add(a, b)),
      )(parameters);
      return [value, ...grads].map((tensor) => tensor.dataSync() as Float32Array);
    });
  };
  const [one, other] = [outcome(true), outcome(false)];
  one.forEach((part, k) => void part.forEach((v, i) => void expect(other[k][i]).toBeCloseTo(v, 4)));
  for (const tensor of sensors) tensor.dispose();
  layers.dispose();
});

describe('a DeepONet', async () => {
  const integrate = await train({});

  test('learns the antiderivative', () => {
    expect(integrate.run).toMatchObject({
      engine: 'tfjs',
      architecture: 'deeponet',
      functions: 40,
      points: 17,
    });
    expect(integrate.run).toMatchObject({ iterations: 300, stopped: 'iterations', optimizer: 'adam' });
    expect(integrate.errors!.u.relativeL2).toBeLessThan(0.25);
    expect(integrate.run.validation).toBeLessThan(0.25);
  });

  test('has exact derivatives', () => {
    const solution = integrate('cos(3*x)');
    for (const x of [0.2, 0.7]) {
      const [derivative] = solution.evaluate('u_x', [x]);
      const difference = (solution.at(x + 1e-5).u - solution.at(x - 1e-5).u) / 2e-5;
      expect(derivative).toBeCloseTo(difference, 6);
    }
  });

  test('aligned and unaligned points give the same', () => {
    const points = [0, 0.3, 0.8];
    const aligned = integrate.evaluate(['x', 'sin(x)'], points).u;
    const unaligned = integrate.evaluate(['x', 'sin(x)'], [...points, ...points], { aligned: false }).u;
    aligned.forEach((value, k) => void expect(unaligned[k]).toBeCloseTo(value, 12));
  });

  test('is stored and read again; the same seed gives the same', async () => {
    const again = await train({});
    const read = await operatorFrom(JSON.parse(JSON.stringify(integrate.save())));
    for (const other of [again, read])
      expect([...other('cos(2*x)').evaluateFields([0.1, 0.6]).u]).toEqual([
        ...integrate('cos(2*x)').evaluateFields([0.1, 0.6]).u,
      ]);
    const stored = JSON.parse(JSON.stringify(integrate.save()));
    stored.model.parts[0].basis.widths[1] = 13;
    await expect(operatorFrom(stored)).rejects.toThrow(/trunk is not whole/);
  });

  test('trained on points that differ from function to function', async () => {
    const { run, errors } = await train({ points: { random: 17 }, batch: 20 });
    expect(run.notes).toContain('output points differ from function to function');
    expect(errors!.u.relativeL2).toBeLessThan(0.25);
  });

  test('holds hard conditions whatever the input', async () => {
    const hard = problem({
      ...definition,
      conditions: [{ on: 'x = 0', equation: 'u = 0', hard: true }],
    });
    const operator = await train({}, hard);
    expect(operator('exp(x)').at(0).u).toBe(0);
    expect(operator.errors!.u.relativeL2).toBeLessThan(0.25);
  });
});

test('a branch for each of several inputs, multiplied, learns a product', async () => {
  const growth = problem({
    name: 'ramp',
    domain: { x: [0, 1] },
    fields: ['u', 'w'],
    inputs: {
      a: { of: [], space: 'uniform', range: [0.5, 2] },
      v: { of: 'x', space: 'power-series', terms: 3, sensors: 8 },
    },
    equations: ['u = a*v', 'w = v'],
    conditions: [],
    exact: { u: 'a*v', w: 'v' },
  });
  const count = 40;
  const xs = Array.from({ length: 9 }, (_, i) => i / 8);
  const draws = Array.from({ length: count }, (_, n) => ({
    a: 0.5 + 1.5 * ((n * 0.618) % 1),
    c: [Math.sin(n), Math.cos(3 * n), Math.sin(7 * n)],
  }));
  const v = (c: number[], x: number): number => c[0] + c[1] * x + c[2] * x * x;
  const sensors = [...growth.inputs[1].sensors];
  const data = operatorDataFrom(growth, {
    inputs: { a: draws.map(({ a }) => [a]), v: draws.map(({ c }) => sensors.map((x) => v(c, x))) },
    points: xs.map((x) => [x]),
    fields: {
      u: draws.map(({ a, c }) => xs.map((x) => a * v(c, x))),
      w: draws.map(({ c }) => xs.map((x) => v(c, x))),
    },
  });
  const operator = await train({ data, product: true, iterations: 600, functions: undefined }, growth);
  expect(operator.model.description[0][1]).toMatch(/ times /);
  expect(operator.errors!.u.relativeL2).toBeLessThan(0.15);
  expect(operator.errors!.w.relativeL2).toBeLessThan(0.15);
});

test('a POD-DeepONet has a network for its branch alone', async () => {
  const operator = await train({ architecture: 'pod-deeponet', points: 33 });
  expect(operator.errors!.u.relativeL2).toBeLessThan(0.25);
  const read = await operatorFrom(JSON.parse(JSON.stringify(operator.save())));
  expect(read('x').at(0.5)).toEqual(operator('x').at(0.5));
});

describe('a Fourier neural operator', async () => {
  const own: TrainOptions = {
    architecture: 'fourier',
    network: '8x2',
    modes: 5,
    batch: 12,
    functions: undefined,
    testFunctions: 0,
    iterations: 250,
  };
  const operator = await train({ ...own, data: circleData(60) }, circle);

  test('learns a nonlinear map between functions on a circle', () => {
    expect(operator.errors!.u).toMatchObject({ against: 'data' });
    expect(operator.errors!.u.relativeL2).toBeLessThan(0.1);
    expect(operator.model.description[0][1]).toMatch(/2 spectral layers of width 8, 5 waves on 16 points/);
  });

  test('commutes with shifts where no coordinate stands in the problem', () => {
    const [one, shifted] = ['0', '0.25'].map((by) => operator(`sin(2*pi*(x + ${by}))`));
    for (const x of [0, 0.125, 0.5]) expect(shifted.at(x).u).toBeCloseTo(one.at(x + 0.25).u, 10);
  });

  test('is interpolated between its nodes by waves, with their derivatives', () => {
    const solution = operator('cos(2*pi*x)');
    expect(solution.at(0).u).toBeCloseTo(solution.at(1).u, 10);
    const difference = (solution.at(0.3 + 1e-5).u - solution.at(0.3 - 1e-5).u) / 2e-5;
    expect(solution.evaluate('u_x', [0.3])[0]).toBeCloseTo(difference, 5);
  });

  test('is stored and read again; the same seed gives the same', async () => {
    const again = await train({ ...own, iterations: 30, data: circleData(60) }, circle);
    const twice = await train({ ...own, iterations: 30, data: circleData(60) }, circle);
    expect(again('cos(2*pi*x)').at(0.3)).toEqual(twice('cos(2*pi*x)').at(0.3));
    const stored = JSON.parse(JSON.stringify(operator.save()));
    expect((await operatorFrom(stored))('sin(2*pi*x)').at(0.3)).toEqual(operator('sin(2*pi*x)').at(0.3));
    stored.model.width = 9;
    await expect(operatorFrom(stored)).rejects.toThrow(/not whole/);
  });

  test('in the plane, without periods, from a function of one coordinate', async () => {
    const plane = problem({
      name: 'decay',
      domain: { x: [0, 1], t: [0, 1] },
      fields: ['u'],
      inputs: { v: { of: 'x', space: 'power-series', terms: 3, sensors: 7 } },
      equations: ['u_t = -u'],
      conditions: [{ on: 't = 0', equation: 'u = v' }],
      exact: { u: 'v*exp(-t)' },
    });
    const side = Array.from({ length: 7 }, (_, i) => i / 6);
    const draws = drawn(plane, 40);
    const points = side.flatMap((x) => side.map((t) => [x, t]));
    const data = operatorDataFrom(plane, {
      inputs: { v: draws },
      points,
      fields: { u: draws.map((v) => points.map(([x, t]) => v[Math.round(6 * x)] * Math.exp(-t))) },
    });
    const trained = await train({ ...own, data, testFunctions: 4, modes: [2, 3], iterations: 120 }, plane);
    expect(trained.errors!.u.against).toBe('exact');
    expect(trained.errors!.u.relativeL2).toBeLessThan(0.2);
  });

  test('on one moment alone has no values at others', async () => {
    const evolving = problem({
      name: 'end',
      domain: { x: [0, 1], t: [0, 2] },
      fields: ['u'],
      inputs: circle.definition.inputs,
      equations: ['u_t = 0'],
      conditions: [{ on: 't = 0', equation: 'u = v' }, { periodic: 'x' }],
      exact: { u: 'v' },
    } as ProblemDefinition);
    const draws = drawn(evolving, 40);
    const data = operatorDataFrom(evolving, {
      inputs: { v: draws },
      points: [...evolving.inputs[0].sensors].map((x) => [x, 2]),
      fields: { u: draws },
    });
    const end = await train({ ...own, data, testFunctions: 3 }, evolving);
    expect(end.errors!.u.relativeL2).toBeLessThan(0.2);
    expect(() => end('cos(2*pi*x)').at({ x: 0.5, t: 1 })).toThrow(/trained at t = 2 alone/);
  });

  test('refuses points that are no grid, and too many waves', async () => {
    await expect(train({ ...own, points: { random: 9 }, functions: 20 })).rejects.toThrow(/works on a grid/);
    await expect(train({ ...own, modes: 20, data: circleData(20) }, circle)).rejects.toThrow(/do not tell/);
  });
});

test('options without a meaning here are refused', async () => {
  for (const own of [
    { network: { fourierFeatures: { count: 4, scale: 1 } } },
    { optimizer: 'lm' },
    { branch: 'kernel' },
    { modes: 4 },
    { weights: { equations: 2 } },
    { architecture: 'fourier', activation: 'tanh' },
    { activation: 'cosh' },
    { loss: 'physics' },
  ] as TrainOptions[])
    await expect(train(own), JSON.stringify(own)).rejects.toThrow(ProblemError);
  await expect(trainOperator(integrator, { batch: 4 })).rejects.toThrow(/operator networks/);
});
