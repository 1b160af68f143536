import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { expressionToTex } from '../../src/expression/tex.ts';

describe('TeX', () => {
  it.each([
    ['u_t + u*u_x = nu*u_xx', 'u_{t}+u\\, u_{x} = \\nu\\, u_{x x}'],
    ['dS/dt = -beta*S', '\\frac{d S}{dt} = -\\beta\\, S'],
    ['∂u/∂t', '\\frac{\\partial u}{\\partial t}'],
    ['d(u, x, 2)', '\\frac{\\partial^{2} u}{\\partial x^{2}}'],
    ['u_theta', 'u_{\\theta}'],
    ["S''", "S''"],
    ['laplacian(u)', '\\nabla^{2} u'],
    ['R0*2*3', 'R_{0}\\cdot2\\cdot3'],
    ['t = 0', 't = 0'],
    ['a*(-b)', 'a\\, \\left(-b\\right)'],
    ['(dS/dt)^2', '\\left(\\frac{d S}{dt}\\right)^{2}'],
  ])('%s', (text, tex) => {
    expect(expressionToTex(text)).toBe(tex);
  });

  it.each([
    'x > 0 ? 1 : -x^2',
    'x<t<1 and not (u>2)',
    'exp(-x^2)*erf(x) + log10(x)*heaviside(x)',
    'd2u/dxdt + d(u^2/2, x) - laplacian(u_x)',
    'abs(x) + sqrt(x)/cbrt(t)',
    'k_on_x^2 + u_xtheta',
    "S'(t) + u(x, t)",
    'x mod 2',
  ])('%s is TeX that KaTeX reads', (text) => {
    expect(() => katex.renderToString(expressionToTex(text))).not.toThrow();
  });

  it('names can be overruled', () => {
    const tex = expressionToTex('mu_max*x', (name) => (name === 'mu_max' ? '\\mu_{\\max}' : undefined));
    expect(tex).toBe('\\mu_{\\max}\\, x');
  });

  it('what cannot be read is refused', () => {
    expect(() => expressionToTex('a[1]')).toThrow(ProblemError);
  });
});
