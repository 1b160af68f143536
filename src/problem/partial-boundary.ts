/** What is left of a part of a boundary where a further property is asked for. */
import { SolveError } from '../errors.ts';
import type { BoundaryPart } from '../geometry/shape.ts';

/** From so many points the share is estimated that has the property. */
const trialPoints = 512;

const mostDraws = 2 ** 20;

/**
 * The part as far as the property holds; undefined where it holds at none of some hundred points of it. Points are
 * drawn by rejection.
 */
export function partWhere(
  part: BoundaryPart,
  holds: (point: ArrayLike<number>) => boolean,
): BoundaryPart | undefined {
  const keptOf = (
    sampling: Parameters<BoundaryPart['sample']>[0],
    total: number,
    seed: number,
  ): { kept: number[]; points: Float64Array; normals: Float64Array; k: number } => {
    const { points, normals, count } = part.sample(sampling, total, seed);
    const k = points.length / count;
    const kept = Array.from({ length: count }, (_, n) => n).filter((n) =>
      holds(points.subarray(n * k, (n + 1) * k)),
    );
    return { kept, points, normals, k };
  };
  const trial = keptOf('sobol', trialPoints, 0);
  const share = (trial.kept.length * trial.k) / trial.points.length;
  if (share === 1) return part;
  if (share === 0) return undefined;
  return {
    ...part,
    name: part.name,
    measure: share * part.measure,
    plane: part.plane,
    contains: (point, tolerance) => part.contains(point, tolerance) && holds(point),
    project: (point) => part.project(point),
    sample: (sampling, count, seed) => {
      for (let total = Math.ceil((1.2 * count) / share) + 8; total <= mostDraws; total *= 2) {
        const { kept, points, normals, k } = keptOf(sampling, total, seed);
        if (kept.length < count) continue;
        // Evenly among those that are left, so that they reach along all of it.
        const rows = Array.from({ length: count }, (_, i) => kept[Math.floor((i * kept.length) / count)]);
        const pick = (values: Float64Array): Float64Array =>
          Float64Array.from(rows.flatMap((n) => [...values.subarray(n * k, (n + 1) * k)]));
        return { points: pick(points), normals: pick(normals), count };
      }
      throw new SolveError('hardly any points lie on this part of a boundary');
    },
  };
}
