/** The boundary of a solid: what is left of rectangles and spheres, and the edges in which they meet. */
import type { FaceRemainder, RegionBoundary } from './face-remainder.ts';
import type { InsideTest } from './inside-test.ts';
import { planeAcross, toSpace, type Vector } from './plane-frame.ts';
import type { Interval } from './primitive.ts';
import { rectangleRemainder, type SolidRemainder } from './rectangle-remainder.ts';
import type { PlacedLeaf } from './shape-tree.ts';
import { solidNodes } from './solid-nodes.ts';
import { arcPoint, arcRanges, arcTangent, type SpaceArc } from './space-arc.ts';
import { sphereRemainder } from './sphere-remainder.ts';

/** The boundary in three dimensions. */
export function solidBoundary(
  test: InsideTest,
  own: readonly PlacedLeaf[],
  all: readonly PlacedLeaf[],
): RegionBoundary {
  const remainders = own.flatMap((placed) =>
    placed.leaf.primitive.faces.flatMap((face) => {
      const remainder = face.plane === undefined ? sphereRemainder : rectangleRemainder;
      return remainder(test, face, placed, own, all) ?? [];
    }),
  );
  const edges = remainders.flatMap((remainder) => remainder.edges);
  return {
    remainders,
    measure: () => volume(remainders),
    bounds: [0, 1, 2].map((axis) => range(remainders, edges, axis)),
    pinch:
      edges.map((edge) => pinchOf(test, edge)).find((point) => point !== undefined) ??
      tangency(test, remainders),
    nodes: (spacing) => solidNodes(remainders, edges, spacing),
  };
}

/** By the divergence theorem, ∮ x · n = 3 V. */
function volume(remainders: readonly SolidRemainder[]): number {
  return remainders.reduce((sum, { placed, flux }) => sum + placed.orientation * flux(), 0) / 3;
}

function range(remainders: readonly SolidRemainder[], edges: readonly SpaceArc[], axis: number): Interval {
  const values = edges.flatMap((edge) => arcRanges(edge)[axis]);
  for (const { face, left, edges: own } of remainders) {
    if (face.sphere === undefined) continue;
    for (const side of [-1, 1]) {
      const pole = face.sphere.center.map((c, i) => (i === axis ? c + side * face.sphere!.radius : c));
      if (own.length === 0 || left(pole)) values.push(pole[axis]);
    }
  }
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** Around an edge a solid is inside once and outside once; else it touches itself there. */
function pinchOf(test: InsideTest, edge: SpaceArc): Vector | undefined {
  const middle = 0.5 * (edge.from + edge.to);
  const point = arcPoint(edge, middle);
  const across = planeAcross(point, arcTangent(edge, middle));
  const around = Array.from({ length: 64 }, (_, i) => {
    const angle = ((i + 0.37) / 32) * Math.PI;
    const reach = 100 * test.step;
    return test.strictly(toSpace(across, [reach * Math.cos(angle), reach * Math.sin(angle)]));
  });
  const changes = around.filter((inside, i) => inside !== around[(i + 1) % 64]).length;
  return changes > 2 ? point : undefined;
}

/** A point in which a sphere that is left touches another face that is left. */
function tangency(test: InsideTest, remainders: readonly SolidRemainder[]): Float64Array | undefined {
  const spheres = remainders.filter(({ face }) => face.sphere !== undefined);
  for (const one of spheres)
    for (const other of remainders) {
      if (other === one) continue;
      const { center, radius } = one.face.sphere!;
      const point = one.face.nearest(other.face.nearest(center));
      const opposite = one.face.nearest(center.map((c, i) => 2 * c - point[i]));
      for (const contact of other.face.sphere === undefined ? [point] : [point, opposite])
        if (touches(test, one, other, contact, radius)) return contact;
    }
  return undefined;
}

function touches(
  test: InsideTest,
  one: FaceRemainder,
  other: SolidRemainder & FaceRemainder,
  contact: Float64Array,
  radius: number,
): boolean {
  const there = other.face.nearest(contact);
  const gap = Math.hypot(...there.map((x, i) => x - contact[i]));
  if (gap > 10 * test.rounding) return false;
  const normal = one.face.normal(contact);
  const parallel = normal.reduce((sum, n, i) => sum + n * other.face.normal(there)[i], 0);
  if (Math.abs(Math.abs(parallel) - 1) > 1e-9) return false;
  const across = planeAcross([contact[0], contact[1], contact[2]], [normal[0], normal[1], normal[2]]);
  const beside = toSpace(across, [1e-2 * radius, 0.3e-2 * radius]);
  const left = (remainder: FaceRemainder): boolean =>
    (remainder as SolidRemainder).left(remainder.face.nearest(beside));
  const apart = Math.hypot(...one.face.nearest(beside).map((x, i) => x - other.face.nearest(beside)[i]));
  return apart > 100 * test.step && left(one) && left(other);
}
