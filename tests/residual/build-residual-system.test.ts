import { describe, expect, it } from 'vitest';
import type { ProblemDefinition } from '../../src/problem/index.ts';
import { decay, epidemic, heat } from '../problem/refusal.ts';
import { type Built, build, exactDerivatives, largest, residualsOf } from './evaluation.ts';

function largestResidual(built: Built, unknowns: Readonly<Record<string, number>> = {}): number[] {
  const fields = exactDerivatives(built.problem);
  return built.system.blocks.map((block) => largest(residualsOf(built, block, fields, unknowns)));
}

/** Heat in a rod of length L over a time T, temperatures of size A above B, in any units. */
function rod(L: number, T: number, A: number, B = 0): ProblemDefinition {
  return {
    name: 'rod',
    domain: { x: [0, 'L'], t: [0, 'T'] },
    fields: ['u'],
    constants: { L, T, A, B, D: '0.2*L^2/T' },
    equations: ['u_t = D*u_xx'],
    conditions: [
      { on: 't = 0', equation: 'u = B + A*sin(pi*x/L)' },
      { on: 'x = 0', equation: 'u = B' },
      { on: 'x = L', equation: 'u_n = -A*pi/L*exp(-D*pi^2*t/L^2)', weight: 4 },
    ],
    exact: { u: 'B + A*exp(-D*pi^2*t/L^2)*sin(pi*x/L)' },
  };
}

/** SIR with N people and days of the given length. */
function sir(N: number, day: number): ProblemDefinition {
  return {
    name: 'sir',
    domain: { t: [0, 20 * day] },
    fields: ['S', 'I', 'R'],
    constants: { N },
    unknowns: {
      beta: { initial: 1 / day, min: 0, max: 5 / day },
      gamma: { initial: 0.3 / day, min: 0 },
      rho: { initial: 0.1 / day },
    },
    equations: ['dS/dt = -beta*S*I/N + rho*R', 'dI/dt = beta*S*I/N - gamma*I', 'dR/dt = gamma*I - rho*R'],
    conditions: [
      { on: 't = 0', equation: 'S = 0.99*N' },
      { on: 't = 0', equation: 'I = 0.01*N' },
      { on: 't = 0', equation: 'R = 0' },
    ],
    data: [
      {
        rows: [1, 2, 3, 5, 8].map((t) => ({ t: t * day, ill: 0.01 * N * t, sum: 0.9 * N })),
        at: { t: 't' },
        observe: { I: 'ill', 'S + R': 'sum' },
        noise: 0.02 * N,
      },
    ],
  };
}

const cosine =
  (built: Built) => (leaf: { order: readonly number[]; name: string }, point: readonly number[]) => {
    // any smooth functions of the normalised coordinates, times the field's scale
    const { scaling } = built;
    const { offset, scale } = scaling.fields.get(leaf.name)!;
    const phase = leaf.name.charCodeAt(0);
    return (
      leaf.order.reduce((value, k, i) => {
        const { center, halfWidth } = scaling.coordinates[i];
        const angle = (point[i] - center) / halfWidth + phase + (k * Math.PI) / 2;
        return (value * Math.cos(angle)) / halfWidth ** k;
      }, scale) + (leaf.order.every((k) => k === 0) ? offset : 0)
    );
  };

function expectSame(a: Built, b: Built, unknownsA = {}, unknownsB = {}): void {
  expect(b.system.blocks.length).toBe(a.system.blocks.length);
  a.system.blocks.forEach((block, i) => {
    const other = b.system.blocks[i];
    expect(other.weight).toBeCloseTo(block.weight, 12);
    expect(other.points[0].every((x, n) => Math.abs(x - block.points[0][n]) < 1e-12)).toBe(true);
    const values = residualsOf(a, block, cosine(a), unknownsA);
    const others = residualsOf(b, other, cosine(b), unknownsB);
    values.forEach((column, o) => {
      column.forEach((value, n) => {
        expect(others[o][n]).toBeCloseTo(value, 9);
      });
    });
  });
}

