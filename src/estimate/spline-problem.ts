/** A problem whose unknown functions of time are splines with their coefficients among the unknowns. */
import { NotSupportedError } from '../errors.ts';
import { apply } from '../expression/build.ts';
import { differentiate } from '../expression/differentiate.ts';
import { type Expression, substitute } from '../expression/expression.ts';
import type { Condition, Problem, Unknown } from '../problem/problem.ts';
import { cubicSpline } from './cubic-spline.ts';

export interface SplineProblem {
  readonly problem: Problem;
  /** The unknown functions, with the names of their coefficients. */
  readonly functions: readonly { readonly name: string; readonly coefficients: readonly string[] }[];
  /** An expression of the given problem with the splines in place of the unknown functions. */
  withSplines(expression: Expression): Expression;
}

/** @throws NotSupportedError where there is another coordinate than the one that all depends on */
export function splineProblem(problem: Problem, intervals: number): SplineProblem {
  if (problem.coordinates.length !== 1)
    throw new NotSupportedError('splines stand for unknown functions of one coordinate alone', {
      path: 'domain',
      hint: 'train a network with solve()',
    });
  const [coordinate] = problem.coordinates;
  const splines = problem.fields.flatMap(({ name, unknown }) =>
    unknown
      ? [
          {
            name,
            ...cubicSpline(
              name,
              { kind: 'coordinate', name: coordinate.name, index: 0 },
              coordinate,
              intervals,
            ),
          },
        ]
      : [],
  );
  const derivatives = new Map(splines.map(({ name, expression }) => [name, [expression]]));
  const withSplines = (expression: Expression): Expression =>
    substitute(
      expression,
      (leaf) => {
        const known = leaf.kind === 'field' ? derivatives.get(leaf.name) : undefined;
        if (known === undefined || leaf.kind !== 'field') return leaf;
        if (leaf.side !== 0) throw new NotSupportedError('an unknown function in a periodic condition');
        while (known.length <= leaf.order[0]) known.push(differentiate(known[known.length - 1], 0));
        return known[leaf.order[0]];
      },
      apply,
    );
  const sides = <T extends { readonly left: Expression; readonly right: Expression }>(tied: T): T => ({
    ...tied,
    left: withSplines(tied.left),
    right: withSplines(tied.right),
  });
  const coefficients = splines.flatMap((spline) =>
    spline.coefficients.map(
      (name): Unknown => ({ name, initial: 0, min: undefined, max: undefined, scale: undefined }),
    ),
  );
  return {
    functions: splines.map(({ name, coefficients }) => ({ name, coefficients })),
    withSplines,
    problem: {
      ...problem,
      fields: problem.fields.filter((field) => !field.unknown),
      unknowns: [...problem.unknowns, ...coefficients],
      functions: new Map([...problem.functions].map(([name, value]) => [name, withSplines(value)])),
      equations: problem.equations.map(sides),
      conditions: problem.conditions.map(
        (condition): Condition => (condition.kind === 'periodic' ? condition : sides(condition)),
      ),
      observations: problem.observations.map((o) => ({ ...o, expression: withSplines(o.expression) })),
      exact: new Map(),
    },
  };
}
