/**
 * Hard conditions: fields written as u = g + N û such that the conditions hold whatever û is (Lagaris, Likas & Fotiadis,
 * IEEE Trans. Neural Netw. 9, 1998).
 *
 * On planes g is the Boolean sum of the interpolations along each axis (transfinite interpolation, Gordon & Hall,
 * Numer. Math. 21, 1973), with Hermite–Birkhoff polynomials where derivatives are given. N multiplies û by a function
 * that vanishes where values are given; a derivative that is given alone is taken out of what is left,
 * w − ψ·(∂w/∂x + c w) with ψ = 0 and ψ′ = 1 on the plane, as Sukumar & Srivastava (Comput. Methods Appl. Mech. Eng.
 * 389, 2022) do with distance functions.
 */
import { NotSupportedError, ProblemError } from '../../errors.ts';
import { add, fieldValue, multiply, subtract, zero } from '../../expression/build.ts';
import { differentiate } from '../../expression/differentiate.ts';
import { type Expression, leavesOf } from '../../expression/expression.ts';
import { fieldLeaves } from '../implied-value.ts';
import type { Condition, Field, Plane, Problem } from '../problem.ts';
import {
  blendingPolynomials,
  contiguous,
  correctionFactor,
  type GivenOn,
  vanishingFactor,
} from './axis-polynomials.ts';
import { checkCorners, leftSideOf } from './corners.ts';
import { kinkOf } from './kinks.ts';
import { domainSamples, sizeOf, valuesAt } from './samples.ts';
import { type PlacedCondition, type PlaneStatement, statementOn, withKnownValues } from './statement.ts';

/** What an extension adds below this share of its size is rounding: sin(pi) for 0. */
const negligibleShare = 1e-14;

function isHard(condition: Condition): condition is PlacedCondition {
  return condition.kind !== 'periodic' && condition.hard === true;
}

/** Where a condition holds, as planes. */
function planesOf(condition: PlacedCondition, problem: Problem): readonly Plane[] {
  if (condition.kind === 'planes') return condition.planes;
  if (condition.kind !== 'points')
    throw new NotSupportedError(`\`${condition.text}\` cannot be built in on this part of the geometry`, {
      path: `${condition.path}.hard`,
      hint: 'leave `hard` out to have it in the loss',
    });
  const { coordinates } = problem;
  if (coordinates.length > 1)
    throw new NotSupportedError(
      'a condition at points cannot be built in where there are several coordinates',
      {
        path: `${condition.path}.hard`,
        hint: 'hard conditions hold on faces and planes; leave `hard` out to have it in the loss',
      },
    );
  const [{ low, high }] = coordinates;
  return [...condition.points].map((value) => ({
    coordinate: 0,
    value,
    outward: value === low ? -1 : value === high ? 1 : 0,
  }));
}

/** What the hard conditions say, plane by plane; what is said twice is said once. */
function statementsOf(problem: Problem): PlaneStatement[] {
  const all = problem.conditions
    .filter(isHard)
    .flatMap((condition) =>
      planesOf(condition, problem).map((plane) => statementOn(condition, plane, problem)),
    );
  const onSamePlane = (a: PlaneStatement, b: PlaneStatement): boolean =>
    a.field === b.field && a.axis === b.axis && a.at === b.at;
  // Ascending, so that what a derivative is tied to is known before.
  const ordered = [...all].sort((a, b) => a.order - b.order);
  const statements: PlaneStatement[] = [];
  for (const statement of ordered) {
    const others = statements.filter((other) => onSamePlane(other, statement));
    if (others.some(({ order }) => order === statement.order)) continue;
    statements.push(withKnownValues(statement, others));
  }
  return statements;
}

/** @throws NotSupportedError for a given function with kinks, ProblemError for one without values. */
function checkSmooth({ value, coefficients, condition }: PlaneStatement, problem: Problem): void {
  const points = domainSamples(problem);
  for (const given of [value, ...coefficients.values()]) {
    const kink = kinkOf(given, points, problem);
    if (kink !== undefined)
      throw new NotSupportedError(`what \`${condition.text}\` gives has a kink or a jump (${kink})`, {
        path: `${condition.path}.hard`,
        hint: 'built into the solution it would be missing from the derivatives; leave `hard` out to have it in the loss',
      });
    if (!valuesAt(given, points, problem).every(Number.isFinite))
      throw new ProblemError(`what \`${condition.text}\` gives is not finite everywhere in the domain`, {
        path: `${condition.path}.hard`,
        hint: 'leave `hard` out to have it in the loss',
      });
  }
}

/** The planes of an axis with the orders that are given there, in the order of the coordinate. */
function givenOn(statements: readonly PlaneStatement[]): GivenOn[] {
  const places = [...new Set(statements.map(({ at }) => at))].sort((a, b) => a - b);
  return places.map((at) => ({
    at,
    orders: statements.flatMap((s) => (s.at === at ? [s.order] : [])).sort((a, b) => a - b),
  }));
}

/** The value that a condition gives on all of several planes, as one function in the whole domain. */
function commonValue(statements: readonly PlaneStatement[], problem: Problem): Expression {
  const values = statements.flatMap(({ order, condition }) => {
    const { left, right } = condition;
    const stated = order === 0 && left.kind === 'field' && fieldLeaves([right]).length === 0;
    return stated && !leavesOf([right]).some(({ kind }) => kind === 'column') ? [right] : [];
  });
  const points = domainSamples(problem);
  const images = values.map((value) => valuesAt(value, points, problem));
  const alike = values.map(
    (_, i) => images.filter((image) => image.every((x, n) => x === images[i][n])).length,
  );
  const most = Math.max(0, ...alike);
  const value = values[alike.indexOf(most)];
  if (most < 2 || kinkOf(value, points, problem) !== undefined) return zero;
  return images[alike.indexOf(most)].every(Number.isFinite) ? value : zero;
}

