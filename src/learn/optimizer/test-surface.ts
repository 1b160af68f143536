/** Surfaces over the plane on which optimizers are compared. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { TensorLibrary } from '../../engine/tfjs/tensor-arithmetic.ts';

export interface TestSurface {
  readonly name: string;
  readonly tex: string;
  value(x: number, y: number): number;
  gradient(x: number, y: number): readonly [number, number];
  /** Where it is least, if it is. */
  readonly minimum?: readonly [number, number];
  /** Where paths begin, and what part of the plane is shown: [low, high] of each coordinate. */
  readonly start: readonly [number, number];
  readonly shown: readonly [readonly [number, number], readonly [number, number]];
}

export const testSurfaces: readonly TestSurface[] = [
  {
    name: 'Beale',
    tex: '(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2',
    value: (x, y) => [1.5, 2.25, 2.625].reduce((sum, c, k) => sum + (c - x + x * y ** (k + 1)) ** 2, 0),
    gradient: (x, y) =>
      [1.5, 2.25, 2.625].reduce<[number, number]>(
        ([gx, gy], c, k) => {
          const term = c - x + x * y ** (k + 1);
          return [gx + 2 * term * (y ** (k + 1) - 1), gy + 2 * term * x * (k + 1) * y ** k];
        },
        [0, 0],
      ),
    minimum: [3, 0.5],
    start: [1, 1.5],
    shown: [
      [-1, 4.5],
      [-1, 2],
    ],
  },
  {
    name: 'Rosenbrock',
    tex: '(1 - x)^2 + 100 (y - x^2)^2',
    value: (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    minimum: [1, 1],
    start: [-1.2, 1],
    shown: [
      [-2, 2],
      [-1, 3],
    ],
  },
  {
    name: 'saddle',
    tex: 'x^2 - y^2 + y^4/4',
    value: (x, y) => x * x - y * y + y ** 4 / 4,
    gradient: (x, y) => [2 * x, -2 * y + y ** 3],
    minimum: [0, Math.SQRT2],
    start: [1.5, 0.01],
    shown: [
      [-2, 2],
      [-2, 2],
    ],
  },
];

/**
 * The points that a tfjs optimizer visits from a start, (steps + 1, 2). It is disposed of at the end. Ends early where
 * a value is no number any more.
 */
export function descentPath(
  tf: TensorLibrary,
  optimizer: TensorFlow.Optimizer,
  { gradient }: Pick<TestSurface, 'gradient'>,
  start: readonly [number, number],
  steps: number,
): readonly (readonly [number, number])[] {
  const point = tf.tidy(() => tf.variable(tf.tensor1d([...start])));
  const path: (readonly [number, number])[] = [start];
  for (let step = 0; step < steps; step++) {
    const slope = gradient(...(path[step] as [number, number]));
    if (!slope.every(Number.isFinite)) break;
    tf.tidy(() => optimizer.applyGradients([{ name: point.name, tensor: tf.tensor1d([...slope]) }]));
    const [x, y] = point.dataSync();
    path.push([x, y]);
  }
  point.dispose();
  optimizer.dispose();
  return path;
}
