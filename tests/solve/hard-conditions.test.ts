import { describe, expect, it } from 'vitest';
import { createF64Engine } from '../../src/engine/f64/index.ts';
import { createTfjsEngine } from '../../src/engine/tfjs/index.ts';
import { apply, subtract } from '../../src/expression/build.ts';
import { type Expression, substitute } from '../../src/expression/expression.ts';
import { samplePoints } from '../../src/geometry/point-set.ts';
import { trialSize } from '../../src/network/trial-solution.ts';
import { type ProblemDefinition, problem } from '../../src/problem/index.ts';
import { randomGenerator } from '../../src/random/generator.ts';
import { fieldRanges, scalingOf } from '../../src/residual/index.ts';
import { defaultTrial } from '../../src/solve/default-trial.ts';
import { expressionOfPiece, fieldsOfPiece } from '../../src/solve/piece.ts';
import { resolveSettings } from '../../src/solve/settings.ts';
import { trainingSystem } from '../../src/solve/trained-solution.ts';
import { hostLoss, hostSlope } from '../engine/host-loss.ts';

const hard = true;
type Definition = Partial<ProblemDefinition>;

const cases: Record<string, Definition> = {
  'initial value': {
    domain: { t: [1, 4] },
    equations: ["u' = -u^2"],
    conditions: [{ on: 't = 1', equation: '2*u = 3', hard }],
  },
  'initial values of third order': {
    domain: { t: [0, 2] },
    equations: ["u''' = -u"],
    conditions: [
      { on: 't = 0', equation: 'u = 1', hard },
      { on: 't = 0', equation: "u' = -2", hard },
      { on: 't = 0', equation: "u'' = 0.5 + u'", hard },
    ],
  },
  'values at two ends': {
    domain: { x: [-1, 3] },
    equations: ['u_xx = u'],
    conditions: [
      { on: 'x = -1', equation: 'u = 2', hard },
      { on: 'x = 3', equation: 'u = -1', hard },
    ],
  },
  'value at one end, slope at the other': {
    domain: { x: [0, 2] },
    equations: ['u_xx = u'],
    conditions: [
      { on: 'x = 0', equation: 'u = 2', hard },
      { on: 'x = 2', equation: 'u_x = -1', hard },
    ],
  },
  'slopes at two ends': {
    domain: { x: [0, 2] },
    equations: ['u_xx = u - x'],
    conditions: [
      { on: 'x = 0', equation: 'u_n = 2', hard },
      { on: 'x = 2', equation: 'u_n = -1', hard },
    ],
  },
  'a clamped beam': {
    domain: { x: [0, 1] },
    equations: ['d(u, x, 4) = 1'],
    conditions: [
      { on: 'boundary', equation: 'u = 0', hard },
      { on: 'x = 0', equation: 'u_x = 1', hard },
      { on: 'x = 1', equation: 'u_x = 0', hard },
    ],
  },
  'Robin conditions': {
    domain: { x: [0, 1] },
    equations: ['u_xx = u - x'],
    conditions: [
      { on: 'x = 0', equation: 'u_n = 3*(1 - u)', hard },
      { on: 'x = 1', equation: '2*u_x + u = 4', hard },
    ],
  },
  'a value inside': {
    domain: { x: [0, 1] },
    equations: ['u_x = -u'],
    conditions: [{ on: { points: [[0.25]] }, equation: 'u = 2', hard }],
  },
  'wave with value and velocity': {
    domain: { x: [0, 1], t: [0, 2] },
    equations: ['u_tt = u_xx'],
    conditions: [
      { on: 't = 0', equation: 'u = sin(pi*x)', hard },
      { on: 't = 0', equation: 'u_t = x*(1 - x)', hard },
      { on: 'x = 0', equation: 'u = 0', hard },
      { on: 'x = 1', equation: 'u = t^2', hard },
    ],
  },
  'heat with fluxes': {
    domain: { x: [0, 1], t: [0, 2] },
    equations: ['u_t = u_xx'],
    conditions: [
      { on: 't = 0', equation: 'u = 3 + x^2', hard },
      { on: 'x = 0', equation: 'u_x = t', hard },
      { on: 'x = 1', equation: 'u_x + u = 6 + sin(t)', hard },
    ],
  },
  'four different faces': {
    domain: { x: [0, 1], y: [-1, 1] },
    equations: ['laplacian(u) = 0'],
    conditions: [
      { on: 'x = 0', equation: 'u = y^2', hard },
      { on: 'x = 1', equation: 'u = exp(1)*cos(3*(y^2 - 1)) + y - y^3', hard },
      { on: 'y = -1', equation: 'u = exp(x)*(1 - x) + x*exp(1)', hard },
      { on: 'y = 1', equation: 'u = cos(2*pi*x) + x*(exp(1) - 1)', hard },
    ],
  },
  'three dimensions': {
    domain: { x: [0, 1], y: [0, 2], z: [-1, 1] },
    equations: ['laplacian(u) = 1'],
    conditions: [
      { on: 'x = 0', equation: 'u = y*z + sin(pi*y/2)*(1 - z^2)', hard },
      { on: 'x = 1', equation: 'u = y*z + 1', hard },
      { on: 'y = 0', equation: 'u = x + x*(1 - x)*(1 - z^2)', hard },
      { on: 'y = 2', equation: 'u = 2*z + x', hard },
      { on: 'z = 1', equation: 'u = y + x + y*(2 - y)*sin(pi*x)', hard },
      { on: 'z = -1', equation: 'u = -y + x', hard },
    ],
  },
  'a corner of two slopes': {
    domain: { x: [0, 1], y: [0, 1] },
    equations: ['laplacian(u) = 1'],
    conditions: [
      { on: 'x = 0', equation: 'u_x = y^2', hard },
      { on: 'y = 0', equation: 'u_y = 0', hard },
      { on: 'x = 1', equation: 'u = 2 + y^2', hard },
    ],
    solve: { activation: 'sine' },
  },
  'a periodic condition in the loss': {
    domain: { x: [0, 2], t: [0, 1] },
    equations: ['u_t = u_xx'],
    conditions: [
      { on: 't = 0', equation: 'u = x*(2 - x)', hard },
      { periodic: 'x', order: 1, hard: false },
    ],
  },
  'a Volterra equation': {
    domain: { t: [0, 2] },
    equations: ["u' = -u + integral(exp(s - t)*u(s), s, 0, t)"],
    conditions: [{ on: 't = 0', equation: 'u = 1.5', hard }],
  },
  'an unknown initial value': {
    domain: { t: [0, 2] },
    unknowns: { a: { initial: 2, min: 0 } },
    equations: ["u' = -u"],
    conditions: [{ on: 't = 0', equation: 'u = a', hard }],
    data: [{ rows: [{ t: 1, u: 0.8 }], at: { t: 't' }, observe: { u: 'u' } }],
  },
  'an inner field and its time derivative far from zero': {
    domain: { x: [0, 1], t: [2000, 2010] },
    equations: ['u_t = u_xx'],
    conditions: [
      { on: 't = 2000', equation: 'u = 500 + x', hard },
      { on: 'boundary', equation: 'u = 500 + x', hard },
    ],
  },
};

