import { describe, expect, test } from 'vitest';
import { assess } from '../../src/estimate/index.ts';
import { solve } from '../../src/solve/index.ts';
import { boundaryValue, decay, heat, quick, read, unknownRate } from './problems.ts';

const quickHeat = { ...quick, points: 300, conditionPoints: 30 };

describe('solutions reach the exact ones', () => {
  test.each([
    ['first order in time', decay, { ...quick, iterations: 450 }, 1e-5],
    ['second order between two points', boundaryValue, { ...quick, iterations: 100 }, 1e-5],
    ['heat on a box', heat, { ...quickHeat, iterations: 40 }, 3e-3],
  ])('in double precision: %s', async (_, definition, options, tolerance) => {
    const solution = await solve(read(definition), options);
    expect(solution.run.settings.engine).toBe('f64');
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(tolerance);
  });

  test.each([
    ['first order in time', decay, { ...quick, iterations: 3000, optimizer: 'lbfgs' }, 1e-2],
    [
      'second order between two points',
      boundaryValue,
      { ...quick, iterations: 600, optimizer: 'broyden' },
      1e-2,
    ],
    ['heat on a box', heat, { ...quickHeat, iterations: 500, optimizer: 'adam+lbfgs' }, 6e-2],
  ])('in single precision: %s', async (_, definition, options, tolerance) => {
    const solution = await solve(read(definition), { ...options, engine: 'tfjs', threads: undefined });
    expect(solution.run.precision).toBe('float32');
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(tolerance);
  });

  test.each(['lm', 'lbfgs', 'broyden', 'adam', 'adam+lbfgs'])('with optimizer %s', async (optimizer) => {
    const solution = await solve(read(boundaryValue), { ...quick, optimizer, iterations: 1500 });
    expect(solution.run.settings.optimizers.join('+')).toBe(optimizer);
    expect(solution.compare('exact').u.relativeL2).toBeLessThan(optimizer === 'adam' ? 0.1 : 1e-3);
  });

  test('an unknown rate and what derives from it, with an interval around them', async () => {
    const solution = await solve(read(unknownRate), { ...quick, iterations: 250 });
    expect(solution.unknowns.k).toBeCloseTo(0.7, 4);
    expect(solution.derived.halfLife).toBeCloseTo(Math.LN2 / 0.7, 4);
    const assessment = await assess(solution);
    const { value, low, high, level } = assessment.parameters.k;
    expect(value).toBe(solution.unknowns.k);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
    expect(level).toBe(0.95);
    expect(assessment.errors!.u).toMatchObject({ against: 'reference' });
    expect(assessment.errors!.u.relativeL2).toBeLessThan(1e-3);
    expect(assessment.shooting!.estimates.k.value).toBeCloseTo(0.7, 6);
  });
});

describe('one problem in several units has one solution', () => {
  const growth = (time: number, size: number) =>
    read(decay, {
      domain: { t: [0, 2 * time] },
      constants: { r: 1.5 / time, K: 3 * size },
      equations: ['u_t = r*u*(1 - u/K)'],
      conditions: [{ on: 't = 0', equation: `u = ${0.4 * size}` }],
      exact: { u: `K/(1 + (K/${0.4 * size} - 1)*exp(-r*t))` },
    });
  test.each([
    ['seconds for days', 86_400, 1],
    ['a population in millions', 1, 1e-6],
    ['single persons', 1, 1e6],
    ['both', 1 / 365, 1e6],
  ])('%s', async (_, time, size) => {
    // Steps of second order amplify rounding: beyond the first few, losses agree no longer.
    const options = { ...quick, iterations: 450 };
    const plain = await solve(growth(1, 1), options);
    const other = await solve(growth(time, size), options);
    for (const n of [0, 1, 2]) {
      const loss = plain.run.history.entries[n].loss;
      expect(other.run.history.entries[n].loss / loss).toBeCloseTo(1, 3);
    }
    expect(plain.compare('exact').u.relativeL2).toBeLessThan(1e-5);
    expect(other.compare('exact').u.relativeL2).toBeLessThan(1e-5);
  });

  test('a length in millimetres', async () => {
    const inMillimetres = read(heat, {
      domain: { x: [0, 1000], t: [0, 0.5] },
      constants: { k: 0.3e6 },
      conditions: [
        { on: 't = 0', equation: 'u = sin(pi*x/1000)' },
        { on: 'x = 0', equation: 'u = 0' },
        { on: 'x = 1000', equation: 'u = 0' },
      ],
      exact: { u: 'exp(-0.3*pi^2*t)*sin(pi*x/1000)' },
    });
    const options = { ...quick, points: 200, conditionPoints: 20, iterations: 40 };
    const metres = await solve(read(heat), options);
    const millimetres = await solve(inMillimetres, options);
    for (const n of [0, 1, 2]) {
      const loss = metres.run.history.entries[n].loss;
      expect(millimetres.run.history.entries[n].loss / loss).toBeCloseTo(1, 3);
    }
    expect(metres.compare('exact').u.relativeL2).toBeLessThan(3e-3);
    expect(millimetres.compare('exact').u.relativeL2).toBeLessThan(3e-3);
  });
});
