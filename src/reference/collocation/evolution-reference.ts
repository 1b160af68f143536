import { ProblemError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import type { DenseSegment } from '../ode/dense-output.ts';
import { evaluateSegment, findSegment } from '../ode/dense-output.ts';
import { integrate } from '../ode/integrate.ts';
import { Rosenbrock } from '../ode/rosenbrock.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { CollocationSystem } from './collocation-system.ts';
import { newton } from './newton.ts';
import { type SpaceTimeForm, spaceTimeForm } from './space-time-form.ts';
import { SplineSpace } from './spline-space.ts';

/** The solution over one stretch of time, on one mesh. */
interface Stretch {
  readonly space: SplineSpace;
  readonly segments: readonly DenseSegment[];
}

interface Evolution {
  readonly stretches: readonly Stretch[];
  readonly steps: number;
  readonly mostElements: number;
  readonly k: number;
  /** Largest magnitude of each field over all times. */
  readonly sizes: Float64Array;
}

const mostElements = 1500;

/**
 * How finely to solve. Successive runs differ in all of it, so that none of their errors is the same: a step that
 * is as long as a stretch, an element that needs no halving.
 */
interface Resolution {
  readonly tolerance: number;
  /** Collocation points per element. */
  readonly k: number;
  /** Number of stretches of time. */
  readonly stretches: number;
  /** Elements are not halved below this part of the domain. */
  readonly width: number;
}

const resolutionAt = (level: number, target: number): Resolution => ({
  tolerance: Math.max(target / 3, Math.max(1e-4, target) / 30 ** level),
  k: 7 + level,
  stretches: Math.round(16 * 1.6 ** level),
  width: 2 ** -(6 + level),
});

/**
 * The reference of an evolution equation in one space coordinate: spline collocation at Gauss points in space,
 * Rodas in time, on a mesh that is halved where the solution's Legendre coefficients have not decayed. The mesh
 * is constant over a stretch of time; a stretch in which it turns out too coarse is done again on a finer one.
 * The error is estimated by solving with looser tolerances, in space and time. Ascher, Mattheij & Russell
 * (1995), chapter 5, for the space; Wang, Keast & Muir (2004), J. Comput. Appl. Math. 169, 127–150, for the
 * method of lines on such a space.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function evolutionReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = spaceTimeForm(problem);
  const sample = samplePoints(problem, form);
  let best: Evolution | undefined;
  let bestValues: Record<string, Float64Array> = {};
  let estimate = Number.POSITIVE_INFINITY;
  let failure: unknown;
  for (let level = 0; level < 6; level++) {
    let next: Evolution;
    try {
      next = evolve(problem, form, p, resolutionAt(level, target), best?.sizes, deadline);
    } catch (error) {
      failure = error;
      break;
    }
    const values = evaluateEvolution(problem, form, next, sample);
    if (best !== undefined) estimate = relativeDifference(bestValues, values);
    best = next;
    bestValues = values;
    if (estimate <= target) break;
  }
  if (best === undefined || !(estimate < 0.1)) {
    throw failure ?? new SolveError(`two discretisations differ by ${estimate.toPrecision(2)}`);
  }
  const found = best;
  return {
    available: true,
    method: `spline collocation at ${found.k} Gauss points on up to ${found.mostElements} elements, Rodas in time, ${found.steps} steps`,
    errorEstimate: Math.max(1e-15, estimate),
    evaluate: (points) => evaluateEvolution(problem, form, found, points),
  };
}

function evolve(
  problem: Problem,
  form: SpaceTimeForm,
  p: Float64Array,
  { tolerance, k, stretches: stretchCount, width }: Resolution,
  sizes: Float64Array | undefined,
  deadline: number,
): Evolution {
  const { low, high } = problem.coordinates[form.space];
  const { low: start, high: end, name: time } = problem.coordinates[form.time!];
  // Where data are not smooth no mesh is fine enough; the error estimate then tells.
  const narrowest = width * (high - low);
  const orders = form.fields.map(({ order }) => order);
  const uniform = Float64Array.from({ length: 9 }, (_, i) => low + ((high - low) * i) / 8);
  let space = new SplineSpace(uniform, orders, k, form.periodic);
  const initialise = () => initialUnknowns(form, space, p, start, deadline);
  let state = initialise();
  // A field that starts at zero has no size yet: the run before knows it, and the first run takes it from the
  // other fields.
  const initialSizes = space.magnitudes(state);
  const floor = 1e-2 * (Math.max(...initialSizes) || 1);
  const scales = sizes?.slice() ?? initialSizes.map((size) => Math.max(size, floor));
  const reached = initialSizes.slice();
  const unresolved = (at: SplineSpace, unknowns: Float64Array): Set<number> | undefined => {
    at.magnitudes(unknowns).forEach((magnitude, i) => {
      scales[i] = Math.max(scales[i], magnitude);
      reached[i] = Math.max(reached[i], magnitude);
    });
    const tails = at.tails(unknowns, scales);
    const marked = new Set<number>();
    tails.forEach((tail, e) => {
      if (!(tail <= tolerance) && at.mesh[e + 1] - at.mesh[e] > narrowest) marked.add(e);
    });
    return marked.size > 0 ? marked : undefined;
  };
  const refine = (marked: ReadonlySet<number>): void => {
    const refined = space.refine((e) => marked.has(e));
    if (refined.elements > mostElements)
      throw new SolveError(`${mostElements} elements do not resolve the solution`);
    const atStart = stretches.length === 0;
    if (!atStart) state = refined.interpolate(space, state);
    space = refined;
    if (atStart) state = initialise();
  };

  const stretches: Stretch[] = [];
  for (let marked = unresolved(space, state); marked !== undefined; marked = unresolved(space, state)) {
    checkDeadline(deadline, time, start);
    refine(marked);
  }
  let steps = 0;
  let largest = space.elements;
  let initialStep: number | undefined;
  for (let i = 0; i < stretchCount; ) {
    const from = start + ((end - start) * i) / stretchCount;
    const to = i + 1 === stretchCount ? end : start + ((end - start) * (i + 1)) / stretchCount;
    const system = new CollocationSystem(form, space, form.equations, form.massFields, p);
    // Fields of different size are measured by their own.
    const atol = new Float64Array(space.size);
    space.places.forEach((elements, field) => {
      for (const places of elements)
        for (const place of places) atol[place] = 0.1 * tolerance * (scales[field] || 1);
    });
    let marked: Set<number> | undefined;
    const end_ = new Float64Array(space.size);
    const run = integrate(new Rosenbrock(system, { rtol: 0.1 * tolerance, atol }), [from, to], state, {
      initialStep,
      maxSteps: 20_000,
      observe: (segment) => {
        evaluateSegment(segment, segment.t + segment.h, end_);
        marked = unresolved(space, end_);
        return marked !== undefined || performance.now() > deadline;
      },
    });
    if (marked !== undefined) {
      refine(marked);
      initialStep = run.steps > 1 ? Math.abs(run.segments[0].h) : undefined;
      largest = Math.max(largest, space.elements);
      checkDeadline(deadline, time, from);
      continue;
    }
    if (run.t !== to) checkDeadline(Number.NEGATIVE_INFINITY, time, run.t);
    stretches.push({ space, segments: run.segments });
    steps += run.steps;
    state = run.y;
    initialStep = run.nextStep;
    i++;
  }
  return { stretches, steps, mostElements: largest, k, sizes: reached };
}

function checkDeadline(deadline: number, time: string, at: number): void {
  if (performance.now() > deadline) throw new SolveError(`the time limit was reached at ${time} = ${at}`);
}

/** Solves the initial conditions by collocation, together with continuity and the boundary conditions. */
function initialUnknowns(
  form: SpaceTimeForm,
  space: SplineSpace,
  p: Float64Array,
  start: number,
  deadline: number,
): Float64Array {
  const definition = form.initial!;
  const system = new CollocationSystem(
    form,
    space,
    definition,
    definition.residuals.map(() => -1),
    p,
  );
  for (const guess of [0, 1, -1, 0.1]) {
    const state = newton(system, start, new Float64Array(space.size).fill(guess), deadline);
    if (state !== undefined) return state;
  }
  checkDeadline(deadline, 'the coordinate of time', start);
  throw new SolveError('the initial and boundary conditions could not be solved for the state at the start');
}

function samplePoints(problem: Problem, form: SpaceTimeForm): Float64Array {
  const { low, high } = problem.coordinates[form.space];
  const { low: start, high: end } = problem.coordinates[form.time!];
  const points: number[] = [];
  for (let i = 1; i <= 40; i++) {
    for (let j = 0; j <= 200; j++) {
      const x = low + ((high - low) * j) / 200;
      const t = start + ((end - start) * i) / 40;
      points.push(...(form.space === 0 ? [x, t] : [t, x]));
    }
  }
  return Float64Array.from(points);
}

function evaluateEvolution(
  problem: Problem,
  form: SpaceTimeForm,
  { stretches }: Evolution,
  points: Float64Array,
): Record<string, Float64Array> {
  const count = points.length / 2;
  const shown = form.fields.flatMap(({ name, timeOrder }, index) =>
    timeOrder === 0 ? [{ name, index }] : [],
  );
  const result = Object.fromEntries(shown.map(({ name }) => [name, new Float64Array(count)]));
  const time = form.time!;
  let lastTime = Number.NaN;
  let stretch = stretches[0];
  let state = new Float64Array(0);
  // Points of one time share the state at it.
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => points[2 * a + time] - points[2 * b + time],
  );
  for (const i of order) {
    problem.coordinates.forEach(({ name, low, high }, axis) => {
      const value = points[2 * i + axis];
      const slack = 1e-9 * (high - low);
      if (value >= low - slack && value <= high + slack) return;
      throw new ProblemError(`${name} = ${value} lies outside [${low}, ${high}]`, { path: 'points' });
    });
    const t = points[2 * i + time];
    if (t !== lastTime) {
      lastTime = t;
      stretch = stretches.findLast(({ segments }) => segments[0].t <= t) ?? stretches[0];
      state = new Float64Array(stretch.space.size);
      evaluateSegment(findSegment(stretch.segments, t), t, state);
    }
    for (const { name, index } of shown) {
      result[name][i] = stretch.space.evaluate(state, index, points[2 * i + form.space]);
    }
  }
  return result;
}
