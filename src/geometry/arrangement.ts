/** The boundary of a combination in the plane, cut into arcs where the boundaries of its primitives meet. */
import { meetings, type PlanarCurve } from './curve-meetings.ts';

/** A curve of a primitive, and what it belongs to. */
export interface OwnedCurve<Owner> {
  readonly curve: PlanarCurve;
  readonly owner: Owner;
  /** Curves of the same primitive are not cut by each other. */
  readonly primitive: unknown;
}

/** A stretch of a curve; `to` is above `from`, past the end of a closed curve where it runs over its start. */
export interface Arc<Owner> {
  readonly curve: PlanarCurve;
  readonly owner: Owner;
  readonly from: number;
  readonly to: number;
}

/** Ends of the stretches into which a curve is cut, ascending; cuts that are one point count once. */
export function stretchEnds(curve: PlanarCurve, cuts: readonly number[], shortest: number): number[] {
  const found = cuts.toSorted((a, b) => a - b);
  const kept: number[] = [];
  for (const t of found)
    if (kept.length === 0 || curve.lengthBetween(kept[kept.length - 1], t) > shortest) kept.push(t);
  if (curve.closed) {
    if (kept.length > 1 && curve.lengthBetween(kept[kept.length - 1], kept[0] + curve.end) <= shortest)
      kept.pop();
    return kept.length === 0 ? [0, curve.end] : [...kept, kept[0] + curve.end];
  }
  const inner = kept.filter(
    (t) => curve.lengthBetween(0, t) > shortest && curve.lengthBetween(t, curve.end) > shortest,
  );
  return [0, ...inner, curve.end];
}

/**
 * The stretches of the curves that are left.
 *
 * @param shortest stretches up to this length are one point
 * @param left whether a stretch is left, by its middle and the normal of its curve there
 */
export function arrangement<Owner>(
  curves: readonly OwnedCurve<Owner>[],
  shortest: number,
  left: (point: [number, number], normal: [number, number], curve: OwnedCurve<Owner>) => boolean,
): Arc<Owner>[] {
  return curves.flatMap((owned) => {
    const { curve, owner, primitive } = owned;
    const cuts = curves
      .filter((other) => other.primitive !== primitive)
      .flatMap((other) => meetings(curve, other.curve, shortest));
    const parameters = stretchEnds(curve, cuts, shortest);
    const arcs: Arc<Owner>[] = [];
    for (let i = 0; i + 1 < parameters.length; i++) {
      const [from, to] = [parameters[i], parameters[i + 1]];
      const middle = 0.5 * (from + to);
      if (left(curve.point(middle), curve.normal(middle), owned)) arcs.push({ curve, owner, from, to });
    }
    return arcs;
  });
}

/** The arcs with those joined that continue each other on the same curve. */
export function joined<Owner>(arcs: readonly Arc<Owner>[]): Arc<Owner>[] {
  const result: Arc<Owner>[] = [];
  for (const arc of arcs) {
    const last = result.at(-1);
    if (last !== undefined && last.curve === arc.curve && last.to === arc.from)
      result[result.length - 1] = { ...last, to: arc.to };
    else result.push(arc);
  }
  // The last arc of a closed curve may run into its first.
  return result.flatMap((arc) => {
    const { curve, from, to } = arc;
    if (!curve.closed) return [arc];
    const before = result.find((o) => o !== arc && o.curve === curve && o.to === from + curve.end);
    const after = result.find((o) => o !== arc && o.curve === curve && o.from + curve.end === to);
    if (before !== undefined) return [];
    return after === undefined ? [arc] : [{ ...arc, to: after.to + curve.end }];
  });
}
