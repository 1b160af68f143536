import { describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { epidemic, heat, refusal } from './refusal.ts';

type Parts = Omit<ProblemDefinition, 'name'>;

const start = (...equations: string[]) => equations.map((equation) => ({ on: 't = 0', equation }));

describe('well-posed problems are accepted', () => {
  it.each<[string, Parts]>([
    [
      'wave equation of second order in time',
      {
        domain: { x: [0, 1], t: [0, 1] },
        fields: ['u'],
        equations: ['u_tt = u_xx'],
        conditions: [...start('u = sin(pi*x)', 'u_t = 0'), { on: 'boundary', equation: 'u = 0' }],
      },
    ],
    [
      'heat equation run backwards from its end',
      { ...heat, conditions: [{ on: 't = 2', equation: 'u = sin(pi*x)' }, ...heat.conditions!.slice(1)] },
    ],
    [
      'algebraic field beside a differential one',
      {
        domain: { t: [0, 1] },
        fields: ['u', 'w'],
        equations: ['du/dt = -w', 'w = u^2'],
        conditions: start('u = 1'),
      },
    ],
    [
      'pendulum with a multiplier, six orders of which two are free (differential index 3)',
      {
        domain: { t: [0, 1] },
        fields: ['x', 'y', 'tension'],
        equations: ["x'' = -tension*x", "y'' = -tension*y - 9.81", 'x^2 + y^2 = 1'],
        conditions: start('x = 1', "y' = 0"),
      },
    ],
    [
      'derivatives of two fields tied algebraically',
      {
        domain: { t: [0, 1] },
        fields: ['u', 'v'],
        equations: ['du/dt + dv/dt = -u', 'u = 2*v'],
        conditions: start('u = 1'),
      },
    ],
    [
      'incompressible flow, whose pressure has no time derivative and no condition',
      {
        domain: { x: [0, 1], y: [0, 1], t: [0, 1] },
        fields: ['u', 'v', 'p'],
        equations: [
          'u_t + u*u_x + v*u_y = -p_x + laplacian(u)',
          'v_t + u*v_x + v*v_y = -p_y + laplacian(v)',
          'u_x + v_y = 0',
        ],
        conditions: [
          ...start('u = 0', 'v = 0'),
          { on: 'boundary', equation: 'u = 0' },
          { on: 'boundary', equation: 'v = 0' },
        ],
      },
    ],
    [
      'eigenvalue problem',
      {
        domain: { x: [0, 1] },
        fields: ['u'],
        unknowns: { lambda: { initial: 9 } },
        equations: ['-u_xx = lambda*u'],
        conditions: [
          { on: 'boundary', equation: 'u = 0' },
          { on: 'x = 0', equation: 'u_x = 1' },
        ],
      },
    ],
    [
      'period of a limit cycle: one condition more than the order, one unknown',
      {
        domain: { t: [0, 1] },
        fields: ['u'],
        unknowns: { T: { initial: 6 } },
        equations: ["u'' = T*(1 - u^2)*u' - T^2*u"],
        conditions: [{ periodic: 't' }, { on: 't = 0', equation: "u' = 0" }],
      },
    ],
    [
      'forced oscillation, periodic in time',
      {
        domain: { t: [0, '2*pi'] },
        fields: ['u'],
        equations: ["u'' + u'/10 + 2*u = cos(t)"],
        conditions: [{ periodic: 't' }],
      },
    ],
    [
      'boundary values of a second-order equation in time, at points',
      {
        domain: { t: [0, 1] },
        fields: ['u'],
        equations: ["u'' = -u"],
        conditions: [{ on: { points: [[0], [1]] }, equation: 'u = t' }],
      },
    ],
    [
      'boundary values of fourth order',
      {
        domain: { x: [0, 1] },
        fields: ['w'],
        equations: ['w_xxxx = 1'],
        conditions: [
          { on: 'boundary', equation: 'w = 0' },
          { on: 'boundary', equation: 'w_xx = 0' },
        ],
      },
    ],
    [
      'mixed formulation: a flux as a field',
      {
        domain: { x: [0, 1] },
        fields: ['u', 'q'],
        equations: ['q = u_x', 'q_x = 1'],
        conditions: [{ on: 'boundary', equation: 'u = 0' }],
      },
    ],
    [
      'inner condition between two layers',
      {
        domain: { x: [0, 1] },
        fields: ['u'],
        equations: [
          { equation: 'u_xx = 0', where: 'x < 1/2' },
          { equation: '3*u_xx = 1', where: 'x >= 1/2' },
        ],
        conditions: [
          { on: 'boundary', equation: 'u = 0' },
          { on: 'x = 1/2', equation: 'u = 1' },
        ],
      },
    ],
    [
      'a term that has a value in its region alone',
      {
        domain: { x: [0, 1] },
        fields: ['u'],
        equations: [
          { equation: 'u_xx = sqrt(x - 0.99)', where: 'x > 0.99' },
          { equation: 'u_xx = 0', where: 'x <= 0.99' },
        ],
        conditions: [{ on: 'boundary', equation: 'u = 0' }],
      },
    ],
    [
      'a logarithm of large fields and a quotient of differences',
      {
        domain: { t: [0, 1] },
        fields: ['T', 's'],
        equations: ['dT/dt = -log(T - 273)', 'ds/dt = 1/(T - s)'],
        conditions: start('T = 300', 's = 1'),
      },
    ],
    [
      'unknown initial state as an unknown',
      {
        ...epidemic,
        unknowns: { ...epidemic.unknowns, I0: { initial: 5, min: 0 } },
        conditions: start('S = N - I0', 'I = I0', 'R = 0'),
      },
    ],
    [
      'unknown initial states of the observed field and of one that drives it',
      { ...epidemic, conditions: start('R = 0') },
    ],
    [
      'coefficient that varies in space, found from data',
      {
        domain: { x: [0, 1], t: [0, 1] },
        fields: { u: {}, k: { of: ['x'], unknown: true } },
        equations: ['u_t = d(k*u_x, x)'],
        conditions: start('u = 1'),
        data: [{ rows: [{ x: 0.5, t: 0.5, u: 1 }], at: { x: 'x', t: 't' }, observe: { u: 'u' } }],
      },
    ],
    [
      'periodic space',
      {
        domain: { x: [-1, 1], t: [0, 1] },
        fields: ['u'],
        equations: ['u_t + u_x = 0'],
        conditions: [...start('u = sin(pi*x)'), { periodic: 'x' }],
      },
    ],
    [
      'an ordinary field beside a partial one',
      {
        domain: { x: [0, 1], t: [0, 1] },
        fields: { u: {}, tank: { of: ['t'] } },
        equations: ['u_t = u_xx + tank', 'dtank/dt = -tank'],
        conditions: [...start('u = 0', 'tank = 1'), { on: 'boundary', equation: 'u = 0' }],
      },
    ],
    [
      'a flux condition with a coefficient',
      {
        domain: { x: [0, 1], y: [0, 1] },
        fields: ['u'],
        equations: ['laplacian(u) = 1'],
        conditions: [{ on: 'boundary', equation: 'u_n + 2*u = x*y' }],
      },
    ],
    [
      'twenty compartments',
      {
        domain: { t: [0, 1] },
        flows: Array.from({ length: 19 }, (_, i) => `C${i} -> C${i + 1}: C${i}`),
        conditions: start(...Array.from({ length: 20 }, (_, i) => `C${i} = 1`)),
      },
    ],
  ])('%s', (name, parts) => {
    expect(problem({ ...parts, name }).name).toBe(name);
  });

  it('but tied fields need as many conditions as their order', () => {
    const pendulum = {
      name: 'pendulum',
      domain: { t: [0, 1] },
      fields: ['x', 'y', 'tension'],
      equations: ["x'' = -tension*x", "y'' = -tension*y - 9.81", 'x^2 + y^2 = 1'],
    };
    expect(refusal({ ...pendulum, conditions: start('x = 1') }).path).toBe('conditions');
  });

  it('and twenty compartments twenty', () => {
    const flows = Array.from({ length: 19 }, (_, i) => `C${i} -> C${i + 1}: C${i}`);
    const conditions = start(...Array.from({ length: 19 }, (_, i) => `C${i} = 1`));
    expect(refusal({ name: 'chain', domain: { t: [0, 1] }, flows, conditions }).reason).toMatch(
      /`C19` has no initial condition/,
    );
  });
});
