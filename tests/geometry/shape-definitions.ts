/** Random definitions of shapes on a coarse raster, so that sides often coincide and curves often touch. */
import fc from 'fast-check';
import { ProblemError } from '../../src/errors.ts';
import { type Shape, type ShapeDefinition, shapeOf } from '../../src/geometry/shape.ts';

const raster = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: low, max: high }).map((n) => n / 4);
const interval = fc
  .tuple(raster(-4, 3), raster(1, 6))
  .map(([low, size]): [number, number] => [low, low + size]);
const point = fc.tuple(raster(-4, 4), raster(-4, 4));
const length = raster(1, 5);

const star = fc
  .tuple(point, fc.array(fc.double({ min: 0.3, max: 1.2, noNaN: true }), { minLength: 3, maxLength: 8 }))
  .map(([[x, y], radii]) => ({
    polygon: radii.map((r, i): [number, number] => {
      const angle = (2 * Math.PI * (i + 0.2)) / radii.length;
      return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    }),
  }));

export const planarPrimitive: fc.Arbitrary<ShapeDefinition> = fc.oneof(
  fc.tuple(interval, interval).map((box) => ({ box })),
  fc.tuple(point, length).map(([center, radius]) => ({ disk: { center, radius } })),
  fc
    .tuple(point, fc.tuple(length, length), fc.double({ min: 0, max: 3, noNaN: true }))
    .map(([center, radii, angle]) => ({ ellipse: { center, radii, angle } })),
  star,
);

export const solidPrimitive: fc.Arbitrary<ShapeDefinition> = fc.oneof(
  fc.tuple(interval, interval, interval).map((box) => ({ box })),
  fc
    .tuple(fc.tuple(raster(-2, 2), raster(-2, 2), raster(-2, 2)), length)
    .map(([center, radius]) => ({ ball: { center, radius } })),
);

/** A combination of two or three shapes, some of them combinations themselves. */
export function combined(primitive: fc.Arbitrary<ShapeDefinition>): fc.Arbitrary<ShapeDefinition> {
  const kinds = fc.constantFrom('union', 'difference', 'intersection');
  const pair = fc
    .tuple(kinds, fc.array(primitive, { minLength: 2, maxLength: 3 }))
    .map(([kind, parts]) => ({ [kind]: parts }) as unknown as ShapeDefinition);
  const nested = fc
    .tuple(kinds, pair, primitive)
    .map(([kind, a, b]) => ({ [kind]: [a, b] }) as unknown as ShapeDefinition);
  return fc.oneof(pair, nested);
}

/** The shape, or undefined where it leaves nothing or is pinched. */
export function shapeIfSound(definition: ShapeDefinition): Shape | undefined {
  try {
    return shapeOf(definition, 'geometry');
  } catch (error) {
    if (error instanceof ProblemError && /leaves nothing|touch/.test(error.message)) return undefined;
    throw error;
  }
}

export function row(points: Float64Array, n: number, dimension: number): Float64Array {
  return points.subarray(n * dimension, (n + 1) * dimension);
}