/** A function that meets every statement. */
function extension(statements: readonly PlaneStatement[], problem: Problem): Expression {
  const points = domainSamples(problem);
  const sizes = statements.map(({ value }) => sizeOf(valuesAt(value, points, problem)));
  const lacking = (statement: PlaneStatement, given: Expression): Expression => {
    const rest = subtract(statement.value, leftSideOf(statement, given));
    const { low, high } = problem.coordinates[statement.axis];
    const size = Math.max(...sizes) / Math.min(1, high - low) ** statement.order;
    return sizeOf(valuesAt(rest, points, problem)) <= negligibleShare * size ? zero : rest;
  };
  let result = commonValue(statements, problem);
  for (const [axis, coordinate] of problem.coordinates.entries()) {
    const own = statements.filter((s) => s.axis === axis);
    const all = givenOn(own);
    const mixed = new Set(own.flatMap(({ at, coefficients }) => (coefficients.size > 0 ? [at] : [])));
    const plain = all.filter(({ at }) => !mixed.has(at));
    const at = (place: number, order: number): PlaneStatement =>
      own.find((s) => s.at === place && s.order === order)!;
    if (plain.length > 0) {
      const before = result;
      const polynomials = blendingPolynomials(plain, coordinate, axis);
      plain
        .flatMap(({ at: place, orders }) => orders.map((order) => at(place, order)))
        .forEach((statement, j) => {
          result = add(result, multiply(polynomials[j], lacking(statement, before)));
        });
    }
    for (const { at: place, orders } of all)
      if (mixed.has(place))
        for (const order of orders) {
          const factor = correctionFactor(all, place, order, coordinate, axis);
          result = add(result, multiply(factor, lacking(at(place, order), result)));
        }
  }
  return result;
}

/** N û: what û adds without touching a statement. */
function remainder({ name, of }: Field, statements: readonly PlaneStatement[], problem: Problem): Expression {
  const { coordinates } = problem;
  let result: Expression = fieldValue(name, coordinates.length, of);
  coordinates.forEach((coordinate, axis) => {
    const given = givenOn(statements.filter((s) => s.axis === axis));
    if (given.some((on) => contiguous(on) > 0))
      result = multiply(vanishingFactor(given, coordinate, axis), result);
  });
  coordinates.forEach((coordinate, axis) => {
    const given = givenOn(statements.filter((s) => s.axis === axis));
    for (const on of given)
      for (const order of on.orders.slice(contiguous(on))) {
        const statement = statements.find((s) => s.axis === axis && s.at === on.at && s.order === order)!;
        checkCommuting(statement, statements, problem);
        let taken: Expression = zero;
        let derivative = result;
        for (let k = 0; k <= order; k++) {
          const coefficient = statement.coefficients.get(k);
          if (k === order) taken = add(taken, derivative);
          else if (coefficient !== undefined) taken = add(taken, multiply(coefficient, derivative));
          if (k < order) derivative = differentiate(derivative, axis);
        }
        result = subtract(result, multiply(correctionFactor(given, on.at, order, coordinate, axis), taken));
      }
  });
  return result;
}

/** @throws NotSupportedError where a coefficient varies along another axis on which derivatives are given. */
function checkCommuting(
  { axis, coefficients, condition }: PlaneStatement,
  statements: readonly PlaneStatement[],
  { coordinates }: Problem,
): void {
  for (const leaf of leavesOf([...coefficients.values()]))
    if (
      leaf.kind === 'coordinate' &&
      statements.some((other) => other.axis === leaf.index && leaf.index !== axis && other.order > 0)
    )
      throw new NotSupportedError(
        `the coefficient in \`${condition.text}\` varies along ${coordinates[leaf.index].name}, on whose faces derivatives are given too`,
        {
          path: `${condition.path}.hard`,
          hint: 'leave `hard` out of one of them',
        },
      );
}

/**
 * By field with hard conditions what it is in its network's û, a leaf of the same name: an expression in coordinates,
 * unknowns and û with its derivatives, affine in these.
 *
 * @throws ProblemError for a hard condition that is not one value of one field or derivative, and for conditions that
 * do not agree where they meet
 * @throws NotSupportedError for one that cannot be built in
 */
export function hardAnsatz(problem: Problem): ReadonlyMap<string, Expression> {
  const known = ansatzOf.get(problem);
  if (known !== undefined) return known;
  const result = builtAnsatz(problem);
  ansatzOf.set(problem, result);
  return result;
}

const ansatzOf = new WeakMap<Problem, ReadonlyMap<string, Expression>>();

function builtAnsatz(problem: Problem): ReadonlyMap<string, Expression> {
  const statements = statementsOf(problem);
  for (const statement of statements) checkSmooth(statement, problem);
  checkCorners(statements, problem);
  const result = new Map<string, Expression>();
  for (const field of problem.fields) {
    const own = statements.filter((s) => s.field === field.name);
    if (own.length === 0) continue;
    if (field.pieces !== undefined)
      throw new NotSupportedError(`conditions on \`${field.name}\`, which is in pieces, cannot be built in`, {
        path: `${own[0].condition.path}.hard`,
        hint: 'leave `hard` out to have it in the loss',
      });
    result.set(field.name, add(extension(own, problem), remainder(field, own, problem)));
  }
  return result;
}
