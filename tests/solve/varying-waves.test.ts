import { describe, expect, test } from 'vitest';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { solve } from '../../src/solve/index.ts';
import { modalProblem } from '../../src/solve/spectral/modal-problem.ts';
import { spectralMarch } from '../../src/solve/spectral/spectral-march.ts';
import { WaveSystem } from '../../src/solve/spectral/wave-system.ts';

/** u = f(x) cos ωt where b = ω² + c f″/f; the even function that f goes on as has kinks in its third derivative. */
const kinked: ProblemDefinition = {
  name: 'kinked',
  domain: { x: [0, 1], t: [0, 1] },
  fields: ['u'],
  constants: { omega: 8 },
  functions: { f: '1 + x^2*(1 - x)^2', c: '1 + x', curvature: '2 - 12*x + 12*x^2' },
  equations: ['u_tt = c*u_xx - (omega^2 + c*curvature/f)*u'],
  conditions: [
    { on: 't = 0', equation: 'u = f' },
    { on: 't = 0', equation: 'u_t = 0' },
    { on: 'boundary', equation: 'u_n = 0' },
  ],
};

/** A standing wave whose frequency is the same everywhere, though its speed is not. */
const standing: ProblemDefinition = {
  name: 'standing',
  domain: { x: [0, 1], y: [-1, 1], t: [0, 1] },
  fields: ['u'],
  constants: { omega: 12 },
  functions: { c: '2 + sin(3*x + y)*exp(y)/3', k2: 'pi^2*(1 + 1/4)' },
  equations: ['u_tt = c*laplacian(u) - (omega^2 - c*k2)*u'],
  conditions: [
    { on: 't = 0', equation: 'u = cos(pi*x)*cos(pi*y/2)' },
    { on: 't = 0', equation: 'u_t = omega*cos(pi*x)*cos(pi*y/2)' },
    { on: 'x = 0', equation: 'u_n = 0' },
    { on: 'x = 1', equation: 'u_n = 0' },
    { on: 'y = -1', equation: 'u = 0' },
    { on: 'y = 1', equation: 'u = 0' },
  ],
  exact: { u: 'cos(pi*x)*cos(pi*y/2)*(cos(omega*t) + sin(omega*t))' },
};

/** Largest error at the end of time with a number of points, and none more. */
function errorOf(points: number): number {
  const given = problem(kinked);
  const modal = modalProblem(given);
  const system = new WaveSystem(given, modal.form, [['even', 'even']], points);
  system.refined = () => undefined;
  let last = new Float64Array();
  for (const { spectra } of spectralMarch(given, { ...modal, system }, () => 60))
    last = spectra[spectra.length - 1][0].slice();
  const u = system.interpolant(last);
  let worst = 0;
  for (let x = 0; x <= 1; x += 0.05)
    worst = Math.max(worst, Math.abs(u([x]) - (1 + x ** 2 * (1 - x) ** 2) * Math.cos(8)));
  return worst;
}

describe('waves of varying speed by spectral', () => {
  test('a standing wave is met to the tolerance of time', async () => {
    const solution = await solve(problem(standing), { optimizer: 'spectral' });
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(1e-9);
    expect(solution.run.heldOutResidual).toBeLessThan(1e-7);
  });

  test('where the solution goes on with kinks, errors fall with the square of the number of points', () => {
    const [coarse, fine] = [errorOf(16), errorOf(32)];
    expect(coarse).toBeLessThan(1e-2);
    expect(coarse / fine).toBeGreaterThan(3.8);
  });

  test('coefficients of no wave, and terms that no wave has, are refused', async () => {
    for (const equation of ['u_tt = (x - 1/2)*u_xx', 'u_tt = (1 + x)*u_xx + u^2'])
      await expect(
        solve(problem({ ...kinked, equations: [equation] }), { optimizer: 'spectral' }),
      ).rejects.toThrow(/wave|odd or even/);
  });
});
