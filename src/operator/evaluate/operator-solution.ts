/** What a trained operator says of one input function: values, derivatives and expressions anywhere. */
import { ProblemError, SolveError } from '../../errors.ts';
import { apply } from '../../expression/build.ts';
import { differentiate } from '../../expression/differentiate.ts';
import { evaluateProgram } from '../../expression/evaluate.ts';
import { type Expression, type FieldNode, substitute } from '../../expression/expression.ts';
import { parseExpression } from '../../expression/parse.ts';
import { pointsAt, withPlacesAsColumns } from '../../expression/place.ts';
import { compileProgram } from '../../expression/program.ts';
import type { MultiIndex } from '../../jet/multi-index.ts';
import { givenInputs } from '../../problem/given-inputs.ts';
import { hardAnsatz } from '../../problem/hard/index.ts';
import { type Problem, scopeOf } from '../../problem/index.ts';
import { assertInside } from '../../problem/membership.ts';
import type { ReferenceResult } from '../../reference/index.ts';
import {
  comparisonPoints,
  comparisonSides,
  domainGrid,
  evaluateExact,
  type FieldError,
  fieldError,
  whereInside,
} from '../../solve/error-norms.ts';
import type { OperatorModel } from '../operator-model.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import { sensorValues } from '../space/function-space.ts';
import { problemOf } from '../space/problem-of.ts';
import type { OperatorWarning } from './training-space.ts';

/** A point: by the names of its coordinates, their values in order, or one number where there is one coordinate. */
export type OperatorPoint = number | readonly number[] | Readonly<Record<string, number>>;

export class OperatorSolution {
  /** The ordinary problem that it solves. */
  readonly problem: Problem;
  /** In what the input functions are unlike those of training; none: they are as those. */
  readonly warnings: readonly OperatorWarning[];
  readonly #model: OperatorModel;
  readonly #operator: Problem;
  readonly #inputs: Readonly<Record<string, Float64Array>>;

  constructor(
    operator: Problem,
    model: OperatorModel,
    samples: Readonly<Record<string, FunctionSample>>,
    warningsOf: (inputs: Readonly<Record<string, Float64Array>>) => readonly OperatorWarning[],
  ) {
    this.#operator = operator;
    this.#model = model;
    this.problem = problemOf(operator, samples);
    this.#inputs = Object.fromEntries(
      operator.inputs.map((input) => [input.name, sensorValues(input, samples[input.name])]),
    );
    this.warnings = warningsOf(this.#inputs);
  }

