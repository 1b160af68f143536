import { describe, expect, it } from 'vitest';
import { NotSupportedError, ProblemError } from '../../src/errors.ts';
import { differentiate } from '../../src/expression/differentiate.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import type { Expression, Leaf } from '../../src/expression/expression.ts';
import { gaussLegendre } from '../../src/expression/gauss-legendre.ts';
import { parseExpression } from '../../src/expression/parse.ts';
import { hasPlaces, withSides } from '../../src/expression/place.ts';
import type { Scope } from '../../src/expression/scope.ts';
import { expressionToTex } from '../../src/expression/tex.ts';

const scope: Scope = {
  coordinates: ['x', 't'],
  time: 1,
  fields: new Map([
    ['u', [0, 1]],
    ['S', [1]],
    ['k', [0]],
  ]),
  constants: new Map([['c', 2]]),
  unknowns: new Set(['beta']),
  functions: new Map(),
  boundary: true,
};

const parse = (text: string): Expression => parseExpression(text, scope, 'equations[0]');

/** u = sin(2x + 3t), S = exp(-t), k = x², with derivatives. */
function fieldValue(leaf: Leaf, x: number, t: number): number {
  if (leaf.kind !== 'field') throw new Error(leaf.kind);
  const [i, j] = leaf.order;
  if (leaf.name === 'u') return 2 ** i * 3 ** j * Math.sin(2 * x + 3 * t + ((i + j) * Math.PI) / 2);
  if (leaf.name === 'S') return (-1) ** j * Math.exp(-t);
  return [x * x, 2 * x, 2, 0][i];
}

/** The value at (x, t), every field evaluated at its own place. */
function value(expression: Expression, x: number, t: number): number {
  return evaluateScalar(expression, (leaf) => {
    if (leaf.kind === 'coordinate') return leaf.index === 0 ? x : t;
    if (leaf.kind !== 'field' || leaf.at === undefined) return fieldValue(leaf, x, t);
    const [px, pt] = leaf.at.map((entry, i) => (entry === null ? [x, t][i] : value(entry, x, t)));
    return fieldValue(leaf, px, pt);
  });
}

const px = 0.37;
const pt = 0.81;

describe('Gauss–Legendre quadrature', () => {
  it('with n nodes is exact for polynomials of degree 2n − 1 and no further', () => {
    for (const n of [1, 2, 5, 16, 40, 64]) {
      const { nodes, weights } = gaussLegendre(n);
      const moment = (k: number): number => weights.reduce((sum, w, i) => sum + w * nodes[i] ** k, 0);
      for (let k = 0; k < 2 * n; k++) expect(moment(k)).toBeCloseTo(k % 2 === 0 ? 2 / (k + 1) : 0, 13);
      if (n < 6) expect(Math.abs(moment(2 * n) - 2 / (2 * n + 1))).toBeGreaterThan(1e-4);
    }
  });

  it('has the nodes of Abramowitz & Stegun, table 25.4', () => {
    const { nodes, weights } = gaussLegendre(5);
    expect(nodes[4]).toBeCloseTo(0.906179845938664, 15);
    expect(nodes[3]).toBeCloseTo(0.538469310105683, 15);
    expect(weights[4]).toBeCloseTo(0.236926885056189, 15);
    expect(weights[2]).toBeCloseTo(0.568888888888889, 15);
  });
});

