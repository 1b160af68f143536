import { describe, expect, test } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';
import { solve } from '../../src/solve/index.ts';
import { ModalCollocation } from '../../src/solve/spectral/modal-collocation.ts';
import { radauTableau } from '../../src/solve/spectral/radau.ts';
import { loadSolution, saveSolution } from '../../src/solve/stored-solution.ts';

describe('the Radau IIA method', () => {
  test('of two stages is that of the textbook: Hairer & Wanner II, table IV.5.5', () => {
    const { nodes, matrix } = radauTableau(2);
    [1 / 3, 1].forEach((c, i) => {
      expect(nodes[i]).toBeCloseTo(c, 14);
    });
    [5 / 12, -1 / 12, 3 / 4, 1 / 4].forEach((a, i) => {
      expect(matrix[i]).toBeCloseTo(a, 14);
    });
  });

  test.each([1, 5, 12])('of %d stages integrates polynomials of a degree below their number', (stages) => {
    const { nodes, matrix } = radauTableau(stages);
    for (let degree = 0; degree < stages; degree++)
      for (let i = 0; i < stages; i++) {
        let sum = 0;
        for (let j = 0; j < stages; j++) sum += matrix[i * stages + j] * nodes[j] ** degree;
        expect(sum).toBeCloseTo(nodes[i] ** (degree + 1) / (degree + 1), 13);
      }
  });
});

describe('modes of y′ = L y by collocation', () => {
  /** Error at the end of a window for an oscillation that decays, and for two states that make one. */
  const errorOf = (stages: number, length: number): number => {
    const system = {
      modes: 2,
      states: 2,
      nonlinear: false,
      // Mode 0: uncoupled, −1 + 3i and −2; mode 1: the oscillator.
      linear: Float64Array.from([-1, 3, 0, 0, 0, 0, -2, 0, 0, 0, 1, 0, -4, 0, 0, 0]),
      evaluate: () => undefined,
    };
    const tableau = radauTableau(stages);
    const out = Array.from({ length: stages }, () => [new Float64Array(4), new Float64Array(4)]);
    const start = [Float64Array.from([1, 0, 1, 0]), Float64Array.from([1, 0, 0, 0])];
    new ModalCollocation(system, tableau, length).solve(start, undefined, out);
    const [first, second] = out[stages - 1];
    return Math.hypot(
      first[0] - Math.exp(-length) * Math.cos(3 * length),
      first[1] - Math.exp(-length) * Math.sin(3 * length),
      second[0] - Math.exp(-2 * length),
      first[2] - Math.cos(2 * length),
      second[2] + 2 * Math.sin(2 * length),
    );
  };

  test.each([2, 3])(
    'the end of a window with %d stages has the order of one step, twice their number',
    (stages) => {
      const order = Math.log2(errorOf(stages, 0.1) / errorOf(stages, 0.05));
      expect(order).toBeGreaterThan(2 * stages - 0.3);
      expect(order).toBeLessThan(2 * stages + 0.6);
    },
  );

  test('twelve stages leave rounding', () => {
    expect(errorOf(12, 0.5)).toBeLessThan(1e-13);
  });
});

const base = { name: 'test', fields: ['u'] };

