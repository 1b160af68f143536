/** Primitives combined by union, difference and intersection, as they were written. */
import type { Interval, Primitive } from './primitive.ts';
import type { ShapeDefinition } from './shape-definition.ts';

export interface Leaf {
  readonly kind: 'primitive';
  readonly name: string | undefined;
  readonly definition: ShapeDefinition;
  readonly primitive: Primitive;
}

export interface Combination {
  readonly kind: 'union' | 'difference' | 'intersection';
  readonly name: string | undefined;
  readonly definition: ShapeDefinition;
  readonly children: readonly ShapeTree[];
}

export type ShapeTree = Leaf | Combination;

/** A primitive with its place in the tree. */
export interface PlacedLeaf {
  readonly leaf: Leaf;
  /** The innermost name that holds for it. */
  readonly name: string | undefined;
  /** Every name from the outermost to its own. */
  readonly names: readonly string[];
  /** −1 where it is taken away an odd number of times: its inside is then outside of the whole. */
  readonly orientation: 1 | -1;
}

/** All primitives, in the order in which they were written. */
export function placedLeaves(tree: ShapeTree): PlacedLeaf[] {
  const walk = (node: ShapeTree, outer: readonly string[], orientation: 1 | -1): PlacedLeaf[] => {
    const names = node.name === undefined ? outer : [...outer, node.name];
    if (node.kind === 'primitive') return [{ leaf: node, name: names.at(-1), names, orientation }];
    return node.children.flatMap((child, i) =>
      walk(child, names, node.kind === 'difference' && i > 0 ? (-orientation as 1 | -1) : orientation),
    );
  };
  return walk(tree, [], 1);
}

/** Whether the combination holds where `inside` tells so of each primitive. */
export function holds(tree: ShapeTree, inside: (leaf: Leaf) => boolean): boolean {
  switch (tree.kind) {
    case 'primitive':
      return inside(tree);
    case 'union':
      return tree.children.some((child) => holds(child, inside));
    case 'intersection':
      return tree.children.every((child) => holds(child, inside));
    case 'difference':
      return tree.children.every((child, i) => holds(child, inside) === (i === 0));
  }
}

/** Minimum, maximum and sign change of the primitives' values: the sign is right off the boundaries. */
export function combinedLevel(tree: ShapeTree, value: (leaf: Leaf) => number): number {
  if (tree.kind === 'primitive') return value(tree);
  const values = tree.children.map((child) => combinedLevel(child, value));
  if (tree.kind === 'union') return Math.min(...values);
  if (tree.kind === 'intersection') return Math.max(...values);
  return Math.max(...values.map((v, i) => (i === 0 ? v : -v)));
}

/** A box around it: exact for primitives and unions. */
export function treeBounds(tree: ShapeTree): readonly Interval[] {
  if (tree.kind === 'primitive') return tree.primitive.bounds;
  const bounds = tree.children.map(treeBounds);
  if (tree.kind === 'difference') return bounds[0];
  const [lows, highs] = tree.kind === 'union' ? [Math.min, Math.max] : [Math.max, Math.min];
  return bounds[0].map((_, i) => ({
    low: lows(...bounds.map((b) => b[i].low)),
    high: highs(...bounds.map((b) => b[i].high)),
  }));
}

/** The sub-trees of a name, not looking for the name again inside one. */
export function subtreesNamed(tree: ShapeTree, name: string): ShapeTree[] {
  if (tree.name === name) return [tree];
  return tree.kind === 'primitive' ? [] : tree.children.flatMap((child) => subtreesNamed(child, name));
}
