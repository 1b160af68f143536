import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Objective } from '../../src/optimizer/optimizer.ts';
import { triangular } from './test-functions.ts';

/**
 * −Δu = 2π² sin πx sin πy on the unit square with u = 0 on its boundary, u = Σ_h d_h tanh(a_h x + b_h y + c_h) + e,
 * as a sum of squares over random points, with the Jacobian by hand.
 */
export function poissonNetwork(hidden: number, interior: number, boundary: number, seed: number) {
  const generator = xoroshiro128plus(seed);
  const random = () => uniformFloat64(generator);
  const size = 4 * hidden + 1;
  const points: { x: number; y: number; inside: boolean; weight: number }[] = [];
  for (let i = 0; i < interior; i++) {
    points.push({ x: random(), y: random(), inside: true, weight: 0.1 / Math.sqrt(interior) });
  }
  for (let i = 0; i < boundary; i++) {
    const [s, side] = [random(), i % 2];
    const [x, y] = i % 4 < 2 ? [s, side] : [side, s];
    points.push({ x, y, inside: false, weight: 10 / Math.sqrt(boundary) });
  }
  const exact = (x: number, y: number) => Math.sin(Math.PI * x) * Math.sin(Math.PI * y);
  const start = new Float64Array(size);
  for (let k = 0; k < size - 1; k++)
    start[k] = k % 4 < 3 ? 4 * random() - 2 : (2 * random() - 1) / Math.sqrt(hidden);

  /** The residual at a point; its derivatives with respect to θ into `row`, if given. */
  const residual = (
    theta: Float64Array,
    { x, y, inside, weight }: (typeof points)[number],
    row?: Float64Array,
  ) => {
    let value = inside ? 2 * Math.PI ** 2 * exact(x, y) : theta[size - 1];
    for (let h = 0; h < size - 1; h += 4) {
      const [a, b, c, d] = theta.subarray(h, h + 4);
      const t = Math.tanh(a * x + b * y + c);
      const first = 1 - t * t;
      const second = -2 * t * first;
      const third = first * (6 * t * t - 2);
      const q = a * a + b * b;
      value += inside ? d * q * second : d * t;
      if (row === undefined) continue;
      const inner = inside ? d * q * third : d * first;
      row[h] = weight * (inner * x + (inside ? 2 * a * d * second : 0));
      row[h + 1] = weight * (inner * y + (inside ? 2 * b * d * second : 0));
      row[h + 2] = weight * inner;
      row[h + 3] = weight * (inside ? q * second : t);
    }
    if (row !== undefined) row[size - 1] = inside ? 0 : weight;
    return weight * value;
  };

  const gaussNewton = async (theta: Float64Array) => {
    const matrix = new Float64Array(size * size);
    const vector = new Float64Array(size);
    const row = new Float64Array(size);
    let loss = 0;
    for (const point of points) {
      const rho = residual(theta, point, row);
      loss += rho * rho;
      for (let p = 0; p < size; p++) {
        vector[p] += row[p] * rho;
        for (let q = 0; q < size; q++) matrix[p * size + q] += row[p] * row[q];
      }
    }
    return { loss, matrix, vector };
  };
  const crossGradient = async (theta: Float64Array, elsewhere: Float64Array) => {
    const row = new Float64Array(size);
    const gradient = new Float64Array(size);
    let loss = 0;
    for (const point of points) {
      const rho = residual(elsewhere, point);
      residual(theta, point, row);
      loss += rho * rho;
      for (let p = 0; p < size; p++) gradient[p] += 2 * rho * row[p];
    }
    return { loss, gradient };
  };
  const orthogonalFactor = async (theta: Float64Array) => {
    const rho = new Float64Array(points.length);
    const columns = Array.from({ length: size }, () => new Float64Array(points.length));
    const row = new Float64Array(size);
    points.forEach((point, i) => {
      rho[i] = residual(theta, point, row);
      for (let p = 0; p < size; p++) columns[p][i] = row[p];
    });
    return { loss: rho.reduce((sum, r) => sum + r * r, 0), ...triangular(columns, rho) };
  };
  const sample = async (theta: Float64Array) => {
    const residuals = new Float64Array(points.length);
    const rows = new Float64Array(points.length * size);
    points.forEach((point, i) => {
      residuals[i] = residual(theta, point, rows.subarray(i * size, (i + 1) * size));
    });
    const loss = async (elsewhere: Float64Array) =>
      points.reduce((sum, point) => sum + residual(elsewhere, point) ** 2, 0);
    return { rows, residuals, loss };
  };
  const objective: Required<Objective> = {
    loss: async (theta) => ({ loss: points.reduce((sum, point) => sum + residual(theta, point) ** 2, 0) }),
    lossAndGradient: async (theta) => crossGradient(theta, theta),
    crossGradient,
    gaussNewton,
    orthogonalFactor,
    sample,
  };

  /** Relative L2 error on a grid of 21 by 21. */
  const error = (theta: Float64Array) => {
    let [difference, total] = [0, 0];
    for (let i = 0; i <= 20; i++) {
      for (let j = 0; j <= 20; j++) {
        const [x, y] = [i / 20, j / 20];
        const u = residual(theta, { x, y, inside: false, weight: 1 });
        difference += (u - exact(x, y)) ** 2;
        total += exact(x, y) ** 2;
      }
    }
    return Math.sqrt(difference / total);
  };
  return { objective, start, error };
}
