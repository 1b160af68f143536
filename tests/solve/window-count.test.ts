import { describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { reference } from '../../src/reference/index.ts';
import { solve } from '../../src/solve/index.ts';
import { resolveSettings } from '../../src/solve/settings.ts';
import { windowCount, withWindows } from '../../src/solve/windows/window-count.ts';

const vanDerPol = (mu: number, end: number): ProblemDefinition => ({
  name: 'van-der-pol',
  domain: { t: [0, end] },
  fields: ['u'],
  equations: [`u'' = ${mu}*(1 - u^2)*u' - u`],
  conditions: [
    { on: 't = 0', equation: 'u = 2' },
    { on: 't = 0', equation: "u' = 0" },
  ],
});

const robertson: ProblemDefinition = {
  name: 'robertson',
  domain: { t: [0, 40] },
  fields: ['a', 'b', 'c'],
  equations: ["a' = -0.04*a + 1e4*b*c", "b' = 0.04*a - 1e4*b*c - 3e7*b^2", "c' = 3e7*b^2"],
  conditions: ['a = 1', 'b = 0', 'c = 0'].map((equation) => ({ on: 't = 0', equation })),
};

async function countOf(definition: ProblemDefinition): Promise<number> {
  const read = problem(definition);
  const march = await reference(read);
  if (!march.available) throw new Error(march.reason);
  return windowCount(read, march);
}

describe('the number of windows of time', () => {
  it('is one for what one network learns, and grows with oscillations and with their sharpness', async () => {
    expect(await countOf(vanDerPol(1, 5))).toBe(1);
    const medium = await countOf(vanDerPol(1, 20));
    expect(medium).toBeGreaterThan(1);
    expect(await countOf(vanDerPol(1, 60))).toBeGreaterThan(2 * medium);
    expect(await countOf(vanDerPol(5, 20))).toBeGreaterThan(medium);
  });

  it('is one where windows of equal length do not help: a layer at the start', async () => {
    expect(await countOf(robertson)).toBe(1);
  });

  it('is one where time cannot be cut: conditions at the end, integrals over the past', async () => {
    const definition = vanDerPol(1, 20);
    const march = await reference(problem(definition));
    if (!march.available) throw new Error(march.reason);
    const ends = problem({
      ...definition,
      conditions: [
        { on: 't = 0', equation: 'u = 2' },
        { on: 't = 20', equation: 'u = 0' },
      ],
    });
    expect(windowCount(ends, march)).toBe(1);
    const memory = problem({
      ...definition,
      equations: ["u'' = (1 - u^2)*u' - u + integral(u(s), s, 0, t)"],
    });
    expect(windowCount(memory, march)).toBe(1);
  });

  it('is chosen where nothing was asked for that it would change', async () => {
    const read = problem(vanDerPol(1, 20));
    const march = await reference(read);
    if (!march.available) throw new Error(march.reason);
    const count = windowCount(read, march);
    const chosen = (given: Parameters<typeof withWindows>[2]): number =>
      withWindows(read, resolveSettings(read, given), given, march).windows;
    expect(chosen({ optimizer: 'lm' })).toBe(count);
    expect(chosen({ optimizer: 'lm', windows: 1 })).toBe(1);
    expect(chosen({ optimizer: 'lm', windows: 5 })).toBe(5);
    expect(chosen({ optimizer: 'lbfgs' })).toBe(1);
    expect(chosen({ optimizer: 'random-features' })).toBe(1);
    expect(chosen({ optimizer: 'lm', curriculum: { parts: 3 } })).toBe(1);
    expect(withWindows(read, resolveSettings(read, { optimizer: 'lm' }), {}, undefined).windows).toBe(1);
  });
});

describe('integro-differential problems', () => {
  it('a linear Volterra equation is solved to ten digits by least squares', async () => {
    const volterra = problem({
      name: 'volterra',
      domain: { t: [0, 5] },
      fields: ['u'],
      equations: ["u' + u = integral(exp(s - t)*u(s), s, 0, t)"],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
      exact: { u: 'exp(-t)*cosh(t)' },
    });
    const solution = await solve(volterra, { seed: 3, threads: 1 });
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-9);
    const t = Float64Array.of(0.5, 2, 5);
    const mass = solution.evaluate('integral(u, t, 0, t)', t);
    t.forEach((at, i) => {
      expect(mass[i]).toBeCloseTo(at / 2 + (1 - Math.exp(-2 * at)) / 4, 8);
    });
  });

  it('an integral over past windows is evaluated across them', async () => {
    const decay = problem({
      name: 'logistic',
      domain: { t: [0, 4] },
      fields: ['u'],
      equations: ["u' = u*(1 - u)"],
      conditions: [{ on: 't = 0', equation: 'u = 0.1' }],
    });
    const solution = await solve(decay, { seed: 1, threads: 1, windows: 2, network: '8x1', timeLimit: 4 });
    const t = Float64Array.of(1, 3.5);
    const mass = solution.evaluate('integral(u(s), s, 0, t)', t);
    // ∫u = ln(1 + u₀(eᵗ − 1))
    t.forEach((at, i) => {
      expect(mass[i]).toBeCloseTo(Math.log(1 + 0.1 * (Math.exp(at) - 1)), 4);
    });
  });

  it('are refused in windows where they reach back', async () => {
    const memory = problem({
      name: 'memory',
      domain: { t: [0, 1] },
      fields: ['u'],
      equations: ["u' = -integral(u(s)^2, s, 0, t)"],
      conditions: [{ on: 't = 0', equation: 'u = 1' }],
    });
    await expect(solve(memory, { windows: 2 })).rejects.toThrow(
      /integral over t in equations\[0\] reaches back/,
    );
  });
});
