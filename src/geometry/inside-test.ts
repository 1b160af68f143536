import { combinedLevel, holds, type ShapeTree, treeBounds } from './shape-tree.ts';

/**
 * Membership in a combination of closed shapes, regularised (Requicha & Voelcker, IEEE Trans. Comput.-Aided
 * Des. 1985): a point belongs to it where points of its inside lie arbitrarily near, so shapes that share a
 * stretch of boundary leave neither slits nor films.
 */
export class InsideTest {
  readonly tree: ShapeTree;
  readonly dimension: number;
  /** Largest extent, or distance from the origin, of the bounds. */
  readonly size: number;
  /** Distance at which sides of a boundary are told apart. */
  readonly step: number;
  /** Distance within which a point lies on a boundary. */
  readonly rounding: number;
  readonly #around: readonly Float64Array[];

  constructor(tree: ShapeTree) {
    const bounds = treeBounds(tree);
    this.tree = tree;
    this.dimension = bounds.length;
    this.size = Math.max(...bounds.flatMap(({ low, high }) => [high - low, Math.abs(low), Math.abs(high)]));
    this.step = 1e-8 * this.size;
    this.rounding = 1e-12 * this.size;
    this.#around = directions(this.dimension);
  }

  /** Whether the point is inside; either answer on a boundary. */
  strictly(point: ArrayLike<number>): boolean {
    return holds(this.tree, ({ primitive }) => primitive.level(point) < 0);
  }

  /** Inside or on the boundary of the whole, within rounding. */
  contains(point: ArrayLike<number>): boolean {
    const level = this.level(point);
    if (Math.abs(level) > this.rounding || this.tree.kind === 'primitive') return level <= this.rounding;
    return this.#around.some((away) => this.strictly(away.map((a, i) => point[i] + this.step * a)));
  }

  /** Of the right sign off the boundaries of the primitives. */
  level(point: ArrayLike<number>): number {
    return combinedLevel(this.tree, ({ primitive }) => primitive.level(point));
  }

  /** The sides of a point of a boundary: whether it is inside just behind it and just before it. */
  sides(point: ArrayLike<number>, normal: ArrayLike<number>): { behind: boolean; before: boolean } {
    const at = (step: number): boolean =>
      this.strictly(Float64Array.from(point, (x, i) => x + step * normal[i]));
    return { behind: at(-this.step), before: at(this.step) };
  }
}

/** Directions all about a point: of the axes, and of the corners of a cube turned a little. */
function directions(dimension: number): Float64Array[] {
  if (dimension === 2)
    return Array.from({ length: 48 }, (_, i) => {
      const angle = ((i + 0.37) / 24) * Math.PI;
      return Float64Array.of(Math.cos(angle), Math.sin(angle));
    });
  const axes = Array.from({ length: 2 * dimension }, (_, i) =>
    Float64Array.from({ length: dimension }, (_, j) => (j === i >> 1 ? 1 - 2 * (i % 2) : 0)),
  );
  const corners = Array.from({ length: 2 ** Math.min(dimension, 8) }, (_, i) =>
    Float64Array.from({ length: dimension }, (_, j) => ((i >> (j % 8)) % 2 === 0 ? 1 : -1) * (1 + 0.1 * j)),
  );
  return [...axes, ...corners];
}
