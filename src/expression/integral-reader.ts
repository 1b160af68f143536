/** What the reader of a text knows about the integrals that it is inside of, and what it refuses in them. */
import { NotSupportedError, ProblemError } from '../errors.ts';
import { isDeclared } from './derivative-notation.ts';
import { type Expression, type FieldNode, type Leaf, leavesOf, placeKey } from './expression.ts';
import {
  DEFAULT_NODES,
  type IntegrationVariable,
  MAXIMUM_NODES,
  quadratureSum,
  variableLeaf,
} from './integral.ts';
import { placedLeaves } from './place.ts';
import { type Context, mathematicalConstants } from './resolve.ts';
import type { Token } from './scan.ts';

/** Each place is an evaluation of the network: nested integrals have the product of their nodes. */
const MAXIMUM_PLACES = 1024;

interface OpenIntegral {
  readonly variable: IntegrationVariable;
  /** The one coordinate that the limits hold, by position. */
  readonly limit: number | undefined;
}

export class IntegralReader {
  readonly #open: OpenIntegral[] = [];

  get depth(): number {
    return this.#open.length;
  }

  /** The variable named by the second argument. @throws ProblemError where it has another meaning */
  variable(token: Token | undefined, at: number, { scope, path, variables }: Context): IntegrationVariable {
    const wrong = (reason: string, hint: string): ProblemError =>
      new ProblemError(reason, { path, column: at, hint });
    if (token === undefined || token.primes > 0 || token.leibniz !== undefined)
      throw wrong(
        'the second argument of integral is the variable',
        'write a new name such as s, or a coordinate',
      );
    const name = token.text;
    const coordinate = scope.coordinates.indexOf(name);
    if (coordinate >= 0) return { name, coordinate };
    if (isDeclared(name, scope) || mathematicalConstants.has(name) || variables?.has(name))
      throw wrong(
        `\`${name}\` has a meaning of its own and is no variable of integration`,
        'take another name',
      );
    return { name, coordinate: undefined };
  }

  /** The context of what stands under the integral. */
  enter(variable: IntegrationVariable, limits: readonly Expression[], outer: Context): Context {
    const coordinates = new Set(
      leavesOf(limits).flatMap((leaf) => (leaf.kind === 'coordinate' ? [leaf.index] : [])),
    );
    const [limit] = coordinates;
    this.#open.push({ variable, limit: coordinates.size === 1 ? limit : undefined });
    if (variable.coordinate !== undefined) return outer;
    const variables = new Map(outer.variables).set(variable.name, variableLeaf(variable.name));
    return { ...outer, variables };
  }

  leave(): void {
    this.#open.pop();
  }

  /** The coordinate for which u(s) takes s, of a field of several: the one that stands in the integral's limits. */
  replaced(value: FieldNode, name: string | undefined, count: number): readonly number[] | undefined {
    if (count !== 1 || name === undefined) return undefined;
    const open = this.#open.findLast(({ variable }) => variable.name === name);
    const position = open?.variable.coordinate ?? open?.limit;
    return position !== undefined && value.of.includes(position) ? [position] : undefined;
  }

  /** @throws ProblemError unless the expression holds coordinates, numbers and variables of integrals alone */
  checkLimit(expression: Expression, what: string, at: number, path: string): void {
    const foreign = leavesOf([expression]).find(
      (leaf) => leaf.kind !== 'coordinate' && !(leaf.kind === 'column' && isVariable(leaf)),
    );
    if (foreign === undefined) return;
    throw new NotSupportedError(`${what} depends on ${nameOf(foreign)}`, {
      path,
      column: at,
      hint: 'coordinates and constants may stand there',
    });
  }

  /** The integral as its quadrature. */
  sum(
    integrand: Expression,
    variable: IntegrationVariable,
    low: Expression,
    high: Expression,
    nodes: Expression | undefined,
    place: { readonly at: number; readonly nodesAt: number; readonly context: Context },
  ): Expression {
    const { scope, path } = place.context;
    const wrong = (reason: string, column: number, hint: string): ProblemError =>
      new ProblemError(reason, { path, column, hint });
    const normal = leavesOf([integrand]).find((leaf) => leaf.kind === 'column' && !isVariable(leaf));
    if (normal !== undefined)
      throw wrong('u_n has no meaning under an integral', place.at, 'write derivatives along coordinates');
    if (!dependsOn(integrand, variable))
      throw wrong(
        `what stands under the integral does not depend on \`${variable.name}\``,
        place.at,
        `write u(${variable.name}) for a field at ${variable.name}`,
      );
    const count = nodes === undefined ? DEFAULT_NODES : nodes.kind === 'number' ? nodes.value : Number.NaN;
    if (!(Number.isInteger(count) && count >= 1 && count <= MAXIMUM_NODES))
      throw wrong(
        'the number of nodes is a whole number',
        place.nodesAt,
        `from 1 to ${MAXIMUM_NODES}; without it there are ${DEFAULT_NODES}`,
      );
    const result = quadratureSum(
      integrand,
      variable,
      low,
      high,
      count * (scope.quadratureFactor ?? 1),
      scope.coordinates.length,
    );
    const places = new Set(placedLeaves([result]).map((leaf) => placeKey(leaf.at)));
    if (places.size > MAXIMUM_PLACES)
      throw wrong(
        `the integral takes fields at ${places.size} places for each point`,
        place.at,
        `give fewer nodes as a fifth argument; ${MAXIMUM_PLACES} places are the most`,
      );
    return result;
  }
}

function isVariable(leaf: Leaf): boolean {
  return leaf.kind === 'column' && leaf.name.startsWith('integration:');
}

function nameOf(leaf: Leaf): string {
  return `the ${leaf.kind} \`${leaf.name}\``;
}

/** Whether the variable stands in the expression, be it in the place of a field. */
function dependsOn(expression: Expression, { name, coordinate }: IntegrationVariable): boolean {
  return leavesOf([expression]).some((leaf) => {
    if (leaf.kind === 'coordinate') return leaf.index === coordinate;
    if (leaf.kind === 'column') return coordinate === undefined && leaf.name === `integration:${name}`;
    if (leaf.kind !== 'field') return false;
    return leaf.of.some((i) => {
      const own = leaf.at?.[i] ?? null;
      return own === null ? i === coordinate : dependsOn(own, { name, coordinate } as IntegrationVariable);
    });
  });
}
