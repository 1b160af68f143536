import { describe, expect, it } from 'vitest';
import { createF64Engine } from '../../src/engine/f64/index.ts';
import { NotSupportedError, ProblemError } from '../../src/errors.ts';
import { subtract } from '../../src/expression/build.ts';
import type { Expression } from '../../src/expression/expression.ts';
import { trialSize } from '../../src/network/trial-solution.ts';
import { domainPoints, pointsOnParts } from '../../src/problem/domain-points.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';
import { fieldRanges, scalingOf } from '../../src/residual/index.ts';
import { defaultTrial } from '../../src/solve/default-trial.ts';
import { expressionOfPiece } from '../../src/solve/piece.ts';
import { resolveSettings } from '../../src/solve/settings.ts';
import { trainingSystem } from '../../src/solve/trained-solution.ts';
import { hostLoss, hostSlope } from '../engine/host-loss.ts';

const hard = true;
const disk = { disk: { center: [0.5, -0.2] as [number, number], radius: 0.8 }, name: 'rim' };
const lShape: [number, number][] = [
  [-1, -1],
  [1, -1],
  [1, 0],
  [0, 0],
  [0, 1],
  [-1, 1],
];
/** Pockets with walls that lean towards each other, and a pocket in a pocket. */
const jagged: [number, number][] = [
  [0, 0],
  [4, 0],
  [4, 3],
  [3, 3],
  [2.4, 1],
  [2.2, 1.6],
  [1.8, 1.6],
  [1.6, 1],
  [1, 3],
  [0, 3],
];
const plate = {
  difference: [
    {
      box: [
        [-1, 1],
        [-1, 1],
      ],
      name: 'wall',
    },
    { disk: { center: [0.2, 0.1], radius: 0.3 }, name: 'hole' },
  ],
};

const onBoundary = (geometry: object, value = 'x*y + 1', more: object = {}) => ({
  domain: { geometry },
  equations: ['laplacian(u) = 1'],
  conditions: [{ on: 'boundary', equation: `u = ${value}`, hard }],
  ...more,
});

const cases: Record<string, object> = {
  'a disk': onBoundary(disk),
  'a ball': onBoundary({ ball: { center: [0, 0, 1], radius: 2 } }, 'x*y + z'),
  'a turned ellipse': onBoundary({ ellipse: { center: [1, 1], radii: [2, 0.5], angle: 0.6 } }),
  'a triangle': onBoundary({
    polygon: [
      [0, 0],
      [2, 0],
      [0.5, 1],
    ],
  }),
  'a hexagon': onBoundary({
    polygon: Array.from({ length: 6 }, (_, i) => [Math.cos((i * Math.PI) / 3), Math.sin((i * Math.PI) / 3)]),
  }),
  'an L, clockwise': onBoundary({ polygon: [...lShape].reverse() }),
  'a polygon with pockets': onBoundary({ polygon: jagged }),
  'a plate with a hole': onBoundary(plate),
  'two disks joined': onBoundary({
    union: [{ disk: { center: [0, 0], radius: 1 } }, { disk: { center: [1, 0.3], radius: 0.8 } }],
  }),
  'a hole alone': {
    domain: { geometry: plate },
    equations: ['laplacian(u) = 1'],
    conditions: [
      { on: 'hole', equation: '3*u = x', hard },
      { on: 'wall', equation: 'u_n = 0' },
    ],
  },
  'a hole and a wall with different values': {
    domain: { geometry: plate },
    equations: ['laplacian(u) = 1'],
    conditions: [
      { on: 'hole', equation: 'u = 2 + x', hard },
      { on: 'wall', equation: 'u = sin(y)', hard },
    ],
  },
  'a disk in time': {
    domain: { geometry: disk, t: [0, 2] },
    equations: ['u_tt = laplacian(u)'],
    conditions: [
      { on: 'rim', equation: 'u = t', hard },
      { on: 't = 0', equation: 'u = exp((x - 0.5)^2 + (y + 0.2)^2) - exp(0.64)', hard },
      { on: 't = 0', equation: 'u_t = 1', hard },
    ],
  },
};

const named = (definition: object): ProblemDefinition =>
  ({ name: 'case', fields: ['u'], ...definition }) as ProblemDefinition;

function built(definition: object) {
  const read = problem(named(definition));
  const settings = resolveSettings(read, {
    network: '7x2',
    points: 60,
    conditionPoints: 12,
    optimizer: 'lm',
  });
  const scaling = scalingOf(read, fieldRanges(read));
  const trial = defaultTrial(read, settings);
  const random = randomGenerator(7);
  const theta = Float64Array.from({ length: trialSize(trial) }, () => 1.5 * (2 * random.uniform() - 1));
  const system = trainingSystem({ problem: read, settings, settingsGiven: {} }, { trial, scaling });
  return { read, scaling, trial, theta, system };
}

