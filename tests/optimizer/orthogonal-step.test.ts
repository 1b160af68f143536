import { describe, expect, it } from 'vitest';
import { cholesky } from '../../src/optimizer/cholesky.ts';
import { NormalModel, OrthogonalModel } from '../../src/optimizer/damped-step.ts';
import { LevenbergMarquardt } from '../../src/optimizer/levenberg-marquardt.ts';
import {
  foldDiagonal,
  multiplyTransposed,
  solveTransposed,
  solveUpper,
  squaredColumnNorms,
} from '../../src/optimizer/triangular-factor.ts';
import { linearProblem } from './linear-problem.ts';

/** exp(3x) at 60 points, by powers of x up to 15: the condition number of J is about 1e12. */
const points = Array.from({ length: 60 }, (_, i) => i / 59);
const powers = linearProblem(
  points.map((x) => Array.from({ length: 16 }, (_, k) => x ** k)),
  points.map((x) => Math.exp(3 * x)),
);

describe('a damped step by J = QR', () => {
  const factor = Float64Array.of(2, 1, -1, 0, 3, 0.5, 0, 0, -1.5);
  const vector = Float64Array.of(1, -2, 0.5);

  it('is that of the normal equations', () => {
    const matrix = Float64Array.from({ length: 9 }, (_, at) => {
      const [i, j] = [Math.floor(at / 3), at % 3];
      return [0, 1, 2].reduce((sum, k) => sum + factor[3 * k + i] * factor[3 * k + j], 0);
    });
    const loss = 7;
    const normal = { loss, matrix, vector: multiplyTransposed(factor, vector) };
    for (const scaling of ['identity', 'jacobi'] as const) {
      const orthogonal = new OrthogonalModel({ loss, factor, vector }, foldDiagonal);
      const expected = new NormalModel(normal, cholesky, new Float64Array(9)).system(scaling, 0.3)!;
      const found = orthogonal.system(scaling, 0.3)!;
      for (const b of [found.delta, Float64Array.of(1, 2, 3)]) {
        found.solve(b).forEach((value, i) => {
          expect(value).toBeCloseTo(expected.solve(b)[i], 14);
        });
        found.penalty(b).forEach((value, i) => {
          expect(value).toBeCloseTo(expected.penalty(b)[i], 14);
        });
      }
      found.delta.forEach((value, i) => {
        expect(value).toBeCloseTo(expected.delta[i], 14);
      });
      expect(found.predicted).toBeCloseTo(expected.predicted, 13);
    }
  });

  it('rests on triangular products and solves that undo each other', () => {
    const x = Float64Array.of(0.3, -1, 2);
    const y = solveTransposed(factor, multiplyTransposed(factor, x));
    for (let i = 0; i < 3; i++) expect(y[i]).toBeCloseTo(x[i], 14);
    const product = [2 * 0.3 - 1 - 2, -3 + 1, -3];
    const z = solveUpper(factor, Float64Array.from(product));
    for (let i = 0; i < 3; i++) expect(z[i]).toBeCloseTo(x[i], 14);
    expect([...squaredColumnNorms(factor, 3)]).toEqual([4, 10, 3.5]);
  });

  it('leaves R and c as they are where the diagonal is zero', () => {
    expect(foldDiagonal(factor, vector, new Float64Array(3))).toEqual({ factor, vector });
  });
});

describe('Levenberg–Marquardt on a nearly dependent basis', () => {
  const lossBy = async (factorization: 'cholesky' | 'qr' | 'auto', objective = powers) => {
    const optimizer = new LevenbergMarquardt(objective, new Float64Array(16), { factorization });
    for (let k = 0; k < 120; k++) {
      const { loss, finished } = await optimizer.step();
      if (finished !== undefined || loss < 1e-28) break;
    }
    return (await objective.loss(optimizer.theta)).loss;
  };

  it('reaches by J = QR, or by its own choice, digits that JᵀJ does not have', async () => {
    const [byCholesky, byQr, byEither] = [await lossBy('cholesky'), await lossBy('qr'), await lossBy('auto')];
    expect(byQr).toBeLessThan(0.03 * byCholesky);
    expect(byEither).toBeLessThan(0.03 * byCholesky);
    // Residuals of 20 are left with errors near rounding.
    expect(Math.sqrt(byEither / points.length)).toBeLessThan(1e-13);
  });

  it('changes over at small damping only, and back again', async () => {
    const used: string[] = [];
    const watched = {
      ...powers,
      gaussNewton: async (theta: Float64Array) => {
        used.push('cholesky');
        return powers.gaussNewton(theta);
      },
      orthogonalFactor: async (theta: Float64Array) => {
        used.push('qr');
        return powers.orthogonalFactor(theta);
      },
    };
    await lossBy('auto', watched);
    expect(used[0]).toBe('cholesky');
    expect(used.at(-1)).toBe('qr');
    const first = used.indexOf('qr');
    expect(first).toBeGreaterThan(10);
    const optimizer = new LevenbergMarquardt(watched, new Float64Array(16));
    for (let k = 0; k < first + 3; k++) await optimizer.step();
    const state = optimizer.state();
    expect(state.numbers.orthogonal).toBe(1);
    // A state whose damping has grown since goes on by JᵀJ after the step at hand.
    const grown = { ...state, numbers: { ...state.numbers, identityDamping: 1e-3 } };
    const resumed = new LevenbergMarquardt(watched, new Float64Array(16), {}, grown);
    used.length = 0;
    await resumed.step();
    await resumed.step();
    expect(used).toEqual(['qr', 'cholesky']);
  });

  it('says what is missing where J cannot be factorised', () => {
    const { orthogonalFactor: _, ...objective } = powers;
    expect(() => new LevenbergMarquardt(objective, new Float64Array(16), { factorization: 'qr' })).toThrow(
      /factorises J/,
    );
  });
});
