/** The loss and its derivatives by other means: host jets, expression evaluation, finite differences. */
import { evaluateScalar } from '../../../src/expression/evaluate.ts';
import { leafKey } from '../../../src/expression/expression.ts';
import type { MultiIndex } from '../../../src/jet/multi-index.ts';
import { evaluateTrial } from '../../../src/network/evaluate.ts';
import { trialSize } from '../../../src/network/trial-solution.ts';
import type { ResidualBlock, ResidualSystem } from '../../../src/residual/residual-system.ts';

/** Residuals in the order of `Engine.residuals`. */
export function hostResiduals(system: ResidualSystem, theta: Float64Array): Float64Array {
  const values = system.blocks.flatMap((block) => blockResiduals(system, block, theta));
  return Float64Array.from(values);
}

function blockResiduals(system: ResidualSystem, block: ResidualBlock, theta: Float64Array): number[] {
  const indices = new Map<string, MultiIndex>();
  block.residuals.forEach((residual) => {
    collect(residual);
  });
  function collect(node: (typeof block.residuals)[number]): void {
    if (node.kind === 'operation') node.operands.forEach(collect);
    if (node.kind === 'field') indices.set(node.order.join(','), node.order);
  }
  const keys = [...indices.keys()];
  const sides = block.points.map((points) =>
    evaluateTrial(system.trial, theta, points, [...indices.values()]),
  );
  const first = trialSize(system.trial);
  const { dimension } = system.trial;
  const values: number[] = [];
  for (let n = 0; n < block.count; n++) {
    for (const residual of block.residuals) {
      const value = evaluateScalar(residual, (leaf) => {
        switch (leaf.kind) {
          case 'coordinate':
            return block.points[0][n * dimension + leaf.index];
          case 'unknown':
            return theta[first + system.unknowns.indexOf(leaf.name)];
          case 'column':
            return block.columns[leaf.name][n];
          case 'field':
            return sides[leaf.side].get(leaf.name)![keys.indexOf(leaf.order.join(','))][n];
        }
        throw new Error(leafKey(leaf));
      });
      values.push(value);
    }
  }
  return values;
}

/** √(weight·w_n/N) for every residual. */
export function rootWeights(system: ResidualSystem): Float64Array {
  return Float64Array.from(
    system.blocks.flatMap((block) =>
      Array.from({ length: block.count }, (_, n) =>
        block.residuals.map(() => Math.sqrt((block.weight * (block.pointWeights?.[n] ?? 1)) / block.count)),
      ).flat(),
    ),
  );
}

/** ∂ρ/∂θ by central differences of order six, as one column for every parameter. */
export function hostJacobian(system: ResidualSystem, theta: Float64Array, step = 4e-3): Float64Array[] {
  const roots = rootWeights(system);
  const coefficients = [3 / 4, -3 / 20, 1 / 60];
  return Array.from(theta, (_, p) => {
    const column = new Float64Array(roots.length);
    coefficients.forEach((coefficient, k) => {
      for (const sign of [1, -1]) {
        const moved = theta.slice();
        moved[p] += sign * (k + 1) * step;
        const values = hostResiduals(system, moved);
        for (let i = 0; i < column.length; i++) {
          column[i] += (sign * coefficient * values[i] * roots[i]) / step;
        }
      }
    });
    return column;
  });
}

export function hostLoss(system: ResidualSystem, theta: Float64Array): number {
  const roots = rootWeights(system);
  return hostResiduals(system, theta).reduce((sum, r, i) => sum + (r * roots[i]) ** 2, 0);
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** ‖a − b‖∞/‖b‖∞. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = a.length === b.length ? 0 : Infinity;
  let scale = 1e-300;
  for (let i = 0; i < b.length; i++) {
    // Math.max keeps a NaN, and a NaN passes no test.
    difference = Math.max(difference, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(b[i]));
  }
  return difference / scale;
}
