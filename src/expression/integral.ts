/** Integrals by Gauss–Legendre quadrature, written out: what stands under them is taken at the nodes. */
import { add, column, multiply, number, subtract, sum } from './build.ts';
import type { Expression, Place } from './expression.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { atPlace, withoutColumn } from './place.ts';

/** Nodes where none are asked for: analytic integrands that do not oscillate have twelve digits or more. */
export const DEFAULT_NODES = 16;
export const MAXIMUM_NODES = 64;

/** What the variable of an integral stands for: a coordinate by its position, or a name of its own. */
export type IntegrationVariable =
  | { readonly name: string; readonly coordinate: number }
  | { readonly name: string; readonly coordinate: undefined };

/** The leaf that a variable with a name of its own is until the nodes take its place. */
export function variableLeaf(name: string): Expression {
  return column(`integration:${name}`);
}

/**
 * ∫ integrand over the variable from `low` to `high`: (high − low)/2 · Σ_k w_k · integrand at the k-th node. Where the
 * limits depend on coordinates so do the nodes, and the sum differentiates as the integral does (Leibniz' rule).
 *
 * @param dimension  number of the problem's coordinates
 */
export function quadratureSum(
  integrand: Expression,
  variable: IntegrationVariable,
  low: Expression,
  high: Expression,
  count: number,
  dimension: number,
): Expression {
  const { nodes, weights } = gaussLegendre(count);
  const half = multiply(number(0.5), subtract(high, low));
  const terms = [...nodes].map((node, k) => {
    const at = add(low, multiply(number(node + 1), half));
    const place: Place = Array.from({ length: dimension }, (_, i) => (i === variable.coordinate ? at : null));
    const value =
      variable.coordinate === undefined
        ? withoutColumn(integrand, `integration:${variable.name}`, at)
        : atPlace(integrand, place);
    return multiply(number(weights[k]), value);
  });
  return multiply(half, sum(terms));
}
