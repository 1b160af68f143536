import { describe, expect, it } from 'vitest';
import { type ProblemDefinition, problem } from '../../../src/index.ts';
import { EquationSolutions } from '../../../src/operator/physics/equation-solutions.ts';

/** v carried at speed one and damped: u = exp(−t) v(x − t). */
const carried = problem({
  name: 'carried',
  domain: { x: [0, 2], t: [0, 0.5] },
  fields: ['u'],
  inputs: {
    v: { of: 'x', space: 'gaussian-random-field', kernel: 'periodic', lengthScale: 0.8, sensors: 20 },
  },
  equations: ['u_t + u_x = -u'],
  conditions: [{ on: 't = 0', equation: 'u = v' }, { periodic: 'x' }],
} as ProblemDefinition);

describe('solutions shifted along a circle', async () => {
  const solutions = await EquationSolutions.searched(carried, { functions: 8, threads: 1 });
  await solutions.extend(8, { threads: 1 });
  const set = solutions.shifted({ along: 0, most: 40, seed: 3, heldOut: 4 })!;

  it('are those of the shifted input functions', () => {
    const { sensors } = carried.inputs[0];
    const t = 0.3;
    const points = Float64Array.from([...sensors].flatMap((x) => [(x + t) % 2, t]));
    const values = set.bases.u.values(points, sensors.length);
    expect(set.count).toBeGreaterThan(30);
    expect(set.left).toBe(2);
    for (let i = 0; i < set.count; i++)
      for (let n = 0; n < sensors.length; n++) {
        let found = 0;
        for (let k = 0; k < set.bases.u.size; k++)
          found += values[n * set.bases.u.size + k] * set.coefficients.u[i * set.bases.u.size + k];
        const exact = Math.exp(-t) * set.inputs.v[i * sensors.length + n];
        expect(Math.abs(found - exact)).toBeLessThan(2e-3);
      }
  });

  it('are solved once: more functions leave the first ones as they were', async () => {
    const before = solutions.coefficients();
    await solutions.extend(12, { threads: 1 });
    const after = solutions.coefficients();
    expect(after.draws).toHaveLength(12);
    const at = Float64Array.of(0.7, 0.2);
    const [a, b] = [before, after].map((own) => {
      const values = own.bases.u.values(at, 1);
      return values.reduce((sum, value, k) => sum + value * own.coefficients.u[k], 0);
    });
    expect(Math.abs(a - b)).toBeLessThan(1e-5);
  });
});
