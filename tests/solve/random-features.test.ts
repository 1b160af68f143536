/** Least squares over random features. */
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import type { ProblemDefinition } from '../../src/problem/index.ts';
import {
  loadSolution,
  resolveSettings,
  type StoredSolution,
  saveSolution,
  solve,
} from '../../src/solve/index.ts';
import { boundaryValue, decay, heat, quick, read, unknownRate } from './problems.ts';

const throughJson = (stored: StoredSolution): StoredSolution => JSON.parse(JSON.stringify(stored));
const options = { threads: 1, seed: 1 } as const;

const faces = (u: string): ProblemDefinition['conditions'] => [{ on: 'boundary', equation: `u = ${u}` }];

const poisson: ProblemDefinition = {
  name: 'poisson',
  domain: { x: [0, 1], y: [0, 2] },
  fields: ['u'],
  equations: ['-laplacian(u) = 2*pi^2*sin(pi*x)*sin(pi*y)'],
  conditions: faces('0'),
  exact: { u: 'sin(pi*x)*sin(pi*y)' },
};

const advection: ProblemDefinition = {
  name: 'advection',
  domain: { x: [0, 3], t: [0, 1] },
  fields: ['u'],
  constants: { k: '2*pi/3' },
  equations: ['u_t + 2*u_x = 0'],
  conditions: [{ on: 't = 0', equation: 'u = sin(k*x) + 0.3*cos(2*k*x)' }, { periodic: 'x' }],
  exact: { u: 'sin(k*(x - 2*t)) + 0.3*cos(2*k*(x - 2*t))' },
};

describe('what is linear in its fields is solved to nearly all digits', () => {
  test.each([
    ['decay', decay, 1e-11],
    ['two points', boundaryValue, 1e-11],
    ['heat', heat, 1e-10],
    ['Poisson', poisson, 1e-10],
    ['periodic advection', advection, 1e-10],
    [
      'Laplace with values on the boundary',
      {
        ...poisson,
        equations: ['laplacian(u) = 0'],
        conditions: faces('exp(x)*sin(y) + x^2 - y^2'),
        exact: { u: 'exp(x)*sin(y) + x^2 - y^2' },
      },
      1e-10,
    ],
    [
      'a polynomial',
      {
        ...boundaryValue,
        equations: ['u_xx + x*u_x = 6*x + 3*x^3'],
        conditions: [
          { on: 'x = 0', equation: 'u = 2' },
          { on: 'x = 1', equation: 'u_x = 3' },
        ],
        exact: { u: 'x^3 + 2' },
      },
      1e-10,
    ],
    [
      'a conductivity that varies',
      {
        ...heat,
        constants: undefined,
        equations: ['u_t = d((1 + x)*u_x, x) - exp(-t)*(x^2 + 2 + 4*x)'],
        conditions: [
          { on: 't = 0', equation: 'u = x^2' },
          { on: 'x = 0', equation: 'u = 0' },
          { on: 'x = 1', equation: 'u_x = 2*exp(-t)' },
        ],
        exact: { u: 'exp(-t)*x^2' },
      },
      1e-9,
    ],
    [
      'a beam, of fourth order',
      {
        ...boundaryValue,
        equations: ['u_xxxx + 3*u = 19*sin(2*x)'],
        conditions: [
          { on: 'x = 0', equation: 'u = 0' },
          { on: 'x = 0', equation: 'u_x = 2' },
          { on: 'x = 1', equation: 'u = sin(2)' },
          { on: 'x = 1', equation: 'u_xx = -4*sin(2)' },
        ],
        exact: { u: 'sin(2*x)' },
      },
      1e-9,
    ],
    [
      'two fields',
      {
        name: 'acoustics',
        domain: { x: [0, 1], t: [0, 0.5] },
        fields: ['p', 'q'],
        equations: ['p_t + 2*q_x = 0', 'q_t + 2*p_x = 0'],
        conditions: [
          { on: 't = 0', equation: 'p = sin(pi*x)' },
          { on: 't = 0', equation: 'q = 0' },
          { on: 'x = 0', equation: 'p = 0' },
          { on: 'x = 1', equation: 'p = 0' },
        ],
        exact: { p: 'sin(pi*x)*cos(2*pi*t)', q: '-cos(pi*x)*sin(2*pi*t)' },
      },
      1e-9,
    ],
    [
      'a stiff equation',
      { ...decay, equations: ['u_t = -1000*(u - cos(t)) - sin(t)'], exact: { u: 'cos(t)' } },
      1e-11,
    ],
  ] satisfies [string, ProblemDefinition, number][])('%s', async (_, definition, tolerance) => {
    const solution = await solve(read(definition), options);
    expect(solution.run.settings.optimizers).toEqual(['random-features']);
    expect(solution.run.heldOutResidual).toBeLessThan(1e-8);
    for (const { relativeL2 } of Object.values(solution.compare('exact')))
      expect(relativeL2).toBeLessThan(tolerance);
  });

  test('in three coordinates, with features of a number that is asked for', async () => {
    const solution = await solve(
      read({
        name: 'cooling',
        domain: { x: [0, 1], y: [0, 1], t: [0, 0.5] },
        fields: ['u'],
        equations: ['u_t = 0.2*laplacian(u)'],
        conditions: [
          { on: 't = 0', equation: 'u = exp(x + y)' },
          { on: 'x = 0', equation: 'u = exp(y + 0.4*t)' },
          { on: 'x = 1', equation: 'u = exp(1 + y + 0.4*t)' },
          { on: 'y = 0', equation: 'u_y = u' },
          { on: 'y = 1', equation: 'u = exp(x + 1 + 0.4*t)' },
        ],
        exact: { u: 'exp(x + y + 0.4*t)' },
      }),
      { ...options, optimizer: 'random-features', network: '300x1' },
    );
    expect(solution.run.parameters).toBe(301);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-6);
  });

  test('with observations in place of a condition', async () => {
    const rows = [0.2, 0.7].map((x) => ({ x, v: Math.exp(x) }));
    const definition: ProblemDefinition = {
      ...boundaryValue,
      equations: ['u_xx = u'],
      conditions: [],
      data: [{ rows, at: { x: 'x' }, observe: { u: 'v' } }],
      exact: { u: 'exp(x)' },
    };
    const solution = await solve(read(definition), { ...options, optimizer: 'random-features' });
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-9);
  });
});

