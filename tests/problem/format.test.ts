import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import type { Expression } from '../../src/expression/expression.ts';
import { type Condition, type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { decay, epidemic, heat } from './refusal.ts';

/** Value at a point, fields by name and order. */
function value(
  expression: Expression,
  point: readonly number[],
  fields: Readonly<Record<string, number>> = {},
  unknowns: Readonly<Record<string, number>> = {},
  columns: Readonly<Record<string, number>> = {},
): number {
  return evaluateScalar(expression, (leaf) => {
    if (leaf.kind === 'coordinate') return point[leaf.index];
    if (leaf.kind === 'unknown') return unknowns[leaf.name];
    if (leaf.kind === 'column') return columns[leaf.name];
    return fields[`${leaf.name}:${leaf.order.join('')}`];
  });
}

const planes = (condition: Condition) => (condition.kind === 'planes' ? condition.planes : []);

describe('the problem format', () => {
  it.each(readdirSync('problems').filter((file) => file.endsWith('.json')))('reads problems/%s', (file) => {
    const definition = JSON.parse(readFileSync(`problems/${file}`, 'utf8')) as ProblemDefinition;
    const read = problem(definition, { readText: (path) => readFileSync(`problems/${path}`, 'utf8') });
    expect(read.equations.length).toBe(read.fields.filter((field) => !field.unknown).length);
  });

  it('coordinates keep their order, ends are numbers or expressions in constants', () => {
    const { coordinates, time } = problem({
      ...heat,
      constants: { D: 1, L: '2*pi', half: 'L/2' },
      domain: { x: ['-half', 'half'], t: [0, 'L^2'] },
      conditions: [
        { on: 't = 0', equation: 'u = 0' },
        { on: 'x = -half', equation: 'u = 0' },
        { on: 'x = half', equation: 'u = 1' },
      ],
    });
    expect(coordinates).toEqual([
      { name: 'x', low: -Math.PI, high: Math.PI },
      { name: 't', low: 0, high: 4 * Math.PI ** 2 },
    ]);
    expect(time).toBe(1);
  });

  it('time is the coordinate named t, or the one that `time` names, or none', () => {
    const steady = {
      name: 'p',
      domain: { x: [0, 1] as [number, number] },
      fields: ['u'],
      equations: ['u_xx = 1'],
    };
    const conditions = [{ on: 'boundary', equation: 'u = 0' }];
    expect(problem({ ...steady, conditions }).time).toBeNull();
    const moving = {
      ...decay,
      domain: { s: [0, 1] as [number, number] },
      equations: ["u' = -u"],
      time: 's',
      conditions: [{ on: 's = 0', equation: 'u = 1' }],
    };
    expect(problem(moving).time).toBe(0);
  });

  it('fields are names, or objects that say what they depend on and whether they are found from data', () => {
    const { fields } = problem({
      ...heat,
      fields: { u: {}, k: { of: ['x'], unknown: true } },
      equations: ['u_t = d(k*u_x, x)'],
      data: [{ rows: [{ x: 0.5, t: 1, u: 0.4 }], at: { x: 'x', t: 't' }, observe: { u: 'u' } }],
    });
    expect(fields).toEqual([
      { name: 'u', of: [0, 1], unknown: false },
      { name: 'k', of: [0], unknown: true },
    ]);
    const reordered = problem({
      ...heat,
      fields: { u: { of: ['t', 'x'] } },
    });
    expect(reordered.fields[0].of).toEqual([0, 1]);
  });

  it('constants are numbers or expressions in earlier ones', () => {
    const { constants } = problem({ ...decay, constants: { a: 2, b: 'a^3', c: 'sqrt(b + 1)*e^0' } });
    expect([...constants]).toEqual([
      ['a', 2],
      ['b', 8],
      ['c', 3],
    ]);
  });

  it('functions stand for expressions in coordinates, fields, constants, unknowns and earlier functions', () => {
    const { equations } = problem({
      ...decay,
      constants: { k: 2 },
      functions: { rate: 'k*(1 + t)', loss: 'rate*u^2', zero: 0 },
      equations: ['du/dt = -loss + zero'],
    });
    expect(value(equations[0].right, [0.5], { 'u:0': 3 })).toBeCloseTo(-27, 12);
  });

  it.each(["u' = -u", 'u_t = -u', 'du/dt = -u', 'd(u, t) = -u'])('derivatives are read in `%s`', (text) => {
    const { equations } = problem({ ...decay, equations: [text] });
    expect(value(equations[0].left, [0], { 'u:1': 7 })).toBe(7);
  });

  it('equations may carry a weight and the region where they hold', () => {
    const { equations } = problem({
      ...decay,
      equations: [
        { equation: 'du/dt = -u', where: 't < 1', weight: 3 },
        { equation: 'du/dt = u', where: 't >= 1' },
      ],
    });
    expect(equations.map((e) => e.weight)).toEqual([3, 1]);
    expect(equations.map((e) => value(e.where!, [0.5]))).toEqual([1, 0]);
    expect(equations.map((e) => value(e.where!, [1.5]))).toEqual([0, 1]);
  });

  it('conditions hold on faces, with outward directions, and inside', () => {
    const { conditions } = problem({
      ...heat,
      conditions: [
        { on: 't = 0', equation: 'u = 0', weight: 5 },
        { on: 'x = 1', equation: 'u = 0' },
        { on: 'x=0', equation: 'u = 0' },
        { on: 'x = 1/4', equation: 'u_x = 0' },
      ],
    });
    expect(conditions.map(planes)).toEqual([
      [{ coordinate: 1, value: 0, outward: -1 }],
      [{ coordinate: 0, value: 1, outward: 1 }],
      [{ coordinate: 0, value: 0, outward: -1 }],
      [{ coordinate: 0, value: 0.25, outward: 0 }],
    ]);
    expect(conditions[0].weight).toBe(5);
    expect(conditions[0].path).toBe('conditions[0]');
  });

  it('the boundary is every face of space; u_n is the derivative along the outward normal', () => {
    const { conditions } = problem({
      ...heat,
      conditions: [
        { on: 't = 0', equation: 'u = 0' },
        { on: 'boundary', equation: 'u_n = -2*u' },
      ],
    });
    expect(planes(conditions[1])).toEqual([
      { coordinate: 0, value: 0, outward: -1 },
      { coordinate: 0, value: 1, outward: 1 },
    ]);
    const [, flux] = conditions;
    if (flux.kind !== 'planes') throw new Error('not on planes');
    expect(value(flux.left, [0, 1], { 'u:10': 3, 'u:01': 5 }, {}, { 'normal:x': -1 })).toBe(-3);
  });

  it('points and periodic conditions', () => {
    const { conditions } = problem({
      ...heat,
      conditions: [
        { on: 't = 0', equation: 'u = sin(2*pi*x)' },
        { periodic: 'x' },
        { periodic: 'x', order: 0, weight: 2 },
        {
          on: {
            points: [
              [0.5, 1],
              [1, 2],
            ],
          },
          equation: 'u = 0',
        },
      ],
    });
    expect(conditions.map((c) => c.kind)).toEqual(['planes', 'periodic', 'periodic', 'points']);
    expect(conditions[1]).toMatchObject({ coordinate: 0, order: 1, weight: 1 });
    expect(conditions[2]).toMatchObject({ order: 0, weight: 2 });
    expect(conditions[3]).toMatchObject({ count: 2, points: Float64Array.of(0.5, 1, 1, 2) });
  });

  it('data are rows of objects; empty cells are missing observations', () => {
    const { observations } = problem({
      ...epidemic,
      data: [
        {
          rows: [
            { day: 1, ill: 20, well: '900' },
            { day: '2.5', ill: null },
            { day: 3, ill: ' ', well: 800 },
          ],
          at: { t: 'day' },
          observe: { I: 'ill', 'S + R': 'well' },
          weight: 2,
          noise: 3,
        },
      ],
    });
    expect(observations.map((o) => [...o.points])).toEqual([[1], [1, 3]]);
    expect(observations.map((o) => [...o.values])).toEqual([[20], [900, 800]]);
    expect(observations.map((o) => o.missing)).toEqual([2, 1]);
    expect(observations[1]).toMatchObject({
      path: 'data[0].observe.S + R',
      weight: 2,
      noise: { distribution: 'gaussian', standardDeviation: 3 },
    });
    expect(value(observations[1].expression, [0], { 'S:0': 1, 'R:0': 2 })).toBe(3);
  });

  it.each([
    ['commas', 'day,ill\n1,20\n2,\n3,80\n'],
    ['semicolons', 'day;ill\n1;20\n2;\n3;80\n'],
    ['tabs, carriage returns and a byte order mark', '\uFEFFday\till\r\n1\t20\r\n2\t\r\n3\t80\r\n'],
    ['quotes, spaces, comments and empty lines', '# 1978\n"day", ill\n\n 1,"20"\n2,\n+3.0, 8e1\n\n'],
  ])('CSV with %s', (_, text) => {
    const files: string[] = [];
    const { observations } = problem(
      { ...epidemic, data: [{ file: 'a b/cases.csv', at: { t: 'day' }, observe: { I: 'ill' } }] },
      {
        readText: (file) => {
          files.push(file);
          return text;
        },
      },
    );
    expect(files).toEqual(['a b/cases.csv']);
    expect([...observations[0].points]).toEqual([1, 3]);
    expect([...observations[0].values]).toEqual([20, 80]);
    expect(observations[0].missing).toBe(1);
  });

  it('columns may be named like members of every object', () => {
    const { observations } = problem(
      { ...epidemic, data: [{ file: 'f', at: { t: 'constructor' }, observe: { I: 'toString' } }] },
      { readText: () => 'constructor,toString\n1,20\n' },
    );
    expect([...observations[0].values]).toEqual([20]);
  });

  it('exact solutions and derived quantities', () => {
    const { exact } = problem({ ...heat, exact: { u: 'exp(-D*pi^2*t)*sin(pi*x)' } });
    expect(value(exact.get('u')!, [0.5, 1])).toBeCloseTo(Math.exp(-0.1 * Math.PI ** 2), 14);
    const { derived } = problem({ ...epidemic, derived: { R0: 'beta/gamma', twice: '2*R0*N/N', one: 1 } });
    expect(derived.map((d) => value(d.expression, [], {}, { beta: 3, gamma: 2 }))).toEqual([1.5, 3, 1]);
  });

  it('flows give the balance of every compartment', () => {
    const { fields, equations } = problem({
      name: 'demography',
      domain: { t: [0, 1] },
      constants: { mu: 0.1, dS: 0.25, dt: 4 },
      flows: ['-> S: mu*5', 'S -> I: 2*S*I', 'I -> R: I', 'S -> : dS*S', 'R->S:3*R'],
      conditions: ['S', 'I', 'R'].map((name) => ({ on: 't = 0', equation: `${name} = 1` })),
    });
    expect(fields.map((f) => f.name)).toEqual(['S', 'I', 'R']);
    const state = { 'S:0': 2, 'I:0': 3, 'R:0': 5, 'S:1': 11, 'I:1': 12, 'R:1': 13 };
    // a constant named dS does not take the place of the derivative
    expect(equations.map((e) => value(e.left, [0], state))).toEqual([11, 12, 13]);
    expect(equations.map((e) => value(e.right, [0], state))).toEqual([0.5 - 12 - 0.5 + 15, 12 - 3, 3 - 15]);
  });

  it('the solve key is kept with the definition, and later changes of the input change nothing', () => {
    const input = structuredClone({ ...decay, solve: { network: '8x2', seed: 3 } });
    const { definition, constants } = problem(input);
    input.solve.seed = 4;
    expect(definition.solve).toEqual({ network: '8x2', seed: 3 });
    expect(constants.size).toBe(0);
  });

  it('units may be huge or tiny', () => {
    for (const [length, size] of [
      [1e-9, 1e12],
      [1e15, 1e-15],
    ]) {
      const { coordinates, conditions } = problem({
        ...heat,
        constants: { L: length, A: size },
        equations: ['u_t = u_xx*L^2'],
        domain: { x: [0, 'L'], t: [0, 1] },
        conditions: [
          { on: 't = 0', equation: 'u = A*sin(pi*x/L)' },
          { on: 'x = 0', equation: 'u = 0' },
          { on: `x = ${length}`, equation: 'u = 0' },
          { on: `x = ${length / 3}`, equation: 'u_x = A/L' },
        ],
      });
      expect(coordinates[0].high).toBe(length);
      expect(conditions.flatMap(planes).map((plane) => plane.outward)).toEqual([-1, -1, 1, 0]);
    }
  });

  it('an end that arithmetic reaches up to rounding is the end', () => {
    const { conditions } = problem({
      ...decay,
      constants: { start: 1e6, span: 0.1 },
      domain: { t: ['start', 'start + span'] },
      conditions: [{ on: 't = 1000000 + 0.7/7', equation: 'u = 1' }],
    });
    expect(planes(conditions[0])[0].outward).toBe(1);
    const { observations } = problem({
      ...epidemic,
      domain: { t: [0, 0.3] },
      data: [{ rows: [{ t: 0.1 + 0.2, I: 1 }], at: { t: 't' }, observe: { I: 'I' } }],
    });
    expect(observations[0].count).toBe(1);
  });
});
