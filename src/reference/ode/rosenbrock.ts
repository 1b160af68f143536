import { SolveError } from '../../errors.ts';
import type { ImplicitSystem } from './implicit-system.ts';
import { rodas } from './rodas.ts';
import type { Stepper } from './stepper.ts';
import { allFinite, errorNorm, largestMagnitude, type Tolerance } from './tolerance.ts';

/**
 * Rodas as a stepper for M y' = f(t, y): one linear system per stage with the same matrix M/(γh) − J. Hairer &
 * Wanner, Solving Ordinary Differential Equations II, section IV.7, eq. (7.25)–(7.26).
 */
export class Rosenbrock implements Stepper {
  readonly name = rodas.name;
  readonly errorExponent = rodas.errorExponent;
  readonly embedded = true;
  evaluations = 0;
  proposal: Float64Array;
  localError = 0;
  private t = 0;
  private y: Float64Array;
  private slope: Float64Array;
  private timeSlope: Float64Array;
  private readonly stages: Float64Array[];
  private readonly at: Float64Array;
  private readonly sum: Float64Array;
  private h = 0;

  constructor(
    private readonly system: ImplicitSystem,
    private readonly tolerance: Tolerance,
  ) {
    const { n } = system;
    const vector = () => new Float64Array(n);
    this.y = vector();
    this.proposal = vector();
    this.slope = vector();
    this.timeSlope = vector();
    this.at = vector();
    this.sum = vector();
    this.stages = Array.from({ length: rodas.stages }, vector);
  }

  begin(t: number, y: Float64Array): void {
    this.t = t;
    this.y.set(y);
    this.linearize();
    if (!allFinite(this.slope)) throw new SolveError(`the right-hand side is not finite at t = ${t}`);
  }

  initialStep(_direction: 1 | -1, span: number): number {
    // With a singular M, f is no derivative of y; a small step grows by a constant factor within a few steps.
    const slope = errorNorm(this.slope, this.y, this.y, this.tolerance);
    const size = errorNorm(this.y, this.y, this.y, this.tolerance);
    const h = slope > 0 && size > 0 ? (1e-3 * size) / slope : 1e-5 * span;
    return Math.min(1e-3 * span, Math.max(h, 1e-8 * span));
  }

  attempt(h: number): number {
    const { system, stages, at, sum, y } = this;
    const { n } = system;
    this.h = h;
    if (!system.factor(1 / (rodas.gamma * h))) return Number.POSITIVE_INFINITY;
    for (let stage = 0; stage < rodas.stages; stage++) {
      const u = stages[stage];
      if (stage === 0) u.set(this.slope);
      else {
        at.set(y);
        accumulate(at, rodas.matrix[stage], stages, 1);
        sum.fill(0);
        accumulate(sum, rodas.couplings[stage], stages, 1 / h);
        system.evaluate(this.t + rodas.nodes[stage] * h, at, u);
        this.evaluations++;
        // The new state is where the last stage is evaluated, plus the last stage.
        if (stage === rodas.stages - 1) this.proposal.set(at);
        system.applyMass(sum, at);
        for (let i = 0; i < n; i++) u[i] += at[i];
      }
      const factor = h * rodas.timeWeights[stage];
      if (factor !== 0) for (let i = 0; i < n; i++) u[i] += factor * this.timeSlope[i];
      system.solve(u);
    }
    const last = stages[rodas.stages - 1];
    for (let i = 0; i < n; i++) this.proposal[i] += last[i];
    if (!allFinite(this.proposal)) return Number.POSITIVE_INFINITY;
    this.localError = largestMagnitude(last);
    return errorNorm(last, y, this.proposal, this.tolerance);
  }

  accept(): Float64Array {
    const { n } = this.system;
    const coefficients = new Float64Array(4 * n);
    const [k1, k2, k3] = rodas.denseWeights;
    for (let i = 0; i < n; i++) coefficients[i] = this.proposal[i] - this.y[i];
    // θk₃ = k₃ − (1 − θ)k₃ brings the published form to the alternating one.
    this.stages.forEach((u, stage) => {
      for (let i = 0; i < n; i++) {
        coefficients[n + i] += k1[stage] * u[i];
        coefficients[2 * n + i] += (k2[stage] + k3[stage]) * u[i];
        coefficients[3 * n + i] -= k3[stage] * u[i];
      }
    });
    this.t += this.h;
    [this.y, this.proposal] = [this.proposal, this.y];
    this.linearize();
    return coefficients;
  }

  private linearize(): void {
    this.system.evaluate(this.t, this.y, this.slope);
    this.evaluations++;
    this.system.linearize(this.t, this.y, this.slope);
    this.system.timeDerivative(this.t, this.y, this.slope, this.timeSlope);
  }
}

function accumulate(
  out: Float64Array,
  row: readonly number[],
  stages: readonly Float64Array[],
  scale: number,
): void {
  for (let stage = 0; stage < row.length; stage++) {
    const factor = row[stage] * scale;
    const u = stages[stage];
    for (let i = 0; i < out.length; i++) out[i] += factor * u[i];
  }
}
