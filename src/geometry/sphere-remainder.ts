/** What is left of a sphere in the boundary of a solid. */
import { acceptedPoints } from './accepted-points.ts';
import { stretchEnds } from './arrangement.ts';
import { EllipticCurve } from './elliptic-curve.ts';
import { survives } from './face-remainder.ts';
import type { InsideTest } from './inside-test.ts';
import { cross, dot, planeAcross, type Vector } from './plane-frame.ts';
import type { Face } from './primitive.ts';
import type { SolidRemainder } from './rectangle-remainder.ts';
import type { PlacedLeaf } from './shape-tree.ts';
import { arcPoint, arcRanges, arcTangent, nearestOnArcs, type SpaceArc } from './space-arc.ts';
import { sphereIntegrals } from './sphere-integrals.ts';
import { trigonometricRoots } from './trigonometric-roots.ts';

type Sphere = NonNullable<Face['sphere']>;

/** A plane or a sphere, without its bounds. */
export type Surface = { readonly axis: number; readonly value: number } | Sphere;

export function surfacesOf(leaves: readonly PlacedLeaf[]): Surface[] {
  return leaves.flatMap(({ leaf }) => leaf.primitive.faces.map(({ plane, sphere }) => (plane ?? sphere)!));
}

/** The circle in which a surface cuts a sphere, if it does. */
export function circleOn(
  { center, radius }: Sphere,
  surface: Surface,
  rounding: number,
): Omit<SpaceArc, 'from' | 'to'> | undefined {
  let direction: Vector;
  let height: number;
  if ('axis' in surface) {
    const { axis, value } = surface;
    direction = [Number(axis === 0), Number(axis === 1), Number(axis === 2)];
    height = value - center[axis];
  } else {
    const away = surface.center.map((c, i) => c - center[i]);
    const distance = Math.hypot(...away);
    if (distance <= rounding) return undefined;
    direction = [away[0] / distance, away[1] / distance, away[2] / distance];
    height = (distance * distance + radius * radius - surface.radius ** 2) / (2 * distance);
  }
  const square = radius * radius - height * height;
  if (square <= rounding * radius) return undefined;
  const origin = direction.map((d, i) => center[i] + height * d) as unknown as Vector;
  const circle = Math.sqrt(square);
  return { frame: planeAcross(origin, direction), curve: new EllipticCurve([0, 0], [circle, circle], 0) };
}

/** Angles at which a circle in space meets a surface. */
function cutsOf({ frame, curve }: Omit<SpaceArc, 'from' | 'to'>, surface: Surface): number[] {
  const { origin, first, second } = frame;
  const radius = (curve as EllipticCurve).radii[0];
  if ('axis' in surface) {
    const { axis, value } = surface;
    return trigonometricRoots({
      a0: origin[axis] - value,
      a1: radius * first[axis],
      b1: radius * second[axis],
      a2: 0,
      b2: 0,
    });
  }
  const away = origin.map((o, i) => o - surface.center[i]);
  return trigonometricRoots({
    a0: dot(away, away) + radius * radius - surface.radius ** 2,
    a1: 2 * radius * dot(away, first),
    b1: 2 * radius * dot(away, second),
    a2: 0,
    b2: 0,
  });
}

/** Heights of tops and bottoms of the circles on a sphere, of planes across, and of the ends of edges. */
function breakHeights(
  sphere: Sphere,
  surfaces: readonly Surface[],
  edges: readonly SpaceArc[],
  rounding: number,
): number[] {
  const tops = surfaces.flatMap((surface) => {
    const circle = circleOn(sphere, surface, rounding);
    if (circle === undefined) return [];
    return arcRanges({ ...circle, from: 0, to: circle.curve.end })[2];
  });
  return [...tops, ...edges.flatMap((arc) => [arcPoint(arc, arc.from)[2], arcPoint(arc, arc.to)[2]])];
}

/** @param own as for `rectangleRemainder` */
export function sphereRemainder(
  test: InsideTest,
  face: Face,
  placed: PlacedLeaf,
  own: readonly PlacedLeaf[],
  all: readonly PlacedLeaf[],
): SolidRemainder | undefined {
  const sphere = face.sphere!;
  const earlier = own.slice(0, own.indexOf(placed));
  const left = (point: ArrayLike<number>): boolean =>
    survives(test, point, face.normal(point), placed, earlier);
  const others = all.filter((other) => other !== placed);
  const surfaces = surfacesOf(others);
  // Steps to the sides of an edge are longer than those through the surface, whose sides are asked for there.
  const step = 100 * test.step;
  const edges = surfaces.flatMap((surface) => {
    const circle = circleOn(sphere, surface, test.rounding);
    if (circle === undefined) return [];
    const cuts = surfaces.flatMap((other) => (other === surface ? [] : cutsOf(circle, other)));
    const ends = stretchEnds(circle.curve, cuts, 1e-9 * test.size);
    return ends.slice(1).flatMap((to, i) => {
      const arc = { ...circle, from: ends[i], to };
      const middle = 0.5 * (arc.from + to);
      const point = arcPoint(arc, middle);
      const sideways = cross(arcTangent(arc, middle), [...face.normal(point)] as unknown as Vector);
      const at = (side: number): boolean =>
        left(face.nearest(point.map((x, axis) => x + side * step * sideways[axis])));
      return at(-1) === at(1) ? [] : [arc];
    });
  });
  if (edges.length === 0 && !left(face.place([0.37, 0.41], 0))) return undefined;
  const whole = edges.length === 0;
  let integrals: ReturnType<typeof sphereIntegrals> | undefined;
  const integrated = (): ReturnType<typeof sphereIntegrals> => {
    integrals ??= sphereIntegrals(
      sphere,
      breakHeights(sphere, surfaces, edges, test.rounding),
      others,
      test.rounding,
      left,
    );
    return integrals;
  };
  const area = (): number => (whole ? face.measure : integrated().area);
  return {
    face,
    placed,
    get measure() {
      return area();
    },
    edges,
    left,
    flux: () => sphere.radius * area() + (whole ? 0 : dot(sphere.center, integrated().normal)),
    sample: (sampling, count, seed) => {
      const unit = acceptedPoints(sampling, count, seed, {
        axes: face.axes,
        extents: face.extents,
        share: area() / face.measure,
        accepts: (candidate, offset) => whole || left(face.place(candidate, offset)),
      });
      const points = new Float64Array(3 * count);
      for (let n = 0; n < count; n++) points.set(face.place(unit, n * face.axes), 3 * n);
      return points;
    },
    nearest: (point) => {
      const nearest = face.nearest(point);
      if (whole || left(nearest)) return nearest;
      return Float64Array.from(nearestOnArcs(edges, point)!.point);
    },
  };
}
