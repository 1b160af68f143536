import { SolveError } from '../errors.ts';
import type { Coordinate } from '../problem/problem.ts';
import type { InitialState } from '../reference/initial-state.ts';
import { type DenseSegment, evaluateSegment } from '../reference/ode/dense-output.ts';
import { dormandPrince8 } from '../reference/ode/dormand-prince-8.ts';
import { ExplicitRungeKutta } from '../reference/ode/explicit-runge-kutta.ts';
import { DenseSystem } from '../reference/ode/implicit-system.ts';
import { integrate, StepLimitError } from '../reference/ode/integrate.ts';
import { Rosenbrock } from '../reference/ode/rosenbrock.ts';
import { largestMagnitude, type Tolerance } from '../reference/ode/tolerance.ts';
import type { VariationalSystem } from './variational-system.ts';

const explicitSteps = 20_000;
const stiffSteps = 100_000;
/** After a stiff trajectory the next one may be so again; few explicit steps show whether it is. */
const stiffAgainSteps = 1000;

/**
 * Integrates a system with its variational equations from an initial state to given times, by Dormand–Prince 8,
 * or Rodas where that takes too many steps. Between calls it remembers which of the two arrived.
 */
export class SensitivityIntegrator {
  private stiff = false;
  private readonly y0: Float64Array;
  private readonly atol: Float64Array;

  constructor(
    private readonly system: VariationalSystem,
    private readonly size: number,
    /** States beyond this count as an explosion. */
    private readonly largest: number,
    /** Relative tolerance of the integrations to come. */
    public rtol: number,
  ) {
    this.y0 = new Float64Array(system.n);
    this.atol = new Float64Array(system.n);
  }

  /** Forgets which method arrived. */
  reset(): void {
    this.stiff = false;
  }

  /**
   * @param times ascending
   * @param states (times, n) row-major, written
   * @throws SolveError where neither method arrives
   */
  sample(start: InitialState, p: Float64Array, times: Float64Array, states: Float64Array): void {
    this.begin(start, p);
    let first = 0;
    while (first < times.length && times[first] < start.t) first++;
    let forward = first;
    for (; forward < times.length && times[forward] === start.t; forward++) {
      states.set(this.y0, forward * this.system.n);
    }
    this.attempt((stiff) => {
      this.branch(stiff, start.t, times, forward, times.length, 1, states);
      this.branch(stiff, start.t, times, first - 1, -1, -1, states);
    });
  }

  /** The whole trajectory: its segments after and before the start, in the order of integration. */
  segments(
    start: InitialState,
    p: Float64Array,
    { low, high }: Coordinate,
  ): { forward: DenseSegment[]; backward: DenseSegment[] } {
    this.begin(start, p);
    return this.attempt((stiff) => {
      const run = (end: number) =>
        end === start.t
          ? []
          : integrate(this.stepper(stiff, end > start.t ? 1 : -1), [start.t, end], this.y0, {
              maxSteps: this.maxSteps(stiff),
            }).segments;
      return { forward: run(high), backward: run(low) };
    });
  }

  private begin(start: InitialState, p: Float64Array): void {
    const { system, size, atol, y0 } = this;
    const { active } = system;
    system.setUnknowns(p);
    y0.set(start.y);
    const scale = largestMagnitude(start.y);
    atol.fill(1e-4 * this.rtol * (scale > 0 ? scale : 1));
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < active.length; k++) {
        const place = size + i * active.length + k;
        y0[place] = start.sensitivity[i * p.length + active[k]];
        // A sensitivity is measured by the change of state that a change of its unknown by its own size makes.
        atol[place] /= Math.max(Math.abs(p[active[k]]), 1e-3);
      }
    }
  }

  private attempt<T>(run: (stiff: boolean) => T): T {
    try {
      const result = run(false);
      this.stiff = false;
      return result;
    } catch (error) {
      // A trajectory that explodes does so by any method; only one that wants ever more steps may be stiff.
      if (!(error instanceof StepLimitError)) throw error;
    }
    const result = run(true);
    this.stiff = true;
    return result;
  }

  private maxSteps(stiff: boolean): number {
    if (stiff) return stiffSteps;
    return this.stiff ? stiffAgainSteps : explicitSteps;
  }

  private stepper(stiff: boolean, direction: 1 | -1) {
    const { system, rtol, atol } = this;
    const tolerance: Tolerance = { rtol, atol };
    const compiled = stiff ? undefined : system.explicitStepper();
    if (compiled !== undefined) {
      compiled.setTolerance(tolerance);
      return compiled;
    }
    const evaluate = (t: number, y: Float64Array, out: Float64Array) => system.evaluate(t, y, out);
    return stiff
      ? new Rosenbrock(new DenseSystem(system.n, evaluate, { direction }), tolerance)
      : new ExplicitRungeKutta(dormandPrince8, evaluate, system.n, tolerance);
  }

  /** Visits times[from], times[from ± 1], … before times[end]. */
  private branch(
    stiff: boolean,
    start: number,
    times: Float64Array,
    from: number,
    end: number,
    direction: 1 | -1,
    states: Float64Array,
  ): void {
    if (direction * (end - from) <= 0) return;
    const { n } = this.system;
    const reached = (t: number) => direction * (t - times[next]) >= 0;
    let next = from;
    integrate(this.stepper(stiff, direction), [start, times[end - direction]], this.y0, {
      maxSteps: this.maxSteps(stiff),
      keep: false,
      inside: (_, to) => reached(to),
      observe: (segment) => {
        const to = segment.t + segment.h;
        for (let i = 0; i < this.size; i++) {
          if (Math.abs(segment.y[i]) <= this.largest) continue;
          throw new SolveError(`the trajectory explodes before t = ${segment.t}`);
        }
        // The end of the last step may be rounded to just before the last time.
        const last =
          segment.coefficients.length > 0 &&
          direction * (to - times[end - direction]) >= -1e-12 * Math.abs(segment.h);
        while (next !== end && (last || reached(to))) {
          evaluateSegment(segment, times[next], states.subarray(next * n, (next + 1) * n));
          next += direction;
        }
        return next === end;
      },
    });
  }
}
