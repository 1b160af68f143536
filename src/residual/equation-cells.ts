/** The parts of the domain on which every field is one smooth function. */
import type { Expression } from '../expression/expression.ts';
import type { Interval } from '../geometry/points-where.ts';
import { domainPoints, rowsOf } from '../problem/domain-points.ts';
import { inPieces, pieceAt } from '../problem/pieces.ts';
import type { FieldPiece, Problem } from '../problem/problem.ts';
import { type Subset, spaceSubset } from './collocation.ts';
import type { Scaling } from './scaling.ts';

export interface EquationCell {
  /** Undefined: all of the cube. */
  readonly within: Subset | undefined;
  /** Of the collocation points. */
  readonly share: number;
  /** An expression that holds in the cell, in the pieces of the fields there. */
  inCell(expression: Expression): Expression;
}

/** Points at which cells are looked for. */
const searchCount = 4096;

/** Cells have at least this share of the points that equal shares would give them. */
const leastShare = 0.5;

/** The part of the cube that the bounds of the regions leave. */
function boxOf(chosen: readonly FieldPiece[], scaling: Scaling): Interval[] {
  const box = scaling.coordinates.map(() => ({ low: -1, high: 1 }));
  for (const { region } of chosen)
    region?.coordinates.forEach((position, i) => {
      const { center, halfWidth } = scaling.coordinates[position];
      const { low, high } = region.shape.bounds[i];
      box[position].low = Math.max(box[position].low, (low - center) / halfWidth);
      box[position].high = Math.min(box[position].high, (high - center) / halfWidth);
    });
  return box;
}

/** One cell where no field is in pieces; else one for each combination of pieces that meet somewhere. */
export function equationCells(problem: Problem, scaling: Scaling): EquationCell[] {
  const space = spaceSubset(problem, scaling);
  const lists = problem.fields.flatMap(({ pieces }) => (pieces === undefined ? [] : [pieces]));
  if (lists.length === 0) return [{ within: space, share: 1, inCell: (expression) => expression }];
  const counts = new Map<string, { readonly choice: readonly number[]; count: number }>();
  for (const row of rowsOf(domainPoints(problem, searchCount), problem.coordinates.length)) {
    const choice = lists.map((pieces) => pieceAt(pieces, row));
    const cell = counts.get(choice.join()) ?? { choice, count: 0 };
    cell.count++;
    counts.set(choice.join(), cell);
  }
  const cells = [...counts.values()];
  const shares = cells.map(({ count }) => Math.max(count / searchCount, leastShare / cells.length));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const d = problem.coordinates.length;
  const user = new Float64Array(d);
  return cells.map(({ choice }, c): EquationCell => {
    const chosen = lists.map((pieces, l) => pieces[choice[l]]);
    const names = new Map(
      problem.fields.flatMap(({ name, pieces }) => {
        const l = pieces === undefined ? -1 : lists.indexOf(pieces);
        return l < 0 ? [] : [[name, chosen[l].name] as const];
      }),
    );
    return {
      share: shares[c] / total,
      inCell: (expression) =>
        inPieces(expression, (leaf) => (leaf.at === undefined ? names.get(leaf.name) : undefined)),
      within: {
        box: boxOf(chosen, scaling),
        holds: (points, offset) => {
          if (space !== undefined && !space.holds(points, offset)) return false;
          scaling.coordinates.forEach(({ center, halfWidth }, i) => {
            user[i] = center + halfWidth * points[offset + i];
          });
          return lists.every((pieces, l) => pieceAt(pieces, user) === choice[l]);
        },
      },
    };
  });
}
