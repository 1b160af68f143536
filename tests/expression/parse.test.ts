import { all, create } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { number } from '../../src/expression/build.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import type { Expression } from '../../src/expression/expression.ts';
import { parseEquation, parseExpression } from '../../src/expression/parse.ts';
import { compileProgram } from '../../src/expression/program.ts';
import type { Scope } from '../../src/expression/scope.ts';

const mathjs = create(all, { relTol: 1e-15, absTol: 1e-300 });

const scopeOf = (more: Partial<Scope> = {}): Scope => ({
  coordinates: ['x', 't'],
  time: 1,
  fields: new Map([
    ['u', [0, 1]],
    ['S', [1]],
  ]),
  constants: new Map([
    ['nu', 0.7],
    ['k', 2.5],
  ]),
  unknowns: new Set(['beta']),
  functions: new Map(),
  boundary: false,
  ...more,
});

const scope = scopeOf();
const read = (text: string, where: Scope = scope): Expression => parseExpression(text, where, 'equations[0]');
const values: Record<string, number> = { x: 0.37, t: 1.61, beta: -0.83, u: 0.58, S: 2.19 };
const value = (text: string): number => evaluateScalar(read(text), (leaf) => values[leaf.name]);

describe('parsing', () => {
  it.each([
    '-x^2',
    '2^-x',
    '2^3^x',
    'x - t - u',
    'x/t/u',
    '1/2 x',
    'x/2 t',
    '2x^2 t',
    '2(x+1)(t-1)',
    'k x',
    '-2 x',
    '+x - -t',
    '1e-3x + 2.5E+1t + .5u',
    'x < t ? x : t',
    'x > t ? x : u < t ? 5 : 6',
    '(x <= t) + 2*(x >= t) + 4*(x == t) + 8*(x != t)',
    'x < t and not (u > 2) or x == 3',
    'x < u < t',
    'x xor t > 2',
    'x + t mod 1',
    'mod(5, 3) mod mod(7, 4)',
    'x and mod(t, 2)',
    'pi*x + e^t',
    'e*x',
    'nu*S - k',
    '-x mod 2',
    'not x + 1',
  ])('%s has the value that mathjs gives it', (text) => {
    const expected = Number(mathjs.evaluate(text, { ...values, nu: 0.7, k: 2.5 }));
    expect(value(text)).toBeCloseTo(expected, 12);
  });

  it.each(
    (
      'sin cos tan asin acos atan sinh cosh tanh asinh sec csc cot sech csch coth exp expm1 log log2 log10 log1p ' +
      'sqrt cbrt square cube abs sign erf floor ceil round fix atanh'
    ).split(' '),
  )('%s has the value that mathjs gives it', (name) => {
    for (const argument of ['x', '-x', '0.9 - t', '-0.02', '3.7e-3']) {
      const expected: unknown = mathjs.evaluate(`${name}(${argument})`, values);
      if (typeof expected !== 'number') continue;
      expect(Math.abs(value(`${name}(${argument})`) - expected)).toBeLessThanOrEqual(
        1e-13 * (1 + Math.abs(expected)),
      );
    }
  });

  it.each([
    'acosh(t)',
    'atan2(x, -t)',
    'log(t, 3)',
    'nthRoot(-t, 3)',
    'nthRoot(t, 4)',
    'max(x, t, u)',
    'min(x, t, u)',
    'pow(t, 2.5)',
    'mod(-t, x)',
    'hypot(x, t)',
    'round(-2.5)',
  ])('%s has the value that mathjs gives it', (text) => {
    expect(value(text)).toBeCloseTo(mathjs.evaluate(text, values), 12);
  });

  it('asinh and expm1 keep their digits far from and near to zero', () => {
    for (const p of [-1e4, -1e-9, 1e-9, 1e4]) {
      const at = (text: string) => evaluateScalar(read(text), () => p);
      if (Math.abs(p) > 1) expect(at('asinh(x)') / Math.asinh(p)).toBeCloseTo(1, 14);
      else expect(at('expm1(x)') / Math.expm1(p)).toBeCloseTo(1, 14);
    }
  });

  it('declared names win over constants of the language and over notations', () => {
    const own = scopeOf({
      constants: new Map([
        ['e', 0.5],
        ['pi', 3],
        ['dS', 7],
        ['u_x', 11],
        ['d', 13],
      ]),
    });
    expect(read('e', own)).toEqual(number(0.5));
    expect(read('pi', own)).toEqual(number(3));
    expect(read('u_x', own)).toEqual(number(11));
    expect(read('2*d', own)).toEqual(number(26));
    expect(
      evaluateScalar(
        read(
          'dS/dt',
          scopeOf({
            constants: new Map([
              ['dS', 7],
              ['dt', 2],
            ]),
          }),
        ),
        () => 0,
      ),
    ).toBe(3.5);
    expect(() => read('dS/dt', own)).toThrow(/unknown symbol `dt`/);
    expect(read('d(u, t)', own)).toMatchObject({ name: 'u', order: [0, 1] });
  });

  it('named functions stand for their expressions', () => {
    const flux = read('u^2/2');
    const own = scopeOf({ functions: new Map([['flux', flux]]) });
    expect(read('flux', own)).toBe(flux);
    expect(read('d(flux, x)', own)).toEqual(read('d(u^2/2, x)'));
  });

  it('an equation has two sides', () => {
    const { left, right } = parseEquation('u_t + u*u_x = nu*u_xx', scope, '');
    expect(left).toEqual(read('u_t + u*u_x'));
    expect(right).toEqual(read('nu*u_xx'));
    expect(parseEquation('S = x == 1 ? 2 : 3', scope, '').right).toEqual(read('x == 1 ? 2 : 3'));
    expect(parseEquation('u\n  = 1', scope, '').right).toEqual(number(1));
  });

  it('a common subexpression is computed once', () => {
    const program = compileProgram([read('(x+t)^2 + sin(x+t)')]);
    expect(program.instructions.map(({ operation }) => operation).sort()).toEqual([
      'add',
      'add',
      'power',
      'sin',
    ]);
  });
});

