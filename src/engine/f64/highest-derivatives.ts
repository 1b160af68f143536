/**
 * Finds the highest derivatives that residuals contain in one fixed combination only, u_t − ν u_xx say, or the
 * Laplacian: they can travel through a network as one component of its jet.
 */
import { apply, coefficientOf, isZero, zero } from '../../expression/build.ts';
import { partial } from '../../expression/differentiate.ts';
import { type Expression, type FieldNode, leafKey, substitute } from '../../expression/expression.ts';
import { type MultiIndex, multiIndexKey, totalOrder } from '../../jet/multi-index.ts';

/** Σ weight·∂^order in the coordinates of the problem; the first part has the weight 1. */
export type DerivativeCombination = readonly { readonly order: MultiIndex; readonly weight: number }[];

export interface CollapsedResiduals {
  /** The residuals, with the first derivative of each combination standing for all of it. */
  readonly residuals: readonly Expression[];
  /** For every jet its combinations. */
  readonly combinations: readonly (readonly DerivativeCombination[])[];
}

/** Ratios of coefficients that differ by no more are equal. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * A combination is found where each residual is affine in its derivatives and the slopes along any two of
 * them have the same constant ratio, in every residual and for every field.
 *
 * @param jets for every network and point set the field nodes that are taken of it
 */
export function collapseHighest(
  residuals: readonly Expression[],
  jets: readonly (readonly FieldNode[])[],
): CollapsedResiduals {
  const highest = jets.map(highestOf);
  const nonlinear = nonlinearLeaves(residuals, new Set(highest.flat().map(leafKey)));
  const structure = new Structure();
  const replaced = new Set<string>();
  const combinations = highest.map((leaves) => {
    const found = proportional(profilesOf(leaves, residuals, nonlinear, structure));
    for (const combination of found) {
      const others = new Set(combination.slice(1).map(({ order }) => multiIndexKey(order)));
      for (const leaf of leaves) if (others.has(multiIndexKey(leaf.order))) replaced.add(leafKey(leaf));
    }
    return found;
  });
  return {
    residuals: residuals.map((residual) =>
      substitute(residual, (leaf) => (replaced.has(leafKey(leaf)) ? zero : leaf), apply),
    ),
    combinations,
  };
}

/** Leaves whose derivative no other one goes beyond, the values themselves left out. */
function highestOf(leaves: readonly FieldNode[]): FieldNode[] {
  return leaves.filter(
    ({ order }) =>
      totalOrder(order) > 0 &&
      leaves.every(
        (other) => order.some((k, i) => k > other.order[i]) || order.every((k, i) => k === other.order[i]),
      ),
  );
}

/** Those of the leaves on which a residual depends by more than sums and products with other quantities. */
function nonlinearLeaves(residuals: readonly Expression[], leaves: ReadonlySet<string>): Set<string> {
  const below = new Map<Expression, ReadonlySet<string>>();
  const nonlinear = new Set<string>();
  const none: ReadonlySet<string> = new Set();
  const visit = (node: Expression): ReadonlySet<string> => {
    const known = below.get(node);
    if (known !== undefined) return known;
    let found = none;
    if (node.kind === 'operation') {
      const parts = node.operands.map(visit);
      found = new Set(parts.flatMap((part) => [...part]));
      if (!isLinear(node.operation, parts)) for (const key of found) nonlinear.add(key);
    } else if (node.kind === 'field' && leaves.has(leafKey(node))) found = new Set([leafKey(node)]);
    below.set(node, found);
    return found;
  };
  residuals.forEach(visit);
  return nonlinear;
}

function isLinear(operation: string, [a, b]: readonly ReadonlySet<string>[]): boolean {
  switch (operation) {
    case 'add':
    case 'subtract':
    case 'negate':
      return true;
    case 'multiply':
      return a.size === 0 || b.size === 0;
    case 'divide':
      return b.size === 0;
    case 'select':
      return a.size === 0;
    default:
      return false;
  }
}

/** The coefficients of one derivative, by residual, field, and what they are multiplied with. */
interface Profile {
  readonly order: MultiIndex;
  readonly coefficients: ReadonlyMap<string, number>;
}

function profilesOf(
  leaves: readonly FieldNode[],
  residuals: readonly Expression[],
  nonlinear: ReadonlySet<string>,
  structure: Structure,
): Profile[] {
  const byOrder = new Map<string, FieldNode[]>();
  for (const leaf of leaves) {
    const key = multiIndexKey(leaf.order);
    byOrder.set(key, [...(byOrder.get(key) ?? []), leaf]);
  }
  return [...byOrder.values()]
    .filter((fields) => !fields.some((leaf) => nonlinear.has(leafKey(leaf))))
    .map((fields) => {
      const coefficients = new Map<string, number>();
      for (const leaf of fields) {
        residuals.forEach((residual, output) => {
          const slope = partial(residual, leaf);
          if (isZero(slope)) return;
          const { coefficient, rest } = coefficientOf(slope);
          coefficients.set(`${output} ${leaf.name} ${structure.number(rest)}`, coefficient);
        });
      }
      return { order: fields[0].order, coefficients };
    });
}

/** Classes of two and more whose coefficients are multiples of each other. */
function proportional(profiles: readonly Profile[]): DerivativeCombination[] {
  const classes: { first: Profile; parts: { order: MultiIndex; weight: number }[] }[] = [];
  for (const profile of profiles) {
    let known = false;
    for (const { first, parts } of classes) {
      const weight = ratio(profile.coefficients, first.coefficients);
      if (weight === null) continue;
      parts.push({ order: profile.order, weight });
      known = true;
      break;
    }
    if (!known) classes.push({ first: profile, parts: [{ order: profile.order, weight: 1 }] });
  }
  return classes.map(({ parts }) => parts).filter((parts) => parts.length > 1);
}

function ratio(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number | null {
  if (a.size !== b.size || a.size === 0) return null;
  let common: number | null = null;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined) return null;
    const quotient = value / other;
    if (!Number.isFinite(quotient) || quotient === 0) return null;
    common ??= quotient;
    if (Math.abs(quotient - common) > ROUNDING * Math.abs(common)) return null;
  }
  return common;
}

/** Numbers expressions, equal ones alike. */
class Structure {
  readonly #numbers = new Map<string, number>();
  readonly #known = new Map<Expression, number>();

  number(node: Expression): number {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    let key: string;
    if (node.kind === 'number') key = `${node.value}`;
    else if (node.kind === 'operation') {
      key = `${node.operation}(${node.operands.map((operand) => this.number(operand)).join(',')})`;
    } else key = leafKey(node);
    const next = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, next);
    this.#known.set(node, next);
    return next;
  }
}
