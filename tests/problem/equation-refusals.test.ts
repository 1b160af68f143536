import { describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { check, data, decay, epidemic, heat, type Row, refusal } from './refusal.ts';

describe('symbols and equations', () => {
  it.each<Row>([
    [
      'unknown symbol',
      { ...heat, equations: ['u_t = D*v'] },
      'equations[0]',
      /unknown symbol `v`/,
      /fields are u/,
    ],
    [
      'misspelled constant',
      { ...heat, constants: { alpha: 1 }, equations: ['u_t = alpa*u_xx'] },
      'equations[0]',
      /`alpa`/,
      /did you mean alpha\?/,
    ],
    [
      'undeclared coordinate',
      { ...heat, equations: ['u_t = D*u_yy'] },
      'equations[0]',
      /`yy` does not name coordinates/,
      /coordinates are x, t/,
    ],
    [
      'in an object',
      { ...heat, equations: [{ equation: 'u_t = D*w' }] },
      'equations[0].equation',
      /unknown symbol `w`/,
    ],
    [
      'in a region',
      { ...heat, equations: [{ equation: 'u_t = u_xx', where: 'z > 1' }] },
      'equations[0].where',
      /`z`/,
    ],
    [
      'in a condition',
      { ...heat, conditions: [{ on: 't = 0', equation: 'u = q' }] },
      'conditions[0].equation',
      /`q`/,
    ],
    ['in a constant', { ...heat, constants: { D: 'k*2', k: 1 } }, 'constants.D', /unknown symbol `k`/],
    ['in an end', { ...heat, domain: { x: [0, 'L'], t: [0, 1] } }, 'domain.x[1]', /unknown symbol `L`/],
    ['in a function', { ...heat, functions: { f: 'g + 1', g: 1 } }, 'functions.f', /unknown symbol `g`/],
    ['in an exact solution', { ...heat, exact: { u: 'exp(-a*t)' } }, 'exact.u', /`a`/],
    [
      'a field in an exact solution',
      { ...heat, functions: { f: '2*u' }, exact: { u: 'f' } },
      'exact.u',
      /depends on the field `u`/,
    ],
    [
      'a field in a region',
      { ...heat, functions: { f: '2*u' }, equations: [{ equation: 'u_t = u_xx', where: 'f > 0' }] },
      'equations[0].where',
      /depends on the field `u`/,
    ],
    ['in a derived quantity', { ...epidemic, derived: { R0: 'beta/delta' } }, 'derived.R0', /`delta`/],
    ['in what is observed', data({ observe: { Q: 'ill' } }), 'data[0].observe.Q', /unknown symbol `Q`/],
    [
      'exact solution of no field',
      { ...heat, exact: { v: '1' } },
      'exact.v',
      /`v` is not a field/,
      /fields are u/,
    ],
    ['no equal sign', { ...decay, equations: ['u_t + u'] }, 'equations[0]', /needs one `=`/],
    [
      'outside the language',
      { ...decay, equations: ['u_t = constructor("return process")()'] },
      'equations[0]',
      /not part of the language/,
    ],
    [
      'reaching for members',
      { ...decay, equations: ['u_t = u.constructor'] },
      'equations[0]',
      /not part of the language/,
    ],
    [
      'reaching for a prototype',
      { ...decay, constants: { a: '__proto__' } },
      'constants.a',
      /not part of the language/,
    ],
    ['an order too high', { ...decay, equations: ["u''''' = u"] }, 'equations[0]', /order 5/],
    [
      'more equations',
      { ...decay, equations: ['du/dt = -u', 'du/dt = u'] },
      'equations',
      /2 equations for 1 field \(u\)/,
      /one for each field/,
    ],
    [
      'fewer equations',
      { ...decay, fields: ['u', 'v'], equations: ['du/dt = v'] },
      'equations',
      /1 equation for 2 fields \(u, v\)/,
    ],
    [
      'a field without an equation',
      { ...decay, fields: ['u', 'v'], equations: ['du/dt = -u', 'u = 2'] },
      'fields',
      /`v` stands in no equation/,
    ],
    ['an equation without a field', { ...decay, equations: ['t = 3'] }, 'equations[0]', /holds no field/],
    [
      'a region that is empty',
      { ...decay, equations: [{ equation: 'u_t = -u', where: 't > 5' }] },
      'equations[0].where',
      /region is empty/,
    ],
    [
      'a region that is no comparison',
      { ...decay, equations: [{ equation: 'u_t = -u', where: 't + 1' }] },
      'equations[0].where',
      /`t \+ 1` is not true or false/,
      /write a comparison/,
    ],
    [
      'no finite value',
      { ...decay, equations: ['u_t = -u + sqrt(t - 5)'] },
      'equations[0]',
      /no finite value/,
    ],
    [
      'no finite value on one face of several',
      { ...heat, conditions: [heat.conditions![0], { on: 'boundary', equation: 'u = 1/x' }] },
      'conditions[1].equation',
      /no finite value at x = 0,/,
    ],
    [
      'no finite value in half of the domain',
      { ...heat, equations: ['u_t = D*u_xx + log(x - 0.5)'] },
      'equations[0]',
      /no finite value at x = 0\.\d+/,
    ],
    [
      'an unknown field without data',
      { ...heat, fields: { u: {}, k: { of: ['x'], unknown: true } }, equations: ['u_t = d(k*u_x, x)'] },
      'data',
      /no data from which k could be estimated/,
      /give observations, or more conditions/,
    ],
    [
      'an unknown scalar without data',
      { ...heat, constants: {}, unknowns: { D: { initial: 1 } } },
      'data',
      /no data from which D could be estimated/,
    ],
  ])('%s', (...row) => check(row as unknown as Row));

  it('unknowns may follow from more conditions than the fields alone need', () => {
    const unknowns = { D: { initial: 1 } };
    const more = (condition: object) => ({
      ...heat,
      constants: {},
      unknowns,
      conditions: [...heat.conditions!, condition],
    });
    for (const condition of [
      { on: 'x = 0', equation: 'u_x = pi*exp(-t)' },
      { on: 't = 2', equation: 'u = sin(pi*x)/2' },
      { on: 'x = 0.5', equation: 'u = exp(-t)' },
      { on: { points: [[0.5, 1]] }, equation: 'u = 0.4' },
    ])
      expect(problem(more(condition) as ProblemDefinition).unknowns).toHaveLength(1);
  });

  it('columns count in the text as it is written', () => {
    expect(refusal({ ...heat, equations: ['u_t = D*v'] }).column).toBe(9);
    expect(
      refusal({ ...decay, fields: undefined, equations: undefined, flows: ['S -> I: 2*S*M'] }),
    ).toMatchObject({
      path: 'flows[0]',
      column: 13,
      reason: 'unknown symbol `M`',
    });
  });
});
