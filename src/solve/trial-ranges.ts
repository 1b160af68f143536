/**
 * Ranges of the fields of an inverse problem by classical trajectories at trial values of its unknowns. They
 * serve scaling alone: how large a field gets that is not observed itself cannot be read off its initial value,
 * nor off a trajectory at a guess of the unknowns, along which an epidemic may never break out.
 */
import { NotSupportedError, SolveError } from '../errors.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import type { FieldNode } from '../expression/expression.ts';
import { samplePoints } from '../geometry/point-set.ts';
import { fieldLeaves } from '../problem/implied-value.ts';
import type { Observation, Problem, Unknown } from '../problem/index.ts';
import { ExplicitForm } from '../reference/explicit-form.ts';
import { initialPlace, solveInitialState } from '../reference/initial-state.ts';
import { integrateTrajectory, type Trajectory } from '../reference/initial-value-reference.ts';
import type { FieldRange } from '../residual/index.ts';

const rtol = 1e-3;
/** Trial values far around the starting values, then closer and closer around the best of those. */
const rounds = [
  { trials: 96, decades: 1 },
  { trials: 32, decades: 0.3 },
  { trials: 32, decades: 0.1 },
];
const trialSeconds = 0.05;
const samples = 201;

/** A value by a number in [0, 1]: so many decades up and down, or through the bounds where zero lies among them. */
function trialValue({ initial, min, max }: Unknown, center: number, decades: number, share: number): number {
  const free =
    center === 0 || center < 0 !== initial < 0
      ? min !== undefined && max !== undefined
        ? min + share * (max - min)
        : center + decades * (2 * share - 1)
      : center * 10 ** (decades * (2 * share - 1));
  return Math.min(max ?? Number.POSITIVE_INFINITY, Math.max(min ?? Number.NEGATIVE_INFINITY, free));
}

/** How far a trajectory is from the data; sizes count by their order where they are large. */
class Misfit {
  private readonly problem: Problem;
  private readonly form: ExplicitForm;
  private readonly observations: readonly Observation[];

  constructor(problem: Problem, form: ExplicitForm) {
    this.problem = problem;
    this.form = form;
    this.observations = problem.observations.filter(({ expression }) =>
      fieldLeaves([expression]).every((leaf) => leaf.order[0] < this.stateOf(leaf).order),
    );
  }

  of(trajectory: Trajectory, p: Float64Array): number {
    let total = 0;
    const states = [0, 1].map(() => new Float64Array(this.form.size));
    for (const { expression, points, before, values } of this.observations) {
      const size = 0.1 * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
      values.forEach((value, n) => {
        trajectory.at(points[n], states[0]);
        if (before !== undefined) trajectory.at(before[n], states[1]);
        const predicted = evaluateScalar(expression, (leaf) => {
          if (leaf.kind === 'field') return states[leaf.side][this.stateOf(leaf).offset + leaf.order[0]];
          if (leaf.kind === 'coordinate') return points[n];
          return p[this.problem.unknowns.findIndex(({ name }) => name === leaf.name)];
        });
        total += (Math.asinh(predicted / size) - Math.asinh(value / size)) ** 2;
      });
    }
    return total;
  }

  private stateOf(leaf: FieldNode) {
    return this.form.fields.find(({ name }) => name === leaf.name)!;
  }
}

/** The trajectory that comes closest to the data. */
function closestTrajectory(problem: Problem, form: ExplicitForm, place: number): Trajectory | undefined {
  const { unknowns } = problem;
  const misfit = new Misfit(problem, form);
  let best: { trajectory: Trajectory; p: Float64Array; value: number } | undefined;
  const attempt = (p: Float64Array): void => {
    try {
      const start = solveInitialState(problem, form, place, p);
      const deadline = performance.now() + 1000 * trialSeconds;
      const trajectory = integrateTrajectory(problem, form, start, p, rtol, deadline);
      const value = misfit.of(trajectory, p);
      if (value < (best?.value ?? Number.POSITIVE_INFINITY)) best = { trajectory, p, value };
    } catch (error) {
      if (!(error instanceof SolveError)) throw error;
    }
  };
  attempt(Float64Array.from(unknowns, ({ initial }) => initial));
  for (const { trials, decades } of rounds) {
    const center = best?.p ?? Float64Array.from(unknowns, ({ initial }) => initial);
    const shares = samplePoints('sobol', trials, unknowns.length, 0);
    for (let n = 0; n < trials; n++)
      attempt(
        Float64Array.from(unknowns, (u, i) =>
          trialValue(u, center[i], decades, shares[n * unknowns.length + i]),
        ),
      );
  }
  return best?.trajectory;
}

/** Ranges of the fields that are not observed themselves; none where there is no trajectory. */
export function trialRanges(problem: Problem): Map<string, FieldRange> {
  const ranges = new Map<string, FieldRange>();
  const { coordinates, unknowns, observations, fields } = problem;
  if (coordinates.length !== 1 || unknowns.length === 0 || observations.length === 0) return ranges;
  const observed = new Set(
    observations.flatMap(({ expression, before }) =>
      before === undefined ? fieldLeaves([expression]).map(({ name }) => name) : [],
    ),
  );
  const hidden = fields.filter(({ name }) => !observed.has(name));
  if (hidden.length === 0 || fields.some((field) => field.unknown)) return ranges;
  try {
    const form = new ExplicitForm(problem);
    const place = initialPlace(problem, form);
    const trajectory = place === undefined ? undefined : closestTrajectory(problem, form, place);
    if (trajectory === undefined) return ranges;
    const { low, high } = coordinates[0];
    const state = new Float64Array(form.size);
    for (let n = 0; n < samples; n++) {
      trajectory.at(low + ((high - low) * n) / (samples - 1), state);
      for (const { name } of hidden) {
        const value = state[form.fields.find((field) => field.name === name)!.offset];
        const range = ranges.get(name) ?? { low: value, high: value };
        ranges.set(name, { low: Math.min(range.low, value), high: Math.max(range.high, value) });
      }
    }
    return new Map([...ranges].filter(([, range]) => Number.isFinite(range.high - range.low)));
  } catch (error) {
    if (error instanceof NotSupportedError) return new Map();
    throw error;
  }
}
