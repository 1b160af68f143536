import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { unitMultiIndex } from '../../src/jet/multi-index.ts';
import {
  type ActivationName,
  evaluateTrial,
  fourierFeatures,
  initialize,
  type Layer,
  multilayerPerceptron,
  networkSize,
  parseNetworkSize,
  periodicEmbedding,
  type TrialSolution,
  trialSize,
} from '../../src/network/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';

function points(count: number, dimension: number, seed = 5): Float64Array {
  const generator = randomGenerator(seed);
  return Float64Array.from({ length: count * dimension }, () => 2 * generator.uniform() - 1);
}

/** Sixth-order central difference of `f` along a coordinate. */
function slope(f: (points: Float64Array) => Float64Array, at: Float64Array, dimension: number, axis: number) {
  const h = 0.004;
  const shifted = (k: number) => f(at.map((x, i) => (i % dimension === axis ? x + k * h : x)));
  const [a, b, c, d, e, g] = [1, 2, 3, -1, -2, -3].map(shifted);
  return a.map((_, i) => (45 * (a[i] - d[i]) - 9 * (b[i] - e[i]) + (c[i] - g[i])) / (60 * h));
}

describe('host evaluation', () => {
  it('a one-layer network is Wx + b, activated, and summed', () => {
    const network = multilayerPerceptron({
      coordinates: [0, 1],
      fields: ['u'],
      width: 2,
      depth: 1,
      activation: 'tanh',
    });
    const trial: TrialSolution = { dimension: 2, networks: [network] };
    const theta = Float64Array.of(0.5, -0.3, 0.2, 0.9, 0.1, -0.4, 2, -1.5, 0.25);
    const [x, y] = [0.3, -0.7];
    const t = [Math.tanh(0.5 * x + 0.2 * y + 0.1), Math.tanh(-0.3 * x + 0.9 * y - 0.4)];
    const [u, ux] = evaluateTrial(trial, theta, Float64Array.of(x, y), [
      [0, 0],
      [1, 0],
    ]).get('u')!;
    expect(u[0]).toBeCloseTo(2 * t[0] - 1.5 * t[1] + 0.25, 14);
    expect(ux[0]).toBeCloseTo(2 * 0.5 * (1 - t[0] ** 2) + 1.5 * 0.3 * (1 - t[1] ** 2), 14);
  });

  const embeddings = {
    none: undefined,
    fourier: fourierFeatures({ inputs: 2, count: 5, scale: 1.5, seed: 4 }),
    periodic: periodicEmbedding({ inputs: 2, periodic: [0], harmonics: 2 }),
  };
  for (const activation of ['tanh', 'sine', 'swish', 'gelu', 'softplus', 'sigmoid'] as ActivationName[]) {
    for (const [name, embedding] of Object.entries(embeddings)) {
      it(`${activation}, embedding ${name}: each derivative is the slope of a lower one, to order 4`, () => {
        const network = multilayerPerceptron({
          coordinates: [0, 1],
          fields: ['u', 'v'],
          width: 7,
          depth: 2,
          activation,
          embedding,
        });
        const trial: TrialSolution = { dimension: 2, networks: [network] };
        const theta = initialize(trial, { seed: 2, scheme: 'glorot' });
        const at = points(9, 2);
        const derivative = (index: number[], x: Float64Array) =>
          evaluateTrial(trial, theta, x, [index]).get('v')![0];
        for (const index of [
          [1, 0],
          [0, 1],
          [2, 0],
          [1, 1],
          [0, 3],
          [2, 2],
          [4, 0],
        ]) {
          const axis = index[0] > 0 ? 0 : 1;
          const lower = index.map((k, i) => (i === axis ? k - 1 : k));
          const expected = slope((x) => derivative(lower, x), at, 2, axis);
          const got = derivative(index, at);
          const scale = Math.max(1, ...expected.map(Math.abs));
          got.forEach((value, i) => {
            expect(Math.abs(value - expected[i]) / scale).toBeLessThan(2e-5);
          });
        }
      });
    }
  }

  it('tiles do not show: many points give what each gives alone', () => {
    const trial: TrialSolution = {
      dimension: 3,
      networks: [
        multilayerPerceptron({
          coordinates: [0, 1, 2],
          fields: ['u'],
          width: 5,
          depth: 2,
          activation: 'swish',
        }),
      ],
    };
    const theta = initialize(trial, { seed: 1 });
    const at = points(300, 3);
    const together = evaluateTrial(trial, theta, at, [
      [0, 0, 0],
      [1, 0, 1],
    ]).get('u')!;
    for (const n of [0, 127, 128, 299]) {
      const alone = evaluateTrial(trial, theta, at.slice(3 * n, 3 * n + 3), [
        [0, 0, 0],
        [1, 0, 1],
      ]).get('u')!;
      together.forEach((column, i) => {
        expect(column[n]).toBe(alone[i][0]);
      });
    }
  });

  it('a field of some coordinates only has no derivative along the others, and its own parameters', () => {
    const of = (coordinates: number[], field: string) =>
      multilayerPerceptron({ coordinates, fields: [field], width: 4, depth: 1, activation: 'tanh' });
    const trial: TrialSolution = { dimension: 2, networks: [of([0, 1], 'u'), of([1], 'k')] };
    const theta = initialize(trial, { seed: 9 });
    const alone: TrialSolution = { dimension: 1, networks: [of([0], 'k')] };
    const at = points(6, 2);
    const k = evaluateTrial(trial, theta, at, [
      [0, 0],
      [1, 0],
      [0, 2],
    ]).get('k')!;
    const own = evaluateTrial(
      alone,
      theta.slice(networkSize(trial.networks[0])),
      at.filter((_, i) => i % 2 === 1),
      [[0], [2]],
    ).get('k')!;
    expect([...k[0]]).toEqual([...own[0]]);
    expect([...k[2]]).toEqual([...own[1]]);
    expect([...k[1]]).toEqual(new Array(6).fill(0));
  });

  it('lengths that do not fit are refused', () => {
    const trial: TrialSolution = {
      dimension: 2,
      networks: [
        multilayerPerceptron({ coordinates: [0, 1], fields: ['u'], width: 4, depth: 1, activation: 'tanh' }),
      ],
    };
    expect(() => evaluateTrial(trial, new Float64Array(3), points(2, 2), [[0, 0]])).toThrow(ProblemError);
    expect(() => evaluateTrial(trial, new Float64Array(17), new Float64Array(3), [[0, 0]])).toThrow(
      ProblemError,
    );
  });
});

