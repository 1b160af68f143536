import { describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { loadSolution, saveSolution, solve } from '../../src/solve/index.ts';

const geometry = (shape: object, more: object = {}): ProblemDefinition['domain'] =>
  ({ geometry: shape, ...more }) as ProblemDefinition['domain'];

const disk: ProblemDefinition = {
  name: 'disk',
  domain: geometry({ disk: { center: [0, 0], radius: 1 } }),
  fields: ['u'],
  equations: ['laplacian(u) = 0'],
  conditions: [{ on: 'boundary', equation: 'u = cos(2*atan2(y, x))' }],
  exact: { u: 'x^2 - y^2' },
};

/** A square without a disk, a flux and a value on the rim of the hole. */
const plate: ProblemDefinition = {
  name: 'plate',
  domain: geometry({
    difference: [
      {
        box: [
          [-1, 1],
          [-1, 1],
        ],
        name: 'outer',
      },
      { disk: { center: [0.2, 0.1], radius: 0.3 }, name: 'hole' },
    ],
  }),
  fields: ['u'],
  functions: { e: 'exp(x)*sin(y)', flux: '-(e*(x - 0.2) + exp(x)*cos(y)*(y - 0.1))/0.3' },
  equations: ['laplacian(u) = 0'],
  conditions: [
    { on: 'outer', equation: 'u = e' },
    { on: 'hole', equation: 'u_n + 2*u = flux + 2*e' },
  ],
  exact: { u: 'e' },
};

const cooling: ProblemDefinition = {
  name: 'cooling',
  domain: geometry({ disk: { center: [0, 0], radius: 1 } }, { t: [0, 0.5] }),
  fields: ['u'],
  equations: ['u_t = laplacian(u) + exp(-t)*(x^2 + y^2 + 3)'],
  conditions: [
    { on: 't = 0', equation: 'u = 1 - x^2 - y^2' },
    { on: 'boundary', equation: 'u_n = -2*exp(-t)' },
  ],
  exact: { u: 'exp(-t)*(1 - x^2 - y^2)' },
};

const inclusion: ProblemDefinition = {
  name: 'inclusion',
  domain: { x: [-1, 1], y: [-1, 1] },
  regions: { core: { disk: { center: [0, 0], radius: 0.5 } } },
  fields: ['u'],
  functions: { k: 'inside("core") ? 10 : 1', r2: 'x^2 + y^2', e: 'inside("core") ? r2/10 : r2 - 0.225' },
  equations: ['d(k*u_x, x) + d(k*u_y, y) = 4'],
  conditions: [
    { on: 'boundary', equation: 'u = e' },
    { on: 'core', equation: 'jump(u) = 0' },
    { on: 'core', equation: 'jump(k*u_n) = 0' },
  ],
  exact: { u: 'e' },
};

const quick = { threads: 1, seed: 1, timeLimit: 1000 } as const;
const trained = { ...quick, network: '8x2', points: 200, conditionPoints: 40 } as const;

describe('linear problems by least squares', () => {
  it.each<[string, ProblemDefinition, number]>([
    ['a disk', disk, 1e-10],
    ['a plate with a hole and a condition of the third kind on it', plate, 1e-7],
    ['a disk in time, its flux given', cooling, 1e-6],
    ['an inclusion with another coefficient', inclusion, 1e-9],
  ])(
    '%s',
    async (_, definition, tolerance) => {
      const solution = await solve(problem(definition), quick);
      expect(solution.compare('exact').u.relativeL2).toBeLessThan(tolerance);
    },
    60_000,
  );
});

describe('trained networks', () => {
  it.each([
    ['lm', { optimizer: 'lm', iterations: 60 }, 1e-3],
    [
      'lm, points added where residuals are large',
      { optimizer: 'lm', iterations: 60, resampling: 'rar' },
      1e-3,
    ],
    ['lm on a grid', { optimizer: 'lm', iterations: 60, sampling: 'grid' }, 1e-3],
    ['single precision', { optimizer: 'lbfgs', engine: 'tfjs', backend: 'cpu', iterations: 150 }, 0.1],
  ] as const)(
    '%s',
    async (_, options, tolerance) => {
      const solution = await solve(problem(disk), { ...trained, ...options });
      expect(solution.compare('exact').u.relativeL2).toBeLessThan(tolerance);
    },
    60_000,
  );

  it('pieces are found by training too, and stored solutions keep them', async () => {
    const read = problem(inclusion);
    const options = { ...trained, optimizer: 'lm', iterations: 80 } as const;
    const solution = await solve(read, options);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-3);
    const stored = JSON.parse(JSON.stringify(saveSolution(solution)));
    const loaded = loadSolution(stored);
    expect(loaded.at({ x: 0.1, y: 0.2 })).toEqual(solution.at({ x: 0.1, y: 0.2 }));
    const resumed = await solve(read, { ...quick, resume: stored, iterations: 100 });
    expect(resumed.run.loss).toBeLessThanOrEqual(solution.run.loss);
    // the flux is continuous though its derivative jumps
    const beside = Float64Array.of(0.4999, 0, 0.5001, 0);
    const [inner, outer] = solution.evaluate('u_x', beside);
    expect(outer / inner).toBeCloseTo(10, 0);
  }, 60_000);

  it('windows of time on a geometry', async () => {
    const options = { ...trained, optimizer: 'lm', iterations: 60, windows: 2 } as const;
    const solution = await solve(problem(cooling), options);
    expect(solution.windows?.length).toBe(2);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(0.02);
  }, 60_000);

  it('five coordinates', async () => {
    const names = ['a', 'b', 'c', 'p', 'q'];
    const sum = names.map((name) => `${name}^2`).join(' + ');
    const definition: ProblemDefinition = {
      name: 'five',
      domain: Object.fromEntries(names.map((name) => [name, [0, 1]])),
      fields: ['u'],
      equations: ['laplacian(u) = 10'],
      conditions: [{ on: 'boundary', equation: `u = ${sum}` }],
      exact: { u: sum },
    };
    const options = {
      ...trained,
      optimizer: 'lm',
      iterations: 30,
      points: 300,
      conditionPoints: 30,
    } as const;
    const solution = await solve(problem(definition), options);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(0.05);
  }, 60_000);
});

