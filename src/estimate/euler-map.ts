import { InterruptedError, NotSupportedError, ProblemError, SolveError } from '../errors.ts';
import { partial } from '../expression/differentiate.ts';
import { leavesOf } from '../expression/expression.ts';
import type { Problem } from '../problem/problem.ts';
import { bindProgram } from '../reference/bound-program.ts';
import { ExplicitForm } from '../reference/explicit-form.ts';
import { initialPlace, solveInitialState } from '../reference/initial-state.ts';
import { minimizeLeastSquares, type ResidualPoint } from './bounded-levenberg-marquardt.ts';

export interface EulerMapOptions {
  /** h, in the unit of time; default 1. */
  readonly step?: number;
}

export interface EulerMapFitOptions extends EulerMapOptions {
  /** Starting values; default: each unknown's `initial`. */
  readonly start?: Readonly<Record<string, number>>;
  /** Default 200. */
  readonly maxIterations?: number;
  readonly signal?: AbortSignal;
}

/** States of a difference equation. */
export interface EulerMapTrajectory {
  /** Times of the states, the last one at or before the end of the domain. */
  readonly t: Float64Array;
  /** One array for each field. */
  readonly fields: Readonly<Record<string, Float64Array>>;
}

export interface EulerMapFit {
  readonly estimates: Readonly<Record<string, number>>;
  readonly sumOfSquares: number;
  readonly iterations: number;
  readonly stopped: 'converged' | 'iterations';
  readonly trajectory: EulerMapTrajectory;
}

/**
 * The difference equation x_{n+1} = x_n + h·f(t_n, x_n) of a problem's differential equations x' = f(t, x): its
 * own model, of discrete generations or daily counts, and Euler's method with the step h. Euler (1768),
 * Institutiones calculi integralis I, § 650.
 */
class EulerMap {
  readonly form: ExplicitForm;
  readonly steps: number;
  private readonly low: number;

  constructor(
    readonly problem: Problem,
    readonly step: number,
  ) {
    if (!(step > 0 && Number.isFinite(step)))
      throw new ProblemError(`${step} is no step`, { path: 'step', hint: 'give a number above zero' });
    this.form = new ExplicitForm(problem);
    const { low, high, name } = problem.coordinates[0];
    if (initialPlace(problem, this.form) !== low)
      throw new NotSupportedError('a difference equation needs initial conditions for every state', {
        path: 'conditions',
        hint: `give each at ${name} = ${low}`,
      });
    this.low = low;
    this.steps = Math.floor((high - low) / step + onGrid);
  }

  time(n: number): number {
    return this.low + n * this.step;
  }

  /** @throws ProblemError where no state has this time. */
  index(t: number, path: string): number {
    const steps = (t - this.low) / this.step;
    const index = Math.round(steps);
    if (Math.abs(steps - index) > onGrid)
      throw new ProblemError(`the difference equation has no state at ${t}`, {
        path,
        hint: `its states are ${this.step} apart, from ${this.low} on`,
      });
    return index;
  }

  /**
   * States by time, and their derivatives by the unknowns, (size, unknowns) row-major: both follow from the map.
   *
   * @throws SolveError where they do not stay finite
   */
  iterate(p: Float64Array): { states: Float64Array[]; slopes: Float64Array[] } {
    const { form, step, problem } = this;
    const { size } = form;
    const start = solveInitialState(problem, form, this.low, p);
    const states = [start.y.slice()];
    const slopes = [start.sensitivity.slice()];
    const rate = new Float64Array(size);
    const jacobian = new Float64Array(size * size);
    const direct = new Float64Array(size * p.length);
    for (let n = 0; n < this.steps; n++) {
      const y = states[n];
      const s = slopes[n];
      const t = this.time(n);
      form.evaluate(t, y, p, rate);
      const next = y.map((value, i) => value + step * rate[i]);
      if (!next.every(Number.isFinite))
        throw new SolveError(`the difference equation is not finite at ${this.time(n + 1)}`);
      if (p.length > 0) {
        form.jacobian(t, y, p, jacobian);
        form.unknownDerivative(t, y, p, direct);
      }
      states.push(next);
      slopes.push(
        s.map((value, place) => {
          const i = Math.floor(place / p.length);
          const k = place % p.length;
          let change = direct[place];
          for (let j = 0; j < size; j++) change += jacobian[i * size + j] * s[j * p.length + k];
          return value + step * change;
        }),
      );
    }
    return { states, slopes };
  }

  trajectory(states: readonly Float64Array[]): EulerMapTrajectory {
    return {
      t: Float64Array.from(states, (_, n) => this.time(n)),
      fields: Object.fromEntries(
        this.form.fields.map(({ name, offset }) => [name, Float64Array.from(states, (y) => y[offset])]),
      ),
    };
  }
}

/** A time this share of a step away from a state's counts as the state's. */
const onGrid = 1e-9;

