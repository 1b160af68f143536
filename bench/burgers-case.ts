/**
 * One evaluation of Burgers' loss and gradient, the same for every system: u_t + u·u_x = (0.01/π)·u_xx on
 * [−1, 1] × [0, 1], initial and boundary values as residuals, all three mean squares with weight 1, a
 * multilayer perceptron with tanh.
 */
import { add, apply, coordinate, field, multiply, number, subtract } from '../src/expression/build.ts';
import type { MultiIndex } from '../src/jet/multi-index.ts';
import { initialize, multilayerPerceptron } from '../src/network/index.ts';
import { randomGenerator } from '../src/random/generator.ts';
import type { ResidualBlock, ResidualSystem } from '../src/residual/index.ts';

export interface BurgersSize {
  readonly interior: number;
  readonly initial: number;
  readonly boundary: number;
  readonly width: number;
  readonly depth: number;
}

/** Sizes of DeepXDE's demonstration 'Burgers equation'. */
export const demonstrationSize: BurgersSize = {
  interior: 2540,
  initial: 160,
  boundary: 80,
  width: 20,
  depth: 3,
};

export interface BurgersCase {
  readonly system: ResidualSystem;
  readonly theta: Float64Array;
  /** Neurons from the input to the output layer. */
  readonly widths: readonly number[];
}

/** @param size  numbers of points and the network; points and parameters are a function of them alone */
export function burgersCase(size: BurgersSize = demonstrationSize): BurgersCase {
  const random = randomGenerator(1);
  const points = (count: number, point: (n: number) => readonly [number, number]): Float64Array =>
    Float64Array.from(Array.from({ length: count }, (_, n) => point(n)).flat());
  const x = (): number => 2 * random.uniform() - 1;
  const u = (order: MultiIndex) => field('u', order, [0, 1], 0);
  const value = u([0, 0]);
  const block = (part: Pick<ResidualBlock, 'points' | 'residuals' | 'path' | 'kind'>): ResidualBlock => ({
    columns: {},
    weight: 1,
    count: part.points[0].length / 2,
    ...part,
  });
  const equation = subtract(
    add(u([0, 1]), multiply(value, u([1, 0]))),
    multiply(number(0.01 / Math.PI), u([2, 0])),
  );
  const start = apply('sin', [multiply(number(Math.PI), coordinate('x', 0))]);
  const { width, depth } = size;
  const system: ResidualSystem = {
    trial: {
      dimension: 2,
      networks: [
        multilayerPerceptron({ coordinates: [0, 1], fields: ['u'], width, depth, activation: 'tanh' }),
      ],
    },
    unknowns: [],
    blocks: [
      block({
        path: 'equations[0]',
        kind: 'equation',
        points: [points(size.interior, () => [x(), random.uniform()])],
        residuals: [equation],
      }),
      block({
        path: 'conditions[0]',
        kind: 'condition',
        points: [points(size.initial, () => [x(), 0])],
        residuals: [add(value, start)],
      }),
      block({
        path: 'conditions[1]',
        kind: 'condition',
        points: [points(size.boundary, (n) => [n % 2 === 0 ? -1 : 1, random.uniform()])],
        residuals: [value],
      }),
    ],
  };
  return {
    system,
    theta: initialize(system.trial, { seed: 1 }),
    widths: [2, ...new Array<number>(depth).fill(width), 1],
  };
}

/** The case as other systems read it: points row-major, parameters layer by layer, matrix (inputs, outputs), bias. */
export function caseFile({ system, theta, widths }: BurgersCase): string {
  const [interior, initial, boundary] = system.blocks.map((block) => [...block.points[0]]);
  return JSON.stringify({ widths, interior, initial, boundary, theta: [...theta] });
}
