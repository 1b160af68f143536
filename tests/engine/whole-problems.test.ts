import { afterAll, describe, expect, it } from 'vitest';
import { createF64Engine } from '../../src/engine/f64/index.ts';
import { createTfjsEngine } from '../../src/engine/tfjs/index.ts';
import { activations } from '../../src/network/activation/index.ts';
import type { ActivationName } from '../../src/network/activation.ts';
import { initialize, multilayerPerceptron } from '../../src/network/index.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import {
  buildResidualSystem,
  fieldRanges,
  type ResidualSystem,
  resampled,
  scalingOf,
} from '../../src/residual/index.ts';
import { residualsAt } from '../residual/host-residuals.ts';
import { hostLoss, hostResiduals, hostSlope } from './host-loss.ts';

/** The residual system of a problem with small networks, one for each set of coordinates. */
function systemOf(definition: ProblemDefinition, activation: ActivationName = 'tanh'): ResidualSystem {
  const read = problem(definition);
  const sets = new Map<string, { coordinates: readonly number[]; fields: string[] }>();
  for (const { name, of } of read.fields) {
    const set = sets.get(of.join()) ?? { coordinates: of, fields: [] };
    set.fields.push(name);
    sets.set(of.join(), set);
  }
  const networks = [...sets.values()].map(({ coordinates, fields }) =>
    multilayerPerceptron({ coordinates, fields, width: 6, depth: 2, activation }),
  );
  const trial = { dimension: read.coordinates.length, networks };
  return buildResidualSystem(read, scalingOf(read, fieldRanges(read)), trial, {
    points: 21,
    conditionPoints: 5,
    sampling: 'sobol',
    seed: 2,
    weights: { equations: 1, conditions: 1, data: 1 },
    periodicCoordinates: new Set(),
  });
}

const square = { x: [0, 1], y: [0, 2] } satisfies ProblemDefinition['domain'];
const biharmonic: ProblemDefinition = {
  name: 'biharmonic',
  domain: square,
  fields: ['u'],
  equations: ['laplacian(laplacian(u)) = 1'],
  conditions: [
    { on: 'x = 0', equation: 'u = 0' },
    { on: 'boundary', equation: 'd(laplacian(u), n) + u_nn = 2' },
  ],
};

const problems: Record<string, ProblemDefinition> = {
  biharmonic,
  'Volterra and Fredholm integrals': {
    name: 'integrals',
    domain: { x: [0, 1], t: [0, 2] },
    fields: ['u'],
    equations: ['u_t = u_xx + integral(u^2, x, 0, 1, 5) + integral(exp(s - t)*u_x(x, s)*u, s, 0, t, 6)'],
    conditions: [
      { on: 't = 0', equation: 'u = sin(pi*x)' },
      { on: 'x = 0', equation: 'u_n = integral(u(1, s), s, 0, t, 4)' },
    ],
    data: [
      { rows: [{ x: 0, t: 1, m: 0.4 }], at: { x: 'x', t: 't' }, observe: { 'integral(u, x, 0, 1)': 'm' } },
    ],
  },
  'mixed orders, a system in conservation form': {
    name: 'mixed',
    domain: { x: [-1, 1], y: [0, 1], t: [0, 3] },
    fields: { u: {}, v: {}, k: { of: ['x', 'y'] } },
    unknowns: { a: { initial: 2 } },
    equations: [
      'u_t + d(u*v, x) = d(k*u_x, x) + d(k*u_y, y) + a*u_xxt',
      'v_t + v_xxyy = d(k*v_x*u, x, 2) + laplacian(u_y)',
      'laplacian(k) = k^2 + k_xxxx',
    ],
    conditions: [
      { on: 't = 0', equation: 'u = sin(pi*x)' },
      { on: 't = 0', equation: 'v = 1 + x*y' },
      { on: 'boundary', equation: 'd(k*u_n, n) = v' },
    ],
    data: [
      { rows: [{ x: 0.5, y: 0.5, t: 2, v: 0.25 }], at: { x: 'x', y: 'y', t: 't' }, observe: { u: 'v' } },
    ],
  },
  'Kuramoto–Sivashinsky, periodic': {
    name: 'kuramoto-sivashinsky',
    domain: { x: [0, 6.28], t: [0, 1] },
    fields: ['u'],
    equations: ['u_t + d(u^2/2, x) + u_xx + 0.1*u_xxxx = 0'],
    conditions: [
      { on: 't = 0', equation: 'u = cos(x)' },
      { periodic: 'x', order: 3 },
    ],
  },
};

function smooth(): ActivationName[] {
  return Object.values(activations)
    .filter(({ smoothness }) => smoothness === Number.POSITIVE_INFINITY)
    .map(({ name }) => name);
}

