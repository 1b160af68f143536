/** Whether the exact solution that a problem gives satisfies its equations and conditions. */
import { ProblemError } from '../errors.ts';
import { subtract, termsOf } from '../expression/build.ts';
import { differentiate } from '../expression/differentiate.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import { type Expression, type FieldNode, leavesOf } from '../expression/expression.ts';
import { multiIndexKey } from '../jet/multi-index.ts';
import { conditionPoints } from './condition-points.ts';
import { domainPoints, rowsOf } from './domain-points.ts';
import { besidePoint } from './pieces.ts';
import type { Problem } from './problem.ts';

/** Something that the exact solution does not satisfy. */
export interface ExactMismatch {
  /** `equations[0]`, `conditions[2]`. */
  readonly path: string;
  readonly text: string;
  /** Root mean square of left minus right side over that of the largest term. */
  readonly share: number;
}

const samples = 200;
const seed = 6007;

/** What rounding leaves of a residual whose terms cancel, over the largest of them. */
const rounding = 1e-7;

/** The same on interfaces, beside which the two sides are taken. */
const interfaceRounding = 1e-4;

/** A share above this is a contradiction; below, the solution may be a series or an approximation. */
const contradiction = 1e-2;

/** Where a residual is looked at: the point, what lies beyond it on an interface, and the normal. */
interface Place {
  readonly sides: readonly [readonly number[], readonly number[]];
  readonly columns: ReadonlyMap<string, number>;
}

class ExactValues {
  private readonly derivatives = new Map<string, Expression>();
  private readonly problem: Problem;

  constructor(problem: Problem) {
    this.problem = problem;
  }

  /** Whether an expression has a value with what is known of the solution. */
  knows(expression: Expression): boolean {
    return leavesOf([expression]).every(
      (leaf) =>
        leaf.kind === 'coordinate' ||
        leaf.kind === 'column' ||
        (leaf.kind === 'field' &&
          this.problem.exact.has(leaf.name) &&
          !leavesOf([this.problem.exact.get(leaf.name)!]).some(({ kind }) => kind === 'unknown')),
    );
  }

  at(expression: Expression, place: Place, side: 0 | 1 = 0): number {
    return evaluateScalar(expression, (leaf) => {
      if (leaf.kind === 'coordinate') return place.sides[side][leaf.index];
      if (leaf.kind === 'column') return place.columns.get(leaf.name) ?? Number.NaN;
      if (leaf.kind === 'unknown') return Number.NaN;
      const at = place.sides[leaf.side === 1 ? 1 : 0];
      const own = leaf.at?.map((entry, i) => (entry === null ? at[i] : this.at(entry, place))) ?? at;
      return evaluateScalar(this.derivative(leaf), (inner) =>
        inner.kind === 'coordinate' ? own[inner.index] : Number.NaN,
      );
    });
  }

  private derivative({ name, order }: FieldNode): Expression {
    const key = `${name} ${multiIndexKey(order)}`;
    let result = this.derivatives.get(key);
    if (result === undefined) {
      result = this.problem.exact.get(name)!;
      for (const [i, k] of order.entries()) for (let n = 0; n < k; n++) result = differentiate(result, i);
      this.derivatives.set(key, result);
    }
    return result;
  }
}

/** Mean squares of the terms and of their sum; where one has no value, as at a corner, the point is left out. */
function meanSquares(terms: readonly Expression[], places: readonly Place[], values: ExactValues) {
  const squares = terms.map(() => 0);
  let total = 0;
  let count = 0;
  for (const place of places) {
    const own = terms.map((term) => values.at(term, place));
    if (!own.every(Number.isFinite)) continue;
    count++;
    total += own.reduce((sum, value) => sum + value, 0) ** 2;
    own.forEach((value, k) => {
      squares[k] += value * value;
    });
  }
  return count === 0
    ? { largest: 0, total: 0 }
    : { largest: Math.max(0, ...squares) / count, total: total / count };
}

/** @param usual  where the terms have their usual size: u = 0 on a face says nothing of how large u is */
function mismatch(
  residual: Expression,
  places: readonly Place[],
  usual: readonly Place[],
  values: ExactValues,
  slack: number,
): number | undefined {
  if (!values.knows(residual)) return undefined;
  const terms = termsOf(residual);
  const { total, largest } = meanSquares(terms, places, values);
  const size = Math.max(largest, meanSquares(terms, usual, values).largest);
  const share = Math.sqrt(total / Math.max(size, Number.MIN_VALUE));
  return total > 0 && share > slack ? share : undefined;
}

function normalsOf({ coordinates }: Problem, component: (i: number) => number): Map<string, number> {
  return new Map(coordinates.map(({ name }, i) => [`normal:${name}`, component(i)]));
}

function conditionPlaces(condition: Problem['conditions'][number], problem: Problem): Place[] {
  const d = problem.coordinates.length;
  const { points, normals } = conditionPoints(condition, problem, samples, seed);
  const directions = rowsOf(normals, d);
  return rowsOf(points, d).map((point, n): Place => {
    const columns = normalsOf(problem, (i) => directions[n][i]);
    if (condition.kind !== 'interface') return { sides: [point, point], columns };
    const sides = besidePoint(point, directions[n], problem);
    for (const { column, expression, side } of condition.traces)
      columns.set(
        column,
        evaluateScalar(expression, (leaf) =>
          leaf.kind === 'coordinate' ? sides[side][leaf.index] : Number.NaN,
        ),
      );
    return { sides, columns };
  });
}

/**
 * Equations and conditions that the exact solution does not satisfy, at points all over where they hold. Those with
 * unknowns, or with fields whose exact solution is not given, are passed over, as are periodic conditions.
 */
export function exactMismatches(problem: Problem): ExactMismatch[] {
  const values = new ExactValues(problem);
  const d = problem.coordinates.length;
  const inside = rowsOf(domainPoints(problem, samples, seed), d).map(
    (point): Place => ({ sides: [point, point], columns: normalsOf(problem, () => 1) }),
  );
  const found: ExactMismatch[] = [];
  for (const { path, text, left, right, where } of problem.equations) {
    if (where !== undefined && !values.knows(where)) continue;
    const places = where === undefined ? inside : inside.filter((place) => values.at(where, place) !== 0);
    const share = mismatch(subtract(left, right), places, places, values, rounding);
    if (share !== undefined) found.push({ path, text, share });
  }
  for (const condition of problem.conditions) {
    if (condition.kind === 'periodic') continue;
    const { path, text, left, right } = condition;
    const slack = condition.kind === 'interface' ? interfaceRounding : rounding;
    const places = conditionPlaces(condition, problem);
    const share = mismatch(subtract(left, right), places, inside, values, slack);
    if (share !== undefined) found.push({ path, text, share });
  }
  return found;
}

/**
 * What the exact solution misses by little, as a series cut off does.
 *
 * @throws ProblemError where it contradicts an equation or a condition
 */
export function checkExact(problem: Problem): ExactMismatch[] {
  const found = exactMismatches(problem);
  const worst = found.reduce<ExactMismatch | undefined>(
    (most, one) => (one.share > (most?.share ?? contradiction) ? one : most),
    undefined,
  );
  if (worst !== undefined)
    throw new ProblemError(
      `the exact solution contradicts ${worst.path} (${worst.text}): it misses it by ${Number((100 * worst.share).toPrecision(2))}% of its largest term`,
      { path: 'exact', hint: 'correct the one or the other, or take `exact` out' },
    );
  return found;
}
