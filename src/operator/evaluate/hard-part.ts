/** What hard conditions build around a network: u = g + φ û, where g may hold input functions. */
import { NotSupportedError } from '../../errors.ts';
import { evaluateProgram } from '../../expression/evaluate.ts';
import { type Expression, type FieldNode, leavesOf } from '../../expression/expression.ts';
import { compileProgram } from '../../expression/program.ts';
import { type MultiIndex, multiIndexKey } from '../../jet/multi-index.ts';
import { withTypicalInputs } from '../../problem/given-inputs.ts';
import { hardAnsatz } from '../../problem/hard/index.ts';
import { fieldLeaves } from '../../problem/implied-value.ts';
import type { Problem } from '../../problem/problem.ts';
import type { FunctionSample } from '../space/function-sample.ts';
import { problemOf } from '../space/problem-of.ts';
import type { SolutionBasis } from '../training/coefficient-set.ts';

type Samples = Readonly<Record<string, FunctionSample>>;

/** A derivative of û and what it is multiplied by. */
interface Factor {
  readonly order: MultiIndex;
  readonly values: Float64Array;
}

/** Functions and points, as a batch has them. */
export interface HardBatch {
  readonly count: number;
  readonly points: Float64Array;
  readonly pointCount: number;
  readonly aligned: boolean;
  readonly samples: (n: number) => Samples;
}

export class HardPart {
  readonly #problem: Problem;
  readonly #typical: ReadonlyMap<string, Expression>;
  /** Whether what conditions give depends on the input functions. */
  readonly #varies: boolean;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#typical = hardAnsatz(withTypicalInputs(problem));
    const inputs = new Set(problem.inputs.map(({ name }) => name));
    this.#varies = problem.conditions.some(
      (condition) =>
        condition.kind !== 'periodic' &&
        condition.hard === true &&
        fieldLeaves([condition.left, condition.right]).some(({ name }) => inputs.has(name)),
    );
  }

  /** Whether the field has hard conditions. */
  has(field: string): boolean {
    return this.#typical.has(field);
  }

  /** Whether g depends on the input functions. */
  get varies(): boolean {
    return this.#varies;
  }

  /** g at points (N, d), (N). */
  offset(field: string, points: Float64Array, samples: Samples): Float64Array {
    const ansatz = this.#varies ? hardAnsatz(problemOf(this.#problem, samples)) : this.#typical;
    return valuesOf(ansatz.get(field)!, this.#problem, points, () => 0);
  }

  /** φ û of every function û of the basis at points (N, d): (N, size). Where there is no hard condition û itself. */
  applied(field: string, basis: Pick<SolutionBasis, 'size' | 'values'>, points: Float64Array): Float64Array {
    const count = points.length / this.#problem.coordinates.length;
    if (!this.has(field)) return basis.values(points, count);
    const result = new Float64Array(count * basis.size);
    for (const { order, values } of this.#factors(field, points)) {
      const own = basis.values(points, count, order);
      for (let n = 0; n < count; n++)
        for (let k = 0; k < basis.size; k++)
          result[n * basis.size + k] += values[n] * own[n * basis.size + k];
    }
    return result;
  }

  /**
   * u of û for a batch, (count, pointCount).
   *
   * @param values      of û
   * @param derivative  of û
   */
  around(
    field: string,
    values: Float64Array,
    derivative: (order: MultiIndex) => Float64Array,
    { count, points, pointCount, aligned, samples }: HardBatch,
  ): Float64Array {
    const result = new Float64Array(values.length);
    for (const { order, values: factor } of this.#factors(field, points)) {
      const own = order.every((k) => k === 0) ? values : derivative(order);
      for (let i = 0; i < result.length; i++) result[i] += factor[aligned ? i % pointCount : i] * own[i];
    }
    const d = this.#problem.coordinates.length;
    let offset: Float64Array | undefined;
    for (let n = 0; n < count; n++) {
      const at = aligned ? points : points.subarray(n * pointCount * d, (n + 1) * pointCount * d);
      if (offset === undefined || !aligned || this.#varies)
        offset = this.offset(field, at, this.#varies ? samples(n) : {});
      for (let i = 0; i < pointCount; i++) result[n * pointCount + i] += offset[i];
    }
    return result;
  }

  /** What û and its derivatives are multiplied by, the same for all input functions. */
  #factors(field: string, points: Float64Array): Factor[] {
    const ansatz = this.#typical.get(field)!;
    const none = valuesOf(ansatz, this.#problem, points, () => 0);
    return leavesOf([ansatz]).flatMap((leaf) => {
      if (leaf.kind !== 'field') return [];
      if (leaf.name !== field)
        throw new NotSupportedError(`a hard condition on ${field} that holds ${leaf.name}`, {
          hint: 'leave `hard` out to have it in the loss',
        });
      const key = multiIndexKey(leaf.order);
      const one = valuesOf(ansatz, this.#problem, points, (other) =>
        multiIndexKey(other.order) === key ? 1 : 0,
      );
      return [{ order: leaf.order, values: one.map((value, n) => value - none[n]) }];
    });
  }
}

/** An expression in coordinates at points (N, d), fields having one value everywhere. */
function valuesOf(
  expression: Expression,
  { coordinates }: Problem,
  points: Float64Array,
  fieldValue: (leaf: FieldNode) => number,
): Float64Array {
  const d = coordinates.length;
  const count = points.length / d;
  const program = compileProgram([expression]);
  const columns = program.inputs.map((leaf) =>
    leaf.kind === 'coordinate'
      ? Float64Array.from({ length: count }, (_, n) => points[n * d + leaf.index])
      : new Float64Array(count).fill(leaf.kind === 'field' ? fieldValue(leaf) : Number.NaN),
  );
  return evaluateProgram(program, columns, count)[0];
}