  /**
   * Every field at a point.
   *
   * @throws ProblemError for a coordinate that is missing, unknown or outside the domain
   * @example integrate('cos(3*x)').at(0.3).u
   */
  at(point: OperatorPoint): Record<string, number> {
    const values = this.evaluateFields(this.#row(point));
    return Object.fromEntries(Object.entries(values).map(([name, column]) => [name, column[0]]));
  }

  /**
   * Every field at points (N, d), row-major; where there is one coordinate its values.
   *
   * @returns one array (N) for each field
   * @throws ProblemError for points of another length than N·d or outside the domain
   */
  evaluateFields(points: ArrayLike<number>): Record<string, Float64Array> {
    const own = Float64Array.from(points);
    return Object.fromEntries(
      this.problem.fields.map(({ name, of }) => {
        const order = this.problem.coordinates.map(() => 0);
        return [name, this.evaluateExpression({ kind: 'field', name, order, of, side: 0 } as FieldNode, own)];
      }),
    );
  }

  /**
   * Any expression in the problem's symbols at points (N, d): derivatives ("u_x"), fluxes, input functions.
   *
   * @throws ProblemError where the text is not well formed, or for points outside the domain
   */
  evaluate(text: string, points: ArrayLike<number>): Float64Array {
    const expression = parseExpression(text, scopeOf(this.#operator), text);
    return this.evaluateExpression(givenInputs(this.problem).replaced(expression), Float64Array.from(points));
  }

  /** As `evaluate`, for an expression already parsed, without input functions. */
  evaluateExpression(expression: Expression, points: Float64Array): Float64Array {
    this.#assertInside(points);
    const local = withPlacesAsColumns(expression);
    const columns = new Map(
      [...local.columns].map(([name, { leaf, place }]) => [
        name,
        this.evaluateExpression(leaf, pointsAt(place, points)),
      ]),
    );
    const program = compileProgram([withAnsatz(local.expression, this.problem)]);
    const d = this.problem.coordinates.length;
    const count = points.length / d;
    const derivatives = new Map<string, Readonly<Record<string, Float64Array>>>();
    const fieldsAt = (order: MultiIndex): Readonly<Record<string, Float64Array>> => {
      const key = order.join();
      const known =
        derivatives.get(key) ??
        this.#model.evaluate(
          { inputs: this.#inputs, count: 1, points, pointCount: count, aligned: true },
          order.every((k) => k === 0) ? undefined : order,
        );
      derivatives.set(key, known);
      return known;
    };
    const inputs = program.inputs.map((leaf) => {
      if (leaf.kind === 'coordinate')
        return Float64Array.from({ length: count }, (_, n) => points[n * d + leaf.index]);
      if (leaf.kind === 'field') return fieldsAt(leaf.order)[leaf.name];
      const column = columns.get(leaf.name);
      if (column === undefined) throw new ProblemError(`\`${leaf.name}\` has no value here`);
      return column;
    });
    return evaluateProgram(program, inputs, count)[0];
  }

  /** The fields on a regular grid over the domain, ends included; NaN outside a geometry. */
  grid(sides: readonly number[] = comparisonSides(this.problem)): {
    readonly sides: readonly number[];
    /** (N, d), row-major, the last coordinate fastest. */
    readonly points: Float64Array;
    readonly fields: Readonly<Record<string, Float64Array>>;
  } {
    const points = domainGrid(this.problem, sides);
    return { sides, points, fields: this.#whereInside(points) };
  }

  /**
   * Error norms by field on a grid.
   *
   * @param against  a classical reference, or 'exact' for the problem's exact solution
   * @throws SolveError where the reference is not available, with its reason
   */
  compare(against: ReferenceResult | 'exact'): Record<string, FieldError> {
    if (against !== 'exact' && !against.available)
      throw new SolveError(`there is no reference: ${against.reason}`);
    const points = comparisonPoints(this.problem);
    const fields = this.#whereInside(points);
    const expected = whereInside(this.problem, points, (inside) =>
      against === 'exact' ? evaluateExact(this.problem, inside, {}) : against.evaluate(inside),
    );
    return Object.fromEntries(
      Object.keys(fields)
        .filter((name) => expected[name] !== undefined)
        .map((name) => [name, fieldError(fields[name], expected[name])]),
    );
  }

  #whereInside(points: Float64Array): Readonly<Record<string, Float64Array>> {
    return whereInside(this.problem, points, (inside) => this.evaluateFields(inside));
  }

  #row(point: OperatorPoint): number[] {
    const { coordinates } = this.problem;
    const names = coordinates.map(({ name }) => name);
    const hint = `give ${names.join(', ')}`;
    if (typeof point === 'number' || Array.isArray(point)) {
      const row = typeof point === 'number' ? [point] : [...(point as readonly number[])];
      if (row.length === names.length) return row;
      throw new ProblemError(
        `${row.length} number${row.length === 1 ? '' : 's'} for ${names.length} coordinate${names.length === 1 ? '' : 's'}`,
        { path: 'point', hint },
      );
    }
    const byName = point as Readonly<Record<string, number>>;
    const strange = Object.keys(byName).find((name) => !names.includes(name));
    if (strange !== undefined)
      throw new ProblemError(`\`${strange}\` is not a coordinate`, {
        hint: `coordinates are ${names.join(', ')}`,
      });
    return names.map((name) => {
      if (byName[name] === undefined) throw new ProblemError(`the point has no \`${name}\``, { hint });
      return byName[name];
    });
  }

  #assertInside(points: Float64Array): void {
    const d = this.problem.coordinates.length;
    if (points.length % d !== 0)
      throw new ProblemError(`${points.length} numbers are no points of ${d} coordinates`, {
        hint: `give ${this.problem.coordinates.map((c) => c.name).join(', ')} of one point after the other`,
      });
    for (let n = 0; n * d < points.length; n++)
      assertInside(points.subarray(n * d, (n + 1) * d), this.problem, `points[${n}]`);
  }
}

/** The expression in û, where conditions are hard. */
function withAnsatz(expression: Expression, problem: Problem): Expression {
  const ansatz = hardAnsatz(problem);
  if (ansatz.size === 0) return expression;
  const known = new Map<string, Expression>();
  const derivative = (name: string, order: MultiIndex): Expression => {
    const key = `${name}:${order.join()}`;
    const found =
      known.get(key) ??
      order.reduce((result, times, coordinate) => {
        let derived = result;
        for (let k = 0; k < times; k++) derived = differentiate(derived, coordinate);
        return derived;
      }, ansatz.get(name)!);
    known.set(key, found);
    return found;
  };
  return substitute(
    expression,
    (leaf) => (leaf.kind === 'field' && ansatz.has(leaf.name) ? derivative(leaf.name, leaf.order) : leaf),
    apply,
  );
}
