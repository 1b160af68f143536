/** The boundary of a shape in the plane, exactly: arcs of the boundaries of its primitives. */
import { type Arc, arrangement, joined } from './arrangement.ts';
import { type OrientedArc, pinch } from './boundary-loops.ts';
import { type FaceRemainder, type RegionBoundary, survives } from './face-remainder.ts';
import type { InsideTest } from './inside-test.ts';
import { planarNodes } from './planar-nodes.ts';
import { samplePoints } from './point-set.ts';
import type { Face, Interval } from './primitive.ts';
import type { PlacedLeaf } from './shape-tree.ts';

/** A face of a primitive with its place in the tree. */
interface PlacedFace {
  readonly face: Face;
  readonly placed: PlacedLeaf;
}

/** Two crossings of almost parallel curves are known to about the root of the rounding. */
const meetingRounding = 1e-7;

/**
 * The arcs that are left of the faces of some leaves.
 *
 * @param own leaves whose arcs are wanted; a stretch that several have in common goes to the first
 * @param all every leaf of the shape
 */
function planarArcs(
  test: InsideTest,
  own: readonly PlacedLeaf[],
  all: readonly PlacedLeaf[],
): Arc<PlacedFace>[] {
  const curves = all.flatMap((placed) =>
    placed.leaf.primitive.faces.map((face) => ({
      curve: face.curve!,
      owner: { face, placed },
      primitive: placed.leaf,
    })),
  );
  return arrangement(curves, 1e-9 * test.size, (point, normal, { owner: { placed } }) => {
    const position = own.indexOf(placed);
    return position >= 0 && survives(test, point, normal, placed, own.slice(0, position));
  });
}

/** With the inside of the whole on the left. */
function oriented(arc: Arc<PlacedFace>): OrientedArc<PlacedFace> {
  return { ...arc, reversed: arc.owner.placed.orientation < 0 };
}

/** Area inside, by Green's theorem. */
function enclosedArea(arcs: readonly Arc<PlacedFace>[]): number {
  return arcs.reduce(
    (sum, { curve, from, to, owner }) => sum + owner.placed.orientation * curve.enclosed(from, to),
    0,
  );
}

function arcBounds(arcs: readonly Arc<PlacedFace>[]): Interval[] {
  const boxes = arcs.map(({ curve, from, to }) => curve.bounds(from, to));
  return [0, 1].map((axis) => ({
    low: Math.min(...boxes.map((b) => b[axis][0])),
    high: Math.max(...boxes.map((b) => b[axis][1])),
  }));
}

function remainder({ face, placed }: PlacedFace, arcs: readonly Arc<PlacedFace>[]): FaceRemainder {
  const lengths = arcs.map(({ curve, from, to }) => curve.lengthBetween(from, to));
  const measure = lengths.reduce((sum, length) => sum + length, 0);
  const at = (length: number): [number, number] => {
    let i = 0;
    let rest = length;
    while (i + 1 < arcs.length && rest > lengths[i]) rest -= lengths[i++];
    const { curve, from, to } = arcs[i];
    return curve.point(Math.min(to, curve.parameterAfter(from, rest)));
  };
  return {
    face,
    placed,
    measure,
    sample: (sampling, count, seed) => {
      const unit = samplePoints(sampling, count, 1, seed);
      const points = new Float64Array(2 * count);
      for (let n = 0; n < count; n++) points.set(at(unit[n] * measure), 2 * n);
      return points;
    },
    nearest: (point) => {
      let best: [number, number] = [0, 0];
      let least = Number.POSITIVE_INFINITY;
      for (const { curve, from, to } of arcs) {
        const candidate = curve.point(curve.nearest(point, from, to));
        const distance = Math.hypot(candidate[0] - point[0], candidate[1] - point[1]);
        if (distance < least) [best, least] = [candidate, distance];
      }
      return Float64Array.from(best);
    },
  };
}

/** The boundary in the plane. */
export function planarBoundary(
  test: InsideTest,
  own: readonly PlacedLeaf[],
  all: readonly PlacedLeaf[],
): RegionBoundary {
  const arcs = planarArcs(test, own, all);
  const owners = [...new Set(arcs.map(({ owner }) => owner))];
  const stretches = owners.map((owner) => joined(arcs.filter((arc) => arc.owner === owner)));
  const rounding = meetingRounding * test.size;
  return {
    remainders: owners.map((owner, i) => remainder(owner, stretches[i])),
    measure: () => enclosedArea(arcs),
    bounds: arcBounds(arcs),
    pinch: pinch(arcs.map(oriented), rounding),
    nodes: (spacing) =>
      planarNodes(
        stretches.flatMap((stretch, part) => stretch.map((arc) => ({ ...oriented(arc), owner: part }))),
        spacing,
        rounding,
      ),
  };
}
