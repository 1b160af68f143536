import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../src/geometry/shape.ts';
import { randomGenerator } from '../../../src/random/generator.ts';
import { reentrantCorners } from '../../../src/reference/scattered/curve-nodes.ts';
import { nodeSet, undivided } from '../../../src/reference/scattered/node-set.ts';
import { PointTree } from '../../../src/reference/scattered/point-tree.ts';
import {
  monomials,
  PolyharmonicStencil,
  stencilSize,
} from '../../../src/reference/scattered/polyharmonic-stencil.ts';
import { gradedSpacing } from '../../../src/reference/scattered/spacing.ts';

function randomPoints(count: number, dimension: number, seed: number): Float64Array {
  const random = randomGenerator(seed);
  return Float64Array.from({ length: count * dimension }, () => random.uniform());
}

describe('the k-d tree', () => {
  it.each([2, 3])('finds the nearest points in %d dimensions', (dimension) => {
    const points = randomPoints(500, dimension, 1);
    const tree = new PointTree(points, dimension);
    const at = new Array<number>(dimension).fill(0.4);
    const distances = Array.from({ length: 500 }, (_, i) =>
      Math.hypot(...at.map((x, a) => points[i * dimension + a] - x)),
    );
    const expected = distances.map((_, i) => i).sort((i, j) => distances[i] - distances[j]);
    expect([...tree.nearest(at, 30)]).toEqual(expected.slice(0, 30));
  });
});

describe('polyharmonic stencils', () => {
  it.each([
    [2, 6],
    [3, 4],
  ])('in %d dimensions differentiate polynomials of degree %d exactly', (dimension, degree) => {
    const n = stencilSize(dimension, degree);
    const points = randomPoints(600, dimension, 2);
    const point = new Array<number>(dimension).fill(0.5);
    const members = new PointTree(points, dimension).nearest(point, n);
    const orders = monomials(dimension, 2);
    const weights = new Float64Array(orders.length * n);
    const stencil = new PolyharmonicStencil(dimension, degree, n);
    const functionals = orders.map((order) => ({ point, order }));
    expect(stencil.weights(points, members, functionals, weights)).toBe(true);
    for (const powers of monomials(dimension, degree)) {
      orders.forEach((order, k) => {
        let exact = 1;
        powers.forEach((power, a) => {
          for (let j = 0; j < order[a]; j++) exact *= power - j;
          exact *= power < order[a] ? 0 : 0.5 ** (power - order[a]);
        });
        let value = 0;
        members.forEach((i, j) => {
          value +=
            weights[k * n + j] * powers.reduce((x, power, a) => x * points[i * dimension + a] ** power, 1);
        });
        expect(Math.abs(value - exact)).toBeLessThan(1e-8);
      });
    }
  });

  it('second derivatives of a smooth function converge with order degree − 1 at least', () => {
    const n = stencilSize(2, 6);
    const points = randomPoints(400, 2, 5).map((x) => 2 * x - 1);
    const members = new PointTree(points, 2).nearest([0, 0], n);
    const weights = new Float64Array(n);
    const stencil = new PolyharmonicStencil(2, 6, n);
    const errorAt = (scale: number): number => {
      const scaled = points.map((x) => scale * x);
      stencil.weights(scaled, members, [{ point: [0, 0], order: [2, 0] }], weights);
      let value = 0;
      members.forEach((i, j) => {
        value += weights[j] * Math.exp(Math.sin(scaled[2 * i] + 2 * scaled[2 * i + 1]));
      });
      return Math.abs(value - 1);
    };
    expect(Math.log2(errorAt(0.8) / errorAt(0.4))).toBeGreaterThan(4.5);
  });
});

describe('node sets', () => {
  const shape = shapeOf(
    {
      difference: [
        {
          polygon: [
            [-1, -1],
            [1, -1],
            [1, 0],
            [0, 0],
            [0, 1],
            [-1, 1],
          ],
        },
        { disk: { center: [-0.5, -0.5], radius: 0.2 } },
      ],
    },
    'shape',
  );
  const corners = reentrantCorners(shape);
  const spacing = gradedSpacing(0.1, () => 1, corners, 2, 3);
  const nodes = nodeSet(shape, undivided, corners, spacing);

  it('find the re-entrant corner', () => {
    expect([...corners].map((x) => x + 0)).toEqual([0, 0]);
  });

  it('lie inside or on the boundary with its normals, and keep their distance', () => {
    const { points, count, boundary } = nodes;
    expect(count).toBeGreaterThan(300);
    for (let i = 0; i < count; i++) {
      const point = points.subarray(2 * i, 2 * i + 2);
      const distance = shape.signedDistance(point);
      if (i < boundary.count) {
        expect(Math.abs(distance)).toBeLessThan(1e-12);
        const { normal } = shape.project(point);
        const cosine = normal[0] * boundary.normals[2 * i] + normal[1] * boundary.normals[2 * i + 1];
        expect(cosine).toBeCloseTo(1, 12);
      } else expect(distance).toBeLessThan(-0.4 * spacing.at(point));
    }
    const tree = new PointTree(points, 2);
    for (let i = 0; i < count; i++) {
      const point = points.subarray(2 * i, 2 * i + 2);
      tree.nearest(point, 2);
      expect(tree.lastDistances[1]).toBeGreaterThan(0.35 * spacing.at(point));
    }
  });

  it('leave no hole wider than twice the spacing', () => {
    const tree = new PointTree(nodes.points, 2);
    const places = shape.sample('sobol', 500, 1);
    for (let i = 0; i < 500; i++) {
      const place = places.subarray(2 * i, 2 * i + 2);
      tree.nearest(place, 1);
      expect(tree.lastDistances[0]).toBeLessThan(1.1 * spacing.at(place));
    }
  });
});
