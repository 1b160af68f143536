import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplePoints } from '../../src/geometry/point-set.ts';
import type { Shape, ShapeDefinition } from '../../src/geometry/shape.ts';
import { combined, planarPrimitive, row, shapeIfSound } from './shape-definitions.ts';

const planar = fc.oneof(planarPrimitive, combined(planarPrimitive), combined(planarPrimitive));

function everyShape(runs: number, law: (shape: Shape, definition: ShapeDefinition) => void): void {
  fc.assert(
    fc.property(planar, (definition) => {
      const shape = shapeIfSound(definition);
      if (shape !== undefined) law(shape, definition);
    }),
    { numRuns: runs, seed: 5 },
  );
}

/** Boundary points of all parts, about `spacing` apart. */
function densely(shape: Shape, spacing: number): { x: number; y: number }[] {
  return shape.boundary.flatMap((part) => {
    const count = Math.ceil(part.measure / spacing);
    const { points } = part.sample('grid', count, 0);
    return Array.from({ length: count }, (_, n) => ({ x: points[2 * n], y: points[2 * n + 1] }));
  });
}

describe('shapes in the plane', () => {
  it('draw exactly as many points as asked for, inside, and the same from the same seed', () => {
    everyShape(30, (shape) => {
      for (const sampling of ['sobol', 'halton', 'uniform', 'latin-hypercube', 'grid'] as const) {
        const points = shape.sample(sampling, 40, 3);
        expect(points).toHaveLength(80);
        expect(shape.sample(sampling, 40, 3)).toEqual(points);
        for (let n = 0; n < 40; n++) expect(shape.contains(row(points, n, 2))).toBe(true);
      }
    });
  });

  it('have boundary points on the boundary to 1e-12, with normals of length 1', () => {
    everyShape(100, (shape) => {
      for (const part of shape.boundary) {
        const { points, normals, count } = part.sample('sobol', 7, 2);
        expect(count).toBe(7);
        for (let n = 0; n < 7; n++) {
          const point = row(points, n, 2);
          expect(Math.abs(shape.signedDistance(point))).toBeLessThan(1e-12);
          expect(shape.contains(point)).toBe(true);
          expect(part.contains(point)).toBe(true);
          expect(Math.hypot(...row(normals, n, 2))).toBeCloseTo(1, 14);
        }
      }
    });
  });

  it('have normals that lead out of the whole shape', () => {
    everyShape(100, (shape) => {
      const step = 1e-6;
      for (const part of shape.boundary) {
        const { points, normals } = part.sample('uniform', 5, 1);
        for (let n = 0; n < 5; n++) {
          const [point, normal] = [row(points, n, 2), row(normals, n, 2)];
          const others = shape.boundary.filter((other) => other !== part);
          // Next to a corner a step along the normal may leave through the other side.
          if (others.some((other) => other.contains(point, 100 * step))) continue;
          expect(shape.signedDistance(point.map((x, i) => x + step * normal[i]))).toBeCloseTo(step, 9);
          expect(shape.signedDistance(point.map((x, i) => x - step * normal[i]))).toBeCloseTo(-step, 9);
        }
      }
    });
  });

  it('have the area that points falling inside tell, and by the divergence theorem', () => {
    everyShape(30, (shape) => {
      const count = 4000;
      const unit = samplePoints('sobol', count, 2, 11);
      const extents = shape.bounds.map(({ low, high }) => high - low);
      let inside = 0;
      for (let n = 0; n < count; n++)
        if (shape.contains(shape.bounds.map(({ low }, i) => low + unit[2 * n + i] * extents[i]))) inside++;
      const box = extents[0] * extents[1];
      expect(Math.abs((inside / count) * box - shape.measure)).toBeLessThan(0.015 * box);

      const flux = shape.boundary.reduce((sum, part) => {
        const { points, normals } = part.sample('grid', 400, 0);
        return sum + (part.measure / 400) * points.reduce((s, x, i) => s + x * normals[i], 0);
      }, 0);
      // The midpoint rule on arcs of at most 400 × spacing: second order.
      expect(Math.abs(flux - 2 * shape.measure)).toBeLessThan(1e-3 * (1 + shape.measure));
    });
  });

  it('have signed distances that agree with the closest of many boundary points', () => {
    everyShape(40, (shape) => {
      const spacing = 0.01;
      const boundary = densely(shape, spacing);
      const points = samplePoints('uniform', 20, 2, 4).map((u) => 5 * u - 2.5);
      for (let n = 0; n < 20; n++) {
        const [x, y] = row(points, n, 2);
        const closest = Math.min(...boundary.map((q) => Math.hypot(q.x - x, q.y - y)));
        const distance = Math.abs(shape.signedDistance([x, y]));
        expect(distance).toBeLessThanOrEqual(closest + 1e-12);
        expect(distance).toBeGreaterThan(closest - spacing);
        const projection = shape.project([x, y]);
        expect(projection.distance).toBeCloseTo(distance, 12);
        expect(projection.part.contains(projection.point)).toBe(true);
      }
    });
  });

  it('have bounds that touch the boundary on all four sides', () => {
    everyShape(30, (shape) => {
      const boundary = densely(shape, 0.005);
      for (const [axis, name] of (['x', 'y'] as const).entries()) {
        const values = boundary.map((q) => q[name]);
        expect(Math.min(...values)).toBeGreaterThan(shape.bounds[axis].low - 1e-12);
        expect(Math.min(...values)).toBeLessThan(shape.bounds[axis].low + 0.006);
        expect(Math.max(...values)).toBeLessThan(shape.bounds[axis].high + 1e-12);
        expect(Math.max(...values)).toBeGreaterThan(shape.bounds[axis].high - 0.006);
      }
    });
  });

  it('have boundary nodes evenly along the boundary, and lattice points apart from it', () => {
    everyShape(30, (shape) => {
      const spacing = 0.1;
      const nodes = shape.boundaryAround(spacing);
      const length = shape.boundary.reduce((sum, part) => sum + part.measure, 0);
      expect(nodes.count).toBeGreaterThan(0.6 * (length / spacing) - 1);
      for (let n = 0; n < nodes.count; n++) {
        const point = row(nodes.points, n, 2);
        // Ends of arcs that cross at a small angle are known to the root of the rounding.
        expect(Math.abs(shape.signedDistance(point))).toBeLessThan(1e-7);
        expect(shape.boundary[nodes.parts[n]].contains(point, 1e-6)).toBe(true);
        expect(Math.hypot(...row(nodes.normals, n, 2))).toBeCloseTo(1, 12);
        expect(nodes.corners[n] === 1).toBe(nodes.otherParts[n] >= 0);
      }
      const lattice = shape.latticePoints(spacing, 1);
      for (let n = 0; n < lattice.length / 2; n++)
        expect(shape.signedDistance(row(lattice, n, 2))).toBeLessThanOrEqual(-0.5 * spacing);
    });
  });
});
