import { SolveError } from '../../errors.ts';
import { assertInside } from '../../problem/membership.ts';
import type { Problem } from '../../problem/problem.ts';
import { newton } from '../collocation/newton.ts';
import { integrateImplicitly, type SteppedSolution, stateAt } from '../ode/implicit-integration.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import type { Discretization } from './discretization.ts';
import { domainSpacing, scatteredDomain } from './domain.ts';
import { NodalField } from './nodal-field.ts';
import { ScatteredForm } from './scattered-form.ts';
import { freeConstants, spatialModel } from './spatial-model.ts';
import { degreeFor, freeText } from './steady-reference.ts';

interface Evolution {
  readonly discretization: Discretization;
  readonly solution: SteppedSolution;
}

const guesses = [0, 1, -1, 0.1];
const mostLevels = 7;

/** Of the difference of the last two solutions: steps that err by less are lost on nodes that err by that. */
const stepShare = 1e-3;

/**
 * The reference of an evolution equation on any shape of two or three dimensions: the method of lines on scattered
 * nodes, boundary conditions as algebraic equations, ESDIRK4(3) in time; nodes are doubled and the tolerance
 * tightened until two solutions agree.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function scatteredEvolutionReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = new ScatteredForm(problem);
  const free = freeConstants(form);
  const domain = scatteredDomain(form);
  const dimension = form.space.length;
  const time = form.time!;
  const sample = samplePoints(form, domain.shape.sample('sobol', 200, 7));
  let best: Evolution | undefined;
  let bestValues: Record<string, Float64Array> = {};
  let estimate = Number.POSITIVE_INFINITY;
  let failure: unknown;
  let seconds = 0;
  for (let level = 0; level < mostLevels; level++) {
    if (best !== undefined && performance.now() + 3500 * seconds > deadline) break;
    const begun = performance.now();
    const nodes = (dimension === 2 ? 350 : 800) * 2 ** level;
    const bySpace = Number.isFinite(estimate) ? stepShare * estimate : 0;
    const tolerance = Math.max(0.1 * target, 1e-5 * 20 ** -level, bySpace);
    let next: Evolution;
    try {
      next = evolve(form, domainSpacing(domain, nodes), tolerance);
    } catch (error) {
      if (!(error instanceof SolveError)) throw error;
      failure = error;
      if (best !== undefined || performance.now() > deadline) break;
      continue;
    }
    seconds = (performance.now() - begun) / 1000;
    const values = evaluate(next, sample);
    const difference = best === undefined ? estimate : relativeDifference(bestValues, values);
    if (best !== undefined && difference >= estimate && estimate < 1e-6) break;
    estimate = difference;
    best = next;
    bestValues = values;
    if (estimate <= target) break;
  }
  if (best === undefined || !(estimate < 0.1)) {
    throw failure ?? new SolveError('the nodes that the time limit allows do not resolve the solution');
  }
  const found = best;
  return {
    available: true,
    method: `finite differences of polyharmonic splines on ${found.discretization.nodes.count} scattered nodes, ESDIRK4(3) in time, ${found.solution.times.length - 1} steps${freeText(form, free)}`,
    errorEstimate: Math.max(1e-14, estimate),
    evaluate: (points) => {
      const d = problem.coordinates.length;
      for (let i = 0; i < points.length; i += d) assertInside(points.subarray(i, i + d), problem, 'points');
      return evaluate(found, points);
    },
  };

  function evolve(of: ScatteredForm, spacing: number, tolerance: number): Evolution {
    const model = spatialModel(of, domain, spacing, degreeFor(of), p);
    const { system, discretization } = model;
    const { low, high } = problem.coordinates[time];
    const start = model.start();
    let state: Float64Array | undefined;
    for (const guess of guesses) {
      state ??= newton(start, low, new Float64Array(start.n).fill(guess), deadline);
    }
    if (state === undefined) {
      throw new SolveError(
        'the initial and boundary conditions could not be solved for the state at the start',
      );
    }
    const s = of.states.length;
    const scales = new Float64Array(s);
    const norm = (error: Float64Array, y: Float64Array): number => {
      const count = discretization.carriers;
      for (let i = 0; i < count; i++) {
        for (let r = 0; r < s; r++) scales[r] = Math.max(scales[r], Math.abs(y[i * s + r]));
      }
      const floor = 1e-3 * Math.max(...scales) || 1;
      let sum = 0;
      for (let i = 0; i < count; i++) {
        for (let r = 0; r < s; r++) sum += (error[i * s + r] / Math.max(scales[r], floor)) ** 2;
      }
      return Math.sqrt(sum / (count * s)) / tolerance;
    };
    const { constantJacobian } = system;
    const solution = integrateImplicitly(system, [low, high], state, { norm, constantJacobian, deadline });
    return { discretization, solution };
  }

  function evaluate(
    { discretization, solution }: Evolution,
    points: Float64Array,
  ): Record<string, Float64Array> {
    const d = problem.coordinates.length;
    const count = points.length / d;
    const places = new Float64Array(count * dimension);
    for (let i = 0; i < count; i++) {
      form.space.forEach((axis, a) => {
        places[i * dimension + a] = points[i * d + axis];
      });
    }
    const field = new NodalField(form, discretization, places, free);
    const result = Object.fromEntries(problem.fields.map(({ name }) => [name, new Float64Array(count)]));
    // Points of one time share the state at it.
    const order = Array.from({ length: count }, (_, i) => i).sort(
      (a, b) => points[a * d + time] - points[b * d + time],
    );
    let at = Number.NaN;
    let state = new Float64Array(0);
    for (const i of order) {
      const t = points[i * d + time];
      if (t !== at) {
        at = t;
        state = new Float64Array(stateAt(solution, t));
        field.take(state);
      }
      problem.fields.forEach(({ name }, f) => {
        result[name][i] = field.value(i, f);
      });
    }
    return result;
  }
}

/** Places at a number of times. */
function samplePoints(form: ScatteredForm, places: Float64Array): Float64Array {
  const { coordinates } = form.problem;
  const { low, high } = coordinates[form.time!];
  const dimension = form.space.length;
  const points: number[] = [];
  for (let k = 1; k <= 20; k++) {
    for (let i = 0; i < places.length; i += dimension) {
      const point = new Array<number>(coordinates.length);
      form.space.forEach((axis, a) => {
        point[axis] = places[i + a];
      });
      point[form.time!] = low + ((high - low) * k) / 20;
      points.push(...point);
    }
  }
  return Float64Array.from(points);
}
