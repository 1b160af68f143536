/**
 * Scaling: the map between the user's units and normalised variables.
 *
 *   x_i = center_i + halfWidth_i · ξ_i,     u = offset + scale · û,     unknowns as in `unknown-transform.ts`
 *
 * so that ∂^α u = scale · ∏ halfWidth_i^(−α_i) · ∂^α û for |α| > 0. It is applied to expressions
 * symbolically, and numeric factors are merged: engines see problems of order one whatever the units.
 */
import { add, apply, coordinate, field, multiply, number, subtract, unknown } from '../expression/build.ts';
import { type Expression, type FieldNode, type Place, substitute } from '../expression/expression.ts';
import type { MultiIndex } from '../jet/multi-index.ts';
import { fieldOfPieces } from '../problem/pieces.ts';
import type { Problem } from '../problem/problem.ts';
import { type Ansatz, throughAnsatz } from './ansatz.ts';
import type { FieldRange } from './magnitudes.ts';
import { type UnknownTransform, unknownTransform } from './unknown-transform.ts';

export interface Scaling {
  readonly coordinates: readonly { readonly center: number; readonly halfWidth: number }[];
  readonly fields: ReadonlyMap<string, { readonly offset: number; readonly scale: number }>;
  /** In the problem's order of unknowns. */
  readonly unknowns: readonly UnknownTransform[];
  /** Fields that are more than the output of a network; networks' outputs have entries in `fields` too. */
  readonly ansatz?: Ansatz;
}

/** Where a field's values vary by less than this share of their size, they are measured from their middle. */
const offsetShare = 0.2;

function scaleOf({ low, high }: FieldRange): { readonly offset: number; readonly scale: number } {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return high > low && high - low < offsetShare * size
    ? { offset: (low + high) / 2, scale: (high - low) / 2 }
    : { offset: 0, scale: size };
}

export function scalingOf(problem: Problem, ranges: ReadonlyMap<string, FieldRange>): Scaling {
  const d = problem.coordinates.length;
  const pieces = problem.fields.filter((field) => field.pieces !== undefined);
  return {
    coordinates: problem.coordinates.map(({ low, high }) => ({
      center: (low + high) / 2,
      halfWidth: (high - low) / 2,
    })),
    fields: new Map(
      problem.fields.flatMap((field) => {
        const own = scaleOf(ranges.get(field.name)!);
        return [field, ...(field.pieces ?? [])].map(({ name }) => [name, own] as const);
      }),
    ),
    unknowns: problem.unknowns.map(unknownTransform),
    ...(pieces.length === 0
      ? {}
      : { ansatz: new Map(pieces.map((field) => [field.name, fieldOfPieces(field, d)])) }),
  };
}

/** The factor by which ∂^order of a field in the user's units exceeds that of the normalised field. */
export function derivativeScale(scaling: Scaling, name: string, order: MultiIndex): number {
  return order.reduce(
    (factor, k, i) => factor / scaling.coordinates[i].halfWidth ** k,
    scaling.fields.get(name)!.scale,
  );
}

/** An expression in the user's variables rewritten in normalised ones; its value stays the same. */
export function inNormalizedVariables(expression: Expression, scaling: Scaling): Expression {
  const transforms = new Map(scaling.unknowns.map((t) => [t.name, t.expression(unknown(t.name))]));
  const places = new Map<Place, Place>();
  const normalizedPlace = (at: Place): Place => {
    const known = places.get(at);
    if (known !== undefined) return known;
    const own = at.map((entry, i) => {
      if (entry === null) return null;
      const { center, halfWidth } = scaling.coordinates[i];
      return multiply(number(1 / halfWidth), subtract(inNormalizedVariables(entry, scaling), number(center)));
    });
    places.set(at, own);
    return own;
  };
  const replaceField = (leaf: FieldNode): Expression => {
    const factor = derivativeScale(scaling, leaf.name, leaf.order);
    const at = leaf.at && normalizedPlace(leaf.at);
    const scaled = multiply(number(factor), field(leaf.name, leaf.order, leaf.of, leaf.side, at));
    const isValue = leaf.order.every((k) => k === 0);
    return isValue ? add(number(scaling.fields.get(leaf.name)!.offset), scaled) : scaled;
  };
  return substitute(
    scaling.ansatz === undefined ? expression : throughAnsatz(expression, scaling.ansatz),
    (leaf) => {
      switch (leaf.kind) {
        case 'coordinate': {
          const { center, halfWidth } = scaling.coordinates[leaf.index];
          return add(number(center), multiply(number(halfWidth), coordinate(leaf.name, leaf.index)));
        }
        case 'field':
          return replaceField(leaf);
        case 'unknown':
          return transforms.get(leaf.name)!;
        case 'column':
          return leaf;
      }
    },
    apply,
  );
}

/** Points in the user's coordinates, (N, d) row-major, from normalised ones in [−1, 1]^d. */
export function toUserPoints(points: Float64Array, scaling: Scaling): Float64Array {
  const d = scaling.coordinates.length;
  return points.map(
    (value, i) => scaling.coordinates[i % d].center + scaling.coordinates[i % d].halfWidth * value,
  );
}

/** Normalised points, (N, d) row-major, from points in the user's coordinates. */
export function toNormalizedPoints(points: Float64Array, scaling: Scaling): Float64Array {
  const d = scaling.coordinates.length;
  return points.map(
    (value, i) => (value - scaling.coordinates[i % d].center) / scaling.coordinates[i % d].halfWidth,
  );
}
