/** Relative to the square of the circumradius: points this close to a circle count as on it. */
const onCircle = 1e-12;

/** How far out, in sizes of the set, the triangle lies in which the points are put. */
const farOut = 1e4;

/**
 * Delaunay's triangulation of points in the plane, by putting in one after another: triangles whose circumcircle holds
 * the point give way to those that it forms with the edges around them. Bowyer (1981), Comput. J. 24, 162–166; Watson
 * (1981), ibid. 167–172.
 *
 * @param points (N, 2), no two alike
 * @returns (T, 3) numbers of points, counterclockwise, over the convex hull
 */
export function delaunay(points: Float64Array): Int32Array {
  const count = points.length / 2;
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  points.forEach((x, i) => {
    low[i % 2] = Math.min(low[i % 2], x);
    high[i % 2] = Math.max(high[i % 2], x);
  });
  const size = Math.max(high[0] - low[0], high[1] - low[1]);
  const middle = [0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1])];
  const all = new Float64Array(2 * count + 6);
  all.set(points);
  for (let k = 0; k < 3; k++) {
    const angle = Math.PI / 2 + (2 * Math.PI * k) / 3;
    all[2 * (count + k)] = middle[0] + farOut * size * Math.cos(angle);
    all[2 * (count + k) + 1] = middle[1] + farOut * size * Math.sin(angle);
  }

  // Triangle t has the corners 3t … 3t + 2; beyond the edge opposite to corner c lies triangle beyond[3t + c].
  const corners: number[] = [count, count + 1, count + 2];
  const beyond: number[] = [-1, -1, -1];
  const free: number[] = [];
  const dead = new Set<number>();
  let last = 0;

  /** Twice the area of the triangle of two points and a place, positive where it is on their left. */
  const side = (a: number, b: number, x: number, y: number): number =>
    (all[2 * a] - x) * (all[2 * b + 1] - y) - (all[2 * b] - x) * (all[2 * a + 1] - y);
  const inCircle = (t: number, x: number, y: number): boolean => {
    const [ax, ay, bx, by, cx, cy] = [0, 1, 2].flatMap((c) => [
      all[2 * corners[3 * t + c]] - x,
      all[2 * corners[3 * t + c] + 1] - y,
    ]);
    const [a, b, c] = [ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy];
    const terms = [a * (bx * cy - by * cx), b * (cx * ay - cy * ax), c * (ax * by - ay * bx)];
    return terms[0] + terms[1] + terms[2] > onCircle * terms.reduce((s, term) => s + Math.abs(term), 0);
  };
  const holding = (x: number, y: number): number => {
    let t = last;
    for (let step = 0; step < 4 * count + 100; step++) {
      let next = -1;
      for (let c = 0; c < 3; c++) {
        const a = corners[3 * t + ((c + 1) % 3)];
        const b = corners[3 * t + ((c + 2) % 3)];
        if (beyond[3 * t + c] >= 0 && side(a, b, x, y) < 0) {
          next = beyond[3 * t + c];
          break;
        }
      }
      if (next < 0) return t;
      t = next;
    }
    return t;
  };

  for (const i of inStrips(points, low, size)) {
    const x = all[2 * i];
    const y = all[2 * i + 1];
    const cavity = new Set([holding(x, y)]);
    const rim: { a: number; b: number; out: number }[] = [];
    for (const t of cavity) {
      for (let c = 0; c < 3; c++) {
        const out = beyond[3 * t + c];
        if (out >= 0 && (cavity.has(out) || inCircle(out, x, y))) cavity.add(out);
      }
    }
    for (const t of cavity) {
      for (let c = 0; c < 3; c++) {
        const out = beyond[3 * t + c];
        if (out < 0 || !cavity.has(out))
          rim.push({ a: corners[3 * t + ((c + 1) % 3)], b: corners[3 * t + ((c + 2) % 3)], out });
      }
    }
    for (const t of cavity) {
      free.push(t);
      dead.add(t);
    }
    const fromCorner = new Map<number, number>();
    const made = rim.map(({ a, b, out }) => {
      const t = free.pop() ?? corners.length / 3;
      dead.delete(t);
      [corners[3 * t], corners[3 * t + 1], corners[3 * t + 2]] = [i, a, b];
      beyond[3 * t] = out;
      if (out >= 0)
        for (let c = 0; c < 3; c++) {
          const p = corners[3 * out + ((c + 1) % 3)];
          const q = corners[3 * out + ((c + 2) % 3)];
          if (p === b && q === a) beyond[3 * out + c] = t;
        }
      fromCorner.set(a, t);
      return { t, b };
    });
    for (const { t, b } of made) {
      const next = fromCorner.get(b)!;
      beyond[3 * t + 1] = next;
      beyond[3 * next + 2] = t;
      last = t;
    }
  }
  const kept: number[] = [];
  for (let t = 0; t < corners.length / 3; t++) {
    const own = corners.slice(3 * t, 3 * t + 3);
    if (!dead.has(t) && own.every((corner) => corner < count)) kept.push(...own);
  }
  return Int32Array.from(kept);
}

/** An order in which neighbours follow each other: up and down in strips. */
function inStrips(points: Float64Array, low: readonly number[], size: number): number[] {
  const count = points.length / 2;
  const strips = Math.max(1, Math.ceil(Math.sqrt(count / 2)));
  const stripOf = (i: number): number =>
    Math.min(strips - 1, Math.floor(((points[2 * i] - low[0]) / size) * strips));
  return Array.from({ length: count }, (_, i) => i).sort((i, j) => {
    const strip = stripOf(i);
    if (strip !== stripOf(j)) return strip - stripOf(j);
    const up = points[2 * i + 1] - points[2 * j + 1] || i - j;
    return strip % 2 === 0 ? up : -up;
  });
}