describe('derivative notations', () => {
  it.each([
    ['S_t', 'dS/dt', "S'", 'd(S, t)', 'd(S, t, 1)', '∂S/∂t', 'dS / dt', "S'(t)", 'S_t(t)', 'd(S(t), t)'],
    [
      'S_tt',
      'd2S/dt2',
      "S''",
      'd(S, t, 2)',
      'd^2S/dt^2',
      'd^2 S/dt^2',
      'd(S, t, t)',
      'd2S/dtdt',
      'd(dS/dt, t)',
    ],
    ['u_xx', 'd2u/dx2', 'd(u, x, 2)', 'd(u_x, x)', 'd^2u/dx^2', 'laplacian(u)', 'du_x/dx'],
    ['u_xt', 'u_tx', 'd2u/dxdt', 'd2u/dx dt', 'd(u, x, t)', "u_x'", 'd^2u/dtdx'],
    ['u_xxtt', 'd4u/dx2dt2', 'd(u, x, 2, t, 2)', 'd^4u/dx^2dt^2'],
    ['u', 'u(x, t)', 'u( x,t )'],
    ['-beta*S_t', '-beta*dS/dt', "-beta*S'", '-beta*(dS/dt)', '-(beta*dS/dt)'],
    ['k*S_t', 'k dS/dt', "k S'", '2.5dS/dt', '2.5 S_t'],
    ['u_x^2', '(du/dx)^2', 'square(du/dx)'],
    ['S_t*x', "S'x", "S' x", 'dS/dt x'],
    ['1/S_t', '1/(dS/dt)'],
    ['x*S_t/t', 'x dS/dt / t'],
  ])('%s and its other spellings agree', (first, ...others) => {
    for (const other of others) expect(read(other), other).toEqual(read(first));
  });

  it('coordinates of many letters, the longest name first, with backtracking', () => {
    const polar = scopeOf({
      coordinates: ['r', 'theta', 't', 'th', 'x1', 'x'],
      time: 2,
      fields: new Map([['u', [0, 1, 2, 3, 4, 5]]]),
    });
    const order = (text: string) => (read(text, polar) as { order?: number[] }).order;
    expect(order('u_theta')).toEqual([0, 1, 0, 0, 0, 0]);
    expect(order('u_rtheta')).toEqual([1, 1, 0, 0, 0, 0]);
    expect(order('u_thth')).toEqual([0, 0, 0, 2, 0, 0]);
    expect(order('u_tthetar')).toEqual([1, 1, 1, 0, 0, 0]);
    expect(order('u_x1x')).toEqual([0, 0, 0, 0, 1, 1]);
    expect(order('du/dx1')).toEqual([0, 0, 0, 0, 1, 0]);
    expect(order('d2u/dx12')).toEqual([0, 0, 0, 0, 2, 0]);
    expect(order('d2u/dthetadr')).toEqual([1, 1, 0, 0, 0, 0]);
    expect(order("u'")).toEqual([0, 0, 1, 0, 0, 0]);
  });

  it('a field name may hold underscores', () => {
    const own = scopeOf({
      fields: new Map([
        ['u_1', [0, 1]],
        ['u', [0, 1]],
      ]),
    });
    expect(read('u_1_xx', own)).toMatchObject({ name: 'u_1', order: [2, 0] });
    expect(read('du_1/dt', own)).toMatchObject({ name: 'u_1', order: [0, 1] });
  });

  it('a prime derives along time, else along the only coordinate', () => {
    const line = scopeOf({ coordinates: ['x'], time: null, fields: new Map([['y', [0]]]) });
    expect(read("y''", line)).toEqual(read('y_xx', line));
    const plane = scopeOf({ coordinates: ['x', 'y'], time: null });
    expect(() => read("u'", plane)).toThrow(/along which coordinate.*u_x or u_y/);
  });

  it('d derives whole expressions by the chain rule', () => {
    expect(read('d(u^2, x)')).toEqual(read('2*(u*u_x)'));
    expect(read('d(x^3, x, 2)')).toEqual(read('6*x'));
    expect(read('d(S, t) + d(x*S, x)')).toEqual(read('S_t + S'));
  });

  it('the Laplacian runs over space alone', () => {
    const space = scopeOf({
      coordinates: ['x', 'y', 't'],
      time: 2,
      fields: new Map([['u', [0, 1, 2]]]),
    });
    expect(read('laplacian(u)', space)).toEqual(read('u_xx + u_yy', space));
    expect(read('laplacian(laplacian(u))', space)).toEqual(
      read('u_xxxx + u_xxyy + (u_xxyy + u_yyyy)', space),
    );
  });

  it('the normal derivative weighs the gradient with the outward normal', () => {
    const wall = scopeOf({
      coordinates: ['x', 'y', 't'],
      time: 2,
      fields: new Map([['u', [0, 1, 2]]]),
      boundary: true,
    });
    const slope = evaluateScalar(read('u_n', wall), (leaf) => {
      if (leaf.kind === 'column') return leaf.name === 'normal:x' ? 0.6 : 0.8;
      return leaf.kind === 'field' && leaf.order[0] === 1 ? 5 : 10;
    });
    expect(slope).toBeCloseTo(0.6 * 5 + 0.8 * 10, 12);
    const named = scopeOf({ coordinates: ['n', 't'], boundary: true });
    expect(read('u_n', named)).toMatchObject({ order: [1, 0] });
  });
});
