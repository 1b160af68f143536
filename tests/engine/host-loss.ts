/** The loss in float64, straight from its definition: the yardstick for engines. */

import type { Leaf } from '../../src/expression/expression.ts';
import { compileProgram } from '../../src/expression/program.ts';
import { evaluateTrial, trialSize } from '../../src/network/index.ts';
import type { ResidualSystem } from '../../src/residual/residual-system.ts';
import { evaluateProgram } from './host-program.ts';

export function hostResiduals(system: ResidualSystem, theta: Float64Array): number[][] {
  const { trial, unknowns, blocks } = system;
  return blocks.map((block) => {
    const program = compileProgram(block.residuals);
    const at = (leaf: Leaf): Float64Array => {
      if (leaf.kind === 'column') return block.columns[leaf.name];
      if (leaf.kind === 'field') {
        return evaluateTrial(trial, theta, block.points[leaf.side], [leaf.order]).get(leaf.name)![0];
      }
      const raw = trialSize(trial);
      return Float64Array.from({ length: block.count }, (_, n) =>
        leaf.kind === 'unknown'
          ? theta[raw + unknowns.indexOf(leaf.name)]
          : block.points[0][n * trial.dimension + leaf.index],
      );
    };
    const inputs = program.inputs.map(at);
    const rows: number[] = [];
    for (let n = 0; n < block.count; n++)
      rows.push(
        ...evaluateProgram(
          program,
          inputs.map((values) => values[n]),
        ),
      );
    return rows;
  });
}

export function hostTerms(system: ResidualSystem, theta: Float64Array): number[] {
  return hostResiduals(system, theta).map((rows, b) => {
    const { weight, count, pointWeights, residuals } = system.blocks[b];
    const sum = rows.reduce(
      (total, r, i) => total + (pointWeights?.[Math.floor(i / residuals.length)] ?? 1) * r * r,
      0,
    );
    return (weight * sum) / count;
  });
}

export function hostLoss(system: ResidualSystem, theta: Float64Array): number {
  return hostTerms(system, theta).reduce((sum, term) => sum + term, 0);
}

/** The derivative of the loss along a direction, by a fourth-order central difference. */
export function hostSlope(system: ResidualSystem, theta: Float64Array, direction: Float64Array): number {
  const h = 1e-3;
  const at = (k: number) =>
    hostLoss(
      system,
      theta.map((value, i) => value + k * h * direction[i]),
    );
  return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
}
