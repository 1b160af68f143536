/** Residuals without an engine, as engines give them. */
import { trialSize } from '../../src/network/trial-solution.ts';
import { expressionEvaluator, type ResidualsOf } from '../../src/residual/index.ts';

export function residualsAt(theta: Float64Array): ResidualsOf {
  return async (system) => {
    const values: number[] = [];
    for (const { residuals, points, columns, count } of system.blocks) {
      const evaluate = expressionEvaluator(residuals, { ...system, points, columns }, theta);
      const outputs = evaluate(theta.subarray(trialSize(system.trial)));
      for (let n = 0; n < count; n++) for (const column of outputs) values.push(column[n]);
    }
    return Float64Array.from(values);
  };
}
