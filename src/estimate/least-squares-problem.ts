import { statedDeviation } from '../problem/noise.ts';
import type { Problem } from '../problem/problem.ts';
import { ObservedTrajectory, type Prediction } from './observed-trajectory.ts';

/** Residuals, their derivatives, and the trajectory at given values of the unknowns. */
export interface LeastSquaresPoint extends Prediction {
  readonly values: Float64Array;
  /** (observations). */
  readonly residuals: Float64Array;
  /** ∂residual/∂unknown, (observations, unknowns) row-major. */
  readonly jacobian: Float64Array;
  readonly sumOfSquares: number;
  readonly trajectory: { at(t: number): Record<string, number> };
}

/**
 * The least-squares problem of shooting: residuals √weight·(observed expression − value)/noise over all
 * observations, at the trajectory that starts from the initial conditions.
 */
export class LeastSquaresProblem {
  readonly count: number;
  readonly model: ObservedTrajectory;
  /** Factor of every residual, by observation. */
  private readonly scales: readonly number[];

  /** @throws as {@link ObservedTrajectory} */
  constructor(
    readonly problem: Problem,
    rtol: number,
  ) {
    this.model = ObservedTrajectory.of(problem, rtol);
    this.scales = problem.observations.map(
      ({ weight, noise }) => Math.sqrt(weight) / (statedDeviation(noise) ?? 1),
    );
    this.count = problem.observations.reduce((sum, { values }) => sum + values.length, 0);
  }

  /** @throws SolveError where the trajectory cannot be integrated or is not finite at an observation */
  evaluate(values: Float64Array, sensitivities = true): LeastSquaresPoint {
    const { problem, model, scales } = this;
    const prediction = model.predict(values, sensitivities);
    const residuals = new Float64Array(this.count);
    const jacobian = new Float64Array(sensitivities ? this.count * values.length : 0);
    let row = 0;
    let sumOfSquares = 0;
    problem.observations.forEach((observation, o) => {
      const predicted = prediction.predicted[o];
      const derivative = prediction.sensitivities[o];
      const first = row * values.length;
      for (let i = 0; i < predicted.length; i++, row++) {
        residuals[row] = scales[o] * (predicted[i] - observation.values[i]);
        sumOfSquares += residuals[row] ** 2;
      }
      for (let i = 0; i < derivative.length; i++) jacobian[first + i] = scales[o] * derivative[i];
    });
    return {
      ...prediction,
      values,
      residuals,
      jacobian,
      sumOfSquares,
      trajectory: model.trajectory(values),
    };
  }
}
