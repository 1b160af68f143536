import { NotSupportedError, SolveError } from '../../errors.ts';
import { samplePoints } from '../../geometry/point-set.ts';
import type { Problem } from '../../problem/problem.ts';
import { insideDomain } from '../domain-points.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { type TransportForm, transportForm } from './transport-form.ts';

const firstSteps = 16;
const mostSteps = 4096;
const testCount = 200;

/**
 * The reference of a linear transport equation in one space coordinate: from each point the characteristic is
 * followed back to where the solution is given, by Runge and Kutta's method of order four, and the solution along it
 * forward again. A kink in the solution, where initial and boundary values do not fit smoothly, is no obstacle.
 * Courant & Hilbert, Methods of Mathematical Physics II (1962), ch. II.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function characteristicsReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = transportForm(problem, p);
  checkFaces(problem, form);
  const [{ name }] = problem.fields;
  const points = samplePoints('sobol', testCount, 2, 0).map((u, k) => {
    const { low, high } = problem.coordinates[k % 2];
    return low + (high - low) * u;
  });
  let before: Float64Array | undefined;
  for (let steps = firstSteps; steps <= mostSteps; steps *= 2) {
    if (performance.now() > deadline) throw new SolveError('the time limit was reached');
    const values = solutionAt(problem, form, steps, points);
    if (!values.every(Number.isFinite)) throw new SolveError('the solution is not finite everywhere');
    // The error of the coarser solution; the finer one is given out.
    const difference =
      before === undefined ? Number.POSITIVE_INFINITY : relativeDifference({ u: values }, { u: before });
    if (difference <= target || (steps === mostSteps && difference < 1e-3))
      return {
        available: true,
        method: `method of characteristics, ${steps} steps of Runge–Kutta 4`,
        errorEstimate: Math.max(difference, Number.EPSILON),
        evaluate: (at) => {
          insideDomain(problem, at);
          return { [name]: solutionAt(problem, form, steps, at) };
        },
      };
    before = values;
  }
  throw new SolveError('characteristics do not converge');
}

/** @throws NotSupportedError where a face with a condition is left, or one without is entered */
function checkFaces({ coordinates }: Problem, form: TransportForm): void {
  const { low, high } = coordinates[form.time];
  const ends = coordinates[form.space];
  const slopes = new Float64Array(2);
  for (const face of [0, 1] as const)
    for (let k = 0; k <= 64; k++) {
      const t = low + ((high - low) * k) / 64;
      form.slopes(face === 0 ? ends.low : ends.high, t, 0, slopes);
      const inward = face === 0 ? slopes[0] : -slopes[0];
      if (!Number.isFinite(inward)) throw new NotSupportedError('the speed is not finite on the boundary');
      if (inward > 0 && form.faces[face] === undefined)
        throw new NotSupportedError('characteristics enter where nothing is given');
      if (inward < 0 && form.faces[face] !== undefined)
        throw new NotSupportedError('a condition stands where characteristics leave');
    }
}

/** A step of Runge and Kutta's method of order four for x, and for u where it changes. */
function step(form: TransportForm, state: Float64Array, t: number, h: number, next: Float64Array): void {
  const [x, u] = state;
  const k = new Float64Array(2);
  form.slopes(x, t, u, k);
  const [a, p] = k;
  form.slopes(x + (h / 2) * a, t + h / 2, u + (h / 2) * p, k);
  const [b, q] = k;
  form.slopes(x + (h / 2) * b, t + h / 2, u + (h / 2) * q, k);
  const [c, r] = k;
  form.slopes(x + h * c, t + h, u + h * r, k);
  next[0] = x + (h / 6) * (a + 2 * b + 2 * c + k[0]);
  next[1] = u + (h / 6) * (p + 2 * q + 2 * r + k[1]);
}

/** Halvings by which the time is found at which a characteristic meets a face. */
const halvings = 60;

function solutionAt(
  problem: Problem,
  form: TransportForm,
  steps: number,
  points: Float64Array,
): Float64Array {
  const { space, time } = form;
  const { low: start, high: end } = problem.coordinates[time];
  const { low, high } = problem.coordinates[space];
  const state = new Float64Array(2);
  const next = new Float64Array(2);
  return Float64Array.from({ length: points.length / 2 }, (_, n) => {
    const [x, t] = [points[2 * n + space], points[2 * n + time]];
    const count = Math.max(1, Math.ceil((steps * (t - start)) / (end - start)));
    const h = (t - start) / count;
    state.set([Math.min(Math.max(x, low), high), 0]);
    let foot = start;
    let value: number | undefined;
    for (let k = 0; k < count; k++) {
      const from = t - k * h;
      step(form, state, from, -h, next);
      const face = next[0] < low ? 0 : next[0] > high ? 1 : undefined;
      if (face !== undefined && form.faces[face] !== undefined) {
        // The last crossing back in time of this step: where the distance to the face changes its sign.
        let [inside, outside] = [0, h];
        for (let i = 0; i < halvings && outside - inside > 1e-15 * (end - start); i++) {
          const middle = (inside + outside) / 2;
          step(form, state, from, -middle, next);
          if (face === 0 ? next[0] < low : next[0] > high) outside = middle;
          else inside = middle;
        }
        foot = from - outside;
        state[0] = face === 0 ? low : high;
        value = form.faces[face]!(foot);
        break;
      }
      state[0] = next[0];
      state[1] = 0;
    }
    value ??= form.initial(Math.min(Math.max(state[0], low), high));
    if (form.constant) return value;
    const forward = Math.max(1, Math.ceil((steps * (t - foot)) / (end - start)));
    const size = (t - foot) / forward;
    state[1] = value;
    for (let k = 0; k < forward; k++) {
      step(form, state, foot + k * size, size, next);
      state.set(next);
    }
    return state[1];
  });
}
