/** Mirror symmetries of evolution equations on boxes. */
import { apply, negate, number, subtract } from '../expression/build.ts';
import { evaluateScalar } from '../expression/evaluate.ts';
import {
  type Expression,
  type FieldNode,
  type Leaf,
  leafKey,
  leavesOf,
  substitute,
} from '../expression/expression.ts';
import type { Condition, Plane, PlaneCondition, Problem } from '../problem/problem.ts';
import { fieldLeaves, highestOrder } from './explicit-form.ts';

/** By field: 1 where it is even under a reflection, −1 where it is odd. */
export type Signs = ReadonlyMap<string, 1 | -1>;

/** More fields have more signs than are worth trying. */
const mostFields = 4;
const trials = 6;

/** An expression of the fields as they are reflected at x = center. */
export function reflected(expression: Expression, axis: number, center: number, signs: Signs): Expression {
  return substitute(
    expression,
    (leaf) => {
      if (leaf.kind === 'coordinate' && leaf.index === axis) return subtract(number(2 * center), leaf);
      if (leaf.kind !== 'field') return leaf;
      const sign = (signs.get(leaf.name) ?? 1) * (leaf.order[axis] % 2 === 0 ? 1 : -1);
      return sign === 1 ? leaf : negate(leaf);
    },
    apply,
  );
}

/** Whether two expressions have the same zeros, for any values of fields: they agree up to sign. */
function alike(a: Expression, b: Expression, problem: Problem): boolean {
  let same = true;
  let opposite = true;
  for (let k = 1; k <= trials && (same || opposite); k++) {
    const drawn = new Map<string, number>();
    const value = (leaf: Leaf): number => {
      const key = leafKey(leaf);
      const known = drawn.get(key);
      if (known !== undefined) return known;
      // Multiples of an irrational number, by the order in which leaves are met.
      const share = (0.618034 * (drawn.size + 1) + 0.7548777 * k) % 1;
      const { low, high } =
        leaf.kind === 'coordinate' ? problem.coordinates[leaf.index] : { low: -1.5, high: 1.5 };
      drawn.set(key, low + (high - low) * share);
      return drawn.get(key)!;
    };
    const left = evaluateScalar(a, value);
    const right = evaluateScalar(b, value);
    const rounding = 1e-9 * Math.max(1, Math.abs(left), Math.abs(right));
    same &&= Math.abs(left - right) <= rounding;
    opposite &&= Math.abs(left + right) <= rounding;
  }
  return same || opposite;
}

/** Whether a residual stays what it is under a reflection. */
export function isInvariant(
  { left, right }: { readonly left: Expression; readonly right: Expression },
  problem: Problem,
  axis: number,
  center: number,
  signs: Signs,
): boolean {
  const residual = subtract(left, right);
  if (
    leavesOf([residual]).some((leaf) => leaf.kind === 'field' && (leaf.at !== undefined || leaf.side !== 0))
  )
    return false;
  return alike(residual, reflected(residual, axis, center, signs), problem);
}

/** What a condition says on one of its planes, whose normal is known. */
function residualOn(
  { left, right }: Pick<PlaneCondition, 'left' | 'right'>,
  { coordinate, outward }: Pick<Plane, 'coordinate' | 'outward'>,
  { coordinates }: Problem,
): Expression {
  const normal = `normal:${coordinates[coordinate].name}`;
  return substitute(
    subtract(left, right),
    (leaf) =>
      leaf.kind === 'column' && leaf.name.startsWith('normal:')
        ? number(leaf.name === normal ? outward : 0)
        : leaf,
    apply,
  );
}

function everySigns(problem: Problem): Signs[] {
  const { fields } = problem;
  if (fields.length > mostFields) return [];
  return Array.from(
    { length: 2 ** fields.length },
    (_, bits) => new Map(fields.map(({ name }, i) => [name, (bits >> i) % 2 === 0 ? 1 : -1] as const)),
  );
}

