/** Residual systems, made by hand, on which engines are tested. */
import type { Expression } from '../../src/expression/expression.ts';
import type { Operation } from '../../src/expression/operation.ts';
import {
  fourierFeatures,
  initialize,
  multilayerPerceptron,
  periodicEmbedding,
} from '../../src/network/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';
import type { ResidualBlock, ResidualSystem } from '../../src/residual/residual-system.ts';

export const number = (value: number): Expression => ({ kind: 'number', value });
export const op = (operation: Operation, ...operands: Expression[]): Expression => ({
  kind: 'operation',
  operation,
  operands,
});
export const coordinate = (index: number): Expression => ({ kind: 'coordinate', name: `x${index}`, index });
export const unknown = (name: string): Expression => ({ kind: 'unknown', name });
export const column = (name: string): Expression => ({ kind: 'column', name });
export const field = (name: string, order: number[], side = 0): Expression => ({
  kind: 'field',
  name,
  order,
  of: order.map((_, i) => i),
  side,
});
export const add = (...terms: Expression[]): Expression => terms.reduce((a, b) => op('add', a, b));
export const subtract = (a: Expression, b: Expression): Expression => op('subtract', a, b);
export const multiply = (...factors: Expression[]): Expression =>
  factors.reduce((a, b) => op('multiply', a, b));

export function randomPoints(
  count: number,
  dimension: number,
  seed: number,
  fixed: Record<number, number> = {},
) {
  const generator = randomGenerator(seed);
  return Float64Array.from({ length: count * dimension }, (_, i) => {
    const value = 2 * generator.uniform() - 1;
    return fixed[i % dimension] ?? value;
  });
}

export function block(
  path: string,
  points: Float64Array[],
  count: number,
  residuals: Expression[],
  more: Partial<ResidualBlock> = {},
): ResidualBlock {
  return { path, kind: 'equation', points, count, columns: {}, residuals, weight: 1, ...more };
}

/** u_t + u u_x = ν u_xx with initial and boundary values. */
export function burgers(interior: number, boundary: number, width = 20, depth = 3, seed = 1): ResidualSystem {
  const [u, ux, ut, uxx] = [
    [0, 0],
    [1, 0],
    [0, 1],
    [2, 0],
  ].map((order) => field('u', order));
  const third = Math.floor(boundary / 3);
  return {
    trial: {
      dimension: 2,
      networks: [
        multilayerPerceptron({ coordinates: [0, 1], fields: ['u'], width, depth, activation: 'tanh' }),
      ],
    },
    unknowns: [],
    blocks: [
      block('equations[0]', [randomPoints(interior, 2, seed)], interior, [
        subtract(add(ut, multiply(u, ux)), multiply(number(0.01 / Math.PI), uxx)),
      ]),
      block(
        'conditions[0]',
        [randomPoints(third, 2, seed + 1, { 1: -1 })],
        third,
        [add(u, op('sin', multiply(number(Math.PI), coordinate(0))))],
        { weight: 10 },
      ),
      block('conditions[1]', [randomPoints(third, 2, seed + 2, { 0: -1 })], third, [u], { weight: 10 }),
      block('conditions[2]', [randomPoints(third, 2, seed + 3, { 0: 1 })], third, [u], { weight: 10 }),
    ],
  };
}

