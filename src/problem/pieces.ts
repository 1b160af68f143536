/**
 * Fields in pieces: smooth in each of several regions, with a jump of themselves or of their derivatives between
 * them. Each piece is a function of its own on the whole domain, of which only what lies in its region counts.
 */
import { ProblemError } from '../errors.ts';
import { apply, field as fieldNode } from '../expression/build.ts';
import { type Expression, type FieldNode, leavesOf, substitute } from '../expression/expression.ts';
import { zeroMultiIndex } from '../jet/multi-index.ts';
import { domainPoints, pointsOnParts, rowsOf } from './domain-points.ts';
import { spacePoint } from './membership.ts';
import type { Condition, Field, FieldPiece, InterfaceCondition, Problem, Region } from './problem.ts';

type Domain = Pick<Problem, 'coordinates' | 'space'>;

/** A field as it was declared, with the regions that were named for it. */
export type DeclaredField = Omit<Field, 'pieces'> & { readonly pieces?: readonly Region[] };

/** Points at which what regions leave of the domain is looked for. */
const searchCount = 2048;

/** Of space's size: how far beside an interface its two sides are looked at. */
export const besideInterface = 1e-6;

/** Position of the piece that a point (d) lies in. */
export function pieceAt(pieces: readonly FieldPiece[], point: ArrayLike<number>): number {
  const found = pieces.findIndex(
    ({ region }) => region === undefined || region.shape.contains(spacePoint(point, region.coordinates)),
  );
  return found < 0 ? pieces.length - 1 : found;
}

/** The points next to one of an interface, on the side of the region and beyond it. */
export function besidePoint(
  point: readonly number[],
  normal: readonly number[],
  { coordinates }: Domain,
): [number[], number[]] {
  const size = Math.max(...coordinates.map(({ low, high }, i) => (normal[i] === 0 ? 0 : high - low)));
  const moved = (sign: number): number[] =>
    point.map((x, i) => x + sign * besideInterface * size * normal[i]);
  return [moved(-1), moved(1)];
}

function piecesOf(name: string, regions: readonly Region[], domain: Domain): FieldPiece[] {
  const named = regions.map((region) => ({ name: `${name}@${region.name}`, region }));
  const rows = rowsOf(domainPoints(domain, searchCount), domain.coordinates.length);
  const held = rows.map((row) =>
    regions.findIndex(({ shape, coordinates }) => shape.contains(spacePoint(row, coordinates))),
  );
  const empty = regions.find((_, i) => !held.includes(i));
  if (empty !== undefined)
    throw new ProblemError(`the region \`${empty.name}\` holds nothing of the domain`, {
      path: `fields.${name}.pieces`,
      hint: 'regions must overlap the domain, and none may lie inside an earlier one',
    });
  return held.includes(-1) ? [...named, { name: `${name}@elsewhere`, region: undefined }] : named;
}

/** Fields that have two values on the interface, by what stands in the condition. */
function fieldsAcross({ left, right }: InterfaceCondition): Set<string> {
  return new Set(
    leavesOf([left, right]).flatMap((leaf) => (leaf.kind === 'field' && leaf.side === 1 ? [leaf.name] : [])),
  );
}

/** @throws ProblemError where a field has the same piece on both sides of an interface. */
function assertTwoSides(
  name: string,
  pieces: readonly FieldPiece[],
  condition: InterfaceCondition,
  domain: Domain,
): void {
  const d = domain.coordinates.length;
  const { points, normals } = pointsOnParts(
    condition.parts,
    condition.region.coordinates,
    domain,
    'sobol',
    () => 8,
    0,
  );
  const directions = rowsOf(normals, d);
  rowsOf(points, d).forEach((point, n) => {
    const [inner, outer] = besidePoint(point, directions[n], domain).map((p) => pieceAt(pieces, p));
    if (inner === outer)
      throw new ProblemError(`\`${name}\` is one function on both sides of this interface: it has no jump`, {
        path: condition.path,
        hint: `let "pieces" of ${name} name ${condition.region.name}, or leave "pieces" out`,
      });
  });
}

/**
 * The fields with their pieces: those declared, and for a field under a `jump` the regions of the interfaces it
 * jumps at.
 *
 * @throws ProblemError for regions that hold nothing of the domain or do not tell the sides of an interface apart
 */
export function withPieces(
  fields: readonly DeclaredField[],
  conditions: readonly Condition[],
  domain: Domain,
): Field[] {
  const interfaces = conditions.filter((c): c is InterfaceCondition => c.kind === 'interface');
  return fields.map(({ pieces: declared, ...field }): Field => {
    const across = interfaces.filter((condition) => fieldsAcross(condition).has(field.name));
    const regions =
      declared ??
      new Set(across.flatMap(({ region, other }) => (other === undefined ? [region] : [region, other])));
    const list = [...regions];
    if (list.length === 0) return field;
    if (list.some((region) => !region.coordinates.every((i) => field.of.includes(i))))
      throw new ProblemError(`\`${field.name}\` does not depend on all coordinates of space`, {
        path: `fields.${field.name}`,
        hint: 'a field in pieces does',
      });
    const pieces = piecesOf(field.name, list, domain);
    for (const condition of across) assertTwoSides(field.name, pieces, condition, domain);
    return { ...field, pieces };
  });
}

/** The field as an expression in its pieces: that of the region a point lies in. */
export function fieldOfPieces({ of, pieces }: Field, dimension: number): Expression {
  const own = (piece: FieldPiece): Expression => fieldNode(piece.name, zeroMultiIndex(dimension), of);
  return pieces!
    .slice(0, -1)
    .reduceRight(
      (beyond, piece) => apply('select', [piece.region!.indicator, own(piece), beyond]),
      own(pieces!.at(-1)!),
    );
}

/** The expression with every field in pieces replaced by one of them. */
export function inPieces(
  expression: Expression,
  pieceOf: (leaf: FieldNode) => string | undefined,
): Expression {
  return substitute(
    expression,
    (leaf) => {
      const name = leaf.kind === 'field' ? pieceOf(leaf) : undefined;
      return leaf.kind !== 'field' || name === undefined ? leaf : { ...leaf, name, side: 0 };
    },
    apply,
  );
}

export interface NetworkField {
  readonly name: string;
  /** The field that it is, or is a piece of. */
  readonly field: Field;
  /** Of a piece, empty for what regions leave; undefined for a whole field. */
  readonly region: string | undefined;
}

/** What networks stand for: fields, or their pieces. */
export function networkFields({ fields }: Pick<Problem, 'fields'>): NetworkField[] {
  return fields.flatMap((field): NetworkField[] => {
    if (field.pieces === undefined) return [{ name: field.name, field, region: undefined }];
    return field.pieces.map(({ name, region }) => ({ name, field, region: region?.name ?? '' }));
  });
}