describe('residuals', () => {
  it.each<[string, ProblemDefinition]>([
    ['heat in a rod', rod(1, 1, 1)],
    ['diffusivity 1e-9 over a millimetre', rod(1e-3, 1e3, 1e-6)],
    ['nanometres and huge values', rod(1e-9, 1e-12, 1e12)],
    ['temperatures of 300 to 310', rod(2, 50, 10, 300)],
  ])('vanish for the exact solution: %s', (_, definition) => {
    for (const size of largestResidual(build(definition))) expect(size).toBeLessThan(1e-10);
  });

  it('vanish for exact solutions with u_n on all sides', () => {
    const built = build({
      name: 'plate',
      domain: { x: [-2, 2], y: [-2, 2] },
      fields: ['u', 'v'],
      equations: ['laplacian(u) = 4', 'v = u*x + y'],
      conditions: [
        // ∇(x² + y²) = 2 (x, y), and (x, y)·n = 2 on every side
        { on: 'boundary', equation: 'u_n = 4' },
        { on: 'boundary', equation: 'v = x*(x^2 + y^2) + y' },
        {
          on: {
            points: [
              [0, 0],
              [1, 0.5],
            ],
          },
          equation: 'u = x^2 + y^2',
        },
        { on: 'x = 1/2', equation: 'u_x = 1' },
      ],
      exact: { u: 'x^2 + y^2', v: 'x*(x^2 + y^2) + y' },
    });
    expect(Math.max(...largestResidual(built))).toBeLessThan(1e-12);
    expect(built.system.blocks.map((b) => b.path)).toEqual([
      'equations',
      'conditions[2]',
      'conditions[0], conditions[1]',
      'conditions[3]',
    ]);
  });

  it('vanish for the exact unknowns and no others', () => {
    const built = build({
      ...decay,
      unknowns: { k: { initial: 1, min: 0, max: 10 } },
      equations: ['du/dt = -k*u'],
      exact: { u: 'exp(-3*t)' },
      data: [{ rows: [{ t: 1, u: Math.exp(-3) }], at: { t: 't' }, observe: { u: 'u' } }],
    });
    expect(Math.max(...largestResidual(built, { k: 3 }))).toBeLessThan(1e-12);
    expect(largestResidual(built, { k: 2 })[0]).toBeGreaterThan(1e-2);
  });

  it('and their weights are the same in other units: heat', () => {
    const plain = build(rod(1, 1, 1));
    for (const other of [rod(1e-3, 1e3, 1e-6), rod(1e-9, 1e-12, 1e12), rod(5e4, 1e9, 3)])
      expectSame(plain, build(other));
  });

  it('and their weights are the same in other units: SIR with unknown rates', () => {
    const plain = build(sir(1, 1));
    for (const [N, day] of [
      [1e6, 1],
      [763, 86_400],
      [8e9, 1 / 365],
    ])
      expectSame(
        plain,
        build(sir(N, day)),
        { beta: 0.7, gamma: 0.2, rho: -0.3 },
        { beta: 0.7 / day, gamma: 0.2 / day, rho: -0.3 / day },
      );
  });

  it('are of order one at functions of order one, also for fields far from zero', () => {
    const cooling: ProblemDefinition = {
      name: 'cooling',
      domain: { t: [0, 3] },
      fields: ['T'],
      equations: ['dT/dt = -0.8*(T - 300)'],
      conditions: [{ on: 't = 0', equation: 'T = 310' }],
      data: [
        {
          rows: [
            { t: 1, T: 304 },
            { t: 3, T: 300.9 },
          ],
          at: { t: 't' },
          observe: { T: 'T', '2*T': 'T' },
        },
      ],
    };
    for (const definition of [cooling, rod(2, 50, 10, 300), sir(1e6, 1)]) {
      const built = build(definition);
      const unknowns = { beta: 1, gamma: 0.3, rho: 0.1 };
      for (const block of built.system.blocks) {
        if (block.kind === 'data') continue;
        for (const column of residualsOf(built, block, cosine(built), unknowns)) {
          const size = Math.max(...column.map(Math.abs));
          expect(size).toBeLessThan(10);
          if (block.kind === 'equation') expect(size).toBeGreaterThan(0.03);
        }
      }
    }
  });

  it("weights multiply the square: the problem's own and those of each kind", () => {
    const once = build({ ...heat });
    const conditions = heat.conditions!.map((c, i) => (i === 1 ? { ...c, weight: 9 } : c));
    const weighted = build(
      { ...heat, conditions, equations: [{ equation: heat.equations![0] as string, weight: 4 }] },
      { weights: { equations: 2, conditions: 5, data: 1 } },
    );
    const factors = once.system.blocks.map((block, i) => {
      const values = residualsOf(once, block, cosine(once))[0];
      const others = residualsOf(weighted, weighted.system.blocks[i], cosine(weighted))[0];
      return others[3] / values[3];
    });
    [2, 1, 3, 1].forEach((factor, i) => {
      expect(factors[i]).toBeCloseTo(factor, 12);
    });
    expect(weighted.system.blocks.map((b) => b.weight)).toEqual([2, 5, 5, 5]);
  });

  it('observations count by the inverse square of their noise', () => {
    const rows = [{ t: 1, a: 1, b: 0.5 }];
    const observe = (text: string, column: string, noise: number) => ({
      rows,
      at: { t: 't' },
      observe: { [text]: column },
      noise,
    });
    const { system } = build({
      ...decay,
      data: [observe('u', 'a', 0.1), observe('u', 'b', 0.02), observe('5*u', 'a', 0.1)],
    });
    const weights = system.blocks.filter((b) => b.kind === 'data').map((b) => b.weight);
    // the residual of 5u is divided by 5: its noise in these units is a fifth, as precise as the second
    expect(weights[0]).toBeCloseTo(1 / 25, 12);
    expect(weights[1]).toBeCloseTo(1, 12);
    expect(weights[2]).toBeCloseTo(1, 12);
  });
});

