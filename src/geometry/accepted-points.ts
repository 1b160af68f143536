import { SolveError } from '../errors.ts';
import { type Sampling, samplePoints } from './point-set.ts';

/** More draws than this for one set say that next to nothing is accepted. */
const mostDraws = 2 ** 25;

export interface Acceptance {
  /** Axes of the unit cube. */
  readonly axes: number;
  /** Lengths that the axes stand for: a grid has about square cells in them. */
  readonly extents: readonly number[];
  /** Share of the unit cube that is accepted, about. */
  readonly share: number;
  /** Whether the point that begins at `offset` is kept. */
  accepts(unit: Float64Array, offset: number): boolean;
}

function keep(unit: Float64Array, count: number, { axes, accepts }: Acceptance): Float64Array | undefined {
  const kept = new Float64Array(count * axes);
  let n = 0;
  for (let offset = 0; offset < unit.length && n < count; offset += axes)
    if (accepts(unit, offset)) kept.set(unit.subarray(offset, offset + axes), axes * n++);
  return n === count ? kept : undefined;
}

/** The centres of the cells of a grid with cells of about `spacing`, accepted ones alone. */
function acceptedGrid({ axes, extents, accepts }: Acceptance, spacing: number): number[] {
  const sides = extents.map((extent) => Math.max(1, Math.round(extent / spacing)));
  const total = sides.reduce((p, side) => p * side, 1);
  if (total > mostDraws) throw tooThin();
  const point = new Float64Array(axes);
  const kept: number[] = [];
  for (let n = 0; n < total; n++) {
    let rest = n;
    for (let axis = axes - 1; axis >= 0; axis--) {
      point[axis] = ((rest % sides[axis]) + 0.5) / sides[axis];
      rest = Math.floor(rest / sides[axis]);
    }
    if (accepts(point, 0)) kept.push(...point);
  }
  return kept;
}

/** The coarsest grid that has `count` accepted points; those in excess are left out evenly. */
function grid(acceptance: Acceptance, count: number): Float64Array {
  const { axes, extents, share } = acceptance;
  const volume = extents.reduce((p, extent) => p * extent, 1);
  let fine = ((volume * Math.max(share, 1e-7)) / count) ** (1 / axes);
  let best = acceptedGrid(acceptance, fine);
  while (best.length < count * axes) {
    fine *= 0.8;
    best = acceptedGrid(acceptance, fine);
  }
  let coarse = 2 * fine;
  for (let step = 0; step < 12 && best.length > count * axes; step++) {
    const middle = Math.sqrt(coarse * fine);
    const points = acceptedGrid(acceptance, middle);
    if (points.length < count * axes) coarse = middle;
    else [fine, best] = [middle, points];
  }
  const found = best.length / axes;
  return Float64Array.from({ length: count * axes }, (_, i) => {
    const n = Math.floor((Math.floor(i / axes) + 0.5) * (found / count));
    return best[n * axes + (i % axes)];
  });
}

function tooThin(): SolveError {
  return new SolveError(
    'next to no point of the bounding box lies inside the shape: it is too thin to draw from',
  );
}

/**
 * Exactly `count` accepted points of the unit cube, (count, axes) row-major; the same arguments give the same
 * points. Where all are accepted they are the named point set itself; else it is drawn larger, and the first
 * accepted ones are kept.
 *
 * @throws SolveError where next to nothing is accepted.
 */
export function acceptedPoints(
  sampling: Sampling,
  count: number,
  seed: number,
  acceptance: Acceptance,
): Float64Array {
  if (count === 0) return new Float64Array(0);
  if (sampling === 'grid') return grid(acceptance, count);
  const { axes, share } = acceptance;
  let draws = Math.ceil(share >= 1 ? count : (count / share) * 1.02 + 8);
  while (draws <= mostDraws) {
    const kept = keep(samplePoints(sampling, draws, axes, seed), count, acceptance);
    if (kept !== undefined) return kept;
    draws = Math.ceil(draws * 1.2 + 8);
  }
  throw tooThin();
}
