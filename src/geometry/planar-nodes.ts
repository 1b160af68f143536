import { loops, type OrientedArc } from './boundary-loops.ts';
import type { BoundaryNodes } from './boundary-nodes.ts';

/** Normals that differ by more than this meet in a corner. */
const cornerAngle = 1e-6;

interface Node {
  readonly point: readonly [number, number];
  readonly normal: readonly [number, number];
  readonly part: number;
  readonly otherPart: number;
}

function outward({ curve, reversed }: OrientedArc<number>, parameter: number): [number, number] {
  const [x, y] = curve.normal(parameter);
  // No negative zeros.
  return reversed ? [0 - x, 0 - y] : [x + 0, y + 0];
}

/** Points of one arc, its start among them and its end not. */
function nodesOf(arc: OrientedArc<number>, before: OrientedArc<number>, spacing: number): Node[] {
  const { curve, from, to, reversed, owner } = arc;
  const length = curve.lengthBetween(from, to);
  const pieces = Math.max(arc === before ? 3 : 1, Math.round(length / spacing));
  return Array.from({ length: pieces }, (_, i) => {
    const along = (reversed ? pieces - i : i) / pieces;
    const parameter = along === 0 ? from : along === 1 ? to : curve.parameterAfter(from, along * length);
    const point = curve.point(parameter);
    const normal = outward(arc, parameter);
    const other = outward(before, before.reversed ? before.from : before.to);
    if (i > 0 || Math.hypot(normal[0] - other[0], normal[1] - other[1]) <= cornerAngle)
      return { point, normal, part: owner, otherPart: -1 };
    const sum = [normal[0] + other[0], normal[1] + other[1]];
    const size = Math.hypot(sum[0], sum[1]);
    // Where the boundary turns back on itself there is no mean direction: that of the tip is taken.
    const mean: [number, number] =
      size > cornerAngle ? [sum[0] / size, sum[1] / size] : [-other[1], other[0]];
    return { point, normal: mean, part: before.owner, otherPart: owner };
  });
}

/**
 * Points along a boundary in the plane, every arc divided evenly.
 *
 * @param arcs owned by the position of their part
 * @param rounding distance within which ends of arcs are the same point
 */
export function planarNodes(
  arcs: readonly OrientedArc<number>[],
  spacing: number,
  rounding: number,
): BoundaryNodes {
  const nodes = loops(arcs, rounding).flatMap((loop) =>
    loop.flatMap((arc, i) => nodesOf(arc, loop[(i + loop.length - 1) % loop.length], spacing)),
  );
  return {
    points: Float64Array.from(nodes.flatMap(({ point }) => [...point])),
    normals: Float64Array.from(nodes.flatMap(({ normal }) => [...normal])),
    corners: Uint8Array.from(nodes, ({ otherPart }) => (otherPart < 0 ? 0 : 1)),
    parts: Int32Array.from(nodes, ({ part }) => part),
    otherParts: Int32Array.from(nodes, ({ otherPart }) => otherPart),
    count: nodes.length,
  };
}