/** The compartment model S, I, R of one coordinate with two unknown rates and observations of I. */
export function sir(count: number, width = 20, depth = 3, seed = 1): ResidualSystem {
  const [s, i, r] = ['S', 'I', 'R'].map((name) => field(name, [0]));
  const [st, it, rt] = ['S', 'I', 'R'].map((name) => field(name, [1]));
  const [beta, gamma] = [op('exp', unknown('beta')), op('exp', unknown('gamma'))];
  const infection = multiply(beta, s, i);
  const start = Float64Array.of(-1);
  const days = randomPoints(14, 1, seed + 1);
  return {
    trial: {
      dimension: 1,
      networks: [
        multilayerPerceptron({ coordinates: [0], fields: ['S', 'I', 'R'], width, depth, activation: 'tanh' }),
      ],
    },
    unknowns: ['beta', 'gamma'],
    blocks: [
      block('equations', [randomPoints(count, 1, seed)], count, [
        add(st, infection),
        subtract(it, subtract(infection, multiply(gamma, i))),
        subtract(rt, multiply(gamma, i)),
      ]),
      block('conditions[0]', [start], 1, [subtract(s, number(0.99))], { weight: 3 }),
      block('conditions[1]', [start], 1, [subtract(i, number(0.01))], { weight: 3 }),
      block('conditions[2]', [start], 1, [r], { weight: 3 }),
      block('data[0]', [days], 14, [subtract(i, column('observed'))], {
        columns: { observed: days.map((t) => Math.exp(-t * t)) },
        pointWeights: days.map((t) => 1 + t * t),
      }),
    ],
  };
}

/** Fourth order with mixed derivatives, sine network on Fourier features, variable coefficients. */
export function plate(): ResidualSystem {
  const w = (x: number, y: number) => field('w', [x, y]);
  const k = field('k', [0, 0]);
  const points = randomPoints(37, 2, 11);
  return {
    trial: {
      dimension: 2,
      networks: [
        multilayerPerceptron({
          coordinates: [0, 1],
          fields: ['w'],
          width: 9,
          depth: 2,
          activation: 'sine',
          embedding: fourierFeatures({ inputs: 2, count: 3, scale: 1, seed: 2 }),
        }),
        multilayerPerceptron({ coordinates: [1], fields: ['k'], width: 5, depth: 1, activation: 'swish' }),
      ],
    },
    unknowns: ['load', 'unused'],
    blocks: [
      block(
        'equations[0]',
        [points],
        37,
        [
          subtract(
            multiply(op('exp', k), add(w(4, 0), multiply(number(2), w(2, 2)), w(0, 4))),
            multiply(unknown('load'), op('cos', multiply(coordinate(0), coordinate(1)))),
          ),
          add(field('k', [0, 1]), field('k', [1, 0])),
        ],
        { weight: 0.01, pointWeights: points.filter((_, i) => i % 2 === 0).map(Math.abs) },
      ),
      block('conditions[0]', [randomPoints(8, 2, 12, { 0: -1 })], 8, [w(0, 0), w(1, 0)], { weight: 2 }),
      block('prior', [randomPoints(3, 2, 13)], 3, [subtract(unknown('load'), number(0.4))], { weight: 0.1 }),
    ],
  };
}

/** u_t + u_xxx with both faces tied, on a periodic embedding or without one. */
export function tied(embedded: boolean): ResidualSystem {
  const left = randomPoints(10, 2, 21, { 0: -1 });
  const right = left.map((value, i) => (i % 2 === 0 ? 1 : value));
  const embedding = embedded ? periodicEmbedding({ inputs: 2, periodic: [0] }) : undefined;
  return {
    trial: {
      dimension: 2,
      networks: [
        multilayerPerceptron({
          coordinates: [0, 1],
          fields: ['u'],
          width: 8,
          depth: 2,
          activation: 'gelu',
          embedding,
        }),
      ],
    },
    unknowns: [],
    blocks: [
      block('equations[0]', [randomPoints(50, 2, 22)], 50, [add(field('u', [0, 1]), field('u', [3, 0]))]),
      block('conditions[0]', [left, right], 10, [
        subtract(field('u', [0, 0], 1), field('u', [0, 0], 0)),
        subtract(field('u', [1, 0], 1), field('u', [1, 0], 0)),
        subtract(field('u', [0, 0], 0), coordinate(1)),
      ]),
    ],
  };
}

/** Parameters of a system: drawn for the networks, spread out for the unknowns. */
export function parametersOf(system: ResidualSystem, seed = 3): Float64Array {
  const networks = initialize(system.trial, { seed });
  const generator = randomGenerator(seed);
  return Float64Array.of(
    ...networks.map((value) => value + 0.1 * generator.normal()),
    ...system.unknowns.map((_, i) => 0.3 - 0.5 * i),
  );
}
