/**
 * Regions of space: primitives and their unions, differences and intersections, with their boundaries.
 * Intervals, disks, balls, ellipses, polygons and combinations in one to three dimensions; boxes and balls in
 * any.
 */
import { readShape } from './read-shape.ts';
import { Region } from './region.ts';
import type { Shape } from './shape-contract.ts';

export type { BoundaryNodes } from './boundary-nodes.ts';
export type { Sampling } from './point-set.ts';
export type { Interval } from './primitive.ts';
export type * from './shape-contract.ts';
export type { ShapeDefinition } from './shape-definition.ts';

/**
 * The shape that a definition describes.
 *
 * @param path of the definition in the problem, such as `domain.geometry`
 * @throws ProblemError that names the place where a definition is malformed, or the shape empty or pinched.
 */
export function shapeOf(definition: unknown, path: string): Shape {
  const tree = readShape(definition, path);
  return new Region(tree, tree.definition, path);
}
