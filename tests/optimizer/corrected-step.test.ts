import { describe, expect, it } from 'vitest';
import { cholesky } from '../../src/optimizer/cholesky.ts';
import { correctedStep } from '../../src/optimizer/corrected-step.ts';
import { NormalModel } from '../../src/optimizer/damped-step.ts';
import { norm, plus } from '../../src/optimizer/vector.ts';
import { leastSquares } from './test-functions.ts';

/** A valley along the unit circle with its bottom at (0, 1): a straight step along it leaves it. */
const valley = leastSquares(([x, y]) => [100 * (x * x + y * y - 1), x]);
const theta = Float64Array.of(Math.sin(0.3), Math.cos(0.3));

async function systemAt(damping: number) {
  const model = await valley.gaussNewton(theta);
  const system = new NormalModel(model, cholesky, new Float64Array(4)).system('identity', damping)!;
  return { model, system };
}

describe('a corrected step', () => {
  it('ends where Jᵀρ(θ + δ) + μDδ = 0, with J where it began', async () => {
    const { model, system } = await systemAt(1);
    const limits = { satisfactory: Number.POSITIVE_INFINITY, most: 40 };
    const { theta: reached, corrections } = await correctedStep(valley, theta, model.loss, system, limits);
    expect(corrections).toBeGreaterThan(3);
    const { gradient } = await valley.crossGradient(theta, reached);
    const delta = plus(reached, -1, theta);
    const left = plus(system.penalty(delta), 0.5, gradient);
    expect(norm(left)).toBeLessThan(1e-4 * norm(model.vector));
  });

  it('keeps the promise that a straight one breaks', async () => {
    const { model, system } = await systemAt(1);
    const limits = { satisfactory: 0.75, most: 10 };
    const straight = await correctedStep(valley, theta, model.loss, system, { ...limits, most: 0 });
    const bent = await correctedStep(valley, theta, model.loss, system, limits);
    expect(straight.ratio).toBeLessThan(0);
    expect(straight.corrections).toBe(0);
    expect(bent.ratio).toBeGreaterThan(0.75);
  });

  it('gives up early where corrections grow', async () => {
    const { model, system } = await systemAt(1e-9);
    const start = Float64Array.of(Math.sin(1.5), Math.cos(1.5));
    let evaluations = 0;
    const counted = {
      ...valley,
      crossGradient: (from: Float64Array, to: Float64Array) => {
        evaluations += 1;
        return valley.crossGradient(from, to);
      },
    };
    const limits = { satisfactory: 0.75, most: 100 };
    const step = await correctedStep(counted, start, model.loss, system, limits);
    expect(step.ratio).toBeLessThan(0.25);
    expect(evaluations).toBeLessThan(20);
  });
});
