import { describe, expect, it } from 'vitest';
import { activationDerivatives } from '../../src/network/activation/evaluate.ts';
import { activationNamed, activations, requireSmoothness } from '../../src/network/activation/index.ts';
import { normalDistribution } from '../../src/network/activation/normal-distribution.ts';
import type { ActivationName } from '../../src/network/activation.ts';

const derivative = (name: string, order: number, z: number): number =>
  activationDerivatives(activationNamed(name).derivatives(order), Float64Array.of(z))[order][0];

/** Richardson-extrapolated central difference, error O(h⁶). */
function difference(f: (z: number) => number, z: number): number {
  const central = (h: number) => (f(z + h) - f(z - h)) / (2 * h);
  const [a, b, c] = [central(0.04), central(0.02), central(0.01)];
  const [d, e] = [(4 * b - a) / 3, (4 * c - b) / 3];
  return (16 * e - d) / 15;
}

describe('activations', () => {
  for (const name of Object.keys(activations) as ActivationName[]) {
    it(`${name}: each derivative is the slope of the one before, to order 6`, () => {
      for (const z of [-4.1, -1.3, -0.45, -0.2, 0.15, 0.8, 2.1, 5]) {
        for (let k = 1; k <= 6; k++) {
          const slope = difference((x) => derivative(name, k - 1, x), z);
          expect(derivative(name, k, z)).toSatisfy(
            (value: number) => Math.abs(value - slope) < 2e-7 * Math.max(1, Math.abs(slope)),
            `order ${k} at ${z}: slope ${slope}`,
          );
        }
      }
    });
  }

  // mpmath 1.3, mp.dps = 30: mp.diff(f, z, k).
  it.each([
    ['tanh', 4, 0.7, 2.774983422780786],
    ['tanh', 5, -0.3, 6.113703931953153],
    ['gelu', 0, -2, -0.04550026389635842],
    ['gelu', 3, 0.5, -0.6601224876830615],
    ['swish', 2, 1, 0.3023661188100153],
    ['softplus', 0, -40, 4.248354255291589e-18],
    ['softplus', 0, 800, 800],
  ] as const)('%s, derivative %i at %f agrees with mpmath', (name, order, z, value) => {
    expect(Math.abs(derivative(name, order, z) / value - 1)).toBeLessThan(1e-12);
  });

  it('the normal distribution keeps its relative accuracy in the tail', () => {
    // mpmath 1.3, mp.ncdf
    const table = [
      [-0.5, 0.30853753872598694],
      [-1.5, 0.06680720126885807],
      [-2.9, 0.0018658133003840339],
      [-10, 7.619853024160527e-24],
      [-37, 5.725571222524577e-300],
      [2.5, 0.9937903346742238],
    ];
    for (const [z, value] of table) expect(Math.abs(normalDistribution(z) / value - 1)).toBeLessThan(1e-13);
  });

  it('large arguments overflow nowhere', () => {
    for (const name of Object.keys(activations))
      for (const z of [-1e3, 1e3])
        for (let k = 0; k <= 5; k++) expect(Number.isFinite(derivative(name, k, z))).toBe(true);
  });

  it('an activation that is not smooth enough is refused with its reason', () => {
    expect(() => requireSmoothness('relu', 2, 'u_xx')).toThrow(
      'relu has no usable second derivative; the equations need u_xx; use tanh, sine, swish or gelu',
    );
    expect(() => requireSmoothness('elu', 3)).toThrow('third');
    expect(() => requireSmoothness('relu', 1)).not.toThrow();
    expect(() => requireSmoothness('gelu', 8)).not.toThrow();
    expect(() => activationNamed('tanhh')).toThrow('there is no activation `tanhh`');
  });
});