/** The signs under which a reflection at the middle of an axis maps the problem to itself. */
function middleSigns(problem: Problem, axis: number): Signs | undefined {
  const { low, high } = problem.coordinates[axis];
  const center = (low + high) / 2;
  const invariant = (signs: Signs): boolean =>
    problem.equations.every(
      (equation) => equation.where === undefined && isInvariant(equation, problem, axis, center, signs),
    ) &&
    problem.conditions.every((condition) => {
      if (condition.kind !== 'planes') return condition.kind === 'periodic' && condition.coordinate !== axis;
      return condition.planes.every((plane) => {
        const image = reflected(residualOn(condition, plane, problem), axis, center, signs);
        const outward = plane.coordinate === axis ? -plane.outward : plane.outward;
        return problem.conditions.some(
          (other) =>
            other.kind === 'planes' &&
            other.planes.some(
              (its) =>
                its.coordinate === plane.coordinate &&
                its.outward === outward &&
                (its.outward !== 0 || its.value === plane.value) &&
                alike(image, residualOn(other, its, problem), problem),
            ),
        );
      });
    });
  return everySigns(problem).find(invariant);
}

/** The half below the middle of an axis; fields that are odd vanish in the middle, those that are even have no slope there. */
function lowerHalf(problem: Problem, axis: number, signs: Signs): Problem {
  const { low, high } = problem.coordinates[axis];
  const value = (low + high) / 2;
  const kept = problem.conditions.flatMap((condition): Condition[] => {
    if (condition.kind !== 'planes') return [condition];
    const planes = condition.planes.filter((plane) => plane.coordinate !== axis || plane.outward === -1);
    return planes.length === 0 ? [] : [{ ...condition, planes }];
  });
  const plane: Plane = { coordinate: axis, value, outward: 1 };
  const middle = problem.fields.map(({ name, of }): PlaneCondition => {
    const order = problem.coordinates.map((_, i) => (i === axis && signs.get(name) === 1 ? 1 : 0));
    const left: FieldNode = { kind: 'field', name, order, of, side: 0 };
    return {
      kind: 'planes',
      path: 'symmetry',
      text: 'symmetry',
      planes: [plane],
      left,
      right: number(0),
      weight: 1,
    };
  });
  return {
    ...problem,
    coordinates: problem.coordinates.map((c, i) => (i === axis ? { ...c, high: value } : c)),
    conditions: [...kept, ...middle],
  };
}

interface Fold {
  readonly axis: number;
  readonly center: number;
  readonly signs: Signs;
}

/** A part of a problem that determines the rest of it. */
export interface FundamentalPart {
  readonly problem: Problem;
  /** In the order in which they were found. */
  readonly folds: readonly Fold[];
}

/** Halves of halves are found symmetric as well: waves of many periods. */
const mostFolds = 8;

/**
 * The smallest part of the box of an initial value problem that mirror symmetries unfold to the whole: its solution is
 * symmetric because it is the only one. For equations of second order along the axis.
 */
export function fundamentalPart(problem: Problem): FundamentalPart {
  const folds: Fold[] = [];
  let part = problem;
  const { time } = problem;
  const residuals = problem.equations.map(({ left, right }) => subtract(left, right));
  if (time === null || problem.space !== undefined) return { problem, folds };
  problem.coordinates.forEach((_, axis) => {
    const second = problem.fields.every(
      ({ name, of }) => of.length === problem.coordinates.length && highestOrder(residuals, name, axis) === 2,
    );
    if (axis === time || !second) return;
    for (let k = 0; k < mostFolds; k++) {
      const signs = middleSigns(part, axis);
      if (signs === undefined) break;
      const { low, high } = part.coordinates[axis];
      folds.push({ axis, center: (low + high) / 2, signs });
      part = lowerHalf(part, axis, signs);
    }
  });
  return { problem: part, folds };
}

