import { describe, expect, it } from 'vitest';
import { SolveError } from '../../src/errors.ts';
import { dormandPrince8 } from '../../src/reference/ode/dormand-prince-8.ts';
import { ExplicitRungeKutta } from '../../src/reference/ode/explicit-runge-kutta.ts';
import { integrate } from '../../src/reference/ode/integrate.ts';
import { ThinnedSolution } from '../../src/reference/ode/thinned-solution.ts';

const steps = 2000;
const end = 20;

/** y'' = −y from rest, in steps much shorter than its period. */
function oscillation(tolerance: readonly number[], memory: number): ThinnedSolution {
  const solution = new ThinnedSolution(tolerance, memory);
  const stepper = new ExplicitRungeKutta(
    dormandPrince8,
    (_, y, out) => {
      out[0] = y[1];
      out[1] = -y[0];
    },
    2,
    { rtol: 1e-12, atol: new Float64Array(2).fill(1e-12) },
  );
  integrate(stepper, [0, end], Float64Array.of(1, 0), {
    step: end / steps,
    maxSteps: 2 * steps,
    keep: false,
    observe: (segment) => {
      solution.add(segment);
      return false;
    },
  });
  return solution;
}

function largestError(solution: ThinnedSolution): number {
  const y = new Float64Array(2);
  let largest = 0;
  for (let i = 0; i <= 1000; i++) {
    const t = (end * i) / 1000;
    solution.evaluate(t, y);
    largest = Math.max(largest, Math.abs(y[0] - Math.cos(t)), Math.abs(y[1] + Math.sin(t)));
  }
  return largest;
}

describe('a solution in fewer numbers than its steps', () => {
  it('is the solution between the steps as well', () => {
    const solution = oscillation([1e-11, 1e-11], 1e6);
    expect(solution.steps).toBe(steps);
    expect(largestError(solution)).toBeLessThan(1e-10);
  });

  it('takes up to a sixteenth of the room, and where the tolerance forbids it says that there is none', () => {
    expect(largestError(oscillation([1e-11, 1e-11], 2200))).toBeLessThan(1e-10);
    expect(() => oscillation([0, 0], 2200)).toThrow(SolveError);
    expect(largestError(oscillation([0, 0], 1e6))).toBeLessThan(1e-10);
  });
});
