import { SolveError } from '../../errors.ts';
import type { DenseSegment } from './dense-output.ts';
import type { Stepper } from './stepper.ts';

export interface IntegrationOptions {
  /** Fixed step, unsigned; error control where absent. */
  readonly step?: number;
  readonly initialStep?: number;
  readonly maxStep?: number;
  readonly maxSteps: number;
  /**
   * Called after each accepted step; returning true ends the integration there. Where segments are not kept, this one
   * is lost with the next step.
   */
  readonly observe?: (segment: DenseSegment) => boolean;
  /** False where only the end is wanted: no segments are kept. */
  readonly keep?: boolean;
  /** Whether the solution inside a step from one t to another is wanted; where absent, it is. */
  readonly inside?: (from: number, to: number) => boolean;
}

export interface Integration {
  readonly segments: DenseSegment[];
  readonly t: number;
  readonly y: Float64Array;
  readonly steps: number;
  readonly rejected: number;
  /** Sum over the steps of the largest absolute local error. */
  readonly localErrors: number;
  /** Unsigned step that the controller would take next. */
  readonly nextStep: number;
}

/** The steps allowed did not reach the end: the problem may be stiff. */
export class StepLimitError extends SolveError {}

const safety = 0.9;
const smallestFactor = 0.2;
const largestFactor = 8;

/**
 * Carries a stepper from t₀ to t₁ with proportional–integral step control: Gustafsson (1991), ACM Trans. Math.
 * Softw. 17, 533–554; Hairer & Wanner II, section IV.2.
 *
 * @throws SolveError naming t, when the step falls to the spacing of numbers at t, after `maxSteps` steps, or
 * where the right-hand side or the state stops being finite
 */
export function integrate(
  stepper: Stepper,
  [start, end]: readonly [number, number],
  y0: Float64Array,
  options: IntegrationOptions,
): Integration {
  const direction = end >= start ? 1 : -1;
  const span = Math.abs(end - start);
  const segments: DenseSegment[] = [];
  let t = start;
  let y: Float64Array = y0.slice();
  // Where no segment is kept, two states take turns.
  let spare: Float64Array | undefined;
  let steps = 0;
  let rejected = 0;
  let localErrors = 0;
  let previousError = 1e-4;
  let afterRejection = false;
  const fixed = options.step;
  const maxStep = options.maxStep ?? span;
  const integral = 0.2 * stepper.errorExponent;
  const proportional = stepper.errorExponent - 0.75 * integral;

  if (span > 0) stepper.begin(t, y);
  let h =
    span === 0
      ? 0
      : (fixed ?? Math.min(maxStep, options.initialStep ?? stepper.initialStep(direction, span)));
  while (direction * (end - t) > 0) {
    if (steps + rejected >= options.maxSteps) {
      throw new StepLimitError(
        `too many steps: ${options.maxSteps} steps of ${stepper.name} reached t = ${t}, short of ${end}; ` +
          'loosen the tolerance, raise maxSteps, or use a stiff method',
      );
    }
    const left = Math.abs(end - t);
    // A last step slightly longer or two halves beat one that leaves a sliver.
    const last = fixed === undefined ? h >= left : h >= left * (1 - 1e-10);
    const length = last ? left : fixed === undefined && h > 0.5 * left ? 0.5 * left : h;
    const error = stepper.attempt(direction * length);
    if (fixed !== undefined && error === Number.POSITIVE_INFINITY) throw notFinite(t);
    if (fixed !== undefined || error <= 1) {
      const next = last ? end : t + direction * length;
      const state = spare ?? new Float64Array(y.length);
      copy(stepper.proposal, state);
      localErrors += stepper.localError;
      const coefficients = stepper.accept(options.inside?.(t, next) ?? true);
      const segment = { t, h: direction * length, y, coefficients };
      if (options.keep !== false) segments.push(segment);
      else spare = y;
      t = next;
      y = state;
      steps++;
      if (fixed === undefined) {
        const scaled = Math.max(error, 1e-10);
        let factor = safety * scaled ** -proportional * previousError ** integral;
        factor = Math.min(afterRejection ? 1 : largestFactor, Math.max(smallestFactor, factor));
        // A step that was cut to end at t₁ says nothing against the longer one.
        h = Math.min(
          maxStep,
          Math.max(length * factor, length < h ? Math.min(h, length * largestFactor) : 0),
        );
        previousError = Math.max(error, 1e-4);
        afterRejection = false;
      }
      if (options.observe?.(segment) === true) break;
    } else {
      rejected++;
      afterRejection = true;
      const factor =
        error === Number.POSITIVE_INFINITY
          ? 0.25
          : Math.max(smallestFactor, safety * error ** -stepper.errorExponent);
      h = length * Math.min(0.9, factor);
      if (h < 4 * Number.EPSILON * Math.max(Math.abs(t), 1e-10 * span)) {
        if (error === Number.POSITIVE_INFINITY) throw notFinite(t);
        throw new SolveError(
          `the step size of ${stepper.name} fell to ${h} at t = ${t}; the solution may be singular there, ` +
            'or the problem stiff',
        );
      }
    }
  }
  return { segments, t, y, steps, rejected, localErrors, nextStep: h };
}

/** For short vectors a loop is faster than what typed arrays bring. */
function copy(from: Float64Array, to: Float64Array): void {
  for (let i = 0; i < from.length; i++) to[i] = from[i];
}

function notFinite(t: number): SolveError {
  return new SolveError(`the right-hand side or the state stops being finite after t = ${t}`);
}
