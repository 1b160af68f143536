import { describe, expect, it } from 'vitest';
import { NotSupportedError } from '../../src/errors.ts';
import { coordinate, number } from '../../src/expression/build.ts';
import { differentiate } from '../../src/expression/differentiate.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import { type Expression, leavesOf } from '../../src/expression/expression.ts';
import { parseExpression } from '../../src/expression/parse.ts';
import { withInputs } from '../../src/problem/given-inputs.ts';
import { type ProblemDefinition, problem, problemJsonSchema } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';
import { solve } from '../../src/solve/index.ts';
import { refusal } from './refusal.ts';

const integrator: ProblemDefinition = {
  name: 'integrator',
  domain: { x: [0, 1] },
  fields: ['u'],
  inputs: { v: { of: 'x', space: 'gaussian-random-field', lengthScale: 0.25 } },
  equations: ['du/dx = v'],
  conditions: [{ on: 'x = 0', equation: 'u = 0' }],
};
const burgers: ProblemDefinition = {
  name: 'burgers',
  domain: { x: [0, 1], t: [0, 1] },
  fields: ['u'],
  inputs: { v: { of: 'x', space: 'gaussian-random-field', kernel: 'periodic', lengthScale: 1, sensors: 8 } },
  functions: { slope: 'v*2' },
  equations: ['u_t + u*u_x = 0.01*u_xx + 0*v_x + 0*slope'],
  conditions: [{ on: 't = 0', equation: 'u = v' }, { periodic: 'x' }],
};
const plane: ProblemDefinition = {
  name: 'source',
  domain: { x: [0, 1], y: [0, 2] },
  fields: ['u'],
  inputs: { f: { of: ['y', 'x'], space: 'chebyshev', sensors: [5, 3] } },
  equations: ['laplacian(u) = f'],
  conditions: [{ on: 'boundary', equation: 'u = 0' }],
};

const given = (expression: Expression) => (order: readonly number[]) =>
  order.reduce((e, k, i) => {
    let result = e;
    for (let n = 0; n < k; n++) result = differentiate(result, i);
    return result;
  }, expression);

describe('input functions', () => {
  it('are leaves like fields, with derivatives, and no fields of the problem', () => {
    const read = problem({ ...integrator, equations: ["u_x = v + v_x + v' + v_xx"] });
    const orders = leavesOf([read.equations[0].right]).map((leaf) => leaf.kind === 'field' && leaf.order[0]);
    expect(orders).toEqual([0, 1, 2]);
    expect(read.fields.map(({ name }) => name)).toEqual(['u']);
    expect(read.inputs).toHaveLength(1);
  });

  it('given as expressions leave an ordinary problem', () => {
    const read = problem(burgers);
    const x = coordinate('x', 0);
    const sine = parseExpression(
      'sin(2*pi*x)',
      {
        coordinates: ['x', 't'],
        time: 1,
        fields: new Map(),
        constants: new Map(),
        unknowns: new Set(),
        functions: new Map(),
        boundary: false,
      },
      'v',
    );
    const ordinary = withInputs(read, new Map([['v', given(sine)]]));
    expect(ordinary.inputs).toEqual([]);
    const [initial] = ordinary.conditions;
    if (initial.kind !== 'planes') throw new Error(initial.kind);
    expect(evaluateScalar(initial.right, () => 0.1)).toBeCloseTo(Math.sin(0.2 * Math.PI), 14);
    for (const e of [ordinary.equations[0], ordinary.functions.get('slope')!].flatMap((part) =>
      'left' in part ? [part.left, part.right] : [part],
    ))
      for (const leaf of leavesOf([e])) expect(leaf.name).not.toBe('v');
    expect(x.index).toBe(0);
  });

  it('under an integral are taken at its variable', () => {
    const read = problem({ ...integrator, exact: { u: 'integral(v(s), s, 0, x)' } });
    const exact = withInputs(
      read,
      new Map([['v', given({ kind: 'coordinate', name: 'x', index: 0 })]]),
    ).exact;
    expect(evaluateScalar(exact.get('u')!, () => 0.6)).toBeCloseTo(0.18, 14);
  });

  it('have equidistant sensors, without the second end on a circle, or a grid', () => {
    expect(problem(integrator).inputs[0].sensorCount).toBe(100);
    expect([...problem(burgers).inputs[0].sensors]).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875]);
    const [f] = problem(plane).inputs;
    // written for y, x; kept in the order of the domain
    expect(f.sensorSides).toEqual([3, 5]);
    expect([...f.sensors.subarray(0, 6)]).toEqual([0, 0, 0, 0.5, 0, 1]);
    const listed = problem({
      ...plane,
      inputs: {
        f: {
          of: ['y', 'x'],
          space: 'chebyshev',
          sensors: [
            [2, 1],
            [0.5, 0.25],
          ],
        },
      },
    }).inputs[0];
    expect([...listed.sensors]).toEqual([1, 2, 0.25, 0.5]);
  });

  it('of no coordinate are numbers', () => {
    const read = problem({
      ...integrator,
      inputs: { ...integrator.inputs, start: { of: [], space: 'uniform', range: [0, 'pi'] } },
      conditions: [{ on: 'x = 0', equation: 'u = start' }],
    });
    expect(read.inputs[1]).toMatchObject({ sensorCount: 1, space: { kind: 'uniform', high: Math.PI } });
    const ordinary = withInputs(
      read,
      new Map([
        ['v', given(number(1))],
        ['start', given(number(2))],
      ]),
    );
    expect(leavesOf(ordinary.equations.map(({ right }) => right))).toEqual([]);
  });

  it('are asked for by solve() and reference()', async () => {
    await expect(solve(problem(integrator))).rejects.toThrow(NotSupportedError);
    await expect(reference(problem(integrator))).rejects.toThrow(/problemOf\(problem, \{ v: … \}\)/);
  });

  it('stand in the JSON Schema', () => {
    const text = JSON.stringify(problemJsonSchema());
    for (const word of ['gaussian-random-field', 'lengthScale', 'sensors', 'matern'])
      expect(text).toContain(word);
  });
});

