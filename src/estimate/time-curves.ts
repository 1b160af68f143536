/** Functions of time with their bands. */
import type { Matrix } from 'ml-matrix';
import { parseExpression } from '../expression/parse.ts';
import { type Observation, type Problem, scopeOf } from '../problem/index.ts';
import { ObservedTrajectory } from './observed-trajectory.ts';
import type { SplineProblem } from './spline-problem.ts';

/** A function of time with its pointwise band. */
export interface TimeCurve {
  readonly t: Float64Array;
  readonly value: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface TimeCurveOptions {
  /** Further expressions in the problem's symbols, by name. */
  readonly report?: Readonly<Record<string, string>>;
  /** Default: 201, equidistant. */
  readonly times?: Float64Array;
  /** Relative tolerance of the integration. */
  readonly rtol: number;
}

/**
 * Fields, and what `report` names, as functions of time at estimated values of the unknowns, with bands by the delta
 * method; those of quantities that are positive throughout on a logarithmic scale.
 *
 * @param values      of the unknowns of the problem with splines
 * @param covariance  of all parameters, those unknowns first
 * @param z           half width of the bands in standard errors
 */
export function timeCurves(
  problem: Problem,
  splines: SplineProblem,
  values: Float64Array,
  covariance: Matrix,
  z: number,
  { report = {}, times, rtol }: TimeCurveOptions,
): Record<string, TimeCurve> {
  const [{ low, high }] = problem.coordinates;
  const t = times ?? Float64Array.from({ length: 201 }, (_, i) => low + ((high - low) * i) / 200);
  const scope = scopeOf(problem);
  const texts: Record<string, string> = {
    ...Object.fromEntries(problem.fields.filter((f) => !f.accumulated).map(({ name }) => [name, name])),
    ...report,
  };
  const observations = Object.entries(texts).map(
    ([name, text]): Observation => ({
      path: `report.${name}`,
      text,
      expression: splines.withSplines(parseExpression(text, scope, `report.${name}`)),
      points: t,
      before: undefined,
      over: undefined,
      values: new Float64Array(t.length),
      count: t.length,
      missing: 0,
      weight: 1,
      noise: { distribution: 'gaussian', standardDeviation: 1 },
    }),
  );
  const size = values.length;
  const { predicted, sensitivities } = ObservedTrajectory.of(
    { ...splines.problem, observations },
    rtol,
  ).predict(values, true);
  return Object.fromEntries(
    Object.keys(texts).map((name, o) => {
      const value = predicted[o];
      const positive = value.every((v) => v > 0);
      const error = value.map((_, i) => {
        const gradient = sensitivities[o].subarray(i * size, (i + 1) * size);
        let square = 0;
        for (let a = 0; a < size; a++)
          for (let b = 0; b < size; b++) square += gradient[a] * gradient[b] * covariance.get(a, b);
        return Math.sqrt(Math.max(0, square));
      });
      const bound = (sign: number): Float64Array =>
        value.map((v, i) => (positive ? v * Math.exp((sign * z * error[i]) / v) : v + sign * z * error[i]));
      return [name, { t, value, low: bound(-1), high: bound(1) }];
    }),
  );
}
