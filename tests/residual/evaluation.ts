import { differentiate } from '../../src/expression/differentiate.ts';
import { evaluateScalar } from '../../src/expression/evaluate.ts';
import type { Expression, FieldNode } from '../../src/expression/expression.ts';
import { type Problem, type ProblemDefinition, problem } from '../../src/problem/index.ts';
import {
  buildResidualSystem,
  type CollocationOptions,
  derivativeScale,
  fieldRanges,
  type ResidualBlock,
  type ResidualSystem,
  type Scaling,
  scalingOf,
  toUserPoints,
} from '../../src/residual/index.ts';

export const options: CollocationOptions = {
  points: 40,
  conditionPoints: 12,
  sampling: 'sobol',
  seed: 3,
  weights: { equations: 1, conditions: 1, data: 1 },
  periodicCoordinates: new Set(),
};

export interface Built {
  readonly problem: Problem;
  readonly scaling: Scaling;
  readonly system: ResidualSystem;
}

export function build(definition: ProblemDefinition, changes: Partial<CollocationOptions> = {}): Built {
  const read = problem(definition);
  const scaling = scalingOf(read, fieldRanges(read));
  const trial = { dimension: read.coordinates.length, networks: [] };
  return {
    problem: read,
    scaling,
    system: buildResidualSystem(read, scaling, trial, { ...options, ...changes }),
  };
}

/** A field's derivative at a point, all in the user's units. */
export type ExactDerivative = (leaf: FieldNode, point: readonly number[]) => number;

/** Derivatives of the solutions that the problem states under `exact`. */
export function exactDerivatives({ exact }: Problem): ExactDerivative {
  const known = new Map<string, Expression>();
  return (leaf, point) => {
    const key = `${leaf.name}:${leaf.order.join()}`;
    if (!known.has(key))
      known.set(
        key,
        leaf.order.reduce((expression, times, axis) => {
          let result: Expression = expression;
          for (let k = 0; k < times; k++) result = differentiate(result, axis);
          return result;
        }, exact.get(leaf.name)!),
      );
    return evaluateScalar(known.get(key)!, (inner) =>
      inner.kind === 'coordinate' ? point[inner.index] : Number.NaN,
    );
  };
}

/** The block's residuals at its points, [residual][point], with fields and unknowns in the user's units. */
export function residualsOf(
  { scaling }: Built,
  block: ResidualBlock,
  fields: ExactDerivative,
  unknowns: Readonly<Record<string, number>> = {},
): number[][] {
  const d = scaling.coordinates.length;
  const user = block.points.map((points) => toUserPoints(points, scaling));
  return block.residuals.map((residual) =>
    Array.from({ length: block.count }, (_, n) =>
      evaluateScalar(residual, (leaf) => {
        switch (leaf.kind) {
          case 'coordinate':
            return block.points[0][n * d + leaf.index];
          case 'column':
            return block.columns[leaf.name][n];
          case 'unknown':
            return scaling.unknowns.find((u) => u.name === leaf.name)!.raw(unknowns[leaf.name]);
          case 'field': {
            const point = [...user[leaf.side].subarray(n * d, (n + 1) * d)];
            const isValue = leaf.order.every((k) => k === 0);
            const offset = isValue ? scaling.fields.get(leaf.name)!.offset : 0;
            return (fields(leaf, point) - offset) / derivativeScale(scaling, leaf.name, leaf.order);
          }
        }
      }),
    ),
  );
}

export const largest = (values: readonly (readonly number[])[]): number =>
  Math.max(...values.flat().map(Math.abs));