describe("what is not linear, by Newton's method", () => {
  test.each<[string, ProblemDefinition, number]>([
    ['a reaction that saturates', { ...decay, equations: ['u_t = -u^2'], exact: { u: '1/(1 + t)' } }, 1e-9],
    [
      'a boundary value problem',
      {
        name: 'bratu',
        domain: { x: [0, 1] },
        fields: ['u'],
        equations: ['u_xx + exp(u) = 0'],
        conditions: faces('0'),
        // 2 ln(cosh(c/4·(…))) with c = √2 cosh(c/4): the lower branch.
        constants: { c: 1.5171645990507543 },
        exact: { u: '-2*log(cosh((x - 1/2)*c/2)/cosh(c/4))' },
      },
      1e-9,
    ],
    [
      'a wave with a restoring force',
      {
        name: 'sine-gordon',
        domain: { x: [-3, 3], t: [0, 1] },
        fields: ['u'],
        equations: ['u_tt - u_xx + sin(u) = 0'],
        conditions: [
          { on: 't = 0', equation: 'u = 4*atan(exp(x/sqrt(0.75)))' },
          { on: 't = 0', equation: 'u_t = -2*exp(x/sqrt(0.75))/(1 + exp(2*x/sqrt(0.75)))*2*0.5/sqrt(0.75)' },
          { on: 'x = -3', equation: 'u = 4*atan(exp((-3 - 0.5*t)/sqrt(0.75)))' },
          { on: 'x = 3', equation: 'u = 4*atan(exp((3 - 0.5*t)/sqrt(0.75)))' },
        ],
        exact: { u: '4*atan(exp((x - 0.5*t)/sqrt(0.75)))' },
      },
      1e-7,
    ],
  ])('%s', async (_, definition, bound) => {
    const solution = await solve(read(definition, { domain: definition.domain }), options);
    expect(solution.run.settings.optimizers).toEqual(['random-features']);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(bound);
  });
});

