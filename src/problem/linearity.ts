/** Whether a problem is linear: every residual is affine in the fields and their derivatives. */
import { subtract } from '../expression/build.ts';
import type { Expression } from '../expression/expression.ts';
import type { Problem } from './problem.ts';

/** What keeps a problem from being linear. */
export interface Nonlinearity {
  /** `equations[1]`, `unknowns.k`. */
  readonly path: string;
  /** A sentence without an end. */
  readonly reason: string;
}

type Degree = 'none' | 'affine' | 'more';

function highest(degrees: readonly Degree[]): Degree {
  if (degrees.includes('more')) return 'more';
  return degrees.includes('affine') ? 'affine' : 'none';
}

/**
 * The degree in the fields, read off the graph: what is affine only after cancellation, as (u + 1)² − u²,
 * counts as more.
 */
function degreeOf(expression: Expression): Degree {
  const done = new Map<Expression, Degree>();
  const ofOperands = (node: Expression & { kind: 'operation' }): Degree => {
    const degrees = node.operands.map(visit);
    const [first, ...others] = degrees;
    switch (node.operation) {
      case 'add':
      case 'subtract':
      case 'negate':
        return highest(degrees);
      case 'multiply':
        return degrees.every((degree) => degree !== 'none') ? 'more' : highest(degrees);
      case 'divide':
        return others[0] === 'none' ? first : 'more';
      case 'power': {
        const exponent = node.operands[1];
        if (exponent.kind === 'number' && exponent.value === 1) return first;
        break;
      }
      case 'select':
        return first === 'none' ? highest(others) : 'more';
    }
    return highest(degrees) === 'none' ? 'none' : 'more';
  };
  const visit = (node: Expression): Degree => {
    const known = done.get(node);
    if (known !== undefined) return known;
    const degree = node.kind === 'field' ? 'affine' : node.kind === 'operation' ? ofOperands(node) : 'none';
    done.set(node, degree);
    return degree;
  };
  return visit(expression);
}

/** The first thing that is not linear in the fields; undefined for a linear problem. */
export function nonlinearity(problem: Problem): Nonlinearity | undefined {
  if (problem.unknowns.length > 0) {
    const { name } = problem.unknowns[0];
    return { path: `unknowns.${name}`, reason: `${name} is to be estimated together with the fields` };
  }
  const residuals = [
    ...problem.equations.map(({ path, text, left, right }) => ({
      path,
      text,
      residual: subtract(left, right),
    })),
    ...problem.conditions.flatMap((condition) =>
      condition.kind === 'periodic'
        ? []
        : [
            {
              path: condition.path,
              text: condition.text,
              residual: subtract(condition.left, condition.right),
            },
          ],
    ),
    ...problem.observations.map(({ path, text, expression }) => ({ path, text, residual: expression })),
  ];
  const found = residuals.find(({ residual }) => degreeOf(residual) === 'more');
  return found && { path: found.path, reason: `${found.text} is not linear in the fields` };
}
