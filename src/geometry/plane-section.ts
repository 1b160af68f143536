/** A solid cut by a plane of one coordinate: rectangles and disks, combined as the solid is. */
import { ball } from './ball.ts';
import { box } from './box.ts';
import { acrossAxis } from './plane-frame.ts';
import type { Primitive } from './primitive.ts';
import { holds, type Leaf, type PlacedLeaf, type ShapeTree } from './shape-tree.ts';

export interface LeafSection {
  readonly leaf: Leaf;
  readonly primitive: Primitive;
  /** Whether the leaf reaches to the side below the plane, and above. */
  readonly sides: { readonly below: boolean; readonly above: boolean };
}

/** What a plane cuts out of the primitives; those that it misses, or touches in a point, are left out. */
export function leafSections(
  leaves: readonly PlacedLeaf[],
  axis: number,
  value: number,
  rounding: number,
): LeafSection[] {
  return leaves.flatMap(({ leaf }): LeafSection[] => {
    const { bounds, faces } = leaf.primitive;
    const { low, high } = bounds[axis];
    const { sphere } = faces[0];
    if (sphere !== undefined) {
      const height = value - sphere.center[axis];
      const square = sphere.radius ** 2 - height ** 2;
      if (square <= rounding * sphere.radius) return [];
      const center = sphere.center.filter((_, i) => i !== axis);
      const sides = { below: true, above: true };
      return [{ leaf, primitive: ball(center, Math.sqrt(square)), sides }];
    }
    const [atLow, atHigh] = [Math.abs(value - low) <= rounding, Math.abs(value - high) <= rounding];
    if (!atLow && !atHigh && (value < low || value > high)) return [];
    return [
      {
        leaf,
        primitive: box(acrossAxis(bounds, axis)),
        sides: { below: !atLow, above: !atHigh },
      },
    ];
  });
}

/** Whether points just below, or above, a point of the plane are inside the solid. */
export function insideBeside(
  tree: ShapeTree,
  sections: ReadonlyMap<Leaf, LeafSection>,
  point: ArrayLike<number>,
  side: 'below' | 'above',
): boolean {
  return holds(tree, (leaf) => {
    const section = sections.get(leaf);
    return section?.sides[side] === true && section.primitive.level(point) < 0;
  });
}
