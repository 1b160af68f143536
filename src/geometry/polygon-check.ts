import { ProblemError } from '../errors.ts';
import { turning } from './polygon.ts';

type Corner = readonly [number, number];

/** Sine of the angle, and distance in units of the size, under which corners count as on a line. */
const rounding = 1e-12;

function turn(a: Corner, b: Corner, c: Corner, size: number): number {
  const value = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
  return Math.abs(value) <= rounding * size * size ? 0 : Math.sign(value);
}

/** Whether the closed segments ab and cd have a point in common. */
function meet(a: Corner, b: Corner, c: Corner, d: Corner, size: number): boolean {
  const between = (p: Corner, q: Corner, r: Corner): boolean =>
    turn(p, q, r, size) === 0 &&
    Math.min(p[0], q[0]) <= r[0] &&
    r[0] <= Math.max(p[0], q[0]) &&
    Math.min(p[1], q[1]) <= r[1] &&
    r[1] <= Math.max(p[1], q[1]);
  const crossing =
    turn(a, b, c, size) * turn(a, b, d, size) < 0 && turn(c, d, a, size) * turn(c, d, b, size) < 0;
  return crossing || between(a, b, c) || between(a, b, d) || between(c, d, a) || between(c, d, b);
}

/**
 * The corners of a simple polygon; one that repeats the first at the end is left out.
 *
 * @throws ProblemError where edges cross, touch or have no length, or the area is zero.
 */
export function checkPolygon(given: readonly Corner[], path: string): readonly Corner[] {
  const last = given[given.length - 1];
  const closed = given.length > 3 && given[0][0] === last[0] && given[0][1] === last[1];
  const corners = closed ? given.slice(0, -1) : given;
  const count = corners.length;
  const size = Math.max(...corners.map(([x, y]) => Math.hypot(x - corners[0][0], y - corners[0][1])));
  corners.forEach(([x, y], i) => {
    const [u, v] = corners[(i + 1) % count];
    if (Math.hypot(u - x, v - y) <= rounding * size)
      throw new ProblemError(`corners ${i} and ${(i + 1) % count} are the same point`, { path });
  });
  for (let i = 0; i < count; i++) {
    const [a, b] = [corners[i], corners[(i + 1) % count]];
    // An edge that runs back along the one before it.
    const c = corners[(i + 2) % count];
    const back = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0;
    if (back && turn(a, b, c, size) === 0)
      throw new ProblemError(`the polygon runs back along itself at corner ${(i + 1) % count}`, { path });
    for (let j = i + 2; j < count; j++) {
      if ((j + 1) % count === i) continue;
      if (meet(a, b, corners[j], corners[(j + 1) % count], size))
        throw new ProblemError(`the edges from corner ${i} and from corner ${j} cross or touch`, {
          path,
          hint: 'a polygon lists its corners in order and does not meet itself',
        });
    }
  }
  if (Math.abs(turning(corners)) <= rounding * size * size)
    throw new ProblemError('the polygon has no area', { path, hint: 'its corners lie on one line' });
  return corners;
}
