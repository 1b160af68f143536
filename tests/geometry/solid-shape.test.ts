import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplePoints } from '../../src/geometry/point-set.ts';
import { type Shape, shapeOf } from '../../src/geometry/shape.ts';
import { combined, row, shapeIfSound, solidPrimitive } from './shape-definitions.ts';

const solid = fc.oneof(solidPrimitive, combined(solidPrimitive), combined(solidPrimitive));

function everyShape(runs: number, law: (shape: Shape) => void): void {
  fc.assert(
    fc.property(solid, (definition) => {
      const shape = shapeIfSound(definition);
      if (shape !== undefined) law(shape);
    }),
    { numRuns: runs, seed: 9 },
  );
}

/** Volume of the lens in which unit balls at a distance meet: two caps of height 1 − d/2. */
const lens = (distance: number): number => (Math.PI * (4 + distance) * (2 - distance) ** 2) / 12;
const ball = (center: number[], radius = 1): { ball: { center: number[]; radius: number } } => ({
  ball: { center, radius },
});
const cube = (half: number): { box: [number, number][] } => ({
  box: [
    [-half, half],
    [-half, half],
    [-half, half],
  ],
});

describe('solids', () => {
  it.each([
    ['lens of two balls', { intersection: [ball([0, 0, 0]), ball([0, 0, 1])] }, lens(1), 2 * Math.PI],
    [
      'two balls, their centres on no axis',
      { union: [ball([0, 0, 0]), ball([0.6, 0.8, 0])] },
      (8 / 3) * Math.PI - lens(1),
      6 * Math.PI,
    ],
    ['cube with a hollow', { difference: [cube(1), ball([0, 0, 0], 0.5)] }, 8 - Math.PI / 6, 24 + Math.PI],
    [
      'octant of a ball',
      { intersection: [ball([0, 0, 0]), { box: [0, 0, 0].map(() => [0, 2]) }] },
      Math.PI / 6,
      (5 * Math.PI) / 4,
    ],
    ["Fichera's corner", { difference: [cube(1), { box: [0, 0, 0].map(() => [0, 1]) }] }, 7, 24],
  ])('volume and area are exact: %s', (_, definition, volume, area) => {
    const shape = shapeOf(definition, 'geometry');
    expect(shape.measure).toBeCloseTo(volume, 9);
    expect(shape.boundary.reduce((sum, part) => sum + part.measure, 0)).toBeCloseTo(area, 9);
  });

  it('points lie inside, boundary points on the boundary, with normals of length 1 that lead out', () => {
    everyShape(18, (shape) => {
      const inside = shape.sample('sobol', 20, 1);
      for (let n = 0; n < 20; n++) expect(shape.signedDistance(row(inside, n, 3))).toBeLessThan(0);
      for (const part of shape.boundary) {
        if (part.measure < 1e-3) continue;
        const { points, normals, count } = part.sample('halton', 6, 1);
        expect(count).toBe(6);
        for (let n = 0; n < count; n++) {
          const [point, normal] = [row(points, n, 3), row(normals, n, 3)];
          expect(Math.abs(shape.signedDistance(point))).toBeLessThan(1e-12);
          expect(shape.contains(point)).toBe(true);
          expect(Math.hypot(...normal)).toBeCloseTo(1, 14);
          const step = 1e-6;
          const others = shape.boundary.filter((other) => other !== part);
          if (others.some((other) => other.contains(point, 100 * step))) continue;
          expect(shape.signedDistance(point.map((x, i) => x + step * normal[i]))).toBeCloseTo(step, 9);
          expect(shape.signedDistance(point.map((x, i) => x - step * normal[i]))).toBeCloseTo(-step, 9);
        }
      }
    });
  });

  it('volume agrees with points falling inside, and areas by the divergence theorem', () => {
    everyShape(8, (shape) => {
      const count = 3000;
      const unit = samplePoints('sobol', count, 3, 2);
      const extents = shape.bounds.map(({ low, high }) => high - low);
      let inside = 0;
      for (let n = 0; n < count; n++)
        if (shape.contains(shape.bounds.map(({ low }, i) => low + unit[3 * n + i] * extents[i]))) inside++;
      const box = extents[0] * extents[1] * extents[2];
      expect(Math.abs((inside / count) * box - shape.measure)).toBeLessThan(0.02 * box);
      let [flux, scale] = [0, 0];
      for (const part of shape.boundary) {
        const { points, normals } = part.sample('sobol', 512, 1);
        const mean = points.reduce((s, x, i) => s + x * normals[i], 0) / 512;
        flux += mean * part.measure;
        scale += Math.max(1, ...extents) * part.measure;
      }
      expect(Math.abs(flux - 3 * shape.measure)).toBeLessThan(0.02 * scale);
    });
  });

  it('signed distances agree with the closest of many boundary points', () => {
    everyShape(8, (shape) => {
      const spacing = 0.15;
      const clouds = shape.boundary.map((part) => {
        const count = Math.ceil((4 * part.measure) / spacing ** 2);
        return part.sample('sobol', count, 0).points;
      });
      const edges = shape.boundaryAround(spacing).points;
      const points = samplePoints('uniform', 15, 3, 4).map((u) => 4 * u - 2);
      for (let n = 0; n < 15; n++) {
        const point = row(points, n, 3);
        let closest = Number.POSITIVE_INFINITY;
        for (const cloud of [...clouds, edges])
          for (let m = 0; m < cloud.length / 3; m++)
            closest = Math.min(
              closest,
              Math.hypot(cloud[3 * m] - point[0], cloud[3 * m + 1] - point[1], cloud[3 * m + 2] - point[2]),
            );
        const distance = Math.abs(shape.signedDistance(point));
        expect(distance).toBeLessThanOrEqual(closest + 1e-7);
        expect(distance).toBeGreaterThan(closest - spacing);
        expect(shape.project(point).distance).toBeCloseTo(distance, 12);
      }
    });
  });

  it('boundary nodes lie on their parts, lattice points apart from the boundary and each other', () => {
    everyShape(6, (shape) => {
      const spacing = 0.4;
      const nodes = shape.boundaryAround(spacing);
      for (let n = 0; n < nodes.count; n++)
        expect(shape.boundary[nodes.parts[n]].contains(row(nodes.points, n, 3), 1e-6)).toBe(true);
      const lattice = shape.latticePoints(spacing);
      const count = lattice.length / 3;
      for (let n = 0; n < count; n++) {
        const point = row(lattice, n, 3);
        expect(shape.signedDistance(point)).toBeLessThanOrEqual(-0.5 * spacing);
        for (let m = 0; m < n; m++)
          expect(Math.hypot(...row(lattice, m, 3).map((x, i) => x - point[i]))).toBeGreaterThan(
            0.999 * spacing,
          );
      }
    });
  });
});
