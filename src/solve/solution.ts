/** A trained trial solution in the user's units: values, derivatives and expressions anywhere. */
import { ProblemError, SolveError } from '../errors.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { parseExpression } from '../expression/parse.ts';
import { pointsAt, withPlacesAsColumns } from '../expression/place.ts';
import { type TrialSolution, trialSize } from '../network/trial-solution.ts';
import { type Problem, type SolveSettings, scopeOf } from '../problem/index.ts';
import { assertInside, insideSpace } from '../problem/membership.ts';
import type { ReferenceResult } from '../reference/index.ts';
import type { Scaling } from '../residual/index.ts';
import {
  comparisonPoints,
  comparisonSides,
  domainGrid,
  evaluateExact,
  type FieldError,
  fieldError,
  whereInside,
} from './error-norms.ts';
import { expressionOfPiece, fieldsOfPiece, type Piece } from './piece.ts';
import type { RunRecord } from './run-record.ts';
import type { TrainingProgress } from './training-progress.ts';
import { type SolvedWindow, windowAt } from './windows/solved-window.ts';

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
  /** Over the whole domain. */
  readonly scaling: Scaling;
  /** Networks' parameters, then raw unknowns; of the last window where there are windows. */
  readonly theta: Float64Array;
  /** Where time was solved in windows, those that are trained, from the first on. */
  readonly windows: readonly SolvedWindow[] | undefined;
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
    windows?: readonly SolvedWindow[],
  ) {
    this.windows = windows;
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
    if (this.windows === undefined) return fieldsOfPiece(this.problem, this.trial, this, points);
    const columns = this.problem.fields.map(({ name }) => name);
    const values = this.byWindow(points, columns.length, (trial, piece, part) => {
      const fields = fieldsOfPiece(this.problem, trial, piece, part);
      return columns.map((name) => fields[name]);
    });
    return Object.fromEntries(columns.map((name, i) => [name, values[i]]));
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

  /**
   * As `evaluate`, for an expression already parsed.
   *
   * @param otherPoints  (N, d), where fields of side 1 are taken: where spans of time begin over which an
   * observation accumulates; not where time was solved in windows
   * @param given  values of columns, (N) each: normals on a boundary
   */
  evaluateExpression(
    expression: Expression,
    points: Float64Array,
    otherPoints?: Float64Array,
    given: Readonly<Record<string, Float64Array>> = {},
  ): Float64Array {
    this.assertInside(points);
    if (otherPoints !== undefined) this.assertInside(otherPoints);
    // What integrals hold is taken elsewhere, perhaps in other windows.
    const local = withPlacesAsColumns(expression);
    const onPiece = (
      trial: TrialSolution,
      piece: Piece,
      at: Float64Array,
      own: Readonly<Record<string, Float64Array>>,
      other?: Float64Array,
    ): Float64Array => {
      const columns = [...local.columns].map(
        ([name, { leaf, place }]) => [name, this.evaluateExpression(leaf, pointsAt(place, at))] as const,
      );
      const all = new Map([...columns, ...Object.entries(own)]);
      return expressionOfPiece(trial, piece, local.expression, at, other, all);
    };
    if (this.windows === undefined) return onPiece(this.trial, this, points, given, otherPoints);
    return this.byWindow(points, 1, (trial, piece, part, rows) => {
      const own = Object.entries(given).map(([name, column]) => [
        name,
        Float64Array.from(rows, (n) => column[n]),
      ]);
      return [onPiece(trial, piece, part, Object.fromEntries(own))];
    })[0];
  }

  /**
   * Columns over points that lie in several windows, each evaluated by its own piece.
   *
   * @throws SolveError for a time that training did not reach
   */
  private byWindow(
    points: Float64Array,
    columns: number,
    evaluate: (
      trial: TrialSolution,
      piece: Piece,
      points: Float64Array,
      rows: readonly number[],
    ) => readonly Float64Array[],
  ): Float64Array[] {
    const { windows, problem } = this;
    const d = problem.coordinates.length;
    const rows = new Map<SolvedWindow, number[]>();
    for (let n = 0; n * d < points.length; n++) {
      const window = windowAt(windows!, points[n * d + problem.time!], problem.coordinates[problem.time!]);
      const known = rows.get(window);
      if (known === undefined) rows.set(window, [n]);
      else known.push(n);
    }
    const values = Array.from({ length: columns }, () => new Float64Array(points.length / d));
    for (const [window, own] of rows) {
      const part = new Float64Array(own.length * d);
      own.forEach((n, i) => {
        part.set(points.subarray(n * d, (n + 1) * d), i * d);
      });
      evaluate(window.trial ?? this.trial, window, part, own).forEach((column, c) => {
        own.forEach((n, i) => {
          values[c][n] = column[i];
        });
      });
    }
    return values;
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
    const outside = insideSpace(points, this.problem)?.indexOf(false) ?? -1;
    if (outside >= 0)
      assertInside(points.subarray(outside * d, (outside + 1) * d), this.problem, `points[${outside}]`);
  }

  /** As `evaluateFields`, NaN at points outside the geometry. */
  fieldsWhereInside(points: Float64Array): Readonly<Record<string, Float64Array>> {
    return whereInside(this.problem, points, (inside) => this.evaluateFields(inside));
  }

  /** As `evaluateExpression`, NaN at points outside the geometry. */
  expressionWhereInside(expression: Expression, points: Float64Array): Float64Array {
    return whereInside(this.problem, points, (inside) => ({
      value: this.evaluateExpression(expression, inside),
    })).value;
  }

  /**
   * The fields on a regular grid over the domain; `sides` points along each coordinate, ends included. Outside a
   * geometry they are NaN.
   */
  grid(sides: readonly number[] = comparisonSides(this.problem)): {
    readonly sides: readonly number[];
    /** (N, d), row-major, the last coordinate fastest. */
    readonly points: Float64Array;
    readonly fields: Readonly<Record<string, Float64Array>>;
  } {
    const points = domainGrid(this.problem, sides);
    return { sides, points, fields: this.fieldsWhereInside(points) };
  }

  /**
   * Error norms by field at points never trained on: a grid, or points inside a geometry.
   *
   * @param against  a classical reference, or 'exact' for the problem's exact solution
   * @param sides  of a grid
   * @throws SolveError where the reference is not available, with its reason.
   */
  compare(against: ReferenceResult | 'exact', sides?: readonly number[]): Record<string, FieldError> {
    if (against !== 'exact' && !against.available)
      throw new SolveError(`there is no reference: ${against.reason}`);
    const points = sides === undefined ? comparisonPoints(this.problem) : this.grid(sides).points;
    const fields = this.fieldsWhereInside(points);
    const reference = whereInside(this.problem, points, (inside) =>
      against === 'exact' ? evaluateExact(this.problem, inside, this.unknowns) : against.evaluate(inside),
    );
    return Object.fromEntries(
      Object.keys(fields)
        .filter((name) => reference[name] !== undefined)
        .map((name) => [name, fieldError(fields[name], reference[name])]),
    );
  }
}
