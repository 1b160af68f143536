import { NotSupportedError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { insideDomain } from '../domain-points.ts';
import { dormandPrince8 } from '../ode/dormand-prince-8.ts';
import { ExplicitRungeKutta } from '../ode/explicit-runge-kutta.ts';
import { type Integration, integrate } from '../ode/integrate.ts';
import { Rosenbrock } from '../ode/rosenbrock.ts';
import { ThinnedSolution } from '../ode/thinned-solution.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { BoxDynamics } from './box-dynamics.ts';
import { type EvolutionForm, evolutionForm } from './evolution-form.ts';

interface Evolution {
  readonly dynamics: BoxDynamics;
  readonly solution: ThinnedSolution;
  readonly explicit: boolean;
}

/** Relative to the size of each state. */
interface Accuracy {
  /** Of the integration. */
  readonly tolerance: number;
  /** Of what is kept of it. */
  readonly kept: number;
}

/** Points along each space coordinate, by the number of them. */
const counts = [
  [16, 24, 32, 48, 64, 96],
  [10, 14, 20, 28, 40, 56],
  [8, 12, 16, 20],
];
const mostImplicit = 1700;
const memory = 3e7;

/** States kept for a step that stability bounds, and what that may change, over the error of the grid before. */
const thinned = 0.5;
const keptShare = 0.3;
const largestKept = 0.03;

/**
 * The reference of an evolution equation on a box of two or three space coordinates: Chebyshev collocation (Fourier
 * in a periodic coordinate), in time Dormand–Prince 8 where waves and weak diffusion let it take long steps, else
 * Rodas, with one factorisation for all steps where the equations are linear. Points, steps and tolerance are
 * refined until two runs agree. Trefethen (2000), Spectral Methods in MATLAB, chapter 10.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function boxEvolutionReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = evolutionForm(problem, p);
  const tried = counts[form.space.length - 1];
  if (tried === undefined)
    throw new NotSupportedError(
      `there is no classical solver here for ${form.space.length} space coordinates`,
    );
  const sample = samplePoints(problem, form);
  let best: Evolution | undefined;
  let bestValues: Record<string, Float64Array> = {};
  let estimate = Number.POSITIVE_INFINITY;
  let lastDifference = Number.NaN;
  let failure: unknown;
  for (const [level, count] of tried.entries()) {
    let next: Evolution;
    try {
      // The time need not be resolved much better than the space.
      const tolerance = Math.max(1e-10, Math.min(1e-4, 1e-3 * estimate));
      const kept = Math.max(tolerance, keptShare * Math.min(largestKept, estimate));
      next = evolve(problem, form, count, level, { tolerance, kept }, deadline);
    } catch (error) {
      failure = error;
      break;
    }
    const values = evaluateEvolution(problem, form, next, sample);
    if (best !== undefined) {
      const difference = relativeDifference(bestValues, values);
      const ratio = difference / lastDifference;
      // The difference is the error of the run before; where it falls fast the new one is better.
      const now =
        ratio < 0.1 ? difference * Math.max(0.1, 3 * ratio) : difference / (1 - Math.min(0.8, ratio || 0));
      if (now >= estimate && estimate < 1e-6) break;
      estimate = now;
      lastDifference = difference;
    }
    best = next;
    bestValues = values;
    if (estimate <= target) break;
  }
  if (best === undefined || !(estimate < 0.1)) {
    throw failure ?? new SolveError(`two Chebyshev grids differ by ${estimate.toPrecision(2)}`);
  }
  const found = best;
  const { sizes } = found.dynamics.grid;
  const { steps } = found.solution;
  return {
    available: true,
    method: `Chebyshev collocation on ${sizes.join(' by ')} points, ${found.explicit ? 'Dormand–Prince 8' : 'Rodas'} in time, ${steps} steps`,
    errorEstimate: Math.max(1e-13, estimate),
    evaluate: (points) => evaluateEvolution(problem, form, found, points),
  };
}

function evolve(
  problem: Problem,
  form: EvolutionForm,
  count: number,
  level: number,
  { tolerance, kept }: Accuracy,
  deadline: number,
): Evolution {
  const { low, high, name } = problem.coordinates[form.time];
  const dynamics = new BoxDynamics(problem, form, count);
  const late = () => new SolveError(`the time limit was reached on ${count} points along each coordinate`);
  if (performance.now() > deadline) throw late();
  const start = dynamics.start.slice();
  const { radius, seconds } = spectralRadius(dynamics, start, low);
  // Eleven evaluations a step, which is stable while step times radius stays below about six.
  const explicitSteps = Math.max(20, (radius * (high - low)) / 6);
  const explicitSeconds = 12 * explicitSteps * seconds;
  const fixedSteps = 32 * 2 ** level;
  const flops = (2 / 3) * dynamics.n ** 3;
  const solves = fixedSteps * 6 * 2 * dynamics.n ** 2;
  const implicitSeconds = (dynamics.constant ? flops + solves : 100 * 1.5 ** level * flops) / 8e8;
  const left = (deadline - performance.now()) / 1000;
  const explicit = explicitSeconds <= implicitSeconds || dynamics.n > mostImplicit;
  if ((explicit ? explicitSeconds : implicitSeconds) > left) throw late();
  if (explicit && explicitSteps * dynamics.n * thinned > memory) throw late();
  const atol = new Float64Array(dynamics.n);
  const { points } = dynamics.grid;
  form.states.forEach((_, state) => {
    const size = dynamics.start.subarray(state * points, (state + 1) * points);
    atol.fill(tolerance * (Math.max(...size.map(Math.abs)) || 1), state * points, (state + 1) * points);
  });
  const control = { rtol: tolerance, atol };
  const stepper = explicit
    ? new ExplicitRungeKutta(
        dormandPrince8,
        (t, y, out) => dynamics.derivative(t, y, out),
        dynamics.n,
        control,
      )
    : new Rosenbrock(dynamics, control);
  // Time derivatives that are states of their own are not shown.
  const shown = atol.map((size, i) =>
    form.states[Math.floor(i / points)].timeOrder === 0
      ? (kept / tolerance) * size
      : Number.POSITIVE_INFINITY,
  );
  const solution = new ThinnedSolution(shown, 2 * memory);
  const run: Integration = integrate(stepper, [low, high], start, {
    maxSteps: 100_000,
    step: explicit || !dynamics.constant ? undefined : (high - low) / fixedSteps,
    keep: false,
    observe: (segment) => {
      solution.add(segment);
      return performance.now() > deadline;
    },
  });
  if (run.t !== high) throw new SolveError(`the time limit was reached at ${name} = ${run.t}`);
  if (!run.y.every(Number.isFinite)) throw new SolveError(`the solution is not finite at ${name} = ${high}`);
  return { dynamics, solution, explicit };
}

/** Largest eigenvalue in magnitude by the power method on differences of F; seconds of one evaluation. */
function spectralRadius(
  dynamics: BoxDynamics,
  start: Float64Array,
  t: number,
): { radius: number; seconds: number } {
  const { n } = dynamics;
  const base = new Float64Array(n);
  const moved = new Float64Array(n);
  dynamics.fitFaces(t, start);
  const norm = (v: Float64Array) => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
  const scale = 1e-6 * Math.max(1e-3, norm(start));
  let v = Float64Array.from({ length: n }, (_, i) => Math.cos(7 * i + 0.3 * i * i));
  dynamics.derivative(t, start, base);
  let radius = 0;
  let growth = 0;
  let seconds = Number.POSITIVE_INFINITY;
  const iterations = 24;
  for (let k = 0; k < iterations; k++) {
    const factor = scale / norm(v);
    const at = start.map((value, i) => value + factor * v[i]);
    const begun = performance.now();
    dynamics.derivative(t, at, moved);
    // The first ones are slow before they are compiled.
    seconds = Math.min(seconds, (performance.now() - begun) / 1000);
    v = moved.map((value, i) => (value - base[i]) / scale);
    // For u'' = −ω²u one step of the method grows by ω², the next one by 1.
    radius = Math.sqrt(norm(v) * growth);
    growth = norm(v);
    if (norm(v) === 0) break;
  }
  return { radius, seconds };
}

function samplePoints(problem: Problem, form: EvolutionForm): Float64Array {
  const { coordinates } = problem;
  const sides = [101, 16, 8][form.space.length - 1];
  const points: number[] = [];
  for (let i = 1; i <= 21; i++) {
    for (let j = 0; j < sides ** form.space.length; j++) {
      const place = new Array<number>(coordinates.length);
      place[form.time] = i / 21;
      form.space.forEach((axis, k) => {
        place[axis] = (Math.floor(j / sides ** k) % sides) / (sides - 1);
      });
      coordinates.forEach(({ low, high }, axis) => {
        points.push(low + (high - low) * place[axis]);
      });
    }
  }
  return Float64Array.from(points);
}

function evaluateEvolution(
  problem: Problem,
  form: EvolutionForm,
  { dynamics, solution, explicit }: Evolution,
  points: Float64Array,
): Record<string, Float64Array> {
  insideDomain(problem, points);
  const d = problem.coordinates.length;
  const count = points.length / d;
  const { grid } = dynamics;
  const shown = form.states.flatMap(({ name, timeOrder }, index) =>
    timeOrder === 0 ? [{ name, index }] : [],
  );
  const result = Object.fromEntries(shown.map(({ name }) => [name, new Float64Array(count)]));
  // Points of one time share the state at it.
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => points[a * d + form.time] - points[b * d + form.time],
  );
  const state = new Float64Array(dynamics.n);
  const arrays = shown.map(({ index }) => state.subarray(index * grid.points, (index + 1) * grid.points));
  let last = Number.NaN;
  for (const i of order) {
    const t = points[i * d + form.time];
    if (t !== last) {
      last = t;
      solution.evaluate(t, state);
      if (explicit) dynamics.fitFaces(t, state);
    }
    const values = grid.interpolate(
      arrays,
      form.space.map((axis) => points[i * d + axis]),
    );
    shown.forEach(({ name }, k) => {
      result[name][i] = values[k];
    });
  }
  return result;
}
