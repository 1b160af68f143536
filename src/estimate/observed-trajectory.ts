import { NotSupportedError, ProblemError, SolveError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import { ExplicitForm } from '../reference/explicit-form.ts';
import { initialPlace } from '../reference/initial-state.ts';
import { type DenseSegment, evaluateSegment, findSegment } from '../reference/ode/dense-output.ts';
import { type InitialValues, initialValues } from './initial-values.ts';
import { leafCount, type ObservationModel, observationModel } from './observation-model.ts';
import { SensitivityIntegrator } from './sensitivity-trajectory.ts';
import { unknownsInEquations, type VariationalSystem, variationalSystem } from './variational-system.ts';

/** What the model predicts for the observations at given values of the unknowns. */
export interface Prediction {
  /** The observed expression at each point, by observation. */
  readonly predicted: readonly Float64Array[];
  /** ∂predicted/∂unknown, (N, unknowns) row-major, by observation; empty where not asked for. */
  readonly sensitivities: readonly Float64Array[];
}

interface Sampler {
  readonly system: VariationalSystem;
  readonly integrator: SensitivityIntegrator;
  readonly states: Float64Array;
}

/**
 * The trajectory of an initial value problem as the observations see it: integrated from the initial
 * conditions at given values of the unknowns, read at the times of the observations alone. Derivatives are
 * exact, from the variational equations.
 */
export class ObservedTrajectory {
  readonly form: ExplicitForm;
  private readonly models: readonly ObservationModel[];
  private readonly start: InitialValues;
  /** All times that some observation asks for, ascending. */
  private readonly times: Float64Array;
  /** By observation: positions among `times` of its points and of where its intervals begin. */
  private readonly at: readonly { readonly points: Int32Array; readonly before: Int32Array | undefined }[];
  private sensitive: Sampler | undefined;
  private plain: Sampler | undefined;

  private static readonly known = new WeakMap<Problem, ObservedTrajectory[]>();

  /**
   * The trajectory of a problem, derived and compiled when it is first asked for.
   *
   * @throws NotSupportedError where the problem is no initial value problem of ordinary differential
   * equations with observations
   */
  static of(problem: Problem, rtol: number): ObservedTrajectory {
    const known = ObservedTrajectory.known.get(problem) ?? [];
    const same = known.find((trajectory) => trajectory.rtol === rtol);
    if (same !== undefined) return same;
    const made = new ObservedTrajectory(problem, rtol);
    ObservedTrajectory.known.set(problem, [...known, made]);
    return made;
  }

  private constructor(
    readonly problem: Problem,
    readonly rtol: number,
  ) {
    this.form = new ExplicitForm(problem);
    if (problem.observations.length === 0) {
      throw new NotSupportedError('there are no observations to fit', { path: 'data' });
    }
    const place = initialPlace(problem, this.form);
    if (place === undefined) {
      throw new NotSupportedError('shooting needs initial conditions for every state', {
        path: 'conditions',
        hint: 'give each at the same place; a value that is not known can be one of the unknowns',
      });
    }
    this.start = initialValues(problem, this.form, place);
    this.models = problem.observations.map((observation) => observationModel(this.form, observation));
    this.times = Float64Array.from(
      new Set(this.models.flatMap(({ times, before }) => [...times, ...(before ?? [])])),
    ).sort();
    const position = new Map([...this.times].map((t, i) => [t, i]));
    const positions = (times: Float64Array) => Int32Array.from(times, (t) => position.get(t)!);
    this.at = this.models.map(({ times, before }) => ({
      points: positions(times),
      before: before === undefined ? undefined : positions(before),
    }));
  }

  /**
   * @param rtol tolerance of this integration; default: that of the model
   * @throws SolveError where the trajectory cannot be integrated or is not finite at an observation
   */
  predict(p: Float64Array, sensitivities: boolean, rtol = this.rtol): Prediction {
    const { form, problem, times } = this;
    const sampler = this.sampler(sensitivities);
    sampler.integrator.rtol = rtol;
    sampler.integrator.sample(this.start.at(p), p, times, sampler.states);
    const width = leafCount(form);
    const values = new Float64Array(2 * width);
    const slopes = new Float64Array(sampler.system.n);
    const out = new Float64Array(1);
    const predicted: Float64Array[] = [];
    const derivatives: Float64Array[] = [];
    this.models.forEach((model, o) => {
      const { points, before } = this.at[o];
      const prediction = new Float64Array(points.length);
      const derivative = new Float64Array(sensitivities ? points.length * p.length : 0);
      const partials = new Float64Array(model.places.length);
      for (let i = 0; i < points.length; i++) {
        this.readLeaves(sampler, points[i], p, values, 0, model.needsSlopes ? slopes : undefined);
        if (before !== undefined)
          this.readLeaves(sampler, before[i], p, values, width, model.needsSlopes ? slopes : undefined);
        model.expression(values, out);
        if (!Number.isFinite(out[0])) {
          throw new SolveError(
            `an observed quantity is not finite at ${problem.coordinates[0].name} = ${model.times[i]}`,
          );
        }
        prediction[i] = out[0];
        if (!sensitivities) continue;
        model.partials(values, partials);
        for (let q = 0; q < partials.length; q++) {
          const place = model.places[q];
          const far = place >= width;
          const time = far ? before![i] : points[i];
          this.addSensitivity(
            sampler,
            time,
            far ? place - width : place,
            partials[q],
            i * p.length,
            derivative,
          );
        }
      }
      predicted.push(prediction);
      derivatives.push(derivative);
    });
    return { predicted, sensitivities: derivatives };
  }

  /** Trajectories to come do not depend on those before. */
  reset(): void {
    for (const sampler of [this.sensitive, this.plain]) sampler?.integrator.reset();
  }

  /** The fields as functions of the coordinate, integrated when they are first asked for. */
  trajectory(p: Float64Array): { at(t: number): Record<string, number> } {
    const { form, problem } = this;
    const [coordinate] = problem.coordinates;
    const { low, high, name } = coordinate;
    let start: ReturnType<InitialValues['at']>;
    let branches: { forward: DenseSegment[]; backward: DenseSegment[] } | undefined;
    const y = new Float64Array(form.size);
    return {
      at: (t) => {
        const slack = 1e-9 * (high - low);
        if (!(t >= low - slack && t <= high + slack)) {
          throw new ProblemError(`${name} = ${t} lies outside [${low}, ${high}]`);
        }
        if (branches === undefined) {
          start = this.start.at(p);
          const { integrator } = this.sampler(false);
          integrator.rtol = this.rtol;
          branches = integrator.segments(start, p, coordinate);
        }
        const segments = t >= start.t ? branches.forward : branches.backward;
        if (segments.length === 0) y.set(start.y);
        else evaluateSegment(findSegment(segments, t), t, y);
        return Object.fromEntries(form.fields.map((field) => [field.name, y[field.offset]]));
      },
    };
  }

  /** Far beyond whatever a trajectory that fits the data could reach. */
  private largest(): number {
    const observed = this.problem.observations.flatMap(({ values }) => [...values].map(Math.abs));
    const constants = [...this.problem.constants.values()].map(Math.abs);
    return 1e15 * Math.max(1, ...observed, ...constants.filter(Number.isFinite));
  }

  private sampler(sensitivities: boolean): Sampler {
    const made = sensitivities ? this.sensitive : this.plain;
    if (made !== undefined) return made;
    const { form, start, times, rtol } = this;
    const active = sensitivities
      ? [...new Set([...unknownsInEquations(form), ...start.unknowns])].sort((a, b) => a - b)
      : [];
    const system = variationalSystem(form, active);
    const sampler = {
      system,
      integrator: new SensitivityIntegrator(system, form.size, this.largest(), rtol),
      states: new Float64Array(times.length * system.n),
    };
    if (sensitivities) this.sensitive = sampler;
    else this.plain = sampler;
    return sampler;
  }

  /** Writes [t, state, highest derivatives, unknowns]; leaves out the derivatives without room for slopes. */
  private readLeaves(
    { system, states }: Sampler,
    time: number,
    p: Float64Array,
    values: Float64Array,
    offset: number,
    slopes: Float64Array | undefined,
  ): void {
    const { form } = this;
    const { n } = system;
    values[offset] = this.times[time];
    for (let i = 0; i < form.size; i++) values[offset + 1 + i] = states[time * n + i];
    const leading = offset + 1 + form.size;
    if (slopes !== undefined) {
      system.evaluate(this.times[time], states.subarray(time * n, (time + 1) * n), slopes);
      form.fields.forEach((field, i) => {
        values[leading + i] = slopes[field.offset + field.order - 1];
      });
    }
    const unknowns = leading + form.fields.length;
    for (let k = 0; k < p.length; k++) values[unknowns + k] = p[k];
  }

  /** out += factor · ∂leaf/∂unknowns, for the leaf at a place of the vector of leaves. */
  private addSensitivity(
    { system, states }: Sampler,
    time: number,
    place: number,
    factor: number,
    offset: number,
    out: Float64Array,
  ): void {
    const { form } = this;
    const { n, active } = system;
    const { size } = form;
    const leading = 1 + size;
    const unknowns = leading + form.fields.length;
    if (place >= unknowns) {
      out[offset + place - unknowns] += factor;
      return;
    }
    if (place < leading) {
      const from = time * n + size + (place - 1) * active.length;
      for (let k = 0; k < active.length; k++) out[offset + active[k]] += factor * states[from + k];
      return;
    }
    const { offset: first, order } = form.fields[place - leading];
    const derivative = new Float64Array(n);
    system.evaluate(this.times[time], states.subarray(time * n, (time + 1) * n), derivative);
    const from = size + (first + order - 1) * active.length;
    for (let k = 0; k < active.length; k++) out[offset + active[k]] += factor * derivative[from + k];
  }
}