describe.each(Object.entries(cases))('%s', (_, definition) => {
  const { read, scaling, trial, theta, system } = built(definition);
  const valuesOf = (expression: Expression, points: Float64Array) =>
    expressionOfPiece(trial, { scaling, theta }, expression, points);

  it('values on the boundary hold to rounding at any parameters', () => {
    for (const condition of read.conditions) {
      if (condition.kind !== 'parts' || condition.hard !== true) continue;
      const { points } = pointsOnParts(condition.parts, read.space!.coordinates, read, 'sobol', () => 40, 1);
      const values = valuesOf(subtract(condition.left, condition.right), points);
      expect(Math.max(...values.map(Math.abs))).toBeLessThan(1e-11 * scaling.fields.get('u')!.scale);
    }
    expect(system.blocks.filter(({ kind }) => kind === 'condition')).toHaveLength(
      read.conditions.filter((c) => c.kind !== 'periodic' && c.hard !== true).length,
    );
  });

  it('the field is free and smooth inside', () => {
    const points = domainPoints(read, 400, 3);
    const d = read.coordinates.length;
    const order = (axis: number, k: number) => read.coordinates.map((_, i) => (i === axis ? k : 0));
    const leaf = (axis: number, k: number): Expression => ({
      kind: 'field',
      name: 'u',
      order: order(axis, k),
      of: read.coordinates.map((_, i) => i),
      side: 0,
    });
    const built = scaling.ansatz!.get('u')!;
    expect(built).toBeDefined();
    const h = 1e-5;
    for (let axis = 0; axis < d; axis++) {
      const second = valuesOf(leaf(axis, 2), points);
      expect(second.every(Number.isFinite)).toBe(true);
      const shifted = (sign: number) =>
        valuesOf(
          leaf(axis, 1),
          points.map((x, k) => (k % d === axis ? x + sign * h : x)),
        );
      const [high, low] = [shifted(1), shifted(-1)];
      // Second derivatives are those of the first, also where the sides of a polygon are extended.
      const errors = second.map(
        (value, n) => Math.abs(value - (high[n] - low[n]) / (2 * h)) / (1 + Math.abs(value)),
      );
      errors.sort();
      expect(errors[Math.floor(0.98 * errors.length)]).toBeLessThan(1e-3);
    }
    const other = expressionOfPiece(trial, { scaling, theta: theta.map((x) => 0.5 * x) }, leaf(0, 0), points);
    const difference = valuesOf(leaf(0, 0), points).map((value, n) => Math.abs(value - other[n]));
    const scale = scaling.fields.get('u')!.scale;
    expect(difference.filter((value) => value > 1e-3 * scale).length).toBeGreaterThan(200);
  });

  it('the engine has the loss and its gradient', async () => {
    const direction = theta.map((_, i) => Math.cos(3 * i));
    const engine = await createF64Engine(system, {});
    const { loss, gradient } = await engine.lossAndGradient(theta);
    const along = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
    const slope = hostSlope(system, theta, direction);
    expect(Math.abs(loss - hostLoss(system, theta))).toBeLessThan(1e-9 * loss);
    expect(Math.abs(along - slope)).toBeLessThan(1e-6 * (Math.abs(slope) + Math.abs(loss)));
    await engine.dispose();
  });
});

describe('hard conditions on shapes that are refused', () => {
  const refusal = (definition: object): ProblemError => {
    try {
      problem(named(definition));
    } catch (error) {
      if (error instanceof ProblemError) return error;
      throw error;
    }
    throw new Error('accepted');
  };

  it('derivatives on curves', () => {
    const error = refusal({ ...onBoundary(disk), conditions: [{ on: 'rim', equation: 'u_n = 1', hard }] });
    expect(error).toBeInstanceOf(NotSupportedError);
    expect(error.hint).toMatch(/values can be built in/);
  });

  it('an initial value that differs on the boundary', () => {
    const error = refusal({
      domain: { geometry: disk, t: [0, 1] },
      equations: ['u_t = laplacian(u)'],
      conditions: [
        { on: 'rim', equation: 'u = 0', hard },
        { on: 't = 0', equation: 'u = 1', hard },
      ],
    });
    expect(error.message).toMatch(
      /`u = 0` and conditions\[1\] \(`u = 1`\) do not agree on u .*: 0 and 1 at x = /,
    );
  });

  it('different values on sides that meet', () => {
    const error = refusal({
      domain: {
        geometry: {
          ...plate,
          difference: [
            { polygon: lShape, name: 'wall' },
            { disk: { center: [-0.5, -0.5], radius: 0.2 }, name: 'hole' },
          ],
        },
      },
      equations: ['laplacian(u) = 1'],
      conditions: [
        { on: 'x = -1', equation: 'u = 0', hard },
        { on: 'y = -1', equation: 'u = x + 1', hard },
      ],
    });
    expect(error).toBeInstanceOf(NotSupportedError);
    expect(error.message).toMatch(/parts of the boundary that meet/);
  });
});
