/** What is left of a rectangular face of a box in the boundary of a solid. */
import { acceptedPoints } from './accepted-points.ts';
import { type Arc, arrangement } from './arrangement.ts';
import type { FaceRemainder } from './face-remainder.ts';
import type { InsideTest } from './inside-test.ts';
import { coordinatePlane, toPlane, toSpace } from './plane-frame.ts';
import { insideBeside, leafSections } from './plane-section.ts';
import type { Face } from './primitive.ts';
import type { PlacedLeaf } from './shape-tree.ts';
import { nearestOnArcs, type SpaceArc } from './space-arc.ts';

export interface SolidRemainder extends FaceRemainder {
  readonly edges: readonly SpaceArc[];
  /** Whether a point of the face, off its edges, is left. */
  left(point: ArrayLike<number>): boolean;
  /** ∮ x · n, n the primitive's normal. */
  flux(): number;
}

/**
 * @param own leaves whose boundary is wanted; what several have in common goes to the first
 * @param all every leaf of the solid
 */
export function rectangleRemainder(
  test: InsideTest,
  face: Face,
  placed: PlacedLeaf,
  own: readonly PlacedLeaf[],
  all: readonly PlacedLeaf[],
): SolidRemainder | undefined {
  const { axis, value } = face.plane!;
  const frame = coordinatePlane(axis, value);
  const sections = leafSections(all, axis, value, test.rounding);
  const byLeaf = new Map(sections.map((section) => [section.leaf, section]));
  const mine = byLeaf.get(placed.leaf)!;
  // Upward or downward where a face of the leaf lies in the plane: the leaf is then on one side alone.
  const outward = ({ leaf, orientation }: PlacedLeaf): number => {
    const sides = byLeaf.get(leaf)?.sides;
    return orientation * (Number(sides?.below ?? 0) - Number(sides?.above ?? 0));
  };
  const behind = outward(placed) > 0 ? 'below' : 'above';
  const before = outward(placed) > 0 ? 'above' : 'below';
  const earlier = own
    .slice(0, own.indexOf(placed))
    .filter((other) => outward(other) === outward(placed))
    .flatMap(({ leaf }) => byLeaf.get(leaf) ?? []);
  const left = (point: ArrayLike<number>): boolean =>
    mine.primitive.level(point) < 0 &&
    !earlier.some(({ primitive }) => primitive.level(point) < 0) &&
    insideBeside(test.tree, byLeaf, point, behind) &&
    !insideBeside(test.tree, byLeaf, point, before);

  const curves = sections.flatMap(({ primitive, leaf }) =>
    primitive.faces.map((side) => ({ curve: side.curve!, owner: primitive, primitive: leaf })),
  );
  const outwardOfRest = new Map<Arc<unknown>, number>();
  const arcs = arrangement(curves, 1e-9 * test.size, (point, normal, { owner }) => {
    const at = (step: number): boolean => left([point[0] + step * normal[0], point[1] + step * normal[1]]);
    if (at(-test.step) === at(test.step)) return false;
    const position = sections.findIndex(({ primitive }) => primitive === owner);
    return !sections
      .slice(0, position)
      .some(({ primitive }) => Math.abs(primitive.level(point)) <= 0.1 * test.step);
  });
  if (arcs.length === 0) return undefined;
  for (const arc of arcs) {
    const middle = 0.5 * (arc.from + arc.to);
    const [point, normal] = [arc.curve.point(middle), arc.curve.normal(middle)];
    const within = left([point[0] - test.step * normal[0], point[1] - test.step * normal[1]]);
    outwardOfRest.set(arc, within ? 1 : -1);
  }
  const measure = arcs.reduce(
    (sum, arc) => sum + outwardOfRest.get(arc)! * arc.curve.enclosed(arc.from, arc.to),
    0,
  );
  const edges = arcs.map(({ curve, from, to }) => ({ frame, curve, from, to }));
  const dimension = 3;
  return {
    face,
    placed,
    measure,
    edges,
    left: (point) => left(toPlane(frame, point)),
    flux: () => value * face.normal([])[axis] * measure,
    sample: (sampling, count, seed) => {
      const unit = acceptedPoints(sampling, count, seed, {
        axes: face.axes,
        extents: face.extents,
        share: Math.min(1, measure / face.measure),
        accepts: (candidate, offset) => left(toPlane(frame, face.place(candidate, offset))),
      });
      const points = new Float64Array(count * dimension);
      for (let n = 0; n < count; n++) points.set(face.place(unit, n * face.axes), n * dimension);
      return points;
    },
    nearest: (point) => {
      const below = toPlane(frame, point);
      return Float64Array.from(left(below) ? toSpace(frame, below) : nearestOnArcs(edges, point)!.point);
    },
  };
}
