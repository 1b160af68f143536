import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../src/geometry/shape.ts';
import { randomGenerator } from '../../../src/random/generator.ts';
import { delaunay } from '../../../src/reference/finite-elements/delaunay.ts';
import { quadraticMesh } from '../../../src/reference/finite-elements/quadratic-mesh.ts';

const generator = randomGenerator(4);
const points = Float64Array.from({ length: 400 }, () => generator.uniform());
const at = (p: Float64Array, i: number): [number, number] => [p[2 * i], p[2 * i + 1]];

describe("Delaunay's triangulation", () => {
  const triangles = delaunay(points);

  it('has no point inside a circumcircle', () => {
    for (let t = 0; t < triangles.length; t += 3) {
      const [[ax, ay], [bx, by], [cx, cy]] = [0, 1, 2].map((c) => at(points, triangles[t + c]));
      const d = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by));
      const [a, b, c] = [ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy];
      const x = (a * (by - cy) + b * (cy - ay) + c * (ay - by)) / d;
      const y = (a * (cx - bx) + b * (ax - cx) + c * (bx - ax)) / d;
      const radius = Math.hypot(ax - x, ay - y);
      for (let i = 0; i < 200; i++)
        expect(Math.hypot(points[2 * i] - x, points[2 * i + 1] - y)).toBeGreaterThan(radius * (1 - 1e-9));
    }
  });

  it("fulfils Euler's formula: 2n − 2 − h triangles for h points on the hull", () => {
    const edges = new Map<string, number>();
    for (let t = 0; t < triangles.length; t += 3)
      for (let c = 0; c < 3; c++) {
        const pair = [triangles[t + c], triangles[t + ((c + 1) % 3)]].sort((i, j) => i - j).join();
        edges.set(pair, (edges.get(pair) ?? 0) + 1);
      }
    const hull = [...edges.values()].filter((count) => count === 1).length;
    expect(triangles.length / 3).toBe(2 * 200 - 2 - hull);
  });
});

describe('a mesh of a shape', () => {
  const corners = Float64Array.of(0, 0, 2, 0, 2, 2, 1, 2, 1, 1, 0, 1);
  const shape = shapeOf(
    {
      polygon: [
        [0, 0],
        [2, 0],
        [2, 2],
        [1, 2],
        [1, 1],
        [0, 1],
      ],
    },
    'domain',
  );
  const mesh = quadraticMesh(shape, corners, { coarsest: 0.2, at: () => 0.2 });

  it('fills it, each triangle with a corner inside or an edge inside', () => {
    let area = 0;
    for (let t = 0; t < mesh.triangles.length; t += 6) {
      const [[ax, ay], [bx, by], [cx, cy]] = [0, 1, 2].map((c) => at(mesh.points, mesh.triangles[t + c]));
      area += 0.5 * ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay));
    }
    expect(area).toBeCloseTo(shape.measure, 10);
    const outer = mesh.boundary.map(({ triangle }) => triangle);
    expect(new Set(outer).size).toBe(outer.length);
  });

  it('has its boundary on that of the shape', () => {
    for (const { triangle, corner } of mesh.boundary)
      for (const c of [corner, (corner + 1) % 3, corner + 3]) {
        const point = at(mesh.points, mesh.triangles[6 * triangle + c]);
        expect(Math.abs(shape.signedDistance(point))).toBeLessThan(1e-9);
      }
  });
});