function built(change: Definition) {
  const definition = { name: 'case', fields: ['u'], ...change } as ProblemDefinition;
  const read = problem(definition);
  const settings = resolveSettings(read, {
    network: '7x2',
    points: 40,
    conditionPoints: 12,
    optimizer: 'lm',
  });
  const scaling = scalingOf(read, fieldRanges(read));
  const trial = defaultTrial(read, settings);
  const random = randomGenerator(7);
  const theta = Float64Array.from(
    { length: trialSize(trial) + read.unknowns.length },
    () => 1.5 * (2 * random.uniform() - 1),
  );
  const system = trainingSystem({ problem: read, settings, settingsGiven: {} }, { trial, scaling });
  return { read, scaling, trial, theta, system };
}

/** An expression with the outward normal of a plane put in. */
function onPlane(
  expression: Expression,
  axis: number,
  outward: number,
  names: readonly string[],
): Expression {
  return substitute(
    expression,
    (leaf) =>
      leaf.kind === 'column'
        ? { kind: 'number', value: leaf.name === `normal:${names[axis]}` ? outward : 0 }
        : leaf,
    apply,
  );
}

describe.each(Object.entries(cases))('%s', (_, definition) => {
  const { read, scaling, trial, theta, system } = built(definition);
  const names = read.coordinates.map(({ name }) => name);
  const d = names.length;

  it('conditions hold to rounding at any parameters', () => {
    for (const condition of read.conditions) {
      if (condition.kind === 'periodic') continue;
      const planes =
        condition.kind === 'planes'
          ? condition.planes
          : [{ coordinate: 0, value: (condition as { points: Float64Array }).points[0], outward: 0 }];
      for (const { coordinate, value, outward } of planes) {
        const points = samplePoints('sobol', 30, d, 1).map((s, k) => {
          const { low, high } = read.coordinates[k % d];
          return k % d === coordinate ? value : low + (high - low) * s;
        });
        const residual = onPlane(subtract(condition.left, condition.right), coordinate, outward, names);
        const values = expressionOfPiece(trial, { scaling, theta }, residual, points);
        const left = onPlane(condition.left, coordinate, outward, names);
        const sizes = expressionOfPiece(trial, { scaling, theta }, left, points.slice(0, d));
        const size = scaling.fields.get('u')!.scale + Math.abs(sizes[0]);
        expect(Math.max(...values.map(Math.abs))).toBeLessThan(1e-12 * size);
      }
    }
  });

  it('leaves no residual of a condition, and the field is not its extension alone', () => {
    expect(system.blocks.filter(({ kind }) => kind === 'condition')).toHaveLength(
      read.conditions.filter(({ kind }) => kind === 'periodic').length,
    );
    const points = samplePoints('sobol', 50, d, 2).map((s, k) => {
      const { low, high } = read.coordinates[k % d];
      return low + (high - low) * s;
    });
    const at = (parameters: Float64Array) =>
      fieldsOfPiece(read, trial, { scaling, theta: parameters }, points).u;
    const moved = at(theta.map((value, i) => (i < trialSize(trial) ? 0.5 * value : value)));
    const difference = at(theta).map((value, n) => Math.abs(value - moved[n]));
    expect(Math.max(...difference)).toBeGreaterThan(1e-2 * scaling.fields.get('u')!.scale);
  });

  it('derivatives of the field are those of its values', () => {
    const point = read.coordinates.map(({ low, high }, i) => low + (0.37 + 0.11 * i) * (high - low));
    for (const [axis, name] of names.entries()) {
      const h = 1e-4 * (read.coordinates[axis].high - read.coordinates[axis].low);
      const shifted = [-1, 0, 1].flatMap((k) => point.map((x, i) => (i === axis ? x + k * h : x)));
      const [low, middle, high] = fieldsOfPiece(
        read,
        trial,
        { scaling, theta },
        Float64Array.from(shifted),
      ).u;
      const leaf = (order: number): Expression => ({
        kind: 'field',
        name: 'u',
        order: names.map((_, i) => (i === axis ? order : 0)),
        of: names.map((_, i) => i),
        side: 0,
      });
      const [first, second] = [1, 2].map(
        (order) => expressionOfPiece(trial, { scaling, theta }, leaf(order), Float64Array.from(point))[0],
      );
      const size = scaling.fields.get('u')!.scale / (1e4 * h);
      expect(Math.abs(first - (high - low) / (2 * h)), name).toBeLessThan(1e-4 * (size + Math.abs(first)));
      expect(Math.abs(second - (high - 2 * middle + low) / h ** 2), name).toBeLessThan(
        1e-3 * (size / (1e4 * h) + Math.abs(second)),
      );
    }
  });

  it('both engines have the loss and its gradient', async () => {
    const direction = theta.map((_, i) => Math.cos(3 * i));
    const slope = hostSlope(system, theta, direction);
    const loss = hostLoss(system, theta);
    for (const [create, digits] of [
      [createF64Engine, 1e-9],
      [createTfjsEngine, 2e-3],
    ] as const) {
      const engine = await create(system, {});
      const result = await engine.lossAndGradient(theta);
      const along = result.gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
      expect(Math.abs(result.loss - loss)).toBeLessThan(digits * loss);
      const steepest = Math.sqrt(result.gradient.reduce((sum, g) => sum + g * g, 0));
      expect(Math.abs(along - slope)).toBeLessThan(
        Math.max(digits, 1e-6) * Math.max(Math.abs(slope), steepest),
      );
      await engine.dispose();
    }
  });
});