test('derivatives are as exact as values', async () => {
  const solution = await solve(read(poisson), options);
  const points = Float64Array.from([0.3, 0.4, 0.9, 1.1]);
  const values = solution.evaluate('u_xx + u_xy', points);
  values.forEach((value, n) => {
    const [x, y] = [Math.PI * points[2 * n], Math.PI * points[2 * n + 1]];
    const exact = Math.PI ** 2 * (Math.cos(x) * Math.cos(y) - Math.sin(x) * Math.sin(y));
    expect(Math.abs(value - exact)).toBeLessThan(1e-8);
  });
});

test('periodic conditions hold exactly, of every order', async () => {
  const solution = await solve(read(advection), options);
  for (const expression of ['u', 'u_x', 'u_xx', 'u_xxt'])
    for (const t of [0.1, 0.9]) {
      const [left, right] = solution.evaluate(expression, Float64Array.of(0, t, 3, t));
      expect(Math.abs(left - right)).toBeLessThan(1e-9);
    }
});

test('the same seed gives the same parameters, another seed others', async () => {
  const first = await solve(read(heat), options);
  const again = await solve(read(heat), options);
  const other = await solve(read(heat), { ...options, seed: 2 });
  expect(again.theta).toEqual(first.theta);
  expect(other.theta).not.toEqual(first.theta);
  expect(other.compare('exact').u.relativeL2).toBeLessThan(1e-9);
});

describe('a stored solution', () => {
  test('keeps the features', async () => {
    const solution = await solve(read(heat), options);
    const loaded = loadSolution(throughJson(saveSolution(solution)));
    expect(loaded.grid([9, 9])).toEqual(solution.grid([9, 9]));
    expect(loaded.run).toEqual(solution.run);
  });

  test('is resumed at once, since nothing is left to do', async () => {
    const solution = await solve(read(heat), options);
    const resume = throughJson(saveSolution(solution));
    const resumed = await solve(read(heat), { resume, threads: 1 });
    expect(resumed.theta).toEqual(solution.theta);
    expect(resumed.run.settings.randomFeatures).toEqual(solution.run.settings.randomFeatures);
    await expect(solve(read(heat), { resume, network: '8x2' })).rejects.toThrow(ProblemError);
  });

  test('is resumed by another optimizer on the same features', async () => {
    const begun = await solve(read(boundaryValue), {
      ...options,
      optimizer: 'random-features',
      network: { randomFeatures: { count: 12, scale: 3 } },
    });
    const resume = throughJson(saveSolution(begun));
    const resumed = await solve(read(boundaryValue), { resume, optimizer: 'lm', iterations: 20 });
    expect(resumed.trial).toEqual(begun.trial);
    expect(resumed.run.loss).toBeLessThan(1.01 * begun.run.loss);
  });
});

describe('where features leave a residual', () => {
  /** A corner that no sum of a few waves has. */
  const corner: ProblemDefinition = {
    ...decay,
    equations: ['u_t = (t < 1 ? 1 : 0)'],
    conditions: [{ on: 't = 0', equation: 'u = 0' }],
    exact: { u: 'min(t, 1)' },
  };

  test('a network is trained, and the better of both returned', async () => {
    const alone = await solve(read(corner), { ...options, optimizer: 'random-features' });
    const better = await solve(read(corner), { ...options, timeLimit: 4 });
    expect(alone.run.heldOutResidual).toBeGreaterThan(1e-6);
    expect(better.run.heldOutResidual).toBeLessThanOrEqual(alone.run.heldOutResidual!);
    expect(better.run.settings.timeLimit).toBe(4);
    expect(better.compare('exact').u.relativeL2).toBeLessThan(0.05);
  });
});

test('a signal given beforehand ends the search', async () => {
  const solution = await solve(read(heat), { ...options, signal: AbortSignal.abort() });
  expect(solution.run).toMatchObject({ stopped: 'interrupted', iterations: 0 });
});

test('a target that is met is the reason for the end', async () => {
  const solution = await solve(read(heat), { ...options, target: 1e-6 });
  expect(solution.run.stopped).toBe('target');
});

