/** The problem that is left when input functions are given. */
import { NotSupportedError } from '../errors.ts';
import { apply, number } from '../expression/build.ts';
import { differentiate } from '../expression/differentiate.ts';
import { type Expression, substitute } from '../expression/expression.ts';
import { atPlace } from '../expression/place.ts';
import { type MultiIndex, totalOrder, zeroMultiIndex } from '../jet/multi-index.ts';
import type { InputSpace, Problem } from './problem.ts';

/** An input function as an expression in the problem's coordinates: its derivative of the order, one entry for each. */
export type InputExpression = (order: MultiIndex) => Expression;

/** The expression with given functions in the place of fields of their names. */
export function inputsReplaced(
  given: ReadonlyMap<string, InputExpression>,
): (expression: Expression) => Expression {
  const known = new Map<string, Expression>();
  const derivative = (name: string, order: MultiIndex): Expression => {
    const key = `${name}:${order.join()}`;
    const found = known.get(key) ?? given.get(name)!(order);
    known.set(key, found);
    return found;
  };
  const done = new Map<Expression, Expression>();
  return (expression) => {
    const result =
      done.get(expression) ??
      substitute(
        expression,
        (leaf) => {
          if (leaf.kind !== 'field' || !given.has(leaf.name)) return leaf;
          const value = derivative(leaf.name, leaf.order);
          return leaf.at === undefined ? value : atPlace(value, leaf.at);
        },
        apply,
      );
    done.set(expression, result);
    return result;
  };
}

/**
 * For texts of the problem that are read anew: the scope's fields with the input functions that were given, and the
 * step that puts these in.
 */
export function givenInputs({ given = new Map() }: Problem): {
  readonly fields: readonly (readonly [string, readonly number[]])[];
  readonly replaced: (expression: Expression) => Expression;
} {
  const fields = [...given].map(([name, { of }]) => [name, of] as const);
  const expressions = [...given].map(([name, { expression }]): [string, InputExpression] => [
    name,
    (order) =>
      order.reduce((result, times, coordinate) => {
        let derived = result;
        for (let k = 0; k < times; k++) derived = differentiate(derived, coordinate);
        return derived;
      }, expression),
  ]);
  return { fields, replaced: inputsReplaced(new Map(expressions)) };
}

/** The problem with its input functions given: an ordinary one, in which they are expressions. */
export function withInputs(problem: Problem, given: ReadonlyMap<string, InputExpression>): Problem {
  const of = inputsReplaced(given);
  const none = zeroMultiIndex(problem.coordinates.length);
  const inputs = problem.inputs.filter(({ name }) => given.has(name));
  return {
    ...problem,
    inputs: problem.inputs.filter(({ name }) => !given.has(name)),
    given: new Map([
      ...(problem.given ?? []),
      ...inputs.map(
        (input) => [input.name, { of: input.of, expression: given.get(input.name)!(none) }] as const,
      ),
    ]),
    functions: new Map([...problem.functions].map(([name, value]) => [name, of(value)])),
    equations: problem.equations.map((equation) => ({
      ...equation,
      left: of(equation.left),
      right: of(equation.right),
      where: equation.where && of(equation.where),
    })),
    conditions: problem.conditions.map((condition) =>
      condition.kind === 'periodic'
        ? condition
        : { ...condition, left: of(condition.left), right: of(condition.right) },
    ),
    observations: problem.observations.map((o) => ({ ...o, expression: of(o.expression) })),
    exact: new Map([...problem.exact].map(([name, value]) => [name, of(value)])),
  };
}

/** What a problem is checked with: every input function a number that its draws take. */
export function withTypicalInputs(problem: Problem): Problem {
  if (problem.inputs.length === 0) return problem;
  return withInputs(
    problem,
    new Map(
      problem.inputs.map(({ name, space }) => {
        const value = number(typicalValue(space));
        return [name, (order: MultiIndex) => (totalOrder(order) === 0 ? value : number(0))];
      }),
    ),
  );
}

function typicalValue(space: InputSpace): number {
  switch (space.kind) {
    case 'gaussian-random-field': {
      const deviation = 0.618 * Math.sqrt(space.variance);
      if (space.minimum !== undefined) return space.minimum + deviation;
      return (space.mean.kind === 'number' ? space.mean.value : 0) + deviation;
    }
    case 'uniform':
      return space.low + 0.618 * (space.high - space.low);
    case 'functions':
      return space.coefficients.low + 0.618 * (space.coefficients.high - space.coefficients.low);
    default:
      return 0.618 * space.amplitude;
  }
}

/** @throws NotSupportedError for an operator problem, which has a solution for every draw of its inputs */
export function requireInputsGiven({ inputs }: Problem, what: string): void {
  if (inputs.length === 0) return;
  const names = inputs.map(({ name }) => name);
  throw new NotSupportedError(
    `${what} needs the input function${names.length === 1 ? '' : 's'} ${names.join(', ')}: this is an operator problem, with a solution for every draw`,
    { path: 'inputs', hint: `give them: problemOf(problem, { ${names.map((n) => `${n}: …`).join(', ')} })` },
  );
}