const field = { of: 'x', space: 'gaussian-random-field', lengthScale: 0.2 };
it.each<[string, Record<string, unknown>, string, RegExp]>([
  ['a coordinate that there is not', { ...field, of: 'y' }, 'inputs.v.of', /`y` is not a coordinate/],
  ['no length scale', { ...field, lengthScale: undefined }, 'inputs.v', /`lengthScale` is missing/],
  ['a negative length scale', { ...field, lengthScale: -1 }, 'inputs.v.lengthScale', /above 0|no/],
  ['an unknown space', { ...field, space: 'gaussian' }, 'inputs.v.space', /is not one of/],
  ['an unknown key', { ...field, lengthscale: 1 }, 'inputs.v.lengthscale', /did you mean `lengthScale`/],
  ['a key of another space', { ...field, amplitude: 1 }, 'inputs.v.amplitude', /belongs to chebyshev/],
  [
    'a rough kernel without its smoothness',
    { ...field, kernel: 'matern' },
    'inputs.v',
    /`smoothness` is missing/,
  ],
  [
    'a smoothness that there is not',
    { ...field, kernel: 'matern', smoothness: 2 },
    'inputs.v.smoothness',
    /2\.5/,
  ],
  ['a smoothness of a smooth kernel', { ...field, smoothness: 1.5 }, 'inputs.v.smoothness', /rbf/],
  ['sensors outside', { ...field, sensors: [0, 0.5, 1.5] }, 'inputs.v.sensors[2]', /outside the domain/],
  ['a sensor twice', { ...field, sensors: [0, 0.5, 0.5] }, 'inputs.v.sensors[2]', /twice/],
  ['a sensor of two numbers', { ...field, sensors: [[0, 1]] }, 'inputs.v.sensors[0]', /one for each of x/],
  ['functions without any', { of: 'x', space: 'functions' }, 'inputs.v', /`expressions` is missing/],
  [
    'a function of a field',
    { of: 'x', space: 'functions', expressions: ['u'] },
    'inputs.v.expressions[0]',
    /`u`/,
  ],
  ['a number that is a function', { of: 'x', space: 'uniform', range: [0, 1] }, 'inputs.v.space', /numbers/],
  ['a function of nothing', { ...field, of: [] }, 'inputs.v.of', /a number/],
  ['a range upside down', { of: [], space: 'uniform', range: [2, 1] }, 'inputs.v.range', /not below/],
  ['a spline of two knots', { of: 'x', space: 'spline', terms: 2 }, 'inputs.v.terms', /4 knots/],
])('%s is refused', (_, v, path, message) => {
  const definition = { ...integrator, inputs: { v: JSON.parse(JSON.stringify(v)) } };
  const error = refusal(definition);
  expect(error.path).toBe(path);
  expect(error.message).toMatch(message);
});

it('refuses what stands nowhere, has two meanings, or goes with data', () => {
  expect(refusal({ ...integrator, equations: ['du/dx = 1'] }).path).toBe('inputs.v');
  expect(refusal({ ...integrator, constants: { v: 1 } }).message).toMatch(/declared twice/);
  expect(refusal({ ...integrator, equations: ['du/dx = v_y'] }).message).toMatch(/`v_y`/);
  const unknowns = { k: { initial: 1 } };
  expect(refusal({ ...integrator, unknowns })).toBeInstanceOf(NotSupportedError);
  const square = { ...plane.inputs!.f, sensors: 10 };
  expect(refusal({ ...plane, inputs: { f: square } }).message).toMatch(/no square grid/);
  const solid = { ...plane, domain: { x: [0, 1], y: [0, 1], z: [0, 1] } };
  expect(refusal({ ...solid, inputs: { f: { space: 'chebyshev' } } })).toBeInstanceOf(NotSupportedError);
});
