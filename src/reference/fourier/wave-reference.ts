import { NotSupportedError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { initialFields } from '../initial-fields.ts';
import { faceParities } from '../mirror-symmetry.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { type Ends, MirrorGrid } from './mirror-grid.ts';
import { type PeriodicForm, periodicForm } from './periodic-form.ts';
import { evaluateEvolution, type SnapshotsInTime, samplePoints } from './refined-evolution.ts';
import { WaveOperator, type WaveTerm, waveTerms } from './wave-operator.ts';

/** Points along each space coordinate to begin with, by their number, and at most. */
const firstPoints = [64, 32, 12];
const mostPoints = [1024, 288, 48];
const refinement = 1.5;

/** Steps that are found from one sum of Chebyshev polynomials. */
const block = 8;

/** √ρ times a step: waves that the grid resolves well are then slow beside it. */
const reach = 3;
const snapshotMemory = 25e6;

/** A solution so many times as large as at the start is taken for an unstable one. */
const largestGrowth = 1e6;

/**
 * The reference of a wave whose speed varies in space, in a box on whose faces the field or its slope vanishes: sines and
 * cosines in space, in time Chebyshev polynomials of the matrix. Beyond the faces the equation itself need not go on as what
 * is reflected there; a kink in a high derivative is the price, so that the error falls with a power of the number of points.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function waveReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = periodicForm(problem, p, true);
  const terms = waveTerms(form);
  const dimension = form.space.length;
  const ends = faceParities(problem, form.space, false)?.get(form.states[0].name);
  if (ends === undefined || dimension > firstPoints.length)
    throw new NotSupportedError('neither the field nor its slope vanishes on every face');
  const sample = samplePoints(problem, form);
  let size = firstPoints[dimension - 1];
  let best: { wave: SnapshotsInTime; size: number; values: Record<string, Float64Array> } | undefined;
  let errorEstimate = Number.POSITIVE_INFINITY;
  let stopped = '';
  for (let seconds = 0; ; ) {
    const begun = performance.now();
    const late = begun + 1000 * seconds > deadline;
    const wave = late ? undefined : marched(problem, form, terms, ends, size, deadline);
    if (wave === undefined) {
      stopped = 'the time limit was reached';
      break;
    }
    const values = evaluateEvolution(problem, form, wave, sample);
    if (best !== undefined) errorEstimate = relativeDifference(best.values, values);
    best = { wave, size, values };
    if (errorEstimate <= target) break;
    const next = 2 * Math.round((refinement * size) / 2);
    if (next > mostPoints[dimension - 1]) {
      stopped = `${size} points along each axis do not resolve the solution`;
      break;
    }
    // As many steps more as points along an axis, each of as many more sums as points.
    seconds = ((performance.now() - begun) / 1000) * (next / size) ** (dimension + 2);
    size = next;
  }
  if (best === undefined || !(errorEstimate < 0.1))
    throw new SolveError(
      Number.isFinite(errorEstimate)
        ? `two solutions by sines and cosines differ by ${errorEstimate.toPrecision(2)}; ${stopped}`
        : `${stopped} before two solutions by sines and cosines could be compared`,
    );
  const { wave } = best;
  return {
    available: true,
    method: `sines and cosines on ${form.space.map(() => best.size).join(' by ')} points, Chebyshev polynomials in time`,
    errorEstimate: Math.max(1e-14, errorEstimate),
    evaluate: (points) => evaluateEvolution(problem, form, wave, points),
  };
}

/** Undefined where there is no time for it. */
function marched(
  problem: Problem,
  form: PeriodicForm,
  terms: readonly WaveTerm[],
  ends: readonly Ends[],
  size: number,
  deadline: number,
): SnapshotsInTime | undefined {
  const { space, states } = form;
  const sizes = space.map(() => size);
  const grid = new MirrorGrid(
    space.map((axis) => problem.coordinates[axis]),
    sizes,
    // All but the highest, which is another's alias at the midpoints where it is odd.
    sizes.map((n) => n - 1),
  );
  const operator = new WaveOperator(grid, ends, terms, form, problem.coordinates.length);
  const positions = space.map((_, axis) => grid.positions(axis));
  const [start, velocity] = initialFields(problem, states, form.initial, space, positions);
  const { low, high } = problem.coordinates[form.time];
  const most = Math.max(8, snapshotMemory / (2 * grid.modes));
  const wanted = ((high - low) * Math.sqrt(operator.radius)) / reach;
  const blocks = Math.max(2, Math.ceil(Math.min(most, wanted) / block));
  const h = (high - low) / (blocks * block);
  const limit = largestGrowth * (norm(start) + (high - low) * norm(velocity));
  const snapshots: Float64Array[][] = [];
  const keep = (u: Float64Array): void => {
    const spectrum = new Float64Array(2 * grid.modes);
    grid.toSpectrum(u, ends, spectrum);
    snapshots.push([spectrum]);
  };
  keep(start);
  // The steps of the last block, from its first to its last.
  let last = [start];
  for (let k = 0; k < blocks; k++) {
    const from = last[last.length - 1];
    const moved = operator.cosines(from, h, block);
    if (k === 0) {
      const pushed = operator.cosines(velocity, h, block, true);
      moved.forEach((u, j) => {
        for (let i = 0; i < u.length; i++) u[i] += pushed[j][i];
      });
    } else {
      // u(t + jh) = 2 cos(jh√−A) u(t) − u(t − jh).
      moved.forEach((u, j) => {
        const before = last[last.length - 2 - j];
        for (let i = 0; i < u.length; i++) u[i] = 2 * u[i] - before[i];
      });
    }
    moved.forEach(keep);
    last = [from, ...moved];
    if (!(norm(from) <= limit)) throw new SolveError('the solution by sines and cosines grows without bound');
    if (performance.now() > deadline) return undefined;
  }
  return {
    system: { modes: grid.modes, interpolant: (spectrum) => grid.interpolant(spectrum, ends) },
    snapshots,
  };
}

const norm = (u: Float64Array): number => Math.sqrt(u.reduce((sum, value) => sum + value * value, 0));