/** With exact solutions, in the four kinds of ends, periodic, in one and more dimensions, of both orders in time. */
const exactOnes: readonly ProblemDefinition[] = [
  {
    ...base,
    name: 'a travelling wave with advection on a circle',
    domain: { x: [0, '2*pi'], t: [0, 2] },
    equations: ['u_t + u*u_x = 0.1*u_xx + 0.1*sin(x - t) + (sin(x - t) - 1)*cos(x - t)'],
    conditions: [{ on: 't = 0', equation: 'u = sin(x)' }, { periodic: 'x' }],
    exact: { u: 'sin(x - t)' },
  },
  {
    ...base,
    name: 'values given on both faces',
    domain: { x: [-1, 1], t: [0, 1] },
    equations: ['u_t = u_xx - u^3 + exp(-t)*sin(pi*x)*(pi^2 - 1) + (exp(-t)*sin(pi*x))^3'],
    conditions: [
      { on: 't = 0', equation: 'u = sin(pi*x)' },
      { on: 'boundary', equation: 'u = 0' },
    ],
    exact: { u: 'exp(-t)*sin(pi*x)' },
  },
  {
    ...base,
    name: 'a value on one face and a slope on the other',
    domain: { x: [0, 1], t: [0, 1] },
    equations: ['u_t = u_xx + u^3 + (pi^2/4 - 1)*exp(-t)*sin(pi*x/2) - (exp(-t)*sin(pi*x/2))^3'],
    conditions: [
      { on: 't = 0', equation: 'u = sin(pi*x/2)' },
      { on: 'x = 0', equation: 'u = 0' },
      { on: 'x = 1', equation: 'u_x = 0' },
    ],
    exact: { u: 'exp(-t)*sin(pi*x/2)' },
  },
  {
    ...base,
    name: 'slopes on the faces of a square',
    domain: { x: [0, 1], y: [0, 2], t: [0, 1] },
    equations: [
      'u_t = 0.1*laplacian(u) + u^2 + (0.125*pi^2 - 1)*exp(-t)*cos(pi*x)*cos(pi*y/2) - (exp(-t)*cos(pi*x)*cos(pi*y/2))^2',
    ],
    conditions: [
      { on: 't = 0', equation: 'u = cos(pi*x)*cos(pi*y/2)' },
      { on: 'boundary', equation: 'u_n = 0' },
    ],
    exact: { u: 'exp(-t)*cos(pi*x)*cos(pi*y/2)' },
  },
  {
    ...base,
    name: 'a pendulum at every point of a string, hard conditions',
    domain: { x: [0, 1], t: [0, 2] },
    equations: ['u_tt = u_xx - sin(u) + sin(cos(3*t)*sin(pi*x)) + (pi^2 - 9)*cos(3*t)*sin(pi*x)'],
    conditions: [
      { on: 't = 0', equation: 'u = sin(pi*x)' },
      { on: 't = 0', equation: 'u_t = 0' },
      { on: 'boundary', equation: 'u = 0', hard: true },
    ],
    exact: { u: 'cos(3*t)*sin(pi*x)' },
  },
  {
    name: 'a field that nothing moves in space, beside one with slopes on the faces',
    fields: ['u', 'w'],
    domain: { x: [0, 1], t: [0, 1] },
    equations: [
      'u_t = u_xx - u^3 + w + (pi^2 - 1)*exp(-t)*cos(pi*x) + (exp(-t)*cos(pi*x))^3 - t*cos(pi*x)',
      'w_t = exp(t)*u',
    ],
    conditions: [
      { on: 't = 0', equation: 'u = cos(pi*x)' },
      { on: 't = 0', equation: 'w = 0' },
      { on: 'boundary', equation: 'u_n = 0' },
    ],
    exact: { u: 'exp(-t)*cos(pi*x)', w: 't*cos(pi*x)' },
  },
  {
    name: 'a plane wave of the nonlinear Schrödinger equation on a torus',
    fields: ['u', 'v'],
    domain: { x: [0, '2*pi'], y: [-1, 1], t: [0, 1] },
    equations: ['u_t = -laplacian(v) - (u^2 + v^2)*v', 'v_t = laplacian(u) + (u^2 + v^2)*u'],
    conditions: [
      { on: 't = 0', equation: 'u = cos(x - pi*y)' },
      { on: 't = 0', equation: 'v = sin(x - pi*y)' },
      { periodic: 'x' },
      { periodic: 'y' },
    ],
    exact: { u: 'cos(x - pi*y - pi^2*t)', v: 'sin(x - pi*y - pi^2*t)' },
  },
];

