import { describe, expect, it } from 'vitest';
import { exponentialFunctions } from '../../src/reference/fourier/exponential-functions.ts';
import {
  ExponentialIntegrator,
  type SemilinearSystem,
} from '../../src/reference/fourier/exponential-integrator.ts';
import { FastFourierTransform } from '../../src/reference/fourier/fast-fourier-transform.ts';

describe('the fast Fourier transform', () => {
  it('is the discrete Fourier transform, at every length 2^a·3^b and along every axis', () => {
    for (const [outer, n, inner] of [
      [1, 2, 1],
      [2, 12, 3],
      [1, 64, 1],
      [3, 27, 2],
      [1, 96, 1],
    ]) {
      const data = Float64Array.from({ length: 2 * outer * n * inner }, (_, i) => Math.sin(3 * i + i * i));
      const original = data.slice();
      const transform = new FastFourierTransform(n);
      transform.transform(data, outer, inner, 1);
      for (let o = 0; o < outer; o++) {
        for (let q = 0; q < inner; q++) {
          for (let k = 0; k < n; k++) {
            let real = 0;
            for (let j = 0; j < n; j++) {
              const at = 2 * ((o * n + j) * inner + q);
              const angle = (-2 * Math.PI * ((j * k) % n)) / n;
              real += original[at] * Math.cos(angle) - original[at + 1] * Math.sin(angle);
            }
            expect(Math.abs(data[2 * ((o * n + k) * inner + q)] - real)).toBeLessThan(1e-12 * n);
          }
        }
      }
      transform.transform(data, outer, inner, -1);
      original.forEach((value, i) => {
        expect(Math.abs(data[i] / n - value)).toBeLessThan(1e-14 * n);
      });
    }
    expect(() => new FastFourierTransform(10)).toThrow(/powers of 2 and 3/);
  });
});

describe('φ-functions', () => {
  it('fulfil their recurrence for scalars of any size, and their limits at zero', () => {
    for (const [a, b] of [
      [-1e5, 3],
      [-40, 40],
      [-2, 0.5],
      [0.3, -0.2],
      [0, 700],
      [1e-9, 0],
    ]) {
      const { exponential, phi } = exponentialFunctions(Float64Array.of(a, b), 1);
      const expected = [Math.exp(a) * Math.cos(b), Math.exp(a) * Math.sin(b)];
      expect(Math.hypot(exponential[0] - expected[0], exponential[1] - expected[1])).toBeLessThan(1e-13);
      [exponential, ...phi].slice(0, 3).forEach((lower, k) => {
        // z φ_{k+1} = φ_k − 1/k!
        const next = phi[k];
        const atZero = [1, 1, 0.5][k];
        expect(Math.abs(a * next[0] - b * next[1] - (lower[0] - atZero))).toBeLessThan(1e-12);
        expect(Math.abs(a * next[1] + b * next[0] - lower[1])).toBeLessThan(1e-12);
      });
    }
    expect(exponentialFunctions(new Float64Array(2), 1).phi.map(([real]) => real)).toEqual([1, 0.5, 1 / 6]);
  });

  it('of a rotation by ω t are sines and cosines, of a nilpotent matrix polynomials', () => {
    const turn = 50;
    const rotation = exponentialFunctions(Float64Array.of(0, 0, turn, 0, -turn, 0, 0, 0), 2);
    expect(rotation.exponential[0]).toBeCloseTo(Math.cos(turn), 12);
    expect(rotation.exponential[2]).toBeCloseTo(Math.sin(turn), 12);
    expect(rotation.phi[0][0]).toBeCloseTo(Math.sin(turn) / turn, 12);
    const shear = exponentialFunctions(Float64Array.of(0, 0, 8, 0, 0, 0, 0, 0), 2);
    expect([...shear.exponential]).toEqual([1, 0, 8, 0, 0, 0, 1, 0]);
    expect(shear.phi[0][2]).toBeCloseTo(4, 14);
    expect(shear.phi[1][2]).toBeCloseTo(8 / 6, 14);
  });
});

describe('exponential time differencing', () => {
  const errorAt = (linear: readonly number[], steps: number): number => {
    // y' = λ y + N(t) with y = exp(i t) + exp(λ t).
    const [a, b] = linear;
    const system: SemilinearSystem = {
      modes: 1,
      states: 1,
      linear: Float64Array.of(a, b),
      nonlinear: true,
      evaluate(t, _, [out]) {
        const [c, s] = [Math.cos(t), Math.sin(t)];
        out[0] = -s - (a * c - b * s);
        out[1] = c - (a * s + b * c);
      },
    };
    const h = 2 / steps;
    const integrator = new ExponentialIntegrator(system, h);
    const y = [Float64Array.of(2, 0)];
    for (let i = 0; i < steps; i++) integrator.step(i * h, y);
    const size = Math.exp(2 * a);
    return Math.hypot(
      y[0][0] - Math.cos(2) - size * Math.cos(2 * b),
      y[0][1] - Math.sin(2) - size * Math.sin(2 * b),
    );
  };

  it('is of order four', () => {
    for (const linear of [
      [-1, 0],
      [-0.5, 2],
    ]) {
      const order = Math.log2(errorAt(linear, 16) / errorAt(linear, 32));
      expect(order).toBeGreaterThan(3.8);
      expect(order).toBeLessThan(4.4);
    }
  });

  it('takes steps much longer than a stiff linear part has time scales', () => {
    expect(errorAt([-1e6, 0], 16)).toBeLessThan(1e-6);
  });
});
