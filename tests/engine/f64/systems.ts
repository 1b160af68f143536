/** Residual systems that between them use every part of the contract. */
import {
  add,
  apply,
  column,
  coordinate,
  divide,
  field,
  multiply,
  number,
  power,
  subtract,
  unknown,
} from '../../../src/expression/build.ts';
import type { Expression } from '../../../src/expression/expression.ts';
import type { MultiIndex } from '../../../src/jet/multi-index.ts';
import type { ActivationName } from '../../../src/network/activation.ts';
import { periodicEmbedding } from '../../../src/network/embedding.ts';
import { multilayerPerceptron } from '../../../src/network/multilayer-perceptron.ts';
import { trialSize } from '../../../src/network/trial-solution.ts';
import { randomGenerator } from '../../../src/random/generator.ts';
import type { ResidualBlock, ResidualSystem } from '../../../src/residual/residual-system.ts';

export function randomColumn(count: number, seed: number, low = -1, high = 1): Float64Array {
  const generator = randomGenerator(seed);
  return Float64Array.from({ length: count }, () => low + (high - low) * generator.uniform());
}

export function randomTheta(system: ResidualSystem, seed: number, size = 0.7): Float64Array {
  return randomColumn(trialSize(system.trial) + system.unknowns.length, seed, -size, size);
}

type BlockPart = Partial<ResidualBlock> & Pick<ResidualBlock, 'points' | 'residuals'>;

export function block(dimension: number, part: BlockPart): ResidualBlock {
  const count = part.points[0].length / dimension;
  return { path: 'equations[0]', kind: 'equation', columns: {}, weight: 1, count, ...part };
}

const [x, t] = [coordinate('x', 0), coordinate('t', 1)];
const u = (order: MultiIndex, side = 0, name = 'u', of = order.map((_, i) => i)): Expression =>
  field(name, order, of, side);

/** Burgers' equation with an initial and a boundary condition, as it is trained. */
export function burgers(options: {
  interior: number;
  condition: number;
  width: number;
  depth: number;
  activation?: ActivationName;
}): ResidualSystem {
  const { interior, condition, width, depth, activation = 'tanh' } = options;
  const onFace = (axis: number, value: number, seed: number): Float64Array =>
    randomColumn(2 * condition, seed).map((v, i) => (i % 2 === axis ? value : v));
  const viscosity = number(0.01 / Math.PI);
  return {
    trial: {
      dimension: 2,
      networks: [multilayerPerceptron({ coordinates: [0, 1], fields: ['u'], width, depth, activation })],
    },
    unknowns: [],
    blocks: [
      block(2, {
        points: [randomColumn(2 * interior, 1)],
        residuals: [subtract(add(u([0, 1]), multiply(u([0, 0]), u([1, 0]))), multiply(viscosity, u([2, 0])))],
      }),
      block(2, {
        points: [onFace(1, -1, 2)],
        residuals: [add(u([0, 0]), apply('sin', [multiply(number(Math.PI), x)]))],
        weight: 10,
      }),
      block(2, { points: [onFace(0, 1, 3)], residuals: [u([0, 0])] }),
    ],
  };
}

/** Three fields in two networks, two residuals a point, unknowns, data columns and point weights. */
export function reactionSystem(): ResidualSystem {
  const rate = unknown('rate');
  const decay = unknown('decay');
  const v = (order: MultiIndex): Expression => u(order, 0, 'v', [0]);
  const w = (order: MultiIndex): Expression => u(order, 0, 'w', [0]);
  const k = (order: MultiIndex): Expression => u(order, 0, 'k', [1]);
  const interior = 37;
  const observed = 13;
  return {
    trial: {
      dimension: 2,
      networks: [
        multilayerPerceptron({
          coordinates: [0],
          fields: ['v', 'w'],
          width: 5,
          depth: 2,
          activation: 'swish',
        }),
        multilayerPerceptron({ coordinates: [1], fields: ['k'], width: 3, depth: 1, activation: 'tanh' }),
      ],
    },
    unknowns: ['rate', 'decay'],
    blocks: [
      block(2, {
        points: [randomColumn(2 * interior, 11)],
        residuals: [
          add(v([1, 0]), multiply(multiply(apply('exp', [rate]), v([0, 0])), w([0, 0]))),
          subtract(w([2, 0]), add(multiply(decay, power(k([0, 0]), number(3))), multiply(x, k([0, 1])))),
        ],
        weight: 0.3,
        pointWeights: randomColumn(interior, 12, 0, 2),
      }),
      block(2, {
        points: [randomColumn(2 * observed, 13)],
        columns: { observed: randomColumn(observed, 14), noise: randomColumn(observed, 15, 0.5, 1.5) },
        residuals: [divide(subtract(v([0, 0]), column('observed')), column('noise'))],
        kind: 'data',
        weight: 2,
      }),
      // A residual without unknown quantities of its own: its rows are zero.
      block(2, { points: [randomColumn(2, 16)], residuals: [multiply(t, number(0.5))] }),
      block(2, { points: [randomColumn(2 * 3, 17)], residuals: [subtract(decay, rate)] }),
    ],
  };
}