describe('integrals', () => {
  /** ∫ u dx, ∫ x² u_t dx, ∫∫ u dx dt from t = 0. */
  const U = (x: number, t: number): number => -Math.cos(2 * x + 3 * t) / 2;
  const squareTimesCosine = (x: number): number => {
    const phase = 2 * x + 3 * pt;
    return 3 * ((x * x * Math.sin(phase)) / 2 + (x * Math.cos(phase)) / 2 - Math.sin(phase) / 4);
  };
  const twice = (x: number): number => -(Math.sin(2 * x + 3 * pt) - Math.sin(2 * x)) / 6;
  it.each<[string, number]>([
    // over a coordinate: the field is taken along it
    ['integral(u, x, 0, 1)', U(1, pt) - U(0, pt)],
    ['integral(u, x, 0, x)', U(px, pt) - U(0, pt)],
    ['integral(u_x, x, -1, x)', Math.sin(2 * px + 3 * pt) - Math.sin(-2 + 3 * pt)],
    ['integral(k*u_t, x, 0, c)', squareTimesCosine(2) - squareTimesCosine(0)],
    // over a name of its own
    ['integral(u(s, t), s, 0, 1)', U(1, pt) - U(0, pt)],
    ['integral(exp(s - t)*S(s), s, 0, t)', pt * Math.exp(-pt)],
    ["integral(S'(s) + S_t(s), s, 0, t)", 2 * (Math.exp(-pt) - 1)],
    ['integral(u(s), s, 0, x)', U(px, pt) - U(0, pt)],
    ['integral(S(t - s), s, 0, t)', 1 - Math.exp(-pt)],
    ['integral(x*s, s, 0, t)', (px * pt * pt) / 2],
    ['integral(k(s)*S, s, 0, 1)', Math.exp(-pt) / 3],
    ['integral(s^3, s, 0, c, 2)', 4],
    // nested
    ['integral(integral(u(r, s), r, 0, 1), s, 0, t)', twice(1) - twice(0)],
    ['integral(integral(u, x, 0, x), x, 0, 1)', -Math.sin(2 + 3 * pt) / 4 + Math.sin(3 * pt) / 4 - U(0, pt)],
    ['integral(integral(s*r, r, 0, s), s, 0, 2)', 2],
  ])('%s', (text, exact) => {
    expect(value(parse(text), px, pt)).toBeCloseTo(exact, 11);
  });

  it.each<[string, number]>([
    ['integral(exp(s - t)*S(s), s, 0, t)', 1],
    ['integral(cos(s*x)*u(s, t), s, x, t^2)', 0],
    ['integral(cos(s*x)*u(s, t), s, x, t^2)', 1],
    ['integral(k*u, x, x^2, 1)*u', 0],
    ['integral(u(x, s)*k, s, 0, t)', 0],
  ])('the derivative of %s along coordinate %i is that of Leibniz’ rule', (text, coordinate) => {
    const expression = parse(text);
    const at = (h: number): number => value(expression, px + (1 - coordinate) * h, pt + coordinate * h);
    const h = 1e-3;
    const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    expect(value(differentiate(expression, coordinate), px, pt)).toBeCloseTo(slope, 8);
    const second = (16 * (at(h) + at(-h)) - (at(2 * h) + at(-2 * h)) - 30 * at(0)) / (12 * h * h);
    expect(value(differentiate(differentiate(expression, coordinate), coordinate), px, pt)).toBeCloseTo(
      second,
      5,
    );
  });

  it('a derivative under the integral is taken before the variable is replaced', () => {
    const inner = (x: number): number => x * x * Math.sin(2 * x + 3 * pt);
    expect(value(parse('integral(d(k*u, x), x, 0, x)'), px, pt)).toBeCloseTo(inner(px) - inner(0), 12);
  });

  it('fields at the same node share a point set, whatever their order', () => {
    const { expressions, places } = withSides([parse('integral(u*u_x + u_t, x, 0, t, 5)')], 2);
    expect(places).toHaveLength(5);
    expect(hasPlaces(expressions)).toBe(false);
  });

  it('an integral without fields over constant limits is a number', () => {
    const node = parse('integral(exp(-s^2), s, 0, 1)');
    expect(node.kind === 'number' && node.value).toBeCloseTo(0.746824132812427, 14);
  });

  it.each<[string, RegExp, RegExp]>([
    ['integral(u, x, 0)', /takes 4 or 5 arguments, not 3/, /write integral/],
    ['integral(u, 3, 0, 1)', /the second argument of integral is the variable/, /new name/],
    ['integral(u, x + 1, 0, 1)', /the second argument of integral is the variable/, /new name/],
    ['integral(S(c), c, 0, 1)', /`c` has a meaning of its own/, /another name/],
    ['integral(S(e), e, 0, 1)', /`e` has a meaning of its own/, /another name/],
    ['integral(u, s, 0, t)', /does not depend on `s`/, /u\(s\)/],
    ['integral(k, t, 0, 1)', /does not depend on `t`/, /u\(t\)/],
    ['integral(S(s), s, 0, S)', /limit of an integral depends on the field `S`/, /coordinates and constants/],
    ['integral(S(s), s, 0, beta)', /limit of an integral depends on the unknown `beta`/, /coordinates/],
    ['integral(S(u*s), s, 0, 1)', /place of a field depends on the field `u`/, /coordinates/],
    ['integral(u(s), s, 0, 1)', /takes 2 arguments, not 1/, /depends on x, t/],
    ['integral(S(s), s, 0, 1, 2.5)', /number of nodes is a whole number/, /from 1 to 64/],
    ['integral(S(s), s, 0, 1, 0)', /number of nodes is a whole number/, /from 1 to 64/],
    ['integral(u_n, x, 0, 1)', /u_n has no meaning under an integral/, /derivatives/],
    ['integral(w(s), s, 0, 1)', /unknown function `w`/, /./],
    ['s + integral(S(s), s, 0, 1)', /unknown symbol `s`/, /./],
    ['integral(integral(u(r, s), r, 0, 1, 40), s, 0, 1, 40)', /1600 places/, /fewer nodes/],
  ])('%s is refused', (text, reason, hint) => {
    let error: unknown;
    try {
      parse(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).reason).toMatch(reason);
    expect((error as ProblemError).hint).toMatch(hint);
    expect((error as ProblemError).column).toBeGreaterThan(0);
  });

  it('limits that are to be found are refused as what cannot be done yet', () => {
    expect(() => parse('integral(S(s), s, 0, beta)')).toThrow(NotSupportedError);
  });

  it('has its sign in TeX', () => {
    expect(expressionToTex('u_t = integral(exp(s-t)*u(s), s, 0, t)')).toBe(
      'u_{t} = \\int_{0}^{t} e^{s-t}\\, u\\left(s\\right) \\, ds',
    );
    expect(expressionToTex('integral(u + 1, x, 0, 1)')).toBe('\\int_{0}^{1} \\left(u+1\\right) \\, dx');
  });
});
