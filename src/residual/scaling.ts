/**
 * Scaling: the map between the user's units and normalised variables.
 *
 *   x_i = center_i + halfWidth_i · ξ_i,     u = offset + scale · û,     unknowns as in `unknown-transform.ts`
 *
 * so that ∂^α u = scale · ∏ halfWidth_i^(−α_i) · ∂^α û for |α| > 0. It is applied to expressions
 * symbolically, and numeric factors are merged: engines see problems of order one whatever the units.
 */
import {
  add,
  apply,
  column,
  coordinate,
  field,
  multiply,
  number,
  subtract,
  unknown,
} from '../expression/build.ts';
import {
  type CoordinateNode,
  type Expression,
  type FieldNode,
  type Leaf,
  type Place,
  substitute,
} from '../expression/expression.ts';
import type { MultiIndex } from '../jet/multi-index.ts';
import { hardAnsatz } from '../problem/hard/index.ts';
import { fieldOfPieces } from '../problem/pieces.ts';
import type { Problem } from '../problem/problem.ts';
import {
  type Ansatz,
  ansatzDerivative,
  applyMergingNumbers,
  sideColumn,
  sizeBesideExtension,
} from './ansatz.ts';
import type { FieldRange } from './magnitudes.ts';
import { type UnknownTransform, unknownTransform } from './unknown-transform.ts';

export interface FieldScale {
  readonly offset: number;
  readonly scale: number;
  /** Of the network's output where conditions are built into the field; it has no offset. */
  readonly networkScale?: number;
}

export interface Scaling {
  readonly coordinates: readonly { readonly center: number; readonly halfWidth: number }[];
  readonly fields: ReadonlyMap<string, FieldScale>;
  /** In the problem's order of unknowns. */
  readonly unknowns: readonly UnknownTransform[];
  /** Fields that are more than the output of a network; networks' outputs have entries in `fields` too. */
  readonly ansatz?: Ansatz;
}

/** Where a field's values vary by less than this share of their size, they are measured from their middle … */
const offsetShare = 0.2;
/** … unless they do so by rounding alone. */
const roundingShare = 1e-12;

function scaleOf({ low, high }: FieldRange): { readonly offset: number; readonly scale: number } {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return high - low > roundingShare * size && high - low < offsetShare * size
    ? { offset: (low + high) / 2, scale: (high - low) / 2 }
    : { offset: 0, scale: size };
}

export function scalingOf(problem: Problem, ranges: ReadonlyMap<string, FieldRange>): Scaling {
  const d = problem.coordinates.length;
  const hard = hardAnsatz(problem);
  const ansatz = new Map(hard);
  for (const field of problem.fields)
    if (field.pieces !== undefined) ansatz.set(field.name, fieldOfPieces(field, d));
  return {
    coordinates: problem.coordinates.map(({ low, high }) => ({
      center: (low + high) / 2,
      halfWidth: (high - low) / 2,
    })),
    fields: new Map(
      problem.fields.flatMap((field): [string, FieldScale][] => {
        const range = ranges.get(field.name)!;
        const own = scaleOf(range);
        const built = hard.get(field.name);
        if (built !== undefined)
          return [
            [field.name, { ...own, networkScale: sizeBesideExtension(built, range, problem) ?? own.scale }],
          ];
        return [field, ...(field.pieces ?? [])].map(({ name }) => [name, own]);
      }),
    ),
    unknowns: problem.unknowns.map(unknownTransform),
    ...(ansatz.size > 0 ? { ansatz } : {}),
  };
}

/** The factor by which ∂^order of a field in the user's units exceeds that of the normalised field. */
export function derivativeScale(scaling: Scaling, name: string, order: MultiIndex): number {
  return order.reduce(
    (factor, k, i) => factor / scaling.coordinates[i].halfWidth ** k,
    scaling.fields.get(name)!.scale,
  );
}

/** The scaling of the fields themselves, by which terms are judged, whatever they are made of. */
export function withoutAnsatz({ ansatz, fields, ...scaling }: Scaling): Scaling {
  const own = [...fields].map(([name, { offset, scale }]) => [name, { offset, scale }] as const);
  return { ...scaling, fields: new Map(own) };
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
  const isValue = (leaf: FieldNode): boolean => leaf.order.every((k) => k === 0);
  const network = (leaf: FieldNode): Expression => {
    const { offset, scale, networkScale } = scaling.fields.get(leaf.name)!;
    const factor =
      derivativeScale(scaling, leaf.name, leaf.order) *
      (networkScale === undefined ? 1 : networkScale / scale);
    const at = leaf.at && normalizedPlace(leaf.at);
    const scaled = multiply(number(factor), field(leaf.name, leaf.order, leaf.of, leaf.side, at));
    return isValue(leaf) && networkScale === undefined ? add(number(offset), scaled) : scaled;
  };
  /** A coordinate where a field is taken. */
  const place = ({ name, index }: CoordinateNode, side: number, at?: Place): Expression => {
    const moved = at?.[index] ?? null;
    if (moved !== null) return inNormalizedVariables(moved, scaling);
    const { center, halfWidth } = scaling.coordinates[index];
    const normalized = side <= 0 ? coordinate(name, index) : column(sideColumn(index, side));
    return add(number(center), multiply(number(halfWidth), normalized));
  };
  const replaceLeaf = (leaf: Leaf): Expression => {
    switch (leaf.kind) {
      case 'coordinate':
        return place(leaf, 0);
      case 'field': {
        const built = scaling.ansatz?.get(leaf.name);
        if (built === undefined) return network(leaf);
        return substitute(
          ansatzDerivative(built, leaf),
          (inner) => {
            if (inner.kind === 'field') return network(inner);
            return inner.kind === 'coordinate' ? place(inner, leaf.side, leaf.at) : replaceLeaf(inner);
          },
          applyMergingNumbers,
        );
      }
      case 'unknown':
        return transforms.get(leaf.name)!;
      case 'column':
        return leaf;
    }
  };
  return substitute(expression, replaceLeaf, apply);
}

/** ∂^order of a field divided by what it is measured in, as an expression in normalised variables. */
export function normalizedDerivative(
  name: string,
  order: MultiIndex,
  of: readonly number[],
  side: number,
  scaling?: Scaling,
): Expression {
  const leaf = field(name, order, of, side);
  if (leaf.kind !== 'field' || scaling?.fields.get(name)?.networkScale === undefined) return leaf;
  return multiply(number(1 / derivativeScale(scaling, name, order)), inNormalizedVariables(leaf, scaling));
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
