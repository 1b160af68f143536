/** A trained trial solution in the user's units: values, derivatives and expressions anywhere. */
import { ProblemError, SolveError } from '../errors.ts';
import { evaluateProgram, evaluateScalar } from '../expression/evaluate.ts';
import type { Expression, FieldNode } from '../expression/expression.ts';
import { parseExpression } from '../expression/parse.ts';
import { compileProgram } from '../expression/program.ts';
import { multiIndexKey } from '../jet/multi-index.ts';
import { evaluateTrial } from '../network/index.ts';
import { type TrialSolution, trialSize } from '../network/trial-solution.ts';
import { type Problem, type SolveSettings, scopeOf } from '../problem/index.ts';
import type { ReferenceResult } from '../reference/index.ts';
import { inNormalizedVariables, type Scaling, toNormalizedPoints } from '../residual/index.ts';
import { comparisonSides, domainGrid, evaluateExact, type FieldError, fieldError } from './error-norms.ts';
import type { RunRecord } from './run-record.ts';
import type { TrainingProgress } from './training-progress.ts';

/** A point by the names of its coordinates. */
export type Point = Readonly<Record<string, number>>;

/** What resuming needs beside the parameters. */
export interface TrainingPosition
  extends Omit<TrainingProgress, 'theta' | 'iteration' | 'seconds' | 'history'> {
  /** Settings as they were given. */
  readonly given: SolveSettings;
}

export class Solution {
  readonly problem: Problem;
  readonly trial: TrialSolution;
  readonly scaling: Scaling;
  /** Networks' parameters, then raw unknowns. */
  readonly theta: Float64Array;
  /** How it was trained. */
  readonly run: RunRecord;

  /** Where training stands, for `saveSolution` and resuming. */
  readonly position: TrainingPosition;

  constructor(
    problem: Problem,
    trial: TrialSolution,
    scaling: Scaling,
    theta: Float64Array,
    run: RunRecord,
    position: TrainingPosition,
  ) {
    this.run = run;
    this.position = position;
    this.problem = problem;
    this.trial = trial;
    this.scaling = scaling;
    this.theta = theta;
  }

  /** Estimates of the unknowns, in the user's units. */
  get unknowns(): Record<string, number> {
    const start = trialSize(this.trial);
    return Object.fromEntries(this.scaling.unknowns.map((t, i) => [t.name, t.value(this.theta[start + i])]));
  }

  /** Values of the problem's derived expressions at the estimates. */
  get derived(): Record<string, number> {
    const unknowns = this.unknowns;
    return Object.fromEntries(
      this.problem.derived.map(({ name, expression }) => [
        name,
        evaluateScalar(expression, (leaf) => unknowns[leaf.name]),
      ]),
    );
  }

  /**
   * The fields at one point.
   *
   * @throws ProblemError for a coordinate that is missing, unknown or outside the domain.
   * @example solution.at({ x: 0.3, t: 0.5 }).u
   */
  at(point: Point): Record<string, number> {
    const { coordinates, fields } = this.problem;
    for (const name of Object.keys(point))
      if (!coordinates.some((c) => c.name === name))
        throw new ProblemError(`\`${name}\` is not a coordinate`, {
          hint: `coordinates are ${coordinates.map((c) => c.name).join(', ')}`,
        });
    const row = coordinates.map(({ name, low, high }) => {
      const value = point[name];
      if (value === undefined)
        throw new ProblemError(`the point has no \`${name}\``, {
          hint: `give ${coordinates.map((c) => c.name).join(', ')}`,
        });
      if (!(value >= low && value <= high))
        throw new ProblemError(`${name} = ${value} lies outside the domain`, {
          hint: `${name} runs from ${low} to ${high}; a network knows nothing beyond`,
        });
      return value;
    });
    const values = this.evaluateFields(Float64Array.from(row));
    return Object.fromEntries(fields.map(({ name }) => [name, values[name][0]]));
  }

  /**
   * Every field at points (N, d), row-major, in the user's coordinates.
   *
   * @returns one array (N) for each field
   * @throws ProblemError for points of another length than N·d or outside the domain.
   */
  evaluateFields(points: Float64Array): Record<string, Float64Array> {
    this.assertInside(points);
    const zero = this.problem.coordinates.map(() => 0);
    const jets = evaluateTrial(this.trial, this.theta, toNormalizedPoints(points, this.scaling), [zero]);
    return Object.fromEntries(
      this.problem.fields.map(({ name }) => {
        const { offset, scale } = this.scaling.fields.get(name)!;
        return [name, jets.get(name)![0].map((value) => offset + scale * value)];
      }),
    );
  }