describe('embeddings', () => {
  it('a periodic embedding makes every derivative equal on both faces', () => {
    const network = multilayerPerceptron({
      coordinates: [0, 1],
      fields: ['u'],
      width: 6,
      depth: 2,
      activation: 'tanh',
      embedding: periodicEmbedding({ inputs: 2, periodic: [0], harmonics: 3 }),
    });
    const trial: TrialSolution = { dimension: 2, networks: [network] };
    const theta = initialize(trial, { seed: 3 });
    for (const order of [0, 1, 2, 3]) {
      const index = unitMultiIndex(2, 0).map((k) => k * order);
      const [u] = evaluateTrial(trial, theta, Float64Array.of(-1, 0.3, 1, 0.3), [index]).get('u')!;
      expect(Math.abs(u[0] - u[1])).toBeLessThan(1e-11 * Math.max(1, Math.abs(u[0])));
    }
  });

  it('Fourier features are pairs of sine and cosine of the same frequency, drawn with the scale asked for', () => {
    const layer = fourierFeatures({ inputs: 1, count: 4000, scale: 3, seed: 8 });
    const [x] = [0.37];
    const z = Array.from(layer.matrix, (f, j) => Math.sin(f * x + layer.bias[j]));
    for (let j = 0; j < 20; j++) expect(z[j] ** 2 + z[4000 + j] ** 2).toBeCloseTo(1, 12);
    const variance = layer.matrix.reduce((sum, f) => sum + f * f, 0) / layer.matrix.length;
    expect(Math.abs(variance / 9 - 1)).toBeLessThan(0.1);
    expect(fourierFeatures({ inputs: 1, count: 5, scale: 3, seed: 8 }).matrix).not.toEqual(
      fourierFeatures({ inputs: 1, count: 5, scale: 3, seed: 9 }).matrix,
    );
    expect(() => fourierFeatures({ inputs: 1, count: 0, scale: 1, seed: 0 })).toThrow(
      'number of Fourier features is 0',
    );
    expect(() => periodicEmbedding({ inputs: 1, periodic: [1] })).toThrow('coordinate 1 cannot be periodic');
  });
});

