import type { BoundaryNodes } from './boundary-nodes.ts';
import { latticeInBox } from './lattice.ts';
import { acrossAxis, coordinatePlane, toSpace, type Vector } from './plane-frame.ts';
import type { SolidRemainder } from './rectangle-remainder.ts';
import { nearestOnArcs, pointsAlong, type SpaceArc } from './space-arc.ts';

/** The golden angle: points turned by it from one to the next spread over a sphere evenly. */
const goldenAngle = Math.PI * (3 - Math.sqrt(5));
/** Cell area of a hexagonal lattice with neighbours at distance 1. */
const hexagonalCell = 0.5 * Math.sqrt(3);

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Points along the edges, their ends first, none closer than half the spacing to one before it. */
function edgePoints(edges: readonly SpaceArc[], spacing: number): Vector[] {
  const lines = edges.map((edge) => pointsAlong(edge, spacing));
  const candidates = [
    ...lines.flatMap((points) => [points[0], points[points.length - 1]]),
    ...lines.flatMap((points) => points.slice(1, -1)),
  ];
  const kept: Vector[] = [];
  for (const point of candidates)
    if (kept.every((other) => distance(point, other) > 0.5 * spacing)) kept.push(point);
  return kept;
}

/** Points inside a face, at least half the spacing from its edges. */
function facePoints({ face, placed, edges, left }: SolidRemainder, spacing: number): Vector[] {
  const clear = (point: Vector): boolean =>
    (edges.length === 0 || left(point)) &&
    (nearestOnArcs(edges, point)?.distance ?? Number.POSITIVE_INFINITY) >= 0.5 * spacing;
  if (face.sphere === undefined) {
    const { axis, value } = face.plane!;
    const frame = coordinatePlane(axis, value);
    const bounds = acrossAxis(placed.leaf.primitive.bounds, axis);
    const flat = latticeInBox(bounds, spacing, 0, ([u, v]) => clear(toSpace(frame, [u, v])));
    return Array.from({ length: flat.length / 2 }, (_, n) => toSpace(frame, [flat[2 * n], flat[2 * n + 1]]));
  }
  const { center, radius } = face.sphere;
  const count = Math.max(4, Math.round((4 * Math.PI * radius ** 2) / (hexagonalCell * spacing ** 2)));
  return Array.from({ length: count }, (_, n): Vector => {
    const z = 1 - (2 * n + 1) / count;
    const rho = Math.sqrt(1 - z * z);
    return [
      center[0] + radius * rho * Math.cos(n * goldenAngle),
      center[1] + radius * rho * Math.sin(n * goldenAngle),
      center[2] + radius * z,
    ];
  }).filter(clear);
}

/** Points over the boundary of a solid: along its edges, then over its faces. */
export function solidNodes(
  remainders: readonly SolidRemainder[],
  edges: readonly SpaceArc[],
  spacing: number,
): BoundaryNodes {
  const outward = ({ face, placed }: SolidRemainder, point: ArrayLike<number>): number[] =>
    [...face.normal(point)].map((n) => (n === 0 ? 0 : placed.orientation * n));
  const corners = edgePoints(edges, spacing).map((point) => {
    const offers = remainders.flatMap((remainder, part) => {
      const nearest = remainder.nearest(point);
      if (nearest === undefined) return [];
      return [{ part, gap: distance(nearest, point), normal: outward(remainder, point) }];
    });
    const least = Math.min(...offers.map(({ gap }) => gap));
    const meeting = offers.filter(({ gap }) => gap <= Math.max(2 * least, 1e-6 * spacing));
    const sum = [0, 1, 2].map((i) => meeting.reduce((s, { normal }) => s + normal[i], 0));
    const size = Math.hypot(...sum);
    const normal = size > 1e-6 ? sum.map((s) => s / size) : meeting[0].normal;
    return { point, normal, part: meeting[0].part, otherPart: meeting[1]?.part ?? -1 };
  });
  const smooth = remainders.flatMap((remainder, part) =>
    facePoints(remainder, spacing).map((point) => ({
      point,
      normal: outward(remainder, point),
      part,
      otherPart: -1,
    })),
  );
  const nodes = [...corners, ...smooth];
  return {
    points: Float64Array.from(nodes.flatMap(({ point }) => [...point])),
    normals: Float64Array.from(nodes.flatMap(({ normal }) => normal)),
    corners: Uint8Array.from(nodes, (_, i) => (i < corners.length ? 1 : 0)),
    parts: Int32Array.from(nodes, ({ part }) => part),
    otherParts: Int32Array.from(nodes, ({ otherPart }) => otherPart),
    count: nodes.length,
  };
}