  /**
   * Any expression in the problem's symbols at points (N, d): derivatives ("u_xx"), fluxes ("-k*u_x"),
   * residuals. Values may be infinite or NaN where the expression is.
   *
   * @throws ProblemError where the text is not well formed, or for points outside the domain.
   */
  evaluate(text: string, points: Float64Array): Float64Array {
    return this.evaluateExpression(parseExpression(text, scopeOf(this.problem), text), points);
  }

  /** As `evaluate`, for an expression already parsed. */
  evaluateExpression(expression: Expression, points: Float64Array): Float64Array {
    const d = this.problem.coordinates.length;
    this.assertInside(points);
    const count = points.length / d;
    const program = compileProgram([inNormalizedVariables(expression, this.scaling)]);
    const orders = program.inputs.flatMap((leaf) => (leaf.kind === 'field' ? [leaf.order] : []));
    const normalized = toNormalizedPoints(points, this.scaling);
    const jets =
      orders.length === 0
        ? new Map<string, Float64Array[]>()
        : evaluateTrial(this.trial, this.theta, normalized, orders);
    const start = trialSize(this.trial);
    const columnOf = (leaf: FieldNode): Float64Array => {
      const position = orders.findIndex((order) => multiIndexKey(order) === multiIndexKey(leaf.order));
      return jets.get(leaf.name)![position];
    };
    const inputs = program.inputs.map((leaf) => {
      if (leaf.kind === 'coordinate')
        return Float64Array.from({ length: count }, (_, n) => normalized[n * d + leaf.index]);
      if (leaf.kind === 'field') return columnOf(leaf);
      const position = this.scaling.unknowns.findIndex((t) => t.name === leaf.name);
      if (leaf.kind === 'column' || position < 0)
        throw new ProblemError(`\`${leaf.name}\` has no value here`);
      return new Float64Array(count).fill(this.theta[start + position]);
    });
    return evaluateProgram(program, inputs, count)[0];
  }

  private assertInside(points: Float64Array): void {
    const { coordinates } = this.problem;
    const d = coordinates.length;
    if (points.length % d !== 0)
      throw new ProblemError(`${points.length} numbers are no points of ${d} coordinates`, {
        hint: `give ${coordinates.map((c) => c.name).join(', ')} of one point after the other`,
      });
    points.forEach((value, k) => {
      const { name, low, high } = coordinates[k % d];
      const rounding = 1e-12 * Math.max(Math.abs(low), Math.abs(high));
      if (!(value >= low - rounding && value <= high + rounding))
        throw new ProblemError(`${name} = ${value} lies outside the domain`, {
          path: `points[${Math.floor(k / d)}]`,
          hint: `${name} runs from ${low} to ${high}; a network knows nothing beyond`,
        });
    });
  }

  /** The fields on a regular grid over the domain; `sides` points along each coordinate, ends included. */
  grid(sides: readonly number[] = comparisonSides(this.problem)): {
    readonly sides: readonly number[];
    /** (N, d), row-major, the last coordinate fastest. */
    readonly points: Float64Array;
    readonly fields: Record<string, Float64Array>;
  } {
    const d = this.problem.coordinates.length;
    if (sides.length !== d || !sides.every((side) => Number.isSafeInteger(side) && side > 0))
      throw new ProblemError(`[${sides.join(', ')}] are no sides of a grid over ${d} coordinates`, {
        hint: 'give a whole number above zero for each',
      });
    const points = domainGrid(this.problem, sides);
    return { sides, points, fields: this.evaluateFields(points) };
  }

  /**
   * Error norms by field on a grid never trained on.
   *
   * @param against  a classical reference, or 'exact' for the problem's exact solution
   * @throws SolveError where the reference is not available, with its reason.
   */
  compare(
    against: ReferenceResult | 'exact',
    sides: readonly number[] = comparisonSides(this.problem),
  ): Record<string, FieldError> {
    if (against !== 'exact' && !against.available)
      throw new SolveError(`there is no reference: ${against.reason}`);
    const { points, fields } = this.grid(sides);
    const reference =
      against === 'exact' ? evaluateExact(this.problem, points, this.unknowns) : against.evaluate(points);
    return Object.fromEntries(
      Object.keys(fields)
        .filter((name) => reference[name] !== undefined)
        .map((name) => [name, fieldError(fields[name], reference[name])]),
    );
  }
}
