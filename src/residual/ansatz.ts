/** Fields written in their network's output (see `Scaling.ansatz`): their derivatives, and how large the output is. */
import { add, apply, field, isZero, multiply, number, sum, zero } from '../expression/build.ts';
import { differentiate, partial } from '../expression/differentiate.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, type FieldNode, substitute } from '../expression/expression.ts';
import type { Operation } from '../expression/operation.ts';
import { samplePoints } from '../geometry/point-set.ts';
import { addMultiIndex, type MultiIndex, multiIndexKey, unitMultiIndex } from '../jet/multi-index.ts';
import { fieldLeaves } from '../problem/implied-value.ts';
import type { Problem } from '../problem/problem.ts';
import type { FieldRange } from './magnitudes.ts';

/**
 * By field; in the user's coordinates and units, unknowns, and affine in the outputs of networks. A field that stands
 * in its own expression is the output of the network of that name.
 */
export type Ansatz = ReadonlyMap<string, Expression>;

/** constant + Σ coefficient·leaf, without fields in the constant and the coefficients. */
interface AffineForm {
  readonly constant: Expression;
  readonly terms: ReadonlyMap<string, { readonly leaf: FieldNode; readonly coefficient: Expression }>;
}

function affineForm(expression: Expression): AffineForm {
  const leaves = fieldLeaves([expression]);
  return {
    constant: substitute(expression, (leaf) => (leaf.kind === 'field' ? zero : leaf), apply),
    terms: new Map(
      leaves.map((leaf) => [
        `${leaf.name} ${multiIndexKey(leaf.order)}`,
        { leaf, coefficient: partial(expression, leaf) },
      ]),
    ),
  };
}

/** Derivatives of forms; one of the same expression is the same node, so that equal terms are added up. */
class Derivatives {
  readonly #expressions = new Map<Expression, Map<number, Expression>>();
  readonly #forms = new Map<string, AffineForm>();

  constructor(expression: Expression, dimension: number) {
    this.#forms.set(multiIndexKey(new Array<number>(dimension).fill(0)), affineForm(expression));
  }

  of(order: MultiIndex): AffineForm {
    const key = multiIndexKey(order);
    const known = this.#forms.get(key);
    if (known !== undefined) return known;
    const axis = order.findIndex((k) => k > 0);
    const result = this.#along(this.of(order.map((k, i) => (i === axis ? k - 1 : k))), axis);
    this.#forms.set(key, result);
    return result;
  }

  #along({ constant, terms }: AffineForm, axis: number): AffineForm {
    const result = new Map<string, { leaf: FieldNode; coefficient: Expression }>();
    const put = (leaf: FieldNode, coefficient: Expression): void => {
      if (isZero(coefficient)) return;
      const key = `${leaf.name} ${multiIndexKey(leaf.order)}`;
      const before = result.get(key)?.coefficient ?? zero;
      result.set(key, { leaf, coefficient: add(before, coefficient) });
    };
    for (const { leaf, coefficient } of terms.values()) {
      put(leaf, this.#derivative(coefficient, axis));
      const raised = field(
        leaf.name,
        addMultiIndex(leaf.order, unitMultiIndex(leaf.order.length, axis)),
        leaf.of,
      );
      if (raised.kind === 'field') put(raised, coefficient);
    }
    return { constant: this.#derivative(constant, axis), terms: result };
  }

  #derivative(expression: Expression, axis: number): Expression {
    const known = this.#expressions.get(expression) ?? new Map<number, Expression>();
    this.#expressions.set(expression, known);
    const result = known.get(axis) ?? differentiate(expression, axis);
    known.set(axis, result);
    return result;
  }
}

const derivativesOf = new WeakMap<Expression, Derivatives>();

/** The derivative that a leaf stands for of what the ansatz says its field is. */
export function ansatzDerivative(ansatz: Expression, { order, side, at }: FieldNode): Expression {
  let known = derivativesOf.get(ansatz);
  if (known === undefined) {
    known = new Derivatives(ansatz, order.length);
    derivativesOf.set(ansatz, known);
  }
  const { constant, terms } = known.of(order);
  return sum([
    constant,
    ...[...terms.values()].map(({ leaf, coefficient }) =>
      multiply(coefficient, field(leaf.name, leaf.order, leaf.of, side, at)),
    ),
  ]);
}

/** The column that holds a normalised coordinate of another side's points: coordinate nodes are those of side 0. */
export function sideColumn(index: number, side: number): string {
  return `coordinate:${index}:${side}`;
}

/** The values of such a column by the points of all sides, each (N, d); undefined for another column. */
export function sideValues(
  name: string,
  sides: readonly Float64Array[],
  dimension: number,
): Float64Array | undefined {
  const match = /^coordinate:(\d+):(\d+)$/.exec(name);
  if (match === null) return undefined;
  const points = sides[Number(match[2])];
  return Float64Array.from(
    { length: points.length / dimension },
    (_, n) => points[n * dimension + Number(match[1])],
  );
}

/** As `apply`, and numbers added one after the other are added up: 1 + ξ − 1 is ξ without loss in single precision. */
export function applyMergingNumbers(operation: Operation, operands: readonly Expression[]): Expression {
  const [a, b] = operands;
  if ((operation === 'add' || operation === 'subtract') && b.kind === 'number' && a.kind === 'operation') {
    const [first, second] = a.operands;
    const value = operation === 'add' ? b.value : -b.value;
    if (a.operation === 'add' && first.kind === 'number') return add(number(first.value + value), second);
  }
  if (operation === 'multiply' && a.kind === 'number' && b.kind === 'operation' && b.operation === 'add') {
    const [first, second] = b.operands;
    if (first.kind === 'number') return add(multiply(a, first), multiply(a, second));
  }
  return apply(operation, operands);
}

const sampleCount = 64;

/** Values of an expression without fields at points of the domain, unknowns as they are at first. */
function samplesOf(expression: Expression, { coordinates, unknowns }: Problem): number[] {
  const d = coordinates.length;
  const unit = samplePoints('sobol', sampleCount, d, 0);
  return Array.from({ length: sampleCount }, (_, n) =>
    evaluateScalar(expression, (leaf) => {
      if (leaf.kind === 'coordinate') {
        const { low, high } = coordinates[leaf.index];
        return low + (high - low) * unit[n * d + leaf.index];
      }
      return unknowns.find(({ name }) => name === leaf.name)?.initial ?? Number.NaN;
    }),
  );
}

/**
 * The factor on the output of a network that makes a field with one ansatz about what it was with another one: of the
 * factors on the outputs, by least squares in the problem's domain.
 */
export function outputRatio(before: Expression, now: Expression, problem: Problem): number {
  const [old, own] = [before, now].map((ansatz) => {
    const value = [...affineForm(ansatz).terms.values()].find(({ leaf }) => leaf.order.every((k) => k === 0));
    return samplesOf(value!.coefficient, problem);
  });
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((total, value, i) => total + value * b[i], 0);
  const ratio = product(old, own) / product(own, own);
  return Number.isFinite(ratio) && ratio !== 0 ? ratio : 1;
}

/**
 * The size of what a network has to add, from the range of the field and what the ansatz gives without it; undefined
 * where these do not tell.
 */
export function sizeBesideExtension(
  ansatz: Expression,
  { low, high }: FieldRange,
  problem: Problem,
): number | undefined {
  const values = samplesOf(affineForm(ansatz).constant, problem).filter(Number.isFinite);
  const size = values.reduce((most, x) => Math.max(most, Math.abs(high - x), Math.abs(low - x)), 0);
  return size > 0 && Number.isFinite(size) ? size : undefined;
}
