/** The arcs of a boundary in the plane, joined end to end. */
import type { Arc } from './arrangement.ts';

export interface OrientedArc<Owner> extends Arc<Owner> {
  /** Run through from `to` to `from`: the inside of the whole is then on the left. */
  readonly reversed: boolean;
}

function startOf<Owner>({ curve, from, to, reversed }: OrientedArc<Owner>): [number, number] {
  return curve.point(reversed ? to : from);
}

function endOf<Owner>({ curve, from, to, reversed }: OrientedArc<Owner>): [number, number] {
  return curve.point(reversed ? from : to);
}

function near(p: readonly [number, number], q: readonly [number, number], distance: number): boolean {
  return Math.abs(p[0] - q[0]) <= distance && Math.abs(p[1] - q[1]) <= distance;
}

/** A point in which more than two arcs end, if there is one: the region is pinched there. */
export function pinch<Owner>(
  arcs: readonly OrientedArc<Owner>[],
  distance: number,
): [number, number] | undefined {
  const starts = arcs.map(startOf);
  return starts.find((p, i) => starts.some((q, j) => j > i && near(p, q, distance)));
}

/** Closed chains of arcs, each beginning where the one before it ends. */
export function loops<Owner>(arcs: readonly OrientedArc<Owner>[], distance: number): OrientedArc<Owner>[][] {
  const rest = [...arcs];
  const result: OrientedArc<Owner>[][] = [];
  while (rest.length > 0) {
    const loop = [rest.shift()!];
    for (;;) {
      const end = endOf(loop[loop.length - 1]);
      if (near(end, startOf(loop[0]), distance)) break;
      const next = rest.findIndex((arc) => near(startOf(arc), end, distance));
      if (next < 0) break;
      loop.push(...rest.splice(next, 1));
    }
    result.push(loop);
  }
  return result;
}
