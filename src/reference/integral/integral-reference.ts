import { ProblemError, SolveError } from '../../errors.ts';
import type { Problem } from '../../problem/problem.ts';
import { newton } from '../collocation/newton.ts';
import { DenseLU } from '../linear/dense-lu.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import { type IntegralForm, integralForm } from './integral-form.ts';
import { IntegralSystem } from './integral-system.ts';
import { IntegratedBasis } from './integrated-basis.ts';

interface IntegralSolution {
  readonly system: IntegralSystem;
  readonly u: Float64Array;
  readonly high: number;
}

const counts = [16, 32, 64, 128, 256, 512];
/** Constant first guesses for Newton's method, tried in order. */
const guesses = [0, 1, -1, 0.1, 10];
/** Parts of the interval that are solved one after the other where no guess leads to the whole. */
const parts = 16;

/**
 * The reference of an integro-differential problem in one coordinate, Volterra or Fredholm, with conditions anywhere:
 * Chebyshev collocation with an integrated basis and Newton's method, integrals by Gauss–Legendre quadrature. The
 * error is estimated by half as many coefficients again and twice the nodes.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function integralReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const [{ low, high, name }] = problem.coordinates;
  const names = problem.fields.map((field) => field.name);
  const unknowns = Object.fromEntries(problem.unknowns.map((unknown, i) => [unknown.name, p[i]]));
  const systemOf = (form: IntegralForm, count: number, end: number): IntegralSystem => {
    const bases = names.map((field) => new IntegratedBasis(form.orders.get(field)!, count, low, end));
    return new IntegralSystem(form, names, bases, unknowns, [low, end]);
  };
  const inTime = (): void => {
    if (performance.now() > deadline) throw new SolveError('the time limit was reached');
  };
  const form = integralForm(problem, 1);

  const first = (): IntegralSolution => {
    for (const count of counts.slice(0, 3)) {
      const system = systemOf(form, count, high);
      for (const guess of guesses) {
        inTime();
        const u = newton(system, 0, constant(system, guess), deadline);
        if (u !== undefined) return { system, u, high };
      }
    }
    const initial = form.conditions.every(({ points }) => points.every((x) => x === low));
    const grown = initial && form.periodic.length === 0 ? grow() : undefined;
    if (grown === undefined)
      throw new SolveError("Newton's method found no solution of the integral equation");
    return grown;
  };
  /** From a part of the interval to the whole: what is known of the solution is the guess for more of it. */
  const grow = (): IntegralSolution | undefined => {
    let known: IntegralSolution | undefined;
    for (let k = 1; k <= parts; k++) {
      const end = k === parts ? high : low + ((high - low) * k) / parts;
      const system = systemOf(form, counts[2], end);
      const starts =
        known === undefined ? guesses.map((g) => constant(system, g)) : [interpolated(system, known, low)];
      let u: Float64Array | undefined;
      for (const start of starts) {
        inTime();
        u ??= newton(system, 0, start, deadline);
      }
      if (u === undefined) return undefined;
      known = { system, u, high: end };
    }
    return known;
  };
  const refined = (own: IntegralForm, count: number, from: IntegralSolution): IntegralSolution => {
    inTime();
    const system = systemOf(own, count, high);
    const u = newton(system, 0, interpolated(system, from, low), deadline);
    if (u === undefined) {
      inTime();
      throw new SolveError(`Newton's method failed with ${count} coefficients`);
    }
    return { system, u, high };
  };
  const tolerance = Math.max(1e-13, 0.1 * target);
  const resolved = ({ system, u }: IntegralSolution): boolean =>
    system.bases.every((basis, i) => basis.tail(system.coefficients(u, i)) <= tolerance);

  let coarse = first();
  for (const count of counts) {
    if (count <= coarse.system.bases[0].count) continue;
    if (resolved(coarse)) break;
    coarse = refined(form, count, coarse);
  }
  const { count } = coarse.system.bases[0];
  const fine = refined(integralForm(problem, 2), Math.ceil(1.5 * count), coarse);

  const evaluate = ({ system, u }: IntegralSolution, points: Float64Array): Record<string, Float64Array> => {
    const slack = 1e-9 * (high - low);
    for (const x of points) {
      if (x >= low - slack && x <= high + slack) continue;
      throw new ProblemError(`${name} = ${x} lies outside [${low}, ${high}]`, { path: 'points' });
    }
    return Object.fromEntries(names.map((field, i) => [field, valuesOf(system, u, i, points)]));
  };
  const sample = Float64Array.from({ length: 1001 }, (_, i) => low + ((high - low) * i) / 1000);
  const difference = relativeDifference(evaluate(coarse, sample), evaluate(fine, sample));
  if (!(difference < 0.1))
    throw new SolveError(
      `two discretisations differ by ${difference.toPrecision(2)}: there may be no unique solution`,
    );
  return {
    available: true,
    method: `Chebyshev collocation with ${fine.system.bases[0].count} coefficients, Gauss–Legendre quadrature, Newton's method`,
    errorEstimate: Math.max(1e-15, difference),
    evaluate: (points) => evaluate(fine, points),
  };
}

function valuesOf(
  system: IntegralSystem,
  u: Float64Array,
  field: number,
  points: Float64Array,
): Float64Array {
  const coefficients = system.coefficients(u, field);
  return points.map((x) => system.bases[field].evaluate(coefficients, x));
}

/** Every field constant. */
function constant(system: IntegralSystem, value: number): Float64Array {
  const u = new Float64Array(system.n);
  system.bases.forEach((basis, i) => {
    // Without constants of integration T_0 is the first function of the basis.
    system.coefficients(u, i)[basis.order === 0 ? 0 : basis.count] = value;
  });
  return u;
}

/** A solution in another basis; constant beyond where it is known. */
function interpolated(system: IntegralSystem, known: IntegralSolution, low: number): Float64Array {
  const u = new Float64Array(system.n);
  system.bases.forEach((basis, field) => {
    const { size } = basis;
    const points = basis.points(size);
    const lu = new DenseLU(size);
    points.forEach((x, i) => {
      basis.row(x, 0, lu.matrix, i * size);
    });
    const inside = points.map((x) => Math.min(known.high, Math.max(low, x)));
    const values = valuesOf(known.system, known.u, field, inside);
    if (lu.factor()) lu.solve(values);
    system.coefficients(u, field).set(values);
  });
  return u;
}