describe('blocks', () => {
  it('of periodic conditions hold both faces, point by point, and vanish for periodic functions', () => {
    const definition: ProblemDefinition = {
      ...heat,
      domain: { x: [-1, 3], t: [0, 1] },
      fields: { u: {}, k: { of: ['t'] } },
      equations: ['u_t = k*u_xx', 'dk/dt = 0'],
      conditions: [
        { on: 't = 0', equation: 'u = sin(pi*x)' },
        { on: 't = 0', equation: 'k = 1' },
        { periodic: 'x', order: 2, weight: 9 },
      ],
      exact: { u: 'exp(-t)*sin(pi*x)', k: '1' },
    };
    const built = build(definition);
    const block = built.system.blocks.find((b) => b.path === 'conditions[2]')!;
    expect(block.residuals.length).toBe(3);
    expect(block.points.length).toBe(2);
    for (let n = 0; n < block.count; n++) {
      expect(block.points.map((points) => points[2 * n])).toEqual([-1, 1]);
      expect(block.points[0][2 * n + 1]).toBe(block.points[1][2 * n + 1]);
    }
    expect(largest(residualsOf(built, block, exactDerivatives(built.problem)))).toBeLessThan(1e-12);
    const aperiodic = residualsOf(built, block, (leaf, [x]) =>
      leaf.order[0] === 0 ? x : leaf.order[0] === 1 ? 1 : 0,
    );
    // u = x differs by 4 between the faces, its slope by nothing; √weight is 3
    expect(largest([aperiodic[0]])).toBeCloseTo((3 * 4) / built.scaling.fields.get('u')!.scale, 9);
    expect(largest(aperiodic.slice(1))).toBe(0);
    expect(
      build(definition, { periodicCoordinates: new Set([0]) }).system.blocks.map((b) => b.path),
    ).not.toContain('conditions[2]');
  });

  it('of boundaries carry the outward normal of every face', () => {
    const { system } = build({
      name: 'box',
      domain: { x: [0, 1], y: [0, 2], t: [0, 1] },
      fields: ['u'],
      equations: ['u_t = laplacian(u)'],
      conditions: [
        { on: 't = 0', equation: 'u = 1' },
        { on: 'boundary', equation: 'u_n = 0' },
      ],
    });
    const block = system.blocks.find((b) => b.path === 'conditions[1]')!;
    expect(block.count).toBe(48);
    for (let n = 0; n < block.count; n++) {
      const [x, y] = block.points[0].subarray(3 * n, 3 * n + 2);
      const normal = ['x', 'y', 't'].map((name) => block.columns[`normal:${name}`][n]);
      expect(normal).toEqual(n < 12 ? [-1, 0, 0] : n < 24 ? [1, 0, 0] : n < 36 ? [0, -1, 0] : [0, 1, 0]);
      expect(normal[0] === 0 ? y : x).toBe(normal[0] === 0 ? normal[1] : normal[0]);
    }
  });

  it('of regions hold the points of the region alone', () => {
    const { system, scaling } = build({
      name: 'layers',
      domain: { x: [0, 4] },
      fields: ['u'],
      equations: [
        { equation: 'u_xx = 0', where: 'x < 1' },
        { equation: 'u_xx = 1', where: 'x >= 1 and x < 3' },
        { equation: 'u_xx = 0', where: 'x >= 3' },
      ],
      conditions: [{ on: 'boundary', equation: 'u = 1' }],
    });
    const regions = system.blocks.filter((b) => b.kind === 'equation');
    expect(regions.map((b) => b.path)).toEqual(['equations[0]', 'equations[1]', 'equations[2]']);
    expect(regions.reduce((sum, b) => sum + b.count, 0)).toBe(40);
    regions.forEach((block, i) => {
      const [low, high] = [
        [0, 1],
        [1, 3],
        [3, 4],
      ][i];
      const { center, halfWidth } = scaling.coordinates[0];
      for (const x of block.points[0].map((xi) => center + halfWidth * xi)) {
        expect(x).toBeGreaterThanOrEqual(low);
        expect(x).toBeLessThanOrEqual(high);
      }
    });
  });

  it('of an interval have one point on each face', () => {
    const { system } = build(epidemic);
    expect(system.blocks.map((b) => b.count)).toEqual([40, 1, 3]);
    expect(system.unknowns).toEqual(['beta', 'gamma']);
    expect([...system.blocks[1].points[0]]).toEqual([-1]);
  });

  it('have the same points for the same seed, others for another', () => {
    const points = (seed: number) => build(heat, { seed }).system.blocks[0].points[0];
    expect(points(1)).toEqual(points(1));
    expect(points(1)).not.toEqual(points(2));
  });
});