/** Values anywhere in the box by those in the part. */
export function unfolded(
  { problem, folds }: FundamentalPart,
  evaluate: (points: Float64Array) => Record<string, Float64Array>,
): (points: Float64Array) => Record<string, Float64Array> {
  if (folds.length === 0) return evaluate;
  const d = problem.coordinates.length;
  return (points) => {
    const count = points.length / d;
    const places = points.slice();
    const signs = new Map(problem.fields.map(({ name }) => [name, new Float64Array(count).fill(1)]));
    for (const { axis, center, signs: own } of folds)
      for (let i = 0; i < count; i++) {
        const x = places[i * d + axis];
        if (x <= center) continue;
        places[i * d + axis] = 2 * center - x;
        for (const [name, sign] of own) signs.get(name)![i] *= sign;
      }
    const values = evaluate(places);
    return Object.fromEntries(
      Object.entries(values).map(([name, array]) => [name, array.map((v, i) => v * signs.get(name)![i])]),
    );
  };
}

/** By which a field goes on beyond a face: odd where it vanishes there, even where its slope does. */
export type Parity = 'odd' | 'even';

/**
 * Per field and axis the parities at the lower and the upper face; undefined where conditions are others, or the equations
 * do not go on beyond the faces as what is reflected at them.
 *
 * @param reflected  whether the equations are to go on so, and not the conditions alone
 */
export function faceParities(
  problem: Problem,
  axes: readonly number[],
  reflected = true,
): Map<string, readonly (readonly [Parity, Parity])[]> | undefined {
  const parities = new Map<string, [Parity, Parity][]>(problem.fields.map(({ name }) => [name, []]));
  for (const axis of axes)
    for (const side of [-1, 1] as const) {
      const here = problem.conditions.flatMap((condition) =>
        condition.kind === 'planes' &&
        condition.planes.some((p) => p.coordinate === axis && p.outward === side)
          ? [homogeneous(condition, problem, axis, side)]
          : [],
      );
      const found = new Map(here.flatMap((own) => (own === undefined ? [] : [own])));
      if (found.size === 0 || found.size !== here.length) return undefined;
      const { low, high } = problem.coordinates[axis];
      const center = side === -1 ? low : high;
      const signs = completedSigns(problem, axis, found).find(
        (own) =>
          !reflected ||
          problem.equations.every((equation) => isInvariant(equation, problem, axis, center, own)),
      );
      if (signs === undefined) return undefined;
      for (const [name, sign] of signs) {
        const parity = sign === 1 ? 'even' : 'odd';
        const own = parities.get(name)!;
        if (side === -1) own.push([parity, parity]);
        else own[own.length - 1][1] = parity;
      }
    }
  return parities;
}

/** With either sign for fields that no equation derives along the axis, and that have no condition on its faces. */
function completedSigns(problem: Problem, axis: number, found: Signs): Signs[] {
  const residuals = problem.equations.map(({ left, right }) => subtract(left, right));
  const free = problem.fields.filter(({ name }) => !found.has(name));
  if (free.length > mostFields || free.some(({ name }) => highestOrder(residuals, name, axis) > 0)) return [];
  return Array.from(
    { length: 2 ** free.length },
    (_, bits) =>
      new Map([...found, ...free.map(({ name }, i) => [name, (bits >> i) % 2 === 0 ? 1 : -1] as const)]),
  );
}

/** The field that a condition makes zero on a face, or whose slope. */
function homogeneous(
  { left, right }: PlaneCondition,
  problem: Problem,
  axis: number,
  side: -1 | 1,
): [string, 1 | -1] | undefined {
  const residual = residualOn({ left, right }, { coordinate: axis, outward: side }, problem);
  const [leaf, ...others] = fieldLeaves([residual]);
  if (leaf === undefined || others.length > 0 || leavesOf([residual]).length !== 1 || leaf.side !== 0)
    return undefined;
  const at = (value: number): number => evaluateScalar(residual, () => value);
  if (at(0) !== 0 || at(1) === 0 || Math.abs(at(2) - 2 * at(1)) > 1e-12 * Math.abs(at(1))) return undefined;
  const total = leaf.order.reduce((a, b) => a + b, 0);
  if (total === 0) return [leaf.name, -1];
  return total === 1 && leaf.order[axis] === 1 ? [leaf.name, 1] : undefined;
}
