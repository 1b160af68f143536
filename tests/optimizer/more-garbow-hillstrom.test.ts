import { describe, expect, it } from 'vitest';
import { createOptimizer, type OptimizerName, type OptimizerOptions } from '../../src/optimizer/index.ts';
import { testProblems } from './more-garbow-hillstrom.ts';
import { leastSquares } from './test-functions.ts';

const methods: { title: string; name: OptimizerName; options: OptimizerOptions[OptimizerName] }[] = [
  { title: 'Levenberg–Marquardt', name: 'lm', options: { scaling: 'both' } },
  { title: 'L-BFGS', name: 'lbfgs', options: {} },
  { title: 'self-scaled Broyden', name: 'broyden', options: {} },
  { title: 'self-scaled BFGS', name: 'broyden', options: { update: 'bfgs' } },
];

for (const { title, name, options } of methods) {
  describe(`${title} reaches a published minimum of problem`, () => {
    for (const problem of testProblems) {
      it(problem.name, async () => {
        const objective = leastSquares(problem.residuals);
        const optimizer = createOptimizer(name, objective, Float64Array.from(problem.start), options);
        let { loss } = await objective.loss(optimizer.theta);
        let finished: string | undefined;
        for (let k = 0; k < 500 && finished === undefined && loss > 1e-30; k++) {
          const step = await optimizer.step();
          // Quasi-Newton steps may rise by the noise that the line search was told to expect.
          expect(step.loss).toBeLessThanOrEqual(loss * (name === 'lm' ? 1 : 1 + 1e-6));
          ({ loss, finished } = step);
        }
        expect((await objective.loss(optimizer.theta)).loss).toBe(loss);
        const misses = problem.minima.map((f) => (f === 0 ? loss / 1e-20 : Math.abs(loss / f - 1) / 1e-5));
        expect(Math.min(...misses)).toBeLessThan(1);
      });
    }
  });
}