describe('network sizes', () => {
  it('reads width x depth', () => {
    expect(parseNetworkSize('20x4')).toEqual({ width: 20, depth: 4 });
    expect(parseNetworkSize(' 128 X 2 ')).toEqual({ width: 128, depth: 2 });
  });

  it.each(['abc', '0x3', '3x0', '20', '20x', 'x4', '-2x3', '2.5x3', '20x4x4', ''])('refuses `%s`', (text) => {
    expect(() => parseNetworkSize(text)).toThrow(ProblemError);
  });

  it('refuses networks that cannot be', () => {
    const size = { coordinates: [0], fields: ['u'], activation: 'tanh' as const };
    expect(() => multilayerPerceptron({ ...size, width: 0, depth: 1 })).toThrow("the network's width is 0");
    expect(() => multilayerPerceptron({ ...size, width: 3, depth: 1.5 })).toThrow(
      "the network's depth is 1.5",
    );
    const embedding = periodicEmbedding({ inputs: 2, periodic: [0] });
    expect(() => multilayerPerceptron({ ...size, width: 3, depth: 1, embedding })).toThrow('takes 2 inputs');
  });
});

describe('initialisation', () => {
  const wide = (activation: ActivationName): TrialSolution => ({
    dimension: 1,
    networks: [multilayerPerceptron({ coordinates: [0], fields: ['u'], width: 120, depth: 2, activation })],
  });
  const hidden = (theta: Float64Array) => theta.subarray(240, 240 + 120 * 120);
  const variance = (values: Float64Array) => values.reduce((sum, v) => sum + v * v, 0) / values.length;

  it.each([
    ['glorot', 2 / 240],
    ['he', 2 / 120],
    ['lecun', 1 / 120],
    ['siren', 2 / 120],
  ] as const)('%s has the variance of its paper', (scheme, expected) => {
    const theta = initialize(wide('tanh'), { scheme, seed: 1 });
    expect(theta).toHaveLength(trialSize(wide('tanh')));
    expect(Math.abs(variance(hidden(theta)) / expected - 1)).toBeLessThan(0.05);
  });

  it('siren keeps the variance of a sine layer from one layer to the next', () => {
    const trial = wide('sine');
    const network = trial.networks[0];
    const cut = (layers: readonly Layer[]): TrialSolution => ({
      dimension: 1,
      networks: [{ coordinates: [0], layers, fields: Array.from({ length: 120 }, (_, i) => `h${i}`) }],
    });
    const theta = initialize(trial, { seed: 6, omega0: 30 });
    const at = points(400, 1);
    const spread = (depth: number) => {
      const columns = [...evaluateTrial(cut(network.layers.slice(0, 2 * depth)), theta, at, [[0]]).values()];
      return columns.reduce((sum, [column]) => sum + variance(column), 0) / columns.length;
    };
    // The paper's Theorem 1.8: sin of a standard normal argument is arcsine distributed, variance near 1/2.
    expect(spread(1)).toBeGreaterThan(0.4);
    expect(Math.abs(spread(2) - 0.45)).toBeLessThan(0.1);
  });

  it('the same seed gives the same parameters, another one others', () => {
    const trial = wide('tanh');
    expect(initialize(trial, { seed: 4 })).toEqual(initialize(trial, { seed: 4 }));
    expect(initialize(trial, { seed: 4 })).not.toEqual(initialize(trial, { seed: 5 }));
    expect(() => initialize(trial, { seed: 4, scheme: 'siren', omega0: 0 })).toThrow('omega0 is 0');
  });
});