describe('spectral', () => {
  test.each(exactOnes.map((definition) => [definition.name, definition] as const))(
    '%s',
    async (_, definition) => {
      const solution = await solve(problem(definition), { optimizer: 'spectral' });
      const errors = solution.compare('exact');
      for (const { relativeL2 } of Object.values(errors)) expect(relativeL2).toBeLessThan(1e-9);
      expect(solution.run.heldOutResidual).toBeLessThan(1e-8);
    },
  );

  const chaos: ProblemDefinition = {
    ...base,
    domain: { x: [0, '2*pi'], t: [0, 0.3] },
    equations: ['u_t + 100/16*u*u_x + 100/16^2*u_xx + 100/16^4*u_xxxx = 0'],
    conditions: [
      { on: 't = 0', equation: 'u = cos(x)*(1 + sin(x))' },
      { periodic: 'x', order: 3 },
    ],
  };

  test('is what a nonlinear problem of the kind is solved by where nothing is said, and agrees with ETDRK4', async () => {
    const given = problem(chaos);
    const solution = await solve(given);
    expect(solution.run.settings.optimizers).toEqual(['spectral']);
    const classical = await reference(given);
    if (!classical.available) throw new Error(classical.reason);
    const points = Float64Array.from({ length: 400 }, (_, i) =>
      i % 2 === 0 ? ((i / 2) * 0.7548) % (2 * Math.PI) : ((i * 0.1618) % 1) * 0.3,
    );
    const [own, other] = [solution.evaluateFields(points).u, classical.evaluate(points).u];
    own.forEach((value, n) => {
      expect(Math.abs(value - other[n])).toBeLessThan(1e-6);
    });
  });

  test('a stored solution is the same one', async () => {
    const [, , , , hard] = exactOnes;
    for (const definition of [chaos, hard]) {
      const solution = await solve(problem(definition), { optimizer: 'spectral' });
      const loaded = loadSolution(JSON.parse(JSON.stringify(saveSolution(solution))));
      const points = Float64Array.from([0.3, 0.1, 0.7, 0.29, 1, 0]);
      expect(loaded.evaluateFields(points)).toEqual(solution.evaluateFields(points));
      expect(loaded.evaluate('u_xx', points)).toEqual(solution.evaluate('u_xx', points));
      const resumed = await solve(problem(definition), { resume: saveSolution(solution) });
      expect(resumed.evaluateFields(points)).toEqual(solution.evaluateFields(points));
    }
  });

  test('a run that was interrupted begins anew when it is resumed, and ends as if it had not been', async () => {
    const whole = await solve(problem(chaos), { optimizer: 'spectral' });
    const abort = new AbortController();
    const part = await solve(problem(chaos), {
      optimizer: 'spectral',
      signal: abort.signal,
      callbacks: [
        ({ iteration }) => {
          if (iteration === 3) abort.abort();
          return undefined;
        },
      ],
    });
    expect(part.run.stopped).toBe('interrupted');
    expect(part.windows!.length).toBe(3);
    const resumed = await solve(problem(chaos), { resume: saveSolution(part) });
    const points = Float64Array.from([0.3, 0.1, 3, 0.3]);
    expect(resumed.run.stopped).toBe('converged');
    expect(resumed.evaluateFields(points)).toEqual(whole.evaluateFields(points));
  });

  test('mass and energy of the Korteweg–de Vries equation stay what they are', async () => {
    const solution = await solve(
      problem({
        ...base,
        domain: { x: [-1, 1], t: [0, 0.6] },
        equations: ['u_t + u*u_x + 0.022^2*u_xxx = 0'],
        conditions: [
          { on: 't = 0', equation: 'u = cos(pi*x)' },
          { periodic: 'x', order: 2 },
        ],
      }),
    );
    const n = 512;
    for (const t of [0.2, 0.6]) {
      const points = Float64Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? -1 + i / n : t));
      const { u } = solution.evaluateFields(points);
      const mean = u.reduce((sum, value) => sum + value, 0) / n;
      const square = u.reduce((sum, value) => sum + value * value, 0) / n;
      expect(Math.abs(mean)).toBeLessThan(1e-10);
      expect(Math.abs(square - 0.5)).toBeLessThan(1e-9);
    }
  });

  test.each<[string, Partial<ProblemDefinition>, RegExp]>([
    [
      'values on a face that are not zero',
      {
        conditions: [
          { on: 't = 0', equation: 'u = 1' },
          { on: 'boundary', equation: 'u = 1' },
        ],
      },
      /odd or even/,
    ],
    [
      'no initial condition',
      {
        conditions: [
          { on: 't = 1', equation: 'u = 0' },
          { on: 'boundary', equation: 'u = 0' },
        ],
      },
      /initial/,
    ],
  ])('%s: it says that it does not do that', async (_, change, reason) => {
    const definition: ProblemDefinition = {
      ...base,
      domain: { x: [0, 1], t: [0, 1] },
      equations: ['u_t = u_xx'],
      conditions: [],
      ...change,
    };
    await expect(solve(problem(definition), { optimizer: 'spectral' })).rejects.toThrow(reason);
  });

  test('options of networks have no meaning for it', async () => {
    await expect(solve(problem(chaos), { optimizer: 'spectral', network: '20x3' })).rejects.toThrow(
      /`network`/,
    );
    await expect(solve(problem(chaos), { optimizer: 'spectral+lm' })).rejects.toThrow(/alone/);
    await expect(solve(problem(chaos), { optimizer: 'spectral', engine: 'tfjs' })).rejects.toThrow(/double/);
  });
});
