/**
 * Values and derivatives on planes: a function that takes them, and what may be added without touching them.
 *
 * The first is the Boolean sum of the interpolations along each axis (transfinite interpolation, Gordon & Hall,
 * Numer. Math. 21, 1973), with Hermite–Birkhoff polynomials where derivatives are given. The second is û times a
 * function that vanishes where values are given; a derivative that is given alone is taken out of what is left,
 * w − ψ·(∂w/∂x + c w) with ψ = 0 and ψ′ = 1 on the plane, as Sukumar & Srivastava (Comput. Methods Appl. Mech. Eng.
 * 389, 2022) do with distance functions.
 */
import { NotSupportedError } from '../../errors.ts';
import { add, fieldValue, multiply, subtract, zero } from '../../expression/build.ts';
import { differentiate } from '../../expression/differentiate.ts';
import { type Expression, leavesOf } from '../../expression/expression.ts';
import { fieldLeaves } from '../implied-value.ts';
import type { Field, Problem } from '../problem.ts';
import {
  blendingPolynomials,
  contiguous,
  correctionFactor,
  type GivenOn,
  vanishingFactor,
} from './axis-polynomials.ts';
import { leftSideOf } from './corners.ts';
import { kinkOf } from './kinks.ts';
import { domainSamples, sizeOf, valuesAt } from './samples.ts';
import type { PlaneStatement } from './statement.ts';

/** What an extension adds below this share of its size is rounding: sin(pi) for 0. */
const negligibleShare = 1e-14;

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
export function extension(
  statements: readonly PlaneStatement[],
  onShape: Expression | undefined,
  problem: Problem,
): Expression {
  const points = domainSamples(problem);
  const sizes = statements.map(({ value }) => sizeOf(valuesAt(value, points, problem)));
  const lacking = (statement: PlaneStatement, given: Expression): Expression => {
    const rest = subtract(statement.value, leftSideOf(statement, given));
    const { low, high } = problem.coordinates[statement.axis];
    const size = Math.max(...sizes) / Math.min(1, high - low) ** statement.order;
    return sizeOf(valuesAt(rest, points, problem)) <= negligibleShare * size ? zero : rest;
  };
  let result = onShape ?? commonValue(statements, problem);
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
export function remainder(
  { name, of }: Field,
  statements: readonly PlaneStatement[],
  onShape: Expression | undefined,
  problem: Problem,
): Expression {
  const { coordinates } = problem;
  let result: Expression = fieldValue(name, coordinates.length, of);
  if (onShape !== undefined) result = multiply(onShape, result);
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
