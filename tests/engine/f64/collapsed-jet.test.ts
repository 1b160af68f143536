import { describe, expect, it } from 'vitest';
import { createF64Engine } from '../../../src/engine/f64/index.ts';
import { systemPlan } from '../../../src/engine/f64/system-plan.ts';
import {
  add,
  apply,
  column,
  coordinate,
  divide,
  field,
  multiply,
  number,
  subtract,
  sum,
  unknown,
} from '../../../src/expression/build.ts';
import type { Expression } from '../../../src/expression/expression.ts';
import { fourierFeatures } from '../../../src/network/embedding.ts';
import { multilayerPerceptron } from '../../../src/network/multilayer-perceptron.ts';
import type { ResidualSystem } from '../../../src/residual/residual-system.ts';
import { dot, hostJacobian, hostResiduals, relativeDifference, rootWeights } from './host-oracle.ts';
import { block, randomColumn, randomTheta } from './systems.ts';

const of = [0, 1, 2];
/** Derivatives of fields of x, y, t by their letters. */
function d(name: string, letters = ''): Expression {
  const order = ['x', 'y', 't'].map((letter) => [...letters].filter((l) => l === letter).length);
  return field(name, order, of);
}
const [x, a, k] = [coordinate('x', 0), column('a'), unknown('k')];
const laplacian = (name: string): Expression => add(d(name, 'xx'), d(name, 'yy'));
const heat = (name: string, nu: number): Expression =>
  subtract(d(name, 't'), multiply(number(nu), laplacian(name)));
const momentum = (name: string, along: string): Expression =>
  sum([
    heat(name, 0.1),
    multiply(d('u'), d(name, 'x')),
    multiply(d('v'), d(name, 'y')),
    divide(d('p', along), number(3)),
  ]);

/** Residuals, and the jet components that their network has to carry. */
const cases: Record<string, [number, Expression[]]> = {
  'a Laplacian': [4, [add(laplacian('u'), d('u'))]],
  'Navier–Stokes': [4, [momentum('u', 'x'), momentum('v', 'y'), add(d('u', 'x'), d('v', 'y'))]],
  'a Laplacian times a column, a coordinate, an unknown': [
    4,
    [multiply(multiply(a, k), divide(laplacian('u'), add(x, number(3))))],
  ],
  'the biharmonic operator': [
    11,
    [sum([d('u', 'xxxx'), multiply(number(2), d('u', 'xxyy')), d('u', 'yyyy'), d('u', 't')])],
  ],
  'opposite viscosities do not collapse with time': [5, [heat('u', 0.1), heat('v', -0.1)]],
  'an unknown viscosity does not collapse with time': [
    5,
    [subtract(d('u', 't'), multiply(k, laplacian('u')))],
  ],
  'a product of highest derivatives': [6, [subtract(multiply(d('u', 'xx'), d('u', 'yy')), d('u', 't'))]],
  'a square of the Laplacian': [5, [multiply(laplacian('u'), laplacian('u'))]],
  'a condition on a highest derivative': [
    5,
    [add(laplacian('u'), apply('select', [apply('less', [d('u', 'yy'), number(0)]), x, d('u')]))],
  ],
  'a Laplacian in one region': [
    4,
    [apply('select', [apply('less', [x, number(0)]), laplacian('u'), subtract(d('u', 'x'), d('u', 'y'))])],
  ],
};

function systemOf(residuals: Expression[]): ResidualSystem {
  const count = 9;
  return {
    trial: {
      dimension: 3,
      networks: [
        multilayerPerceptron({
          coordinates: of,
          fields: ['u', 'v', 'p'],
          width: 5,
          depth: 2,
          activation: 'tanh',
          embedding: fourierFeatures({ inputs: 3, count: 2, scale: 0.5, seed: 2 }),
        }),
      ],
    },
    unknowns: ['k'],
    blocks: [
      block(3, { points: [randomColumn(3 * count, 1)], columns: { a: randomColumn(count, 2) }, residuals }),
    ],
  };
}

describe('highest derivatives that occur in one combination only travel as one component', () => {
  it.each(Object.entries(cases))('%s', async (_, [components, residuals]) => {
    const system = systemOf(residuals);
    const theta = randomTheta(system, 3);
    expect((await systemPlan(system)).groups[0].passes[0].components).toBe(components);
    const engine = await createF64Engine(system, { threads: 1 });
    const expected = hostResiduals(system, theta);
    expect(relativeDifference(await engine.residuals(theta), expected)).toBeLessThan(1e-13);
    const roots = rootWeights(system);
    const rho = expected.map((r, i) => r * roots[i]);
    const slopes = hostJacobian(system, theta).map((columns) => 2 * dot(columns, rho));
    expect(relativeDifference((await engine.lossAndGradient(theta)).gradient, slopes)).toBeLessThan(1e-8);
    await engine.dispose();
  });
});