/** A periodic embedding, a two-sided condition, and derivatives of fourth order. */
export function periodicSystem(): ResidualSystem {
  const embedding = periodicEmbedding({ inputs: 2, periodic: [0], harmonics: 2 });
  const count = 9;
  const times = randomColumn(count, 21);
  const face = (value: number): Float64Array =>
    Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? value : times[i >> 1]));
  return {
    trial: {
      dimension: 2,
      networks: [
        multilayerPerceptron({
          coordinates: [0, 1],
          fields: ['u'],
          width: 6,
          depth: 2,
          activation: 'tanh',
          embedding,
        }),
        multilayerPerceptron({
          coordinates: [0, 1],
          fields: ['p', 'q'],
          width: 4,
          depth: 2,
          activation: 'sine',
        }),
      ],
    },
    unknowns: [],
    blocks: [
      block(2, {
        points: [randomColumn(2 * 21, 22)],
        residuals: [
          add(
            add(u([0, 1]), multiply(u([0, 0]), u([1, 0]))),
            add(multiply(number(0.01), u([4, 0])), multiply(number(0.1), u([2, 0]))),
          ),
        ],
      }),
      block(2, {
        points: [face(-1), face(1)],
        residuals: [
          subtract(u([0, 0], 0, 'p'), u([0, 0], 1, 'p')),
          subtract(multiply(u([1, 0], 0, 'p'), u([0, 0], 0, 'q')), u([1, 0], 1, 'p')),
        ],
        kind: 'condition',
        weight: 3,
      }),
    ],
  };
}

/** Three equations at the same points, as a system of ordinary differential equations gives them, and data. */
export function sharedPoints(): ResidualSystem {
  const rate = unknown('rate');
  const y = (name: string, order: MultiIndex): Expression => u(order, 0, name);
  const points = [randomColumn(83, 41)];
  const product = multiply(y('a', [0]), y('b', [0]));
  const residuals = [
    add(y('a', [1]), multiply(rate, product)),
    subtract(y('b', [1]), subtract(multiply(rate, product), y('b', [0]))),
    subtract(y('c', [1]), y('b', [0])),
  ];
  return {
    trial: {
      dimension: 1,
      networks: [
        multilayerPerceptron({
          coordinates: [0],
          fields: ['a', 'b', 'c'],
          width: 6,
          depth: 2,
          activation: 'tanh',
        }),
      ],
    },
    unknowns: ['rate'],
    blocks: [
      block(1, { points, residuals: [residuals[0]], weight: 0.5 }),
      block(1, {
        points: [randomColumn(7, 42)],
        columns: { observed: randomColumn(7, 43) },
        residuals: [subtract(y('b', [0]), column('observed'))],
        weight: 4,
      }),
      block(1, { points, residuals: [residuals[1], residuals[2]], pointWeights: randomColumn(83, 44, 0, 3) }),
      // The same points once more, in a column's company: evaluated apart.
      block(1, {
        points,
        columns: { observed: randomColumn(83, 45) },
        residuals: [subtract(y('c', [0]), column('observed'))],
      }),
    ],
  };
}

/** Mixed derivatives up to fourth order in four coordinates. */
export function fourCoordinates(activation: ActivationName): ResidualSystem {
  const w = (order: MultiIndex): Expression => u(order, 0, 'w');
  return {
    trial: {
      dimension: 4,
      networks: [
        multilayerPerceptron({ coordinates: [0, 1, 2, 3], fields: ['w'], width: 3, depth: 2, activation }),
      ],
    },
    unknowns: [],
    blocks: [
      block(4, {
        points: [randomColumn(4 * 6, 31)],
        residuals: [
          add(
            add(w([1, 1, 1, 1]), multiply(w([2, 0, 2, 0]), w([0, 0, 0, 0]))),
            add(multiply(w([0, 3, 0, 0]), w([0, 0, 0, 1])), w([0, 0, 1, 3])),
          ),
        ],
      }),
    ],
  };
}