test('a network, an activation, weights or another optimizer that are asked for speak for training', () => {
  expect(resolveSettings(read(boundaryValue), {}).optimizers).toEqual(['random-features']);
  for (const asked of [
    { network: '8x2' },
    { activation: 'sine' },
    { weights: { conditions: 5 } },
    { optimizer: 'adam' },
    { engine: 'tfjs' },
  ] as const)
    expect(resolveSettings(read(boundaryValue), asked).optimizers).not.toContain('random-features');
});

describe('as a warm start', () => {
  test.each(['lm', 'lbfgs', 'adam'])('of %s, the last layer is solved for first', async (optimizer) => {
    const run = {
      ...quick,
      optimizer: `random-features+${optimizer}`,
      network: '20x1',
      activation: 'sine',
      initialization: 'siren',
    } as const;
    const solution = await solve(read(boundaryValue), { ...run, iterations: 300 });
    const { entries, phases } = solution.run.history;
    expect(phases.map(({ name }) => name)).toEqual(['random-features', optimizer]);
    const plain = await solve(read(boundaryValue), { ...run, optimizer, iterations: 300 });
    expect(entries[0].loss).toBeLessThan(0.5 * plain.run.history.entries[0].loss);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(0.05);
  });

  test('of a problem that is not linear', async () => {
    const logistic = read(decay, {
      equations: ['u_t = 2*u*(1 - u)'],
      conditions: [{ on: 't = 0', equation: 'u = 0.2' }],
      exact: { u: '1/(1 + 4*exp(-2*t))' },
    });
    const solution = await solve(logistic, { ...quick, optimizer: 'random-features+lm', iterations: 400 });
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-4);
  });
});

describe('is refused', () => {
  test.each([
    ['alone for a problem with unknowns', unknownRate, {}, /unknowns\.k.*lm/],
    ['before data', unknownRate, { optimizer: 'random-features+lm' }, /without data/],
    ['after another optimizer', decay, { optimizer: 'lm+random-features' }, /begins a run/],
    ['on tfjs', decay, { engine: 'tfjs' }, /tfjs.*f64/],
    ['with two hidden layers', decay, { network: '20x2' }, /one hidden layer.*600x1/],
    ['with windows', decay, { windows: 2 }, /windows/],
    [
      'with scales of other coordinates',
      decay,
      { network: { randomFeatures: { count: 20, scale: { x: 3 } } } },
      /one for each of t/,
    ],
    [
      'with another activation',
      decay,
      { activation: 'tanh', network: { randomFeatures: { count: 20, scale: 3 } } },
      /sines, not tanh/,
    ],
  ] as const)('%s', async (_, definition, more, message) => {
    const run = solve(read(definition as ProblemDefinition), {
      optimizer: 'random-features',
      ...more,
    } as object);
    await expect(run).rejects.toThrow(ProblemError);
    await expect(run).rejects.toThrow(message);
  });
});

describe('in windows of time', () => {
  const oscillator: ProblemDefinition = {
    name: 'oscillator',
    domain: { t: [0, 60] },
    fields: ['u'],
    equations: ["u'' + u + 2*u^3 = 0"],
    conditions: [
      { on: 't = 0', equation: 'u = 1' },
      { on: 't = 0', equation: 'du/dt = 0' },
    ],
  };
  test('a nonlinear oscillation keeps its energy, is stored, and is resumed at once', async () => {
    const subject = read(oscillator, {});
    const solution = await solve(subject, { ...options, optimizer: 'random-features', timeLimit: 60 });
    expect(solution.windows!.length).toBeGreaterThan(1);
    const t = Float64Array.from({ length: 500 }, (_, i) => (60 * i) / 499);
    const energy = solution.evaluate("u'^2 + u^2 + u^4", t);
    for (const value of energy) expect(Math.abs(value - 2)).toBeLessThan(1e-6);
    const stored = throughJson(saveSolution(solution));
    const loaded = loadSolution(stored);
    expect(loaded.evaluate('u', t)).toEqual(solution.evaluate('u', t));
    const resumed = await solve(subject, { resume: stored });
    expect(resumed.evaluate('u', t)).toEqual(solution.evaluate('u', t));
  });
});