function parameters(system: ResidualSystem): Float64Array {
  const weights = initialize(system.trial, { seed: 4 });
  return Float64Array.from([...weights, ...system.unknowns.map(() => 0.3)]);
}

function direction(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => Math.sin(1 + 7.3 * i));
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

async function checkF64(system: ResidualSystem): Promise<void> {
  const theta = parameters(system);
  const engine = await createF64Engine(system, { threads: 1 });
  const residuals = await engine.residuals(theta);
  const expected = hostResiduals(system, theta).flat();
  const size = Math.max(...expected.map(Math.abs));
  expect(Math.max(...expected.map((r, i) => Math.abs(r - residuals[i]))) / size).toBeLessThan(1e-12);
  const { gradient } = await engine.lossAndGradient(theta);
  const along = direction(theta.length);
  const slope = hostSlope(system, theta, along);
  expect(Math.abs(dot(gradient, along) / slope - 1)).toBeLessThan(1e-7);
  const { matrix, vector } = await engine.gaussNewton(theta);
  expect(dot(vector, along) * 2).toBeCloseTo(dot(gradient, along), 8);
  const curvature = along.reduce(
    (sum, a, i) => sum + a * dot(matrix.subarray(i * theta.length, (i + 1) * theta.length), along),
    0,
  );
  // |J·v|² by a difference of the residuals, weights included
  const h = 1e-4;
  const at = (k: number): number[][] =>
    hostResiduals(
      system,
      theta.map((value, i) => value + k * h * along[i]),
    );
  const [after, before] = [at(1), at(-1)];
  const expectedCurvature = system.blocks.reduce((sum, { weight, count }, b) => {
    const squares = after[b].reduce((total, r, i) => total + ((r - before[b][i]) / (2 * h)) ** 2, 0);
    return sum + (weight * squares) / count;
  }, 0);
  expect(Math.abs(curvature / expectedCurvature - 1)).toBeLessThan(1e-5);
  await engine.dispose();
}

async function checkTfjs(system: ResidualSystem): Promise<void> {
  const theta = parameters(system).map(Math.fround);
  const engine = await createTfjsEngine(system, { backend: 'cpu' });
  const { loss, gradient } = await engine.lossAndGradient(theta);
  expect(Math.abs(loss / hostLoss(system, theta) - 1)).toBeLessThan(2e-4);
  const along = direction(theta.length);
  const scale = Math.sqrt(dot(gradient, gradient) * dot(along, along));
  expect(Math.abs(dot(gradient, along) - hostSlope(system, theta, along)) / scale).toBeLessThan(1e-4);
  await engine.dispose();
}

describe.each(Object.entries(problems))('%s', (_, definition) => {
  const system = systemOf(definition);

  it('f64: residuals, gradient and normal equations are those of the host', () => checkF64(system));

  it('tfjs: loss and gradient are those of the host', () => checkTfjs(system));
});

describe('the biharmonic equation with every smooth activation', () => {
  it.each(smooth())('%s', async (activation) => {
    const system = systemOf(biharmonic, activation);
    await checkF64(system);
    await checkTfjs(system);
  });
});

describe('nodes of integrals', () => {
  const system = systemOf(problems['Volterra and Fredholm integrals']);
  const engines: { dispose(): Promise<void> }[] = [];
  afterAll(async () => {
    for (const engine of engines) await engine.dispose();
  });

  it('move with the points that are drawn anew, in both engines', async () => {
    const theta = parameters(system);
    const f64 = await createF64Engine(system, { threads: 1 });
    const tfjs = await createTfjsEngine(system, { backend: 'cpu' });
    engines.push(f64, tfjs);
    const moved = await resampled(system, residualsAt(theta), 'uniform', 5, { count: 33 });
    expect(moved.blocks[0].count).toBe(33);
    for (const set of moved.blocks[0].points) expect(set).toHaveLength(66);
    await f64.update(moved);
    await tfjs.update(moved);
    const expected = hostLoss(moved, theta);
    expect((await f64.loss(theta)).loss / expected).toBeCloseTo(1, 12);
    expect((await tfjs.loss(theta)).loss / expected).toBeCloseTo(1, 4);
    // u at the first node of the Volterra integral is taken at the same x and a share of t
    const [own, ...sides] = moved.blocks[0].points;
    const share = (own: number, side: number): number => (side + 1) / (own + 1);
    const volterra = sides.filter((set) => set[0] === own[0]);
    expect(volterra).toHaveLength(6);
    for (let n = 1; n < 33; n++)
      for (const set of volterra) {
        expect(set[2 * n]).toBe(own[2 * n]);
        expect(share(own[2 * n + 1], set[2 * n + 1])).toBeCloseTo(share(own[1], set[1]), 12);
      }
  });
});
