import fc from 'fast-check';
import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Objective } from '../../src/optimizer/optimizer.ts';
import { StateReader } from '../../src/optimizer/optimizer-state.ts';
import { DenseInverseHessian, SelfScaledBroyden } from '../../src/optimizer/self-scaled-broyden.ts';
import { inSinglePrecision, leastSquares, rosenbrock } from './test-functions.ts';

const size = 4;

function vectors(count: number) {
  const entry = fc.double({ min: -3, max: 3, noNaN: true });
  const vector = fc.array(entry, { minLength: size, maxLength: size });
  return fc
    .array(vector, { minLength: count, maxLength: count })
    .map((all) => all.map((v) => Matrix.columnVector(v)));
}

/** H = M Mᵀ + I, a step s = −α H g along it, and a change of gradient y with sᵀy > 0. */
const situations = fc
  .tuple(vectors(size), vectors(2), fc.double({ min: 0.1, max: 3, noNaN: true }))
  .map(([columns, [g, noise], step]) => {
    const m = new Matrix(columns.map((column) => column.to1DArray()));
    const h = m.mmul(m.transpose()).add(Matrix.eye(size));
    const s = h.mmul(g).mul(-step);
    return { h, s, y: s.clone().add(noise), g, step };
  })
  .filter(({ s, y }) => s.transpose().mmul(y).get(0, 0) > 1e-2 * s.norm() * y.norm() && s.norm() > 1e-2);

function updated(
  family: 'broyden' | 'bfgs',
  { h, s, y, g, step }: { h: Matrix; s: Matrix; y: Matrix; g: Matrix; step: number },
) {
  const triangle: number[] = [];
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) triangle.push(h.get(i, j));
  const approximation = new DenseInverseHessian(size, family);
  const vectors = { inverseHessian: Float64Array.from(triangle) };
  approximation.restore(new StateReader({ name: 'broyden', numbers: {}, vectors }, 'broyden'));
  const flat = (column: Matrix) => Float64Array.from(column.to1DArray());
  approximation.update({ displacement: flat(s), gradientChange: flat(y), step, gradient: flat(g) });
  return new Matrix(
    Matrix.eye(size)
      .to2DArray()
      .map((unit) => Array.from(approximation.apply(Float64Array.from(unit)))),
  );
}

const scalar = (product: Matrix) => product.get(0, 0);

describe('the self-scaled Broyden update', () => {
  for (const family of ['broyden', 'bfgs'] as const) {
    it(`satisfies the secant equation H₊ y = s and stays positive definite (${family})`, () => {
      fc.assert(
        fc.property(situations, (situation) => {
          const next = updated(family, situation);
          expect(Matrix.sub(next.mmul(situation.y), situation.s).norm()).toBeLessThan(
            1e-9 * situation.s.norm(),
          );
          const values = new EigenvalueDecomposition(next, { assumeSymmetric: true }).realEigenvalues;
          expect(Math.min(...values)).toBeGreaterThan(0);
        }),
        { numRuns: 300, seed: 11 },
      );
    });
  }

  it('is the BFGS update where the model of the curvature along s was too low, and scaled where too high', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { h, s, y } = situation;
        const sy = scalar(s.transpose().mmul(y));
        const b = scalar(s.transpose().mmul(inverse(h)).mmul(s)) / sy;
        // τ = min(1, 1 / b) divides H before it enters the usual (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ.
        const projection = Matrix.eye(size).sub(s.mmul(y.transpose()).div(sy));
        const scaled = Matrix.mul(h, Math.max(1, b));
        const expected = projection
          .mmul(scaled)
          .mmul(projection.transpose())
          .add(s.mmul(s.transpose()).div(sy));
        expect(Matrix.sub(updated('bfgs', situation), expected).norm()).toBeLessThan(1e-9 * expected.norm());
      }),
      { numRuns: 300, seed: 12 },
    );
  });
});

describe('self-scaled Broyden', () => {
  const chain = Float64Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));

  for (const update of ['broyden', 'bfgs'] as const) {
    it(`minimises the Rosenbrock chain in 10 dimensions (${update})`, async () => {
      const options = { update, gradientTolerance: 1e-9 };
      const optimizer = new SelfScaledBroyden(leastSquares(rosenbrock), chain, options);
      let finished: string | undefined;
      for (let k = 0; k < 300 && finished === undefined; k++) ({ finished } = await optimizer.step());
      expect(finished).toBe('gradient');
      for (const value of optimizer.theta) expect(value).toBeCloseTo(1, 7);
    });
  }

  it('keeps the inverse Hessian when the objective changes: a moved quadratic takes a single step', async () => {
    let centre = [1, 2, 3];
    const curvatures = [1, 30, 900];
    const objective: Objective = {
      loss: async (x) => ({
        loss: curvatures.reduce((sum, c, i) => sum + (c * (x[i] - centre[i]) ** 2) / 2, 0),
      }),
      lossAndGradient: async (x) => ({
        ...(await objective.loss(x)),
        gradient: Float64Array.from(curvatures, (c, i) => c * (x[i] - centre[i])),
      }),
    };
    const optimizer = new SelfScaledBroyden(objective, new Float64Array(3), { gradientTolerance: 1e-12 });
    let finished: string | undefined;
    for (let k = 0; k < 60 && finished === undefined; k++) ({ finished } = await optimizer.step());
    expect(finished).toBe('gradient');
    centre = [-5, 7, 0.5];
    optimizer.objectiveChanged();
    const before = (await objective.loss(optimizer.theta)).loss;
    expect((await optimizer.step()).loss).toBeLessThan(1e-6 * before);
  });

  it('gets near the minimum in single precision, and ends', async () => {
    const optimizer = new SelfScaledBroyden(inSinglePrecision(leastSquares(rosenbrock)), chain);
    let step = await optimizer.step();
    for (let k = 0; k < 1000 && step.finished === undefined; k++) step = await optimizer.step();
    expect(step.finished).toBeDefined();
    expect(step.loss).toBeLessThan(1e-10);
  });

  it('goes on bitwise as if never stopped', async () => {
    const objective = leastSquares(rosenbrock);
    const straight = new SelfScaledBroyden(objective, chain);
    for (let k = 0; k < 30; k++) await straight.step();
    const first = new SelfScaledBroyden(objective, chain);
    for (let k = 0; k < 13; k++) await first.step();
    const second = new SelfScaledBroyden(objective, chain, {}, structuredClone(first.state()));
    for (let k = 0; k < 17; k++) await second.step();
    expect(second.state()).toEqual(straight.state());
  });
});