function valuesOf({ unknowns }: Problem, given: Readonly<Record<string, number>> = {}): Float64Array {
  for (const name of Object.keys(given))
    if (!unknowns.some((unknown) => unknown.name === name))
      throw new ProblemError(`${name} is not an unknown of the problem`, {
        hint: `unknowns are ${unknowns.map(({ name }) => name).join(', ') || 'none'}`,
      });
  return Float64Array.from(unknowns, ({ name, initial }) => given[name] ?? initial);
}

/**
 * The problem's differential equations iterated as a difference equation, x_{n+1} = x_n + h·f(t_n, x_n).
 *
 * @param unknowns  values of the problem's unknowns; default: each one's `initial`
 * @throws NotSupportedError where the problem is no initial value problem; SolveError where it does not stay finite
 * @example
 * const { t, fields } = iterateEulerMap(sir, { step: 1 }); // daily counts
 */
export function iterateEulerMap(
  problem: Problem,
  options: EulerMapOptions & { readonly unknowns?: Readonly<Record<string, number>> } = {},
): EulerMapTrajectory {
  const map = new EulerMap(problem, options.step ?? 1);
  return map.trajectory(map.iterate(valuesOf(problem, options.unknowns)).states);
}

/**
 * Least squares over trajectories of the difference equation: to data that were made, or arose, step by step the
 * model that belongs. Observations must lie at its times.
 *
 * @throws NotSupportedError, ProblemError, SolveError as {@link iterateEulerMap}; ProblemError without unknowns or
 * observations, or for an observation between two states
 */
export function fitEulerMap(problem: Problem, options: EulerMapFitOptions = {}): EulerMapFit {
  const { unknowns } = problem;
  const map = new EulerMap(problem, options.step ?? 1);
  if (unknowns.length === 0)
    throw new ProblemError('there are no unknowns to estimate', { path: 'unknowns' });
  if (problem.observations.length === 0)
    throw new ProblemError('there are no observations to fit', { path: 'data' });
  const position = map.form.position.bind(map.form);
  const observed = problem.observations.map(({ expression, points, values, weight, path }) => {
    const leaves = leavesOf([expression]).filter(({ kind }) => kind !== 'coordinate');
    return {
      value: bindProgram([expression], position),
      partials: bindProgram(
        leaves.map((leaf) => partial(expression, leaf)),
        position,
      ),
      places: leaves.map(position),
      indices: Array.from(points, (t) => map.index(t, path)),
      values,
      scale: Math.sqrt(weight),
    };
  });
  const count = observed.reduce((sum, { values }) => sum + values.length, 0);
  const parameters = unknowns.length;
  const { size } = map.form;
  const unknownPlace = 1 + size + map.form.fields.length;
  const evaluate = (p: Float64Array): ResidualPoint & { states: Float64Array[] } => {
    const { states, slopes } = map.iterate(p);
    const residuals = new Float64Array(count);
    const jacobian = new Float64Array(count * parameters);
    const prediction = new Float64Array(1);
    let row = 0;
    for (const { value, partials, places, indices, values, scale } of observed) {
      const gradient = new Float64Array(places.length);
      indices.forEach((index, n) => {
        const leaves = map.form.leafValues(map.time(index), states[index], p);
        value(leaves, prediction);
        partials(leaves, gradient);
        residuals[row] = scale * (prediction[0] - values[n]);
        places.forEach((place, i) => {
          if (place >= unknownPlace) jacobian[row * parameters + place - unknownPlace] += scale * gradient[i];
          else if (place <= size)
            for (let k = 0; k < parameters; k++)
              jacobian[row * parameters + k] +=
                scale * gradient[i] * slopes[index][(place - 1) * parameters + k];
          else throw new NotSupportedError('a derivative is observed: a difference equation has none');
        });
        row++;
      });
    }
    return { residuals, jacobian, sumOfSquares: residuals.reduce((sum, r) => sum + r * r, 0), states };
  };
  const minimum = minimizeLeastSquares(
    {
      low: Float64Array.from(unknowns, ({ min }) => min ?? Number.NEGATIVE_INFINITY),
      high: Float64Array.from(unknowns, ({ max }) => max ?? Number.POSITIVE_INFINITY),
      scale: Float64Array.from(unknowns, ({ scale, initial }) => scale ?? (Math.abs(initial) || 1)),
      maxIterations: options.maxIterations ?? 200,
      evaluate: (x) => {
        if (options.signal?.aborted) throw new InterruptedError('the estimation was interrupted');
        try {
          const point = evaluate(x);
          return Number.isFinite(point.sumOfSquares) ? point : undefined;
        } catch (error) {
          if (error instanceof SolveError && !(error instanceof InterruptedError)) return undefined;
          throw error;
        }
      },
    },
    valuesOf(problem, options.start),
  );
  if (minimum === undefined)
    throw new SolveError(
      'the difference equation does not stay finite at the start; other starting values may help',
    );
  const { x, point, iterations, stopped } = minimum;
  return {
    estimates: Object.fromEntries(unknowns.map(({ name }, i) => [name, x[i]])),
    sumOfSquares: point.sumOfSquares,
    iterations,
    stopped,
    trajectory: map.trajectory(point.states),
  };
}
