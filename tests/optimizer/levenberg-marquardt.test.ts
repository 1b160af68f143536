import { describe, expect, it } from 'vitest';
import { cholesky, type Factorize } from '../../src/optimizer/cholesky.ts';
import { LevenbergMarquardt } from '../../src/optimizer/levenberg-marquardt.ts';
import type { Objective } from '../../src/optimizer/optimizer.ts';
import { testProblems } from './more-garbow-hillstrom.ts';
import { leastSquares, rosenbrock } from './test-functions.ts';

async function iterationsTo(loss: number, optimizer: LevenbergMarquardt, limit = 3000): Promise<number> {
  for (let k = 1; k <= limit; k++) {
    const step = await optimizer.step();
    if (step.loss <= loss) return k;
    if (step.finished !== undefined) break;
  }
  return Number.POSITIVE_INFINITY;
}

describe('Levenberg–Marquardt', () => {
  it('solves a linear least-squares problem by the normal equations', async () => {
    // A line through (0, 1), (1, 3), (2, 4), (3, 4): slope 1, intercept 1.5, by hand.
    const line = leastSquares(([a, b]) => [1, 3, 4, 4].map((y, x) => a * x + b - y));
    const optimizer = new LevenbergMarquardt(line, Float64Array.of(50, -70));
    for (let k = 0; k < 20; k++) await optimizer.step();
    expect(optimizer.theta[0]).toBeCloseTo(1, 7);
    expect(optimizer.theta[1]).toBeCloseTo(1.5, 7);
  });

  it('minimises the Rosenbrock chain in 10 dimensions', async () => {
    const start = Float64Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const optimizer = new LevenbergMarquardt(leastSquares(rosenbrock), start);
    expect(await iterationsTo(1e-20, optimizer)).toBeLessThan(100);
    for (const value of optimizer.theta) expect(value).toBeCloseTo(1, 9);
  });

  it('follows a bent valley in fewer steps where it may correct them', async () => {
    const start = Float64Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const count = (corrections: number) =>
      iterationsTo(1e-20, new LevenbergMarquardt(leastSquares(rosenbrock), start, { corrections }));
    expect(await count(10)).toBeLessThan(0.75 * (await count(0)));
  });

  it('does without corrections where the objective has no cross gradient', async () => {
    const { crossGradient: _, ...objective } = leastSquares(rosenbrock);
    const optimizer = new LevenbergMarquardt(objective, Float64Array.of(-1.2, 1));
    expect(await iterationsTo(1e-20, optimizer)).toBeLessThan(100);
  });

  it('takes up whichever scaling serves better', async () => {
    // Problem 3 is badly scaled and takes Marquardt's scaling; on problem 16 that one creeps.
    for (const [name, loss] of [
      ['3 Powell badly scaled', 1e-20],
      ['16 Brown and Dennis', 85822.3],
    ] as const) {
      const problem = testProblems.find((candidate) => candidate.name === name)!;
      const count = (scaling: 'identity' | 'jacobi' | 'both') => {
        const start = Float64Array.from(problem.start);
        return iterationsTo(
          loss,
          new LevenbergMarquardt(leastSquares(problem.residuals), start, {
            scaling,
            factorization: 'cholesky',
          }),
        );
      };
      const [identity, jacobi, both] = [await count('identity'), await count('jacobi'), await count('both')];
      expect(Math.max(identity, jacobi)).toBeGreaterThan(10 * Math.min(identity, jacobi));
      expect(both).toBeLessThan(0.3 * Math.max(identity, jacobi));
    }
  });

  it('does without scaling where J itself is factorised', async () => {
    // Powell's badly scaled problem: JᵀJ has a condition number beyond 1/ε on the way.
    const { residuals, start } = testProblems.find(({ name }) => name === '3 Powell badly scaled')!;
    const count = (factorization: 'cholesky' | 'qr' | 'auto') =>
      iterationsTo(
        1e-20,
        new LevenbergMarquardt(leastSquares(residuals), Float64Array.from(start), { factorization }),
      );
    const [byCholesky, byQr, byEither] = [await count('cholesky'), await count('qr'), await count('auto')];
    expect(byQr).toBeLessThan(0.1 * byCholesky);
    expect(byEither).toBeLessThan(0.1 * byCholesky);
  });

  it('goes the same way by either factorisation as long as the damping is large', async () => {
    const objective = leastSquares(rosenbrock);
    const start = Float64Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const [byCholesky, byQr] = (['cholesky', 'qr'] as const).map(
      (factorization) => new LevenbergMarquardt(objective, start, { factorization }),
    );
    for (let k = 0; k < 5; k++) {
      const [a, b] = [await byCholesky.step(), await byQr.step()];
      expect(Math.abs(b.loss / a.loss - 1)).toBeLessThan(1e-10);
      expect(Math.abs(b.gradientNorm / a.gradientNorm - 1)).toBeLessThan(1e-10);
    }
  });

  it('never accepts a loss that is not finite', async () => {
    // √x has no value left of 0, where the undamped step from 4 to 4 − 2·4 = −4 would lead.
    const root = leastSquares(([x]) => [Math.sqrt(x)]);
    const optimizer = new LevenbergMarquardt(root, Float64Array.of(4), {
      damping: 1e-12,
      relativeDamping: 1e-12,
    });
    for (let k = 0; k < 10; k++) {
      const step = await optimizer.step();
      expect(step.loss).not.toBeNaN();
      expect(optimizer.theta[0]).toBeGreaterThanOrEqual(0);
      if (step.finished !== undefined) break;
    }
    const start = new LevenbergMarquardt(root, Float64Array.of(-1));
    expect((await start.step()).finished).toBe('diverged');
    expect(start.theta[0]).toBe(-1);
  });

  it('damps more where the factorisation breaks down', async () => {
    const singular = leastSquares(([a, b]) => [a + b - 2, 2 * a + 2 * b - 4]);
    const optimizer = new LevenbergMarquardt(singular, Float64Array.of(5, 5), { damping: 1e-300 });
    expect(await iterationsTo(1e-20, optimizer, 20)).toBeLessThan(20);
  });

  it('factorises by what it is given', async () => {
    const seen: number[] = [];
    const factorize: Factorize = (matrix, n) => {
      seen.push(n);
      // Breaks down early, as one in lower precision would.
      return matrix[0] < 1 ? null : cholesky(matrix, n);
    };
    const objective = leastSquares((x) => rosenbrock(x).map((r) => 0.01 * r));
    const optimizer = new LevenbergMarquardt(objective, Float64Array.of(-1.2, 1, 1), { factorize });
    let loss = Number.NaN;
    for (let k = 0; k < 5; k++) ({ loss } = await optimizer.step());
    expect(seen.every((n) => n === 3)).toBe(true);
    expect(loss).toBeLessThan((await objective.loss(Float64Array.of(-1.2, 1, 1))).loss);
  });

  it('ends with "step" when no step promises more than rounding, and with "gradient" below its tolerance', async () => {
    const bard = testProblems.find((problem) => problem.name === '8 Bard')!;
    const end = async (gradientTolerance: number) => {
      const start = Float64Array.from(bard.start);
      const optimizer = new LevenbergMarquardt(leastSquares(bard.residuals), start, { gradientTolerance });
      for (let k = 0; k < 50; k++) {
        const { finished } = await optimizer.step();
        if (finished !== undefined) return finished;
      }
      return undefined;
    };
    expect(await end(0)).toBe('step');
    expect(await end(1e-3)).toBe('gradient');
  });

  it('goes on bitwise as if never stopped', async () => {
    const objective = leastSquares(rosenbrock);
    const start = Float64Array.of(-1.2, 1, -1.2, 1);
    const straight = new LevenbergMarquardt(objective, start);
    for (let k = 0; k < 12; k++) await straight.step();
    const first = new LevenbergMarquardt(objective, start);
    for (let k = 0; k < 7; k++) await first.step();
    const second = new LevenbergMarquardt(objective, start, {}, structuredClone(first.state()));
    for (let k = 0; k < 5; k++) await second.step();
    expect(second.state()).toEqual(straight.state());
  });

  it('says what to use instead where the objective has no JᵀJ', () => {
    const plain: Objective = {
      loss: async () => ({ loss: 0 }),
      lossAndGradient: async () => ({ loss: 0, gradient: new Float64Array(1) }),
    };
    expect(() => new LevenbergMarquardt(plain, Float64Array.of(0))).toThrow(/JᵀJ.*--engine f64, or lbfgs/);
  });
});
