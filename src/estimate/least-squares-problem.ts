import { NotSupportedError, SolveError } from '../errors.ts';
import { isZero } from '../expression/build.ts';
import { partial } from '../expression/differentiate.ts';
import { type Leaf, leavesOf } from '../expression/expression.ts';
import { statedDeviation } from '../problem/noise.ts';
import type { Problem } from '../problem/problem.ts';
import { type BoundProgram, bindProgram } from '../reference/bound-program.ts';
import { ExplicitForm } from '../reference/explicit-form.ts';
import { initialPlace, solveInitialState } from '../reference/initial-state.ts';
import { integrateSensitivities, type SensitivityTrajectory } from './sensitivity-trajectory.ts';

/** Residuals, their derivatives, and the trajectory at given values of the unknowns. */
export interface LeastSquaresPoint {
  readonly values: Float64Array;
  /** (observations). */
  readonly residuals: Float64Array;
  /** ∂residual/∂unknown, (observations, unknowns) row-major. */
  readonly jacobian: Float64Array;
  readonly sumOfSquares: number;
  readonly trajectory: SensitivityTrajectory;
}

interface ObservationProgram {
  readonly expression: BoundProgram;
  readonly partials: BoundProgram;
  /** Places in the leaf vector that the partials belong to. */
  readonly places: Int32Array;
  readonly times: Float64Array;
  readonly data: Float64Array;
  /** Factor of every residual. */
  readonly scale: number;
}

/**
 * The least-squares problem of shooting: residuals √weight·(observed expression − value)/noise over all
 * observations, at the trajectory that starts from the initial conditions. Derivatives are exact, from the
 * variational equations.
 */
export class LeastSquaresProblem {
  readonly form: ExplicitForm;
  readonly names: readonly string[];
  readonly count: number;
  private readonly place: number;
  private readonly observations: readonly ObservationProgram[];

  /**
   * @throws NotSupportedError where the problem is no initial value problem of ordinary differential
   * equations with observations
   */
  constructor(
    readonly problem: Problem,
    private readonly rtol: number,
  ) {
    this.form = new ExplicitForm(problem);
    this.names = this.form.unknowns;
    if (problem.observations.length === 0) {
      throw new NotSupportedError('there are no observations to fit', { path: 'data' });
    }
    const place = initialPlace(problem, this.form);
    if (place === undefined) {
      throw new NotSupportedError('shooting needs initial conditions for every state', {
        path: 'conditions',
        hint: 'give each at the same place; a value that is not known can be one of the unknowns',
      });
    }
    this.place = place;
    this.observations = problem.observations.map((observation): ObservationProgram => {
      const { expression } = observation;
      const leaves = leavesOf([expression]).filter((leaf: Leaf) => leaf.kind !== 'coordinate');
      const slopes = leaves.map((leaf) => ({ leaf, slope: partial(expression, leaf) }));
      const active = slopes.filter(({ slope }) => !isZero(slope));
      const position = (leaf: Leaf) => this.form.position(leaf);
      return {
        expression: bindProgram([expression], position),
        partials: bindProgram(
          active.map(({ slope }) => slope),
          position,
        ),
        places: Int32Array.from(active, ({ leaf }) => position(leaf)),
        times: observation.points,
        data: observation.values,
        scale: Math.sqrt(observation.weight) / (statedDeviation(observation.noise) ?? 1),
      };
    });
    this.count = this.observations.reduce((sum, { data }) => sum + data.length, 0);
  }

  /** @throws SolveError where the trajectory cannot be integrated or is not finite at an observation */
  evaluate(values: Float64Array, sensitivities = true): LeastSquaresPoint {
    const { form, problem } = this;
    const start = solveInitialState(problem, form, this.place, values);
    const trajectory = integrateSensitivities(problem, form, start, values, this.rtol, sensitivities);
    const parameters = values.length;
    const residuals = new Float64Array(this.count);
    const jacobian = new Float64Array(sensitivities ? this.count * parameters : 0);
    const prediction = new Float64Array(1);
    let row = 0;
    for (const observation of this.observations) {
      const slopes = new Float64Array(observation.places.length);
      for (let n = 0; n < observation.data.length; n++, row++) {
        const t = observation.times[n];
        const leaves = trajectory.leavesAt(t);
        observation.expression(leaves.values, prediction);
        residuals[row] = observation.scale * (prediction[0] - observation.data[n]);
        if (!Number.isFinite(residuals[row])) {
          throw new SolveError(`an observed quantity is not finite at ${problem.coordinates[0].name} = ${t}`);
        }
        if (!sensitivities) continue;
        observation.partials(leaves.values, slopes);
        slopes.forEach((slope, i) => {
          const from = observation.places[i] * parameters;
          for (let p = 0; p < parameters; p++) {
            jacobian[row * parameters + p] += observation.scale * slope * leaves.sensitivities[from + p];
          }
        });
      }
    }
    const sumOfSquares = residuals.reduce((sum, r) => sum + r * r, 0);
    return { values, residuals, jacobian, sumOfSquares, trajectory };
  }
}
