import { SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { insideDomain } from '../domain-points.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { type UnsteadyFlowForm, unsteadyFlowForm } from './unsteady-flow-form.ts';
import { flowSteps } from './unsteady-flow-steps.ts';
import { UnsteadyFlowSystem } from './unsteady-flow-system.ts';

/** Points along each space coordinate to begin with; then so many times as many, where they are needed. */
const firstCount = 14;
const more = 1.3;
/** An axis has enough points where another's tail is so many times as long. */
const shorter = 0.15;
/** Unknowns at most: their matrix is dense. */
const mostUnknowns = 5000;
const firstSteps = 128;
const mostSteps = 65536;
const snapshotMemory = 2e7;
/** Points of the interpolation in time. */
const window = 6;

interface Flow {
  readonly system: UnsteadyFlowSystem;
  readonly snapshots: readonly Float64Array[];
  readonly steps: number;
}

/**
 * The reference of an incompressible flow on a box in time, with a pressure given on some face: Chebyshev collocation with
 * the pressure two degrees lower, backward differentiation of order three with what is linear implicit. Steps and points
 * are refined in turn until two runs agree.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function unsteadyFlowReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = unsteadyFlowForm(problem, p);
  const { low, high } = problem.coordinates[form.time];
  const sample = samplePoints(problem, form);
  let steps = firstSteps;
  let best: Flow | undefined;
  let bestValues: Record<string, Float64Array> = {};
  let timeError = Number.POSITIVE_INFINITY;
  let spaceError = Number.POSITIVE_INFINITY;
  let lastDifference = Number.NaN;
  let system = new UnsteadyFlowSystem(
    problem,
    form,
    form.space.map(() => firstCount),
  );
  let expected = 0;
  while (performance.now() + expected < deadline) {
    const begun = performance.now();
    let every = 1;
    while ((steps / every) * system.size > snapshotMemory && steps / every > 64) every *= 2;
    const run = flowSteps(system, [low, high], steps, every, deadline);
    const taken = performance.now() - begun;
    if (run === 'late') break;
    if (run === undefined) {
      if (steps >= mostSteps) break;
      steps *= 2;
      expected = 2 * taken;
      continue;
    }
    const flow: Flow = { system, steps, snapshots: run.snapshots };
    const values = evaluateFlow(problem, form, flow, sample);
    const difference = best === undefined ? Number.NaN : relativeDifference(bestValues, values);
    // Of an error that falls by eight the difference is seven times what is left; two keeps a margin.
    if (best?.system === system) timeError = difference / 2;
    else if (best !== undefined && best.steps === steps) {
      const ratio = difference / lastDifference;
      spaceError = difference / (1 - Math.min(0.8, ratio || 0));
      lastDifference = difference;
    }
    best = flow;
    bestValues = values;
    if (timeError + spaceError <= target) break;
    const next = refined(problem, form, flow);
    const finest = next === undefined;
    const halve = timeError > 0.3 * (Number.isFinite(spaceError) ? spaceError : 0.1);
    if (halve || finest) {
      if (steps >= mostSteps || (finest && timeError < 0.1 * spaceError)) break;
      steps *= 2;
      expected = 2 * taken;
    } else {
      const before = system.size;
      system = next;
      expected = taken * (system.size / before) ** 2.5;
    }
  }
  const estimate = timeError + spaceError;
  if (best === undefined || !(estimate < 0.3))
    throw new SolveError(
      best === undefined || !Number.isFinite(estimate)
        ? 'the time limit was reached before two flows could be compared'
        : `two flows differ by ${estimate.toPrecision(2)} on ${best.system.grid.sizes.join(' by ')} points`,
    );
  const found = best;
  return {
    available: true,
    method: `Chebyshev collocation on ${found.system.grid.sizes.join(' by ')} points, backward differentiation of order 3 in time, ${found.steps} steps`,
    errorEstimate: Math.max(1e-12, estimate),
    evaluate: (points) => evaluateFlow(problem, form, found, points),
  };
}

/** More points along the axes that need them; undefined where there would be too many. */
function refined(
  problem: Problem,
  form: UnsteadyFlowForm,
  { system, snapshots }: Flow,
): UnsteadyFlowSystem | undefined {
  const worst = system.grid.sizes.map(() => 0);
  const every = Math.ceil(snapshots.length / 16);
  for (let k = every; k < snapshots.length; k += every)
    system.tails(snapshots[k]).forEach((tail, axis) => {
      worst[axis] = Math.max(worst[axis], tail);
    });
  const longest = Math.max(...worst);
  const sizes = system.grid.sizes.map((n, axis) =>
    worst[axis] >= shorter * longest ? 2 * Math.ceil((more * n) / 2) : n,
  );
  const size = sizes.reduce((a, b) => a * b, 1) * problem.fields.length;
  return size > mostUnknowns ? undefined : new UnsteadyFlowSystem(problem, form, sizes);
}

function samplePoints(problem: Problem, form: UnsteadyFlowForm): Float64Array {
  const { coordinates } = problem;
  const side = form.space.length === 2 ? 15 : 7;
  const times = 31;
  const points: number[] = [];
  for (let i = 0; i <= times; i++) {
    for (let j = 0; j < side ** form.space.length; j++) {
      const place = new Array<number>(coordinates.length);
      place[form.time] = i / times;
      form.space.forEach((axis, k) => {
        place[axis] = (Math.floor(j / side ** k) % side) / (side - 1);
      });
      coordinates.forEach(({ low, high }, axis) => {
        points.push(low + (high - low) * place[axis]);
      });
    }
  }
  return Float64Array.from(points);
}

function evaluateFlow(
  problem: Problem,
  form: UnsteadyFlowForm,
  { system, snapshots }: Flow,
  points: Float64Array,
): Record<string, Float64Array> {
  insideDomain(problem, points);
  const d = problem.coordinates.length;
  const count = points.length / d;
  const names = [...form.carried, form.pressure].map((i) => problem.fields[i].name);
  const result = Object.fromEntries(names.map((name) => [name, new Float64Array(count)]));
  const { low, high } = problem.coordinates[form.time];
  // Points of one time share the state at it.
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => points[a * d + form.time] - points[b * d + form.time],
  );
  const state = new Float64Array(system.size);
  let last = Number.NaN;
  for (const i of order) {
    const t = points[i * d + form.time];
    if (t !== last) {
      last = t;
      interpolate(
        snapshots,
        Math.min(1, Math.max(0, (t - low) / (high - low))) * (snapshots.length - 1),
        state,
      );
    }
    const values = system.interpolate(
      state,
      form.space.map((axis) => points[i * d + axis]),
    );
    names.forEach((name, k) => {
      result[name][i] = values[k];
    });
  }
  return result;
}

function interpolate(snapshots: readonly Float64Array[], place: number, out: Float64Array): void {
  const first = Math.max(0, Math.min(snapshots.length - window, Math.floor(place) - window / 2 + 1));
  out.fill(0);
  for (let j = 0; j < window; j++) {
    let weight = 1;
    for (let k = 0; k < window; k++) if (k !== j) weight *= (place - first - k) / (j - k);
    const values = snapshots[first + j];
    for (let i = 0; i < out.length; i++) out[i] += weight * values[i];
  }
}
