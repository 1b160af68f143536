import { Matrix, QrDecomposition } from 'ml-matrix';
import { afterEach, describe, expect, it } from 'vitest';
import { createF64Engine, type F64Engine } from '../../../src/engine/f64/index.ts';
import { foldDiagonal } from '../../../src/optimizer/triangular-factor.ts';
import type { ResidualSystem } from '../../../src/residual/residual-system.ts';
import { relativeDifference } from './host-oracle.ts';
import { burgers, periodicSystem, randomTheta, reactionSystem, sharedPoints } from './systems.ts';

const engines: F64Engine[] = [];

async function engineOn(threads: number, system: ResidualSystem): Promise<F64Engine> {
  const engine = await createF64Engine(system, { threads });
  engines.push(engine);
  return engine;
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
});

/** RᵀR. */
function squared(factor: Float64Array, n: number): number[] {
  const r = Matrix.from1DArray(n, n, Array.from(factor));
  return r.transpose().mmul(r).to1DArray();
}

describe.each([
  ['Burgers', burgers({ interior: 700, condition: 60, width: 8, depth: 2 })],
  ['several networks', reactionSystem()],
  ['two point sets', periodicSystem()],
  ['shared points', sharedPoints()],
  ['fewer residuals than parameters', burgers({ interior: 30, condition: 4, width: 8, depth: 2 })],
])('R and Qᵀρ of J: %s', (_, system) => {
  const theta = randomTheta(system, 5);

  it.each([1, 2, 3])('RᵀR = JᵀJ and Rᵀ·Qᵀρ = Jᵀρ on %i threads, the same at every call', async (threads) => {
    const engine = await engineOn(threads, system);
    const n = engine.size;
    const found = await engine.orthogonalFactor(theta);
    const { matrix, vector, loss, terms } = await engine.gaussNewton(theta);
    expect(relativeDifference(squared(found.factor, n), matrix)).toBeLessThan(1e-14);
    const r = Matrix.from1DArray(n, n, Array.from(found.factor));
    const right = r.transpose().mmul(Matrix.columnVector(Array.from(found.vector)));
    expect(relativeDifference(right.to1DArray(), vector)).toBeLessThan(1e-13);
    expect([found.loss, found.terms]).toEqual([loss, terms]);
    expect(await engine.orthogonalFactor(theta)).toEqual(found);
  });

  it('JᵀJ is what it was after R has been taken', async () => {
    const engine = await engineOn(1, system);
    const before = await engine.gaussNewton(theta);
    await engine.orthogonalFactor(theta);
    expect(await engine.gaussNewton(theta)).toEqual(before);
  });

  it('a diagonal is folded in as by plain arithmetic', async () => {
    const engine = await engineOn(1, system);
    const { factor, vector } = await engine.orthogonalFactor(theta);
    const diagonal = Float64Array.from(vector, (_, i) => 1e-3 * (1 + (i % 7)));
    const found = engine.foldDiagonal(factor, vector, diagonal);
    const expected = foldDiagonal(factor, vector, diagonal);
    expect(
      relativeDifference(squared(found.factor, engine.size), squared(expected.factor, engine.size)),
    ).toBeLessThan(1e-14);
    expect(relativeDifference(found.vector.map(Math.abs), expected.vector.map(Math.abs))).toBeLessThan(1e-9);
  });
});

it('the Gauss–Newton step from R is the least-squares solution of the Jacobian itself', async () => {
  const system = burgers({ interior: 200, condition: 30, width: 3, depth: 1 });
  const theta = randomTheta(system, 2);
  const engine = await engineOn(2, system);
  const n = engine.size;
  const { factor, vector } = await engine.orthogonalFactor(theta);
  const step = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let value = -vector[i];
    for (let k = i + 1; k < n; k++) value -= factor[i * n + k] * step[k];
    step[i] = value / factor[i * n + i];
  }
  const { rows, residuals } = await engine.jacobian(theta);
  const j = Matrix.from1DArray(residuals.length, n, Array.from(rows));
  const expected = new QrDecomposition(j).solve(Matrix.columnVector(Array.from(residuals))).mul(-1);
  expect(relativeDifference(step, expected.to1DArray())).toBeLessThan(1e-9);
});