describe('a solution on a geometry', () => {
  it('has no value outside, gaps on a grid, and the same values when loaded', async () => {
    const read = problem(plate);
    const solution = await solve(read, { ...trained, optimizer: 'lm', iterations: 30 });
    expect(() => solution.at({ x: 0.2, y: 0.1 })).toThrow(/outside the geometry/);
    expect(() => solution.evaluateFields(Float64Array.of(0.5, 0.5, 0.2, 0))).toThrow(/points\[1\]/);
    const { points, fields } = solution.grid([21, 21]);
    for (let n = 0; n < fields.u.length; n++)
      expect(Number.isNaN(fields.u[n])).toBe(!read.space!.shape.contains(points.subarray(2 * n, 2 * n + 2)));
    const loaded = loadSolution(JSON.parse(JSON.stringify(saveSolution(solution))));
    expect(loaded.grid([21, 21])).toEqual({ sides: [21, 21], points, fields });
  }, 60_000);
});

describe('coefficients that are functions', () => {
  it('one of space alone is found from data on a disk, with a condition on it', async () => {
    const places = [-0.6, -0.3, 0, 0.3, 0.6].flatMap((x) => [-0.6, -0.3, 0, 0.3, 0.6].map((y) => ({ x, y })));
    const definition: ProblemDefinition = {
      name: 'diffusivity',
      domain: geometry({ disk: { center: [0, 0], radius: 1 } }),
      fields: { u: {}, k: { of: ['x'], unknown: true, smooth: 1e-6 } },
      functions: { e: 'x + y^2/2', diffusivity: '1 + x/4' },
      equations: ['d(k*u_x, x) + d(k*u_y, y) = 1/4 + diffusivity'],
      conditions: [
        { on: 'boundary', equation: 'u = e' },
        { on: 'x = 0', equation: 'k = 1' },
      ],
      data: [
        {
          rows: places.map(({ x, y }) => ({ x, y, u: x + (y * y) / 2 })),
          at: { x: 'x', y: 'y' },
          observe: { u: 'u' },
        },
      ],
      exact: { u: 'e', k: 'diffusivity' },
    };
    const solution = await solve(problem(definition), { ...trained, optimizer: 'lm', iterations: 250 });
    expect(solution.compare('exact').k.relativeL2).toBeLessThan(0.02);
  }, 60_000);
});
