import { describe, expect, it } from 'vitest';
import { problem } from '../../src/problem/index.ts';
import { check, condition, decay, epidemic, heat, type Row, refusal } from './refusal.ts';

describe('conditions', () => {
  const second = { ...decay, equations: ["u'' = -u"] };
  it.each<Row>([
    [
      'missing',
      { ...decay, conditions: undefined },
      'conditions',
      /`u` has no initial condition/,
      /"on": "t = 0", "equation": "u = …"/,
    ],
    ['one of two', second, 'conditions', /`u` has 1 of 2 initial conditions/, /"u_t = …"/],
    [
      'one of three fields',
      {
        ...epidemic,
        unknowns: undefined,
        derived: undefined,
        data: undefined,
        constants: { N: 1, beta: 1, gamma: 1 },
        conditions: epidemic.conditions!.slice(0, 2),
      },
      'conditions',
      /`R` has no initial condition/,
    ],
    [
      'a field the data say nothing about',
      { ...epidemic, conditions: epidemic.conditions!.slice(0, 2) },
      'conditions',
      /`R` has no initial condition/,
    ],
    [
      'on faces of space alone',
      { ...heat, conditions: heat.conditions!.slice(1) },
      'conditions',
      /`u` has no initial condition/,
    ],
    [
      'of a boundary value problem',
      {
        name: 'p',
        domain: { x: [0, 1] },
        fields: ['u'],
        equations: ['u_xx = 1'],
        conditions: [{ on: 'x = 0', equation: 'u = 0' }],
      },
      'conditions',
      /1 condition for equations of total order 2/,
    ],
    [
      'none at all',
      { name: 'p', domain: { x: [0, 1], y: [0, 1] }, fields: ['w'], equations: ['laplacian(w) = 1'] },
      'conditions',
      /there are no conditions/,
      /w = 0/,
    ],
    [
      'outside the domain',
      condition({ on: 't = 3' }),
      'conditions[0].on',
      /t = 3 lies outside the domain/,
      /t runs from 0 to 2/,
    ],
    ['just outside', condition({ on: 't = -0.000001' }), 'conditions[0].on', /outside the domain/],
    [
      'a point outside',
      {
        ...heat,
        conditions: [
          ...heat.conditions!,
          {
            on: {
              points: [
                [0.5, 1],
                [1.5, 1],
              ],
            },
            equation: 'u = 0',
          },
        ],
      },
      'conditions[3].on.points[1]',
      /x = 1.5 lies outside/,
    ],
    [
      'a point of too few numbers',
      { ...heat, conditions: [{ on: { points: [[0.5]] }, equation: 'u = 0' }] },
      'conditions[0].on.points[0]',
      /has 1 numbers/,
      /x, t/,
    ],
    [
      'on no coordinate',
      condition({ on: 'y = 0' }),
      'conditions[0].on',
      /`y` is not a coordinate/,
      /coordinates are t/,
    ],
    ['on no place', condition({ on: 'left' }), 'conditions[0].on', /names no part of the domain/, /"t = 0"/],
    ['on a comparison', condition({ on: 't == 0' }), 'conditions[0].on', /names no part/],
    ['on an unknown symbol', condition({ on: 't = T' }), 'conditions[0].on', /unknown symbol `T`/],
    ['on the boundary of time', condition({ on: 'boundary' }), 'conditions[0].on', /there is no boundary/],
    [
      'periodic in no coordinate',
      { ...heat, conditions: [{ periodic: 'y' }] },
      'conditions[0].periodic',
      /`y` is not a coordinate/,
    ],
    [
      'periodic where nothing varies',
      {
        ...decay,
        domain: { x: [0, 1], t: [0, 1] },
        fields: { u: { of: ['t'] } },
        conditions: [...decay.conditions!, { periodic: 'x' }],
      },
      'conditions[1].periodic',
      /no field depends/,
    ],
    ['without a field', condition({ equation: 't = 0' }), 'conditions[0].equation', /holds no field/],
    [
      'without a finite value',
      { ...heat, conditions: [heat.conditions![0], { on: 'x = 0', equation: 'u = log(x)' }] },
      'conditions[1].equation',
      /no finite value/,
    ],
    [
      'a normal derivative in time',
      condition({ equation: 'u_n = 0' }),
      'conditions[0].equation',
      /on boundaries alone/,
    ],
  ])('%s', (...row) => check(row as unknown as Row));

  it.each<[string, unknown, number]>([
    [
      'on the same face',
      [
        { on: 't = 0', equation: 'u = 1' },
        { on: 't = 0', equation: 'u = 2' },
      ],
      1,
    ],
    [
      'in other words',
      [
        { on: 't = 0', equation: '2*u = 1' },
        { on: 't = 0', equation: '0 = u - 0.6' },
      ],
      1,
    ],
    [
      'at a point',
      [
        { on: 't = 0', equation: 'u = 1' },
        { on: { points: [[1], [0]] }, equation: 'u = 2' },
      ],
      1,
    ],
    [
      'twice at a point',
      [
        { on: 't = 0', equation: 'u = 1' },
        { on: { points: [[1], [1]] }, equation: 'u = t' },
        { on: { points: [[1]] }, equation: 'u = 3' },
      ],
      2,
    ],
  ])('contradiction %s', (_, conditions, index) => {
    const error = refusal({ ...decay, conditions });
    expect(error.path).toBe(`conditions[${index}]`);
    expect(error.reason).toMatch(/contradicts conditions\[\d\]/);
  });

  const plate = {
    name: 'plate',
    domain: { x: [0, 1], y: [0, 1] },
    fields: ['u'],
    equations: ['laplacian(u) = 0'],
  };
  it.each<[string, unknown, number]>([
    [
      'boundary against a face',
      [
        { on: 'boundary', equation: 'u = 0' },
        { on: 'x = 1', equation: 'u = y' },
      ],
      1,
    ],
    [
      'normal derivative against derivative',
      [
        { on: 'boundary', equation: 'u_n = 1' },
        { on: 'x = 0', equation: 'u_x = 1' },
      ],
      1,
    ],
    [
      'functions that differ',
      [
        { on: 'x = 0', equation: 'u = sin(pi*y)' },
        { on: 'x = 0', equation: 'u = y' },
      ],
      1,
    ],
    [
      'a point of a face',
      [
        { on: 'x = 0', equation: 'u = y' },
        { on: { points: [[0, 0.5]] }, equation: 'u = 1' },
      ],
      1,
    ],
    [
      'in tiny units',
      [
        { on: 'x = 0', equation: 'u = 1e-12' },
        { on: 'x = 0', equation: 'u = 2e-12' },
      ],
      1,
    ],
  ])('contradiction: %s', (_, conditions, index) => {
    expect(refusal({ ...plate, conditions })).toMatchObject({ path: `conditions[${index}]` });
  });

  it.each<[string, unknown]>([
    [
      'faces that meet in a corner',
      [
        { on: 'x = 0', equation: 'u = 0' },
        { on: 'y = 0', equation: 'u = 1' },
      ],
    ],
    [
      'a point in a corner',
      [
        { on: 'x = 0', equation: 'u = 0' },
        { on: 'y = 0', equation: 'u = 1' },
        { on: { points: [[0, 0]] }, equation: 'u = 1' },
      ],
    ],
    [
      'a value and a derivative',
      [
        { on: 'x = 0', equation: 'u = 0' },
        { on: 'x = 0', equation: 'u_x = 1' },
      ],
    ],
    [
      'different derivatives',
      [
        { on: 'x = 0', equation: 'u_y = 2' },
        { on: 'x = 0', equation: 'u_x = 1' },
      ],
    ],
    [
      'the same thing twice',
      [
        { on: 'x = 0', equation: 'u = 3*y' },
        { on: 'x = 0', equation: 'u/3 - y = 0' },
      ],
    ],
    [
      'zero up to rounding',
      [
        { on: 'boundary', equation: 'u = 1e3*sin(pi*x)*sin(2*pi*y)' },
        { on: 'x = 1', equation: 'u = 0' },
      ],
    ],
    [
      'zero up to rounding, alone',
      [
        { on: 'x = 1', equation: 'u = sin(pi*x)' },
        { on: 'x = 1', equation: 'u = 0' },
      ],
    ],
    [
      'u_n on opposite faces',
      [
        { on: 'boundary', equation: 'u_n = 1' },
        { on: 'x = 0', equation: 'u_x = -1' },
      ],
    ],
  ])('no contradiction: %s', (_, conditions) => {
    expect(problem({ ...plate, conditions } as never).name).toBe('plate');
  });

  it('no contradiction while an unknown is free', () => {
    const conditions = [
      { on: 't = 0', equation: 'u = a' },
      { on: 't = 0', equation: 'u = 2' },
    ];
    expect(problem({ ...decay, unknowns: { a: { initial: 1 } }, conditions }).unknowns.length).toBe(1);
  });
});
