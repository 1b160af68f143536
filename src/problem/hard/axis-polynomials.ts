/** Polynomials along one axis that carry values and derivatives from planes into the domain. */
import { add, coordinate, multiply, number, power, subtract } from '../../expression/build.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Coordinate } from '../problem.ts';

/** The orders of derivatives that are given on one plane of an axis, in ascending order. */
export interface GivenOn {
  readonly at: number;
  readonly orders: readonly number[];
}

/** What is smaller than this after elimination is taken for zero. */
const smallestPivot = 1e-10;

/** Derivative of order k of s^n. */
function monomial(n: number, k: number, s: number): number {
  let factor = 1;
  for (let i = 0; i < k; i++) factor *= n - i;
  return factor === 0 ? 0 : factor * s ** (n - k);
}

/**
 * The powers of lowest degree with which every given derivative can be met (Hermite–Birkhoff interpolation), and the
 * inverse of their matrix: column j holds the coefficients of the polynomial that is 1 in the j-th of the given
 * derivatives and 0 in all others.
 */
function interpolation(rows: readonly { s: number; order: number }[]): {
  powers: number[];
  inverse: number[][];
} {
  const n = rows.length;
  const powers: number[] = [];
  // Gauss–Jordan elimination by columns; what was done to the columns taken so far is done to each new one.
  const reduced: number[][] = [];
  const pivots: number[] = [];
  const combinations: number[][] = [];
  const highest = Math.max(...rows.map(({ order }) => order));
  for (let degree = 0; powers.length < n && degree <= 2 * n + highest; degree++) {
    let column = rows.map(({ s, order }) => monomial(degree, order, s));
    let combination = [...powers.map(() => 0), 1];
    reduced.forEach((other, c) => {
      const factor = column[pivots[c]];
      column = column.map((value, r) => value - factor * other[r]);
      combination = combination.map((value, p) => value - factor * (combinations[c][p] ?? 0));
    });
    const size = Math.max(...column.map(Math.abs));
    if (!(size > smallestPivot)) continue;
    const pivot = column.findIndex((value) => Math.abs(value) === size);
    powers.push(degree);
    const scale = column[pivot];
    column = column.map((value) => value / scale);
    combination = combination.map((value) => value / scale);
    reduced.forEach((other, c) => {
      const factor = other[pivot];
      reduced[c] = other.map((value, r) => value - factor * column[r]);
      combinations[c] = Array.from(
        { length: powers.length },
        (_, p) => (combinations[c][p] ?? 0) - factor * combination[p],
      );
    });
    reduced.push(column);
    pivots.push(pivot);
    combinations.push(combination);
  }
  const inverse = rows.map((_, r) => combinations[pivots.indexOf(r)]);
  return { powers, inverse };
}

/** (x − origin)/unit. */
function shifted({ name }: Coordinate, axis: number, origin: number, unit: number): Expression {
  return multiply(number(1 / unit), subtract(coordinate(name, axis), number(origin)));
}

/** Σ coefficients_i s^powers_i by Horner's rule. */
function polynomial(s: Expression, powers: readonly number[], coefficients: readonly number[]): Expression {
  const byPower = new Map(powers.map((p, i) => [p, coefficients[i]]));
  let result: Expression = number(0);
  for (let p = Math.max(...powers); p >= 0; p--) {
    const value = byPower.get(p) ?? 0;
    result = add(multiply(result, s), number(Math.abs(value) < smallestPivot ? 0 : value));
  }
  return result;
}

/**
 * For each given derivative the polynomial in x that is 1 in it and 0 in all the others, in the order of planes and
 * orders.
 */
export function blendingPolynomials(
  given: readonly GivenOn[],
  coordinateOfAxis: Coordinate,
  axis: number,
): Expression[] {
  const { low, high } = coordinateOfAxis;
  const unit = high - low;
  const origin = given[0].at;
  const rows = given.flatMap(({ at, orders }) => orders.map((order) => ({ s: (at - origin) / unit, order })));
  const { powers, inverse } = interpolation(rows);
  const s = shifted(coordinateOfAxis, axis, origin, unit);
  // ∂^k/∂x^k = unit^(−k) ∂^k/∂s^k.
  return rows.map(({ order }, j) =>
    polynomial(
      s,
      powers,
      inverse[j].map((value) => value * unit ** order),
    ),
  );
}

/** How many of the given orders follow each other from 0 on. */
export function contiguous({ orders }: GivenOn): number {
  let count = 0;
  while (orders.includes(count)) count++;
  return count;
}

/**
 * A function of x that vanishes on every plane on which values are given, to as many orders as follow each other from 0
 * on, with largest value about 1.
 */
export function vanishingFactor(
  given: readonly GivenOn[],
  coordinateOfAxis: Coordinate,
  axis: number,
): Expression {
  const { low, high } = coordinateOfAxis;
  const unit = high - low;
  const factors = given
    .map((on) => ({ at: on.at, multiplicity: contiguous(on) }))
    .filter(({ multiplicity }) => multiplicity > 0);
  const valueAt = (x: number): number =>
    factors.reduce((result, { at, multiplicity }) => result * ((x - at) / unit) ** multiplicity, 1);
  const samples = Array.from({ length: 101 }, (_, i) => Math.abs(valueAt(low + (unit * i) / 100)));
  const size = Math.max(...samples);
  // Positive inside where planes are faces.
  const sign = factors.reduce(
    (result, { at, multiplicity }) => result * (at >= high ? (-1) ** multiplicity : 1),
    1,
  );
  return factors.reduce<Expression>(
    (result, { at, multiplicity }) =>
      multiply(result, power(shifted(coordinateOfAxis, axis, at, unit), number(multiplicity))),
    number(sign / size),
  );
}

/**
 * A function of x whose derivatives at the plane up to `order` are 0 but for the last, which is 1, and which vanishes on
 * the other planes with every derivative that is given there.
 */
export function correctionFactor(
  given: readonly GivenOn[],
  at: number,
  order: number,
  coordinateOfAxis: Coordinate,
  axis: number,
): Expression {
  const unit = coordinateOfAxis.high - coordinateOfAxis.low;
  let factorial = 1;
  for (let k = 2; k <= order; k++) factorial *= k;
  const own = multiply(
    number(unit ** order / factorial),
    power(shifted(coordinateOfAxis, axis, at, unit), number(order)),
  );
  return given
    .filter((other) => other.at !== at)
    .reduce<Expression>(
      (result, other) =>
        multiply(
          result,
          power(
            shifted(coordinateOfAxis, axis, other.at, at - other.at),
            number(Math.max(...other.orders) + 1),
          ),
        ),
      own,
    );
}
