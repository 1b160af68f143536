/**
 * Places: fields taken elsewhere than at the point itself, as integrals need them. A place has one entry for each
 * coordinate of the problem: an expression in the coordinates of the point, or null for the point's own coordinate.
 */
import { apply, column, field } from './build.ts';
import { evaluateProgram } from './evaluate.ts';
import {
  type Expression,
  type FieldNode,
  leafKey,
  leavesOf,
  type Place,
  placeKey,
  substitute,
} from './expression.ts';
import { compileProgram } from './program.ts';

/** Whether a field of the expressions is taken elsewhere than at the point itself. */
export function hasPlaces(expressions: readonly Expression[]): boolean {
  return placedLeaves(expressions).length > 0;
}

/** Every distinct field leaf that is taken elsewhere. */
export function placedLeaves(expressions: readonly Expression[]): (FieldNode & { readonly at: Place })[] {
  return leavesOf(expressions).filter(
    (leaf): leaf is FieldNode & { readonly at: Place } => leaf.kind === 'field' && leaf.at !== undefined,
  );
}

/** What the expression is at another place: its coordinates replaced, and its fields taken there. */
export function atPlace(expression: Expression, at: Place): Expression {
  return substitute(
    expression,
    (leaf) => {
      if (leaf.kind === 'coordinate') return at[leaf.index] ?? leaf;
      if (leaf.kind !== 'field') return leaf;
      const composed = at.map((own, i) => {
        const inner = leaf.at?.[i] ?? null;
        return inner === null ? own : atPlace(inner, at);
      });
      return field(leaf.name, leaf.order, leaf.of, leaf.side, composed);
    },
    apply,
  );
}

/** The expression with a column replaced by an expression, in the places of its fields as well. */
export function withoutColumn(expression: Expression, name: string, value: Expression): Expression {
  const places = new Map<Place, Place>();
  const replaced = (at: Place): Place => {
    const known = places.get(at) ?? at.map((entry) => entry && withoutColumn(entry, name, value));
    places.set(at, known);
    return known;
  };
  return substitute(
    expression,
    (leaf) => {
      if (leaf.kind === 'column') return leaf.name === name ? value : leaf;
      if (leaf.kind !== 'field' || leaf.at === undefined) return leaf;
      return field(leaf.name, leaf.order, leaf.of, leaf.side, replaced(leaf.at));
    },
    apply,
  );
}

/** Points (N, d), row-major, moved to a place; in the coordinates in which its expressions are. */
export function pointsAt(place: Place, points: Float64Array): Float64Array {
  const d = place.length;
  const count = points.length / d;
  const moving = place.flatMap((entry, i) => (entry === null ? [] : [{ entry, i }]));
  const program = compileProgram(moving.map(({ entry }) => entry));
  const inputs = program.inputs.map((leaf) => {
    if (leaf.kind !== 'coordinate') throw new Error(`\`${leaf.name}\` has no value in a place`);
    return Float64Array.from({ length: count }, (_, n) => points[n * d + leaf.index]);
  });
  const columns = evaluateProgram(program, inputs, count);
  const moved = points.slice();
  moving.forEach(({ i }, k) => {
    for (let n = 0; n < count; n++) moved[n * d + i] = columns[k][n];
  });
  return moved;
}

/** Expressions whose fields are all taken at numbered point sets, and the places of the sets that are added. */
export interface Sided {
  readonly expressions: readonly Expression[];
  /** Of the sets `first`, `first` + 1, … */
  readonly places: readonly Place[];
}

/** Gives every place a side, the same place the same one, from `first` on. */
export function withSides(expressions: readonly Expression[], first: number): Sided {
  const sides = new Map<string, { readonly side: number; readonly place: Place }>();
  const numbered = expressions.map((expression) =>
    substitute(
      expression,
      (leaf) => {
        if (leaf.kind !== 'field' || leaf.at === undefined) return leaf;
        const key = placeKey(leaf.at);
        const own = sides.get(key) ?? { side: first + sides.size, place: leaf.at };
        sides.set(key, own);
        return field(leaf.name, leaf.order, leaf.of, own.side);
      },
      apply,
    ),
  );
  return { expressions: numbered, places: [...sides.values()].map(({ place }) => place) };
}

/** The expression with every field that is taken elsewhere as a column, and what the columns stand for. */
export function withPlacesAsColumns(expression: Expression): {
  readonly expression: Expression;
  readonly columns: ReadonlyMap<string, { readonly leaf: FieldNode; readonly place: Place }>;
} {
  const columns = new Map<string, { readonly leaf: FieldNode; readonly place: Place }>();
  const replaced = substitute(
    expression,
    (leaf) => {
      if (leaf.kind !== 'field' || leaf.at === undefined) return leaf;
      const name = leafKey(leaf);
      const local = field(leaf.name, leaf.order, leaf.of) as FieldNode;
      columns.set(name, { leaf: local, place: leaf.at });
      return column(name);
    },
    apply,
  );
  return { expression: replaced, columns };
}
