import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/errors.ts';
import { createOptimizer, type OptimizerName, optimizerNames } from '../../src/optimizer/index.ts';
import { leastSquares, rosenbrock } from './test-functions.ts';

const objective = leastSquares(rosenbrock);
const start = Float64Array.of(-1.2, 1);

describe('every optimizer', () => {
  for (const name of optimizerNames) {
    it(`${name} goes by its name, and leaves parameters that it has handed out untouched`, async () => {
      const theta0 = start.slice();
      const optimizer = createOptimizer(name, objective, theta0);
      expect(optimizer.name).toBe(name);
      const kept: Float64Array[] = [];
      for (let k = 0; k < 4; k++) {
        kept.push(optimizer.theta);
        await optimizer.step();
      }
      expect(theta0).toEqual(start);
      expect(new Set(kept).size).toBe(4);
      expect(kept[0]).toEqual(start);
    });

    it(`${name} has a state that survives JSON`, async () => {
      const optimizer = createOptimizer(name, objective, start);
      await optimizer.step();
      for (const value of Object.values(optimizer.state().numbers)) expect(Number.isFinite(value)).toBe(true);
      const fresh = createOptimizer(name, objective, start).state();
      for (const value of Object.values(fresh.numbers)) expect(Number.isFinite(value)).toBe(true);
    });

    it(`${name} goes on after the objective has changed, at the new one's loss`, async () => {
      let shift = 0;
      const moving = {
        loss: (x: Float64Array) => leastSquares((v) => [...rosenbrock(v), shift]).loss(x),
        lossAndGradient: (x: Float64Array) =>
          leastSquares((v) => [...rosenbrock(v), shift]).lossAndGradient(x),
        gaussNewton: (x: Float64Array) => leastSquares((v) => [...rosenbrock(v), shift]).gaussNewton(x),
        orthogonalFactor: (x: Float64Array) =>
          leastSquares((v) => [...rosenbrock(v), shift]).orthogonalFactor(x),
        sample: (x: Float64Array) => leastSquares((v) => [...rosenbrock(v), shift]).sample(x, 0),
      };
      const optimizer = createOptimizer(name, moving, start);
      for (let k = 0; k < 3; k++) await optimizer.step();
      shift = 10;
      optimizer.objectiveChanged();
      const { loss } = await optimizer.step();
      expect(loss).toBe((await moving.loss(optimizer.theta)).loss);
      expect(loss).toBeGreaterThan(100);
    });
  }
});

describe('createOptimizer', () => {
  it('lists the names for one that it does not know', () => {
    const unknown = () => createOptimizer('newton' as OptimizerName, objective, start);
    expect(unknown).toThrow(ProblemError);
    expect(unknown).toThrow(/unknown optimizer "newton"; optimizers are adam, lbfgs, lm, broyden/);
    expect(() => createOptimizer('toString' as OptimizerName, objective, start)).toThrow(ProblemError);
  });

  it('refuses choices that there are not', () => {
    expect(() => createOptimizer('lm', objective, start, { scaling: 'none' as 'both' })).toThrow(
      /both, identity, jacobi/,
    );
    expect(() => createOptimizer('broyden', objective, start, { update: 'dfp' as 'bfgs' })).toThrow(
      /broyden, bfgs/,
    );
  });
});
