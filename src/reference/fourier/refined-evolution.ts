import { SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { insideDomain } from '../domain-points.ts';
import { relativeDifference } from '../reference-result.ts';
import { ExponentialIntegrator, type SemilinearSystem } from './exponential-integrator.ts';
import type { PeriodicForm } from './periodic-form.ts';

/** An evolution equation for the modes of its states. */
export interface ModalSystem extends SemilinearSystem {
  /** Spectra of the states at the start. */
  readonly start: readonly Float64Array[];
  readonly points: number;
  /** The points along the axes, in words. */
  readonly size: string;
  /** Whether what is not in L holds no derivatives in space. */
  readonly pointwise: boolean;
  /** Largest part of a state's norm in the outer modes; not a number where one is not finite. */
  tail(y: readonly Float64Array[]): number;
  /** The function of a spectrum. */
  interpolant(spectrum: Float64Array, state: number): (point: readonly number[]) => number;
  /** The same with more modes where those of a solution do not suffice; undefined where there are as many as may be. */
  refined(y: readonly Float64Array[]): ModalSystem | undefined;
}

/** Spectra at equally spaced times. */
export interface SnapshotsInTime {
  readonly system: Pick<ModalSystem, 'modes' | 'interpolant'>;
  /** [time][state], first and last of them at the ends. */
  readonly snapshots: readonly (readonly Float64Array[])[];
}

interface Evolution extends SnapshotsInTime {
  readonly system: ModalSystem;
  readonly steps: number;
  /** After the first steps. */
  readonly tail: number;
  /** The state whose tail that is. */
  readonly widest: readonly Float64Array[];
}

export interface RefinedEvolution {
  readonly system: ModalSystem;
  readonly steps: number;
  readonly errorEstimate: number;
  evaluate(points: Float64Array): Record<string, Float64Array>;
}

const firstSteps = 32;
const mostFirstSteps = 8192;
/** A step times the largest slope of what is not in L, for a first solution. */
const firstReach = 2;
const snapshotMemory = 25e6;
/** Points of the interpolation in time. */
const window = 8;

/**
 * Carries modes through time by ETDRK4, with steps and modes refined until two runs agree; to their difference is added
 * what the outermost modes hold.
 *
 * @throws SolveError in words where there is no solution in time
 */
export function refinedEvolution(
  problem: Problem,
  form: PeriodicForm,
  first: ModalSystem,
  target: number,
  deadline: number,
): RefinedEvolution {
  const dimension = form.space.length;
  const sample = samplePoints(problem, form);
  let system = first;
  while (system.tail(system.start) > target) {
    const next: ModalSystem | undefined = system.refined(system.start);
    // The last ones are for what the solution needs.
    if (next?.refined(system.start) === undefined) break;
    system = next;
  }
  let steps = stepsToBegin(problem, form, system);
  let best: Evolution | undefined;
  let bestValues: Record<string, Float64Array> = {};
  let stepError = Number.POSITIVE_INFINITY;
  let lastDifference = Number.NaN;
  // What an error in the outermost modes grows to: at least what lies beyond them.
  let growth = 5;
  let estimate = Number.POSITIVE_INFINITY;
  let seconds = 0;
  let stopped = '';
  let finer: ModalSystem | undefined;
  for (;;) {
    const begun = performance.now();
    const run = begun + 1000 * seconds > deadline ? 'late' : evolve(problem, form, system, steps, deadline);
    finer = undefined;
    if (run === 'late') {
      stopped = 'the time limit was reached';
      break;
    }
    if (run !== undefined) {
      const values = evaluateEvolution(problem, form, run, sample);
      const difference = best === undefined ? Number.NaN : relativeDifference(bestValues, values);
      if (best?.system === system) {
        // Of an error that falls by sixteen the difference is fifteen times what is left; five keeps a margin.
        const settled = lastDifference / difference > 8 && difference < 1e-2;
        const next = settled ? difference / 5 : difference;
        // Rounding is reached where finer steps do not come closer.
        if (next >= stepError && stepError < 1e-7) break;
        stepError = next;
        lastDifference = difference;
      } else if (best?.steps === steps) {
        growth = Math.max(growth, difference / best.tail);
        if (dimension === 1 && system.points >= 1024 && run.tail > best.tail / 6 && run.tail > target) {
          stopped = 'the solution is not smooth on the periodic domain';
        }
      }
      const modeError = growth * run.tail;
      best = run;
      bestValues = values;
      estimate = stepError + modeError;
      if (estimate <= target || stopped !== '') break;
      const blurred = run.tail > 0.2 || (Number.isFinite(stepError) && modeError > stepError);
      if (blurred) finer = system.refined(run.widest);
      if (blurred && finer === undefined && modeError > target) {
        stopped = `${system.size} points do not resolve the solution`;
        if (Number.isFinite(stepError)) break;
      }
    }
    const before = system.points;
    if (finer !== undefined) system = finer;
    else steps *= 2;
    seconds =
      ((performance.now() - begun) / 1000) * (finer === undefined ? 2 : 1.1 * (system.points / before));
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
    system: found.system,
    steps: found.steps,
    errorEstimate: Math.max(1e-14, estimate),
    evaluate: (at) => evaluateEvolution(problem, form, found, at),
  };
}

/** Where what is not in L is no derivative, its slopes say what steps a first solution takes. */
function stepsToBegin(problem: Problem, form: PeriodicForm, system: ModalSystem): number {
  if (!system.nonlinear || !system.pointwise) return firstSteps;
  const { low, high } = problem.coordinates[form.time];
  const norm = (y: readonly Float64Array[]): number =>
    Math.sqrt(y.reduce((sum, spectrum) => sum + spectrum.reduce((s, value) => s + value * value, 0), 0));
  const zeros = (): Float64Array[] => system.start.map((spectrum) => new Float64Array(spectrum.length));
  const base = zeros();
  const moved = zeros();
  system.evaluate(low, system.start, base);
  const scale = 1e-6 * norm(system.start);
  let direction: readonly Float64Array[] = system.start;
  let radius = 0;
  for (let k = 0; k < 10 && norm(direction) > 0; k++) {
    const factor = scale / norm(direction);
    const at = system.start.map((spectrum, s) =>
      spectrum.map((value, i) => value + factor * direction[s][i]),
    );
    system.evaluate(low, at, moved);
    direction = moved.map((spectrum, s) => spectrum.map((value, i) => (value - base[s][i]) / scale));
    radius = Math.max(radius, norm(direction));
  }
  const wanted = ((high - low) * radius) / firstReach;
  let steps = firstSteps;
  while (steps < mostFirstSteps && steps < wanted) steps *= 2;
  return steps;
}

/** Undefined where the numbers overflow. */
function evolve(
  problem: Problem,
  form: PeriodicForm,
  system: ModalSystem,
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
  let widest: readonly Float64Array[] = system.start;
  const check = Math.max(1, Math.floor(steps / 32));
  for (let i = 0; i < steps; i++) {
    integrator.step(low + i * h, y);
    if ((i + 1) % every === 0) snapshots.push(y.map((spectrum) => spectrum.slice()));
    if ((i + 1) % check === 0) {
      const part = system.tail(y);
      if (!Number.isFinite(part)) return undefined;
      if (part > tail) {
        tail = part;
        widest = y.map((spectrum) => spectrum.slice());
      }
    }
    if (performance.now() > deadline) return 'late';
  }
  return { system, steps, snapshots, tail, widest };
}

/** Times that lie between those of the steps as well as on them. */
export function samplePoints(problem: Problem, form: PeriodicForm): Float64Array {
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

/** The fields at points of the domain, by interpolation in time among snapshots. */
export function evaluateEvolution(
  problem: Problem,
  form: PeriodicForm,
  { system, snapshots }: SnapshotsInTime,
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
  const spectra = shown.map(() => new Float64Array(2 * system.modes));
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
      interpolants = spectra.map((spectrum, k) => system.interpolant(spectrum, shown[k].index));
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
