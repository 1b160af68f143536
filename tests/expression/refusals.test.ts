import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NotSupportedError, ProblemError } from '../../src/errors.ts';
import { parseEquation, parseExpression } from '../../src/expression/parse.ts';
import type { Scope } from '../../src/expression/scope.ts';

const scope: Scope = {
  coordinates: ['x', 't'],
  time: 1,
  fields: new Map([
    ['u', [0, 1]],
    ['S', [1]],
  ]),
  constants: new Map([
    ['nu', 0.7],
    ['kappa', 2.5],
  ]),
  unknowns: new Set(['beta']),
  functions: new Map(),
  boundary: false,
};

function refusal(text: string, equation = false): ProblemError {
  try {
    if (equation) parseEquation(text, scope, 'equations[1]');
    else parseExpression(text, scope, 'equations[1]');
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    return error as ProblemError;
  }
  throw new Error(`accepted: ${text}`);
}

describe('refusals', () => {
  it.each<[string, number, RegExp, RegExp?]>([
    ['u_t + v', 7, /unknown symbol `v`/, /fields are u, S; coordinates are x, t; constants are nu, kappa/],
    ['2*kapa*u', 3, /unknown symbol `kapa`/, /did you mean kappa\?/],
    ['u + v_x', 5, /unknown symbol `v_x`/, /did you mean u_x\?/],
    ['1 + sine(x)', 5, /unknown function `sine`/, /did you mean sin\?/],
    ['x*foo(x)', 3, /unknown function `foo`/, /functions are sin/],
    ['x + sin', 5, /unknown symbol `sin`/, /write sin\(/],
    ['u + sin(x, t)', 5, /sin takes 1 argument, not 2/],
    ['atan2(x)', 1, /atan2 takes 2 arguments, not 1/],
    ['log(x, 2, 3)', 1, /log takes 1 to 2 arguments, not 3/],
    ['max()', 1, /max takes 1 or more arguments, not 0/],
    ['nu*beta_x', 4, /`beta` is not a field/, /fields are u, S/],
    ["u + kappa'", 5, /`kappa` is not a field/],
    ['1 + dnu/dx', 5, /`nu` is not a field/],
    ['u_y + u', 1, /`y` does not name coordinates/, /coordinates are x, t/],
    ['u + S_x', 5, /`S` does not depend on `x`/, /it depends on t/],
    ['d(S, x)', 3, /`S` does not depend on `x`/],
    ['u + dS/dx', 5, /`S` does not depend on `x`/],
    ['u_xxxxx', 1, /order 5 is too high/, /up to order 4/],
    ['u + d(u_xxx, x, 2)', 5, /order 5 is too high/],
    ['d(u, x, 9)', 9, /order 9 is too high/],
    ["S'''''", 1, /order 5 is too high/],
    ['d(u, nu)', 6, /d derives along coordinates/, /coordinates are x, t/],
    ['d(u)', 1, /d takes 2 or 3 arguments/],
    ['laplacian(u, x)', 1, /laplacian takes 1 argument/],
    ['x + d2u/dx', 5, /orders above and below/, /d2u\/dx2/],
    ['dS/dt^2', 1, /orders above and below/],
    ['x*dS/dq', 3, /unknown symbol `dS`/, /dS\/d/],
    ['1 + u_n', 5, /on boundaries alone/],
    ['u + beta(S + 1)', 5, /`beta` is not a function/, /beta\*/],
    ['x + u(0, t)', 5, /cannot be taken at another point/, /u\(x, t\)/],
    ['u(t, x)', 1, /cannot be taken at another point/],
    ['x + 1/0', 7, /division by zero/],
    ['x/(2 - 2)', 4, /division by zero/],
    ['x + log(0)', 5, /`log\(0\)` has no finite real value/],
    ['sqrt(-1)*x', 1, /no finite real value/],
    ['0*acosh(0.5)', 3, /no finite real value/],
    ['(-8)^(1/3)', 3, /no finite real value/],
    ['0*(1/0)', 6, /division by zero/],
    ['(x', 3, /syntax error: Parenthesis \) expected/],
    ['x + ', 5, /syntax error/],
    ['x + * t', 5, /syntax error/],
    ['x ** 2', 3, /`\*\*`/, /write \^/],
    ['', 1, /an expression is missing/],
    ['1e999', 1, /too large/],
  ])('%s: place and hint', (text, column, reason, hint) => {
    const error = refusal(text);
    expect(error.reason).toMatch(reason);
    expect(error.path).toBe('equations[1]');
    expect(error.column).toBe(column);
    if (hint !== undefined) expect(error.hint).toMatch(hint);
  });

  it('the message tells the place, what is wrong, and what would be right', () => {
    expect(refusal('u_t + v_x = 0', true).message).toBe(
      'equations[1], column 7: unknown symbol `v_x`; fields are u, S; coordinates are x, t; ' +
        'constants are nu, kappa; unknowns are beta; did you mean u_x?',
    );
  });

  it('what this version cannot do is told apart from what is wrong', () => {
    expect(refusal('integral(u, x, 0, u)')).toBeInstanceOf(NotSupportedError);
    expect(refusal('S(t - 1)')).toBeInstanceOf(NotSupportedError);
    expect(refusal('v')).not.toBeInstanceOf(NotSupportedError);
  });

  it.each<[string, number, RegExp]>([
    ['u_t', 4, /needs one `=`/],
    ['u == 2', 3, /needs one `=`/],
    ['u = v = 2', 7, /one `=` only/],
    ['u_t = u + w', 11, /unknown symbol `w`/],
    ['u_t = (u', 9, /syntax error/],
    ['u = ', 3, /is missing/],
    [' = u', 1, /is missing/],
    ['sin(x = 1)', 7, /assignment is not part of the language/],
  ])('equation %s: place', (text, column, reason) => {
    const error = refusal(text, true);
    expect(error.reason).toMatch(reason);
    expect(error.column).toBe(column);
  });

  it.each<[string, number]>([
    ['a = 3', 3],
    ['f(x) = x', 6],
    ['x; u', 2],
    ['"text"', 1],
    ["'text'", 1],
    ['x + `t`', 5],
    ['[1, 2]', 1],
    ['{a: 1}', 1],
    ['u[1]', 2],
    ['u.constructor', 2],
    ['x.y.z', 2],
    ['u?.x', 3],
    ['1:10', 1],
    ['x + (1:2)', 6],
    ['x!', 2],
    ['5%', 2],
    ['x in t', 3],
    ['5 to x', 3],
    ['x .* t', 3],
    ['2.^x', 2],
    ['x & 1', 3],
    ['x | t', 3],
    ['~x', 1],
    ['x # comment', 3],
    ['0xff', 1],
    ['$', 1],
    ['u$', 2],
    ['x @ t', 3],
    ['x \\ t', 3],
    ['😀', 1],
    ['𝐮', 1],
    ["(x + t)'", 8],
    ['constructor', 1],
    ['x*__proto__', 3],
    ['prototype', 1],
    ['1 + hasOwnProperty(x)', 5],
    ['toString()', 1],
    ['valueOf', 1],
    ['import(x)', 1],
    ['eval(1)', 1],
    ['Function(1)', 1],
    ['process', 1],
    ['globalThis', 1],
    ['require(x)', 1],
    ['createUnit(x)', 1],
    ['parse(x)', 1],
    ['evaluate(x)', 1],
    ['simplify(x)', 1],
    ['derivative(u, x)', 1],
    ['null', 1],
    ['undefined', 1],
    ['NaN', 1],
    ['Infinity', 1],
  ])('%s is not part of the language', (text, column) => {
    const error = refusal(text);
    expect(error.reason).toMatch(/not part of the language/);
    expect(error.column).toBe(column);
  });

  it.each(['5 cm', 'i', 'sum(x)', 'random()', 'constructor_x', '__proto___x', 'x__proto__', 'gamma(x)'])(
    '%s is unknown',
    (text) => {
      expect(refusal(text).reason).toMatch(/unknown/);
    },
  );

  it('deep and long texts end in a message, not in an exhausted stack', () => {
    expect(refusal('('.repeat(5000)).reason).toMatch(/nested too deeply/);
    expect(refusal(`${'-'.repeat(15000)}x`)).toBeInstanceOf(ProblemError);
    expect(refusal(`${'2^'.repeat(9000)}x`)).toBeInstanceOf(ProblemError);
    expect(refusal('x+'.repeat(20000)).reason).toMatch(/longer than/);
    expect(refusal(`u_${'x'.repeat(10000)}`)).toBeInstanceOf(ProblemError);
    expect(refusal(`u_${'x'.repeat(90)}`).reason).toMatch(/too high/);
  });

  it('any text is read or refused with a place, and nothing else happens', () => {
    const pieces = fc.constantFrom(
      ...(
        "u u_x S S' dS/dt d2u/dx2 x t nu beta pi e 1 2.5 .5 1e3 0 + - * / ^ ( ) , < <= == != ? : = ! ' \" [ ] " +
        '{ } ; . % & | $ d( sin( max( laplacian( mod not and or xor to in true null __proto__ constructor this é ∂ # \\'
      ).split(' '),
      ' ',
      '\n',
    );
    const check = (text: string): void => {
      for (const parse of [parseExpression, parseEquation]) {
        try {
          parse(text, scope, 'p');
        } catch (error) {
          expect(error, text).toBeInstanceOf(ProblemError);
          const { column = 0, path, reason } = error as ProblemError;
          expect(path).toBe('p');
          expect(reason, text).not.toMatch(/cannot be read|undefined/);
          expect(column, text).toBeGreaterThanOrEqual(1);
          expect(column, text).toBeLessThanOrEqual(text.length + 1);
        }
      }
    };
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 9 }), (parts) => check(parts.join(''))),
      {
        seed: 7,
        numRuns: 4000,
      },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 12 }), check), { seed: 8, numRuns: 500 });
  });

  it('texts of the wrong type are refused', () => {
    expect(() => parseExpression(3 as unknown as string, scope, 'x')).toThrow(ProblemError);
  });
});
