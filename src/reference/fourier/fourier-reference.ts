import { NotSupportedError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { insideDomain } from '../domain-points.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { ExponentialIntegrator } from './exponential-integrator.ts';
import { type PeriodicForm, periodicForm } from './periodic-form.ts';
import { PeriodicSystem } from './periodic-system.ts';
import type { SpectralGrid } from './spectral-grid.ts';

/** Spectra at equally spaced times. */
interface Evolution {
  readonly grid: SpectralGrid;
  readonly steps: number;
  /** [time][state], first and last of them at the ends. */
  readonly snapshots: readonly (readonly Float64Array[])[];
  /** Largest part of a state's norm in the outer modes, after the first steps. */
  readonly tail: number;
}

/** Points along each space coordinate by their number: to begin with, and at most. */
const firstPoints = [64, 32, 16];
const mostPoints = [8192, 512, 64];
const firstSteps = 32;
const snapshotMemory = 25e6;
/** Points of the interpolation in time. */
const window = 8;

/**
 * The reference of an evolution equation on a periodic box: Fourier pseudo-spectral in space, exponential time
 * differencing of order four in time. Step and modes are refined until two runs agree; to their difference is
 * added what the outermost modes hold. Trefethen (2000), Spectral Methods in MATLAB; Kassam & Trefethen (2005).
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function fourierReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = periodicForm(problem, p);
  const dimension = form.space.length;
  if (dimension > 3)
    throw new NotSupportedError(`there is no classical solver here for ${dimension} space coordinates`);
  const sample = samplePoints(problem, form);
  let points = firstPoints[dimension - 1];
  let steps = firstSteps;
  let system = new PeriodicSystem(problem, form, points);
  while (points < mostPoints[dimension - 1] / 4 && tailOf(system.grid, system.start) > target) {
    points *= 2;
    system = new PeriodicSystem(problem, form, points);
  }
  let best: Evolution | undefined;
  let bestValues: Record<string, Float64Array> = {};
  let stepError = Number.POSITIVE_INFINITY;
  let lastDifference = Number.NaN;
  // What an error in the outermost modes grows to: at least what lies beyond them.
  let growth = 5;
  let estimate = Number.POSITIVE_INFINITY;
  let seconds = 0;
  let stopped = '';
  let refine: 'steps' | 'modes' | undefined;
  for (;;) {
    const begun = performance.now();
    const run = begun + 1000 * seconds > deadline ? 'late' : evolve(problem, form, system, steps, deadline);
    if (run === 'late') {
      stopped = 'the time limit was reached';
      break;
    }
    if (run === undefined) refine = 'steps';
    else {
      const values = evaluateEvolution(problem, form, run, sample);
      const difference = best === undefined ? Number.NaN : relativeDifference(bestValues, values);
      if (best?.grid.n === points) {
        // Of an error that falls by sixteen the difference is fifteen times what is left; five keeps a margin.
        const settled = lastDifference / difference > 8 && difference < 1e-2;
        const next = settled ? difference / 5 : difference;
        // Rounding is reached where finer steps do not come closer.
        if (next >= stepError && stepError < 1e-7) break;
        stepError = next;
        lastDifference = difference;
      } else if (best?.steps === steps) {
        growth = Math.max(growth, difference / best.tail);
        if (dimension === 1 && points >= 1024 && run.tail > best.tail / 6 && run.tail > target) {
          stopped = 'the solution is not smooth on the periodic domain';
        }
      }
      const modeError = growth * run.tail;
      best = run;
      bestValues = values;
      estimate = stepError + modeError;
      if (estimate <= target || stopped !== '') break;
      const more = 2 * points <= mostPoints[dimension - 1];
      const blurred = run.tail > 0.2 || (Number.isFinite(stepError) && modeError > stepError);
      if (!more && blurred && modeError > target) {
        stopped = `${points} points along each coordinate do not resolve the solution`;
        if (Number.isFinite(stepError)) break;
      }
      refine = more && blurred ? 'modes' : 'steps';
    }
    if (refine === 'modes') {
      points *= 2;
      system = new PeriodicSystem(problem, form, points);
    } else steps *= 2;
    seconds = ((performance.now() - begun) / 1000) * (refine === 'modes' ? 2.1 ** dimension : 2);
    if (steps > 1e6) {
      stopped = 'a million steps did not resolve the solution';
      break;
    }
  }
  if (best === undefined || !(estimate < 0.1))
    throw new SolveError(
      stopped !== '' && !Number.isFinite(estimate)
        ? `${stopped} before two Fourier solutions could be compared`
        : `two Fourier solutions differ by ${estimate.toPrecision(2)}; ${stopped}`,
    );
  const found = best;
  return {
    available: true,
    method: `Fourier pseudo-spectral on ${new Array(dimension).fill(found.grid.n).join(' by ')} points, ETDRK4 in time, ${found.steps} steps`,
    errorEstimate: Math.max(1e-14, estimate),
    evaluate: (at) => evaluateEvolution(problem, form, found, at),
  };
}

/** Undefined where the numbers overflow. */
function evolve(
  problem: Problem,
  form: PeriodicForm,
  system: PeriodicSystem,
  steps: number,
  deadline: number,
): Evolution | 'late' | undefined {
  const { low, high } = problem.coordinates[form.time];
  const h = (high - low) / steps;
  const integrator = new ExponentialIntegrator(system, h);
  const y = system.start.map((spectrum) => spectrum.slice());
  const perSnapshot = 2 * system.modes * system.states;
  let every = 1;
  while ((steps / every) * perSnapshot > snapshotMemory && steps / every > 64) every *= 2;
  const snapshots = [y.map((spectrum) => spectrum.slice())];
  let tail = 0;
  const check = Math.max(1, Math.floor(steps / 32));
  for (let i = 0; i < steps; i++) {
    integrator.step(low + i * h, y);
    if ((i + 1) % every === 0) snapshots.push(y.map((spectrum) => spectrum.slice()));
    if ((i + 1) % check === 0) {
      const part = tailOf(system.grid, y);
      if (!Number.isFinite(part)) return undefined;
      tail = Math.max(tail, part);
    }
    if (performance.now() > deadline) return 'late';
  }
  return { grid: system.grid, steps, snapshots, tail };
}

function tailOf(grid: SpectralGrid, y: readonly Float64Array[]): number {
  let worst = 0;
  for (const spectrum of y) {
    const { tail, total } = grid.tail(spectrum);
    if (!Number.isFinite(total)) return Number.NaN;
    if (total > 0) worst = Math.max(worst, tail / total);
  }
  return worst;
}

/** Times that lie between those of the steps as well as on them. */
function samplePoints(problem: Problem, form: PeriodicForm): Float64Array {
  const { coordinates } = problem;
  const sides = [120, 20, 9][form.space.length - 1];
  const times = 41;
  const points: number[] = [];
  for (let i = 1; i <= times; i++) {
    for (let j = 0; j < sides ** form.space.length; j++) {
      const point = new Array<number>(coordinates.length);
      point[form.time] = i / times;
      form.space.forEach((axis, k) => {
        point[axis] = (Math.floor(j / sides ** k) % sides) / sides;
      });
      coordinates.forEach(({ low, high }, axis) => {
        points.push(low + (high - low) * point[axis]);
      });
    }
  }
  return Float64Array.from(points);
}

function evaluateEvolution(
  problem: Problem,
  form: PeriodicForm,
  { grid, snapshots }: Evolution,
  points: Float64Array,
): Record<string, Float64Array> {
  const d = problem.coordinates.length;
  const count = points.length / d;
  insideDomain(problem, points);
  const shown = form.states.flatMap(({ name, timeOrder }, index) =>
    timeOrder === 0 ? [{ name, index }] : [],
  );
  const result = Object.fromEntries(shown.map(({ name }) => [name, new Float64Array(count)]));
  const { low, high } = problem.coordinates[form.time];
  // Points of one time share the spectrum at it.
  const axes = [form.time, ...form.space];
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => {
    const axis = axes.find((k) => points[a * d + k] !== points[b * d + k]);
    return axis === undefined ? 0 : points[a * d + axis] - points[b * d + axis];
  });
  const spectra = shown.map(() => new Float64Array(2 * grid.modes));
  let interpolants: ((point: readonly number[]) => number)[] = [];
  let last = Number.NaN;
  for (const i of order) {
    const t = points[i * d + form.time];
    if (t !== last) {
      last = t;
      const place = Math.min(1, Math.max(0, (t - low) / (high - low))) * (snapshots.length - 1);
      shown.forEach(({ index }, k) => {
        interpolate(snapshots, index, place, spectra[k]);
      });
      interpolants = spectra.map((spectrum) => grid.interpolant(spectrum));
    }
    const at = form.space.map((axis) => points[i * d + axis]);
    shown.forEach(({ name }, k) => {
      result[name][i] = interpolants[k](at);
    });
  }
  return result;
}

/** Lagrange interpolation among the nearest snapshots. */
function interpolate(
  snapshots: readonly (readonly Float64Array[])[],
  state: number,
  place: number,
  out: Float64Array,
): void {
  const nearest = Math.round(place);
  if (Math.abs(place - nearest) < 1e-12) {
    out.set(snapshots[nearest][state]);
    return;
  }
  const first = Math.max(0, Math.min(snapshots.length - window, Math.floor(place) - window / 2 + 1));
  out.fill(0);
  for (let j = 0; j < window; j++) {
    let weight = 1;
    for (let k = 0; k < window; k++) if (k !== j) weight *= (place - first - k) / (j - k);
    const values = snapshots[first + j][state];
    for (let i = 0; i < out.length; i++) out[i] += weight * values[i];
  }
}
