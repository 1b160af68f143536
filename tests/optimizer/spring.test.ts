import { Matrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Objective } from '../../src/optimizer/optimizer.ts';
import { Spring, type SpringOptions } from '../../src/optimizer/spring.ts';
import { randomGenerator } from '../../src/random/generator.ts';
import { linearProblem } from './linear-problem.ts';
import { testProblems } from './more-garbow-hillstrom.ts';
import { leastSquares, rosenbrock } from './test-functions.ts';

function randomMatrix(rows: number, columns: number, seed: number): number[][] {
  const random = randomGenerator(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
}

/** A x = b with samples of `size` of its rows, weighted to stand for all. */
function sampledProblem(a: number[][], b: number[], size: number): Objective {
  return {
    ...linearProblem(a, b),
    sample: async (theta, draw) => {
      const random = randomGenerator(draw);
      const left = a.map((_, i) => i);
      const chosen = Array.from({ length: size }, () => left.splice(random.integer(left.length), 1)[0]);
      const root = Math.sqrt(a.length / size);
      const part = linearProblem(
        chosen.map((i) => a[i].map((value) => root * value)),
        chosen.map((i) => root * b[i]),
      );
      return part.sample(theta, 0);
    },
  };
}

async function run(objective: Objective, start: ArrayLike<number>, steps: number, options?: SpringOptions) {
  const optimizer = new Spring(objective, Float64Array.from(start), options);
  let last = await optimizer.step();
  for (let k = 1; k < steps && last.finished === undefined && last.loss > 1e-22; k++)
    last = await optimizer.step();
  return { optimizer, last };
}

describe('SPRING', () => {
  it.each([
    ['more rows than columns', 12, 5],
    ['fewer', 4, 9],
  ])('without momentum and samples takes damped Gauss–Newton steps: %s', async (_, rows, columns) => {
    const a = randomMatrix(rows, columns, 1);
    const b = randomMatrix(1, rows, 2)[0];
    const damping = 0.3;
    const options = { momentum: 0, damping, adaptive: false, rate: 1 };
    const { optimizer } = await run(linearProblem(a, b), new Array<number>(columns).fill(0.5), 1, options);
    const j = new Matrix(a);
    const mean = j.mmul(j.transpose()).trace() / rows;
    const rho = j.mmul(Matrix.columnVector(new Array<number>(columns).fill(0.5))).sub(Matrix.columnVector(b));
    const normal = j
      .transpose()
      .mmul(j)
      .add(Matrix.eye(columns).mul(damping * mean));
    const step = solve(normal, j.transpose().mmul(rho)).mul(-1).to1DArray();
    optimizer.theta.forEach((value, i) => {
      expect(value).toBeCloseTo(0.5 + step[i], 13);
    });
  });

  it('minimises ‖Jφ + ρ‖² + λ‖φ − μφ_before‖²', async () => {
    const [a, b] = [randomMatrix(4, 7, 3), randomMatrix(1, 4, 4)[0]];
    const [momentum, damping] = [0.8, 0.5];
    const objective = linearProblem(a, b);
    const optimizer = new Spring(objective, new Float64Array(7), {
      momentum,
      damping,
      adaptive: false,
      rate: 1,
    });
    await optimizer.step();
    const before = optimizer.theta;
    const last = optimizer.state().vectors.direction;
    await optimizer.step();
    const step = optimizer.theta.map((value, i) => value - before[i]);
    const j = new Matrix(a);
    const lambda = (damping * j.mmul(j.transpose()).trace()) / 4;
    const rho = j.mmul(Matrix.columnVector(Array.from(before))).sub(Matrix.columnVector(b));
    const gradient = j
      .transpose()
      .mmul(j.mmul(Matrix.columnVector(Array.from(step))).add(rho))
      .to1DArray();
    gradient.forEach((value, i) => {
      expect(value + lambda * (step[i] - momentum * last[i])).toBeCloseTo(0, 12);
    });
  });

  it('solves consistent equations exactly from samples of them', async () => {
    const [a, b] = [randomMatrix(40, 120, 5), randomMatrix(1, 40, 6)[0]];
    for (const momentum of [0, 0.5, 0.9]) {
      const { last } = await run(sampledProblem(a, b, 10), new Float64Array(120), 900, { momentum });
      expect(last.loss).toBeLessThan(1e-22);
    }
  });

  it('comes further with momentum where samples see a sixth of the parameters', async () => {
    const a = randomMatrix(100, 60, 5);
    const [solution] = randomMatrix(1, 60, 6);
    const b = a.map((row) => row.reduce((sum, value, k) => sum + value * solution[k], 0));
    const loss = async (momentum: number) =>
      (await run(sampledProblem(a, b, 10), new Float64Array(60), 500, { momentum })).last.loss;
    expect(await loss(0.7)).toBeLessThan(0.1 * (await loss(0)));
  });

  it('solves the least-squares problem that is not consistent, from all rows', async () => {
    const [a, b] = [randomMatrix(30, 6, 7), randomMatrix(1, 30, 8)[0]];
    const { optimizer } = await run(linearProblem(a, b), new Float64Array(6), 200);
    const expected = solve(new Matrix(a), Matrix.columnVector(b), true).to1DArray();
    optimizer.theta.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 7);
    });
  });

  it('minimises the Rosenbrock chain', async () => {
    const { optimizer, last } = await run(leastSquares(rosenbrock), [-1.2, 1, -1.2, 1], 500);
    expect(last.loss).toBeLessThan(1e-20);
    for (const value of optimizer.theta) expect(value).toBeCloseTo(1, 9);
  });

  // Of problem 3 JJᵀ has a condition number beyond 1/ε on the way.
  it.each(testProblems.filter(({ name, minima }) => minima.includes(0) && !name.startsWith('3 ')))(
    'reaches a minimum of problem $name from all residuals',
    async ({ residuals, start, minima }) => {
      const { last } = await run(leastSquares(residuals), start, 1500, { momentum: 0.3 });
      const misses = minima.map((f) => (f === 0 ? last.loss / 1e-12 : Math.abs(last.loss / f - 1) / 1e-4));
      expect(Math.min(...misses)).toBeLessThan(1);
    },
  );

  it('goes on bitwise as if never stopped, through JSON', async () => {
    const objective = sampledProblem(randomMatrix(30, 40, 1), randomMatrix(1, 30, 2)[0], 6);
    const straight = new Spring(objective, new Float64Array(40));
    for (let k = 0; k < 12; k++) await straight.step();
    const first = new Spring(objective, new Float64Array(40));
    for (let k = 0; k < 7; k++) await first.step();
    const second = new Spring(objective, new Float64Array(40), {}, structuredClone(first.state()));
    for (let k = 0; k < 5; k++) await second.step();
    expect(second.state()).toEqual(straight.state());
  });

  it('takes no step longer than it may', async () => {
    const objective = linearProblem(randomMatrix(5, 8, 1), [10, 20, -10, 5, 40]);
    const optimizer = new Spring(objective, new Float64Array(8), { longestStep: 0.25 });
    for (let k = 0; k < 5; k++) {
      const before = optimizer.theta;
      await optimizer.step();
      expect(Math.hypot(...optimizer.theta.map((value, i) => value - before[i]))).toBeLessThan(0.25 + 1e-12);
    }
  });

  it('ends where no sample shows a way down', async () => {
    // The minimum of (x² + 1)² + 1 is reached; beyond it no step is of use.
    const objective = leastSquares(([x]) => [x * x + 1, 1]);
    const { last } = await run(objective, [1], 400, { momentum: 0 });
    expect(last.finished).toBeDefined();
    expect(last.loss).toBeCloseTo(2, 5);
  });

  it('never holds parameters whose loss is not finite, and says what an engine lacks', async () => {
    const root = leastSquares(([x]) => [Math.sqrt(x)]);
    const optimizer = new Spring(root, Float64Array.of(4), { damping: 1e-9 });
    for (let k = 0; k < 20; k++) {
      const { loss, finished } = await optimizer.step();
      expect(loss).not.toBeNaN();
      if (finished !== undefined) break;
    }
    const { sample: _, ...without } = root;
    expect(() => new Spring(without, Float64Array.of(0))).toThrow(/--engine f64/);
    expect(() => new Spring(root, Float64Array.of(0), { momentum: 1 })).toThrow(/momentum is 1/);
  });
});
