/** Branch and trunk: u(v)(y) = Σ_k b_k(v) ψ_k(y), for every field its own functions. */
import { ProblemError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import { product, transposed } from './linear/matrix-product.ts';
import type { OperatorBatch, OperatorModel } from './operator-model.ts';
import { type Regression, regressionOf, type StoredRegression } from './regression/regression.ts';
import type { StoredBlock } from './stored-block.ts';
import { basisOf } from './training/basis-of.ts';
import type { SolutionBasis } from './training/coefficient-set.ts';

export interface BranchWords {
  readonly kind: string;
  /** Relative error that cross-validation expects. */
  readonly validation: number;
}

/** The coefficients of a field among the columns of the branch. */
interface FieldPart {
  readonly field: string;
  readonly basis: SolutionBasis;
  /** By which its coefficients are divided in the branch, so that no field is small beside the others. */
  readonly scale: number;
}

export class CoefficientModel implements OperatorModel {
  static readonly kind = 'coefficients';
  readonly kind = CoefficientModel.kind;

  /**
   * @param inputs  names of the input functions, in the order in which their sensors stand in a row of the branch
   * @param parts   in the order of the branch's columns
   */
  constructor(
    readonly inputs: readonly string[],
    readonly parts: readonly FieldPart[],
    readonly branch: Regression,
    readonly words: BranchWords,
  ) {}

  get description(): readonly (readonly [string, string])[] {
    const { kind, validation } = this.words;
    const trunk = this.parts.map(({ field, basis }) => `${basis.size} functions for ${field}`).join(', ');
    const branch =
      kind === 'linear'
        ? validation < linearTolerance
          ? 'linear: the operator is linear, one least-squares solve is exact'
          : 'linear: one least-squares solve'
        : kind === 'kernel'
          ? 'kernel regression on principal components of the sensors'
          : `${kind}`;
    return [
      ['branch', branch],
      ['trunk', trunk],
      ['validation', `relative error ${validation.toExponential(1)} on functions left out`],
    ];
  }

  /** Coefficients of every field, (count, size of its basis). */
  coefficientsOf(inputs: OperatorBatch['inputs'], count: number): Record<string, Float64Array> {
    const rows = sensorRows(this.inputs, inputs, count);
    const predicted = this.branch.predict(rows, count);
    const width = this.branch.outputs;
    let first = 0;
    return Object.fromEntries(
      this.parts.map(({ field, basis: { size }, scale }) => {
        const own = new Float64Array(count * size);
        for (let i = 0; i < count; i++)
          for (let k = 0; k < size; k++) own[i * size + k] = scale * predicted[i * width + first + k];
        first += size;
        return [field, own];
      }),
    );
  }

  evaluate(
    { inputs, count, points, pointCount, aligned }: OperatorBatch,
    index?: readonly number[],
  ): Record<string, Float64Array> {
    const coefficients = this.coefficientsOf(inputs, count);
    return Object.fromEntries(
      this.parts.map(({ field, basis }) => {
        const { size } = basis;
        const own = coefficients[field];
        const functions = basis.values(points, aligned ? pointCount : count * pointCount, index);
        if (aligned)
          return [field, product(own, transposed(functions, pointCount, size), count, size, pointCount)];
        const values = new Float64Array(count * pointCount);
        for (let i = 0; i < values.length; i++) {
          const at = Math.floor(i / pointCount) * size;
          for (let k = 0; k < size; k++) values[i] += own[at + k] * functions[i * size + k];
        }
        return [field, values];
      }),
    );
  }

  store(): StoredBlock {
    return {
      kind: this.kind,
      inputs: this.inputs,
      words: { ...this.words },
      parts: this.parts.map(({ field, basis, scale }) => ({ field, scale, basis: basis.store() })),
      branch: this.branch.store() as unknown as StoredBlock,
    };
  }

  /** @throws ProblemError where the block is damaged or of another problem */
  static restored(block: StoredBlock, problem: Problem): CoefficientModel {
    const refuse = (what: string): never => {
      throw new ProblemError(what, { path: 'model', hint: 'the file is damaged' });
    };
    const { inputs, words, parts, branch } = block as unknown as ReturnType<CoefficientModel['store']> & {
      inputs: string[];
      words: BranchWords;
      parts: { field: string; scale: number; basis: StoredBlock }[];
      branch: StoredRegression;
    };
    if (!Array.isArray(inputs) || inputs.join() !== problem.inputs.map(({ name }) => name).join())
      refuse('the input functions of the model are not those of its problem');
    if (typeof words?.kind !== 'string' || typeof words.validation !== 'number')
      refuse('it is not said what the branch is');
    const fields = problem.fields.map(({ name }) => name).join();
    if (!Array.isArray(parts) || parts.map((part) => part?.field).join() !== fields)
      refuse('the fields of the model are not those of its problem');
    const restored = parts.map(({ field, scale, basis }) => {
      if (!Number.isFinite(scale)) refuse(`the scale of ${field} is missing`);
      return { field, scale, basis: basisOf(basis, problem) };
    });
    let regression: Regression | undefined;
    try {
      regression = regressionOf(branch);
      const zero = new Float64Array(regression.inputs);
      const found = regression.predict(zero, 1);
      const outputs = restored.reduce((sum, { basis }) => sum + basis.size, 0);
      const sensors = problem.inputs.reduce((sum, { sensorCount }) => sum + sensorCount, 0);
      if (found.length !== outputs || regression.inputs !== sensors || !found.every(Number.isFinite))
        regression = undefined;
    } catch {
      regression = undefined;
    }
    return new CoefficientModel(inputs, restored, regression ?? refuse('the branch is not whole'), words);
  }
}

/** Cross-validated error below which an operator is taken for linear. */
export const linearTolerance = 1e-7;

/** Sensors of all input functions side by side, (count, all sensors). */
export function sensorRows(
  names: readonly string[],
  inputs: Readonly<Record<string, Float64Array>>,
  count: number,
): Float64Array {
  if (names.length === 1) return inputs[names[0]];
  const widths = names.map((name) => inputs[name].length / count);
  const total = widths.reduce((a, b) => a + b, 0);
  const rows = new Float64Array(count * total);
  let first = 0;
  names.forEach((name, k) => {
    for (let i = 0; i < count; i++)
      rows.set(inputs[name].subarray(i * widths[k], (i + 1) * widths[k]), i * total + first);
    first += widths[k];
  });
  return rows;
}
