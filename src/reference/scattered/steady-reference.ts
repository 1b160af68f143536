import { SolveError } from '../../errors.ts';
import { assertInside } from '../../problem/membership.ts';
import type { Problem } from '../../problem/problem.ts';
import { newton } from '../collocation/newton.ts';
import { type AvailableReference, relativeDifference } from '../reference-result.ts';
import type { Discretization } from './discretization.ts';
import { domainSpacing, scatteredDomain } from './domain.ts';
import { NodalField } from './nodal-field.ts';
import { ScatteredForm } from './scattered-form.ts';
import { freeConstants, spatialModel } from './spatial-model.ts';

/** A solution at nodes. */
interface NodalSolution {
  readonly discretization: Discretization;
  readonly u: Float64Array;
}

const guesses = [0, 1, -1, 0.1];
const mostNodes = { plane: 40_000, space: 120_000 };

/**
 * The reference of a steady problem on any shape of two or three dimensions: finite differences from polyharmonic
 * splines with polynomials on scattered nodes, Newton's method with a sparse factorisation or, in space, GMRES; the nodes are doubled
 * until two solutions agree. The references of `PolyharmonicStencil` hold the method.
 *
 * @throws NotSupportedError, SolveError in words where it finds none
 */
export function steadyScatteredReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const form = new ScatteredForm(problem);
  const free = freeConstants(form);
  const domain = scatteredDomain(form);
  const dimension = form.space.length;
  const degree = degreeFor(form);
  const sample = domain.shape.sample('sobol', 1000, 7);
  let best: NodalSolution | undefined;
  let bestValues: Record<string, Float64Array> = {};
  let estimate = Number.POSITIVE_INFINITY;
  const differences: { count: number; difference: number }[] = [];
  let failure: unknown;
  let seconds = 0;
  let nodes = dimension === 2 ? 500 + 500 * Math.sign(domain.corners.length) : 700;
  for (; nodes <= (dimension === 2 ? mostNodes.plane : mostNodes.space); nodes *= 2) {
    if (best !== undefined && performance.now() + 2600 * seconds > deadline) break;
    const begun = performance.now();
    let next: NodalSolution | undefined;
    try {
      const { discretization, system } = spatialModel(form, domain, domainSpacing(domain, nodes), degree, p);
      const starts =
        best === undefined
          ? guesses.map((guess) => new Float64Array(system.n).fill(guess))
          : [interpolate(form, best, discretization)];
      for (const start of starts) {
        const u = newton(system, 0, start, deadline);
        if (u === undefined) continue;
        next = { discretization, u };
        break;
      }
    } catch (error) {
      failure = error;
      if (!(error instanceof SolveError)) throw error;
    }
    seconds = (performance.now() - begun) / 1000;
    if (next === undefined) {
      if (best !== undefined || performance.now() > deadline) break;
      continue;
    }
    const values = nodalValues(form, next, sample, free);
    const difference = best === undefined ? estimate : relativeDifference(bestValues, values);
    // Beyond what rounding allows, more nodes do not help.
    if (best !== undefined && difference >= estimate && estimate < 1e-6) break;
    differences.push({ count: next.discretization.nodes.count, difference });
    estimate = difference;
    best = next;
    bestValues = values;
    if (estimate <= target) break;
  }
  if (best === undefined)
    throw failure ?? new SolveError("Newton's method found no solution of the boundary value problem");
  if (!(estimate < 0.1))
    throw new SolveError('the nodes that the time limit allows do not resolve the solution');
  const found = best;
  const { nodes: set } = found.discretization;
  return {
    available: true,
    method: `finite differences of polyharmonic splines on ${set.count} scattered nodes${orderSeen(differences, dimension)}, Newton's method${freeText(form, free)}`,
    errorEstimate: Math.max(1e-14, estimate / gain(differences)),
    evaluate: (points) => {
      const d = problem.coordinates.length;
      for (let i = 0; i < points.length; i += d) assertInside(points.subarray(i, i + d), problem, 'points');
      return nodalValues(form, found, points, free);
    },
  };
}

/** Degree of the polynomials: two orders are lost to second derivatives. */
export function degreeFor(form: ScatteredForm): number {
  if (form.space.length === 3) return 4;
  return form.spaceOrder > 2 ? 8 : 6;
}

export function freeText(form: ScatteredForm, free: readonly number[]): string {
  if (free.length === 0) return '';
  return `, ${free.map((i) => form.problem.fields[i].name).join(', ')} up to a constant (mean 0)`;
}

/**
 * By what factor the finer of two solutions is better than their difference, the error of the coarser one: a third of
 * that by which differences fall, where they have fallen regularly.
 */
function gain(differences: readonly { readonly difference: number }[]): number {
  const [first, second, last] = differences.slice(-3).map(({ difference }) => difference);
  if (last === undefined || !Number.isFinite(first)) return 1;
  return Math.max(1, Math.min(first / second, second / last) / 3);
}

/** The order of convergence that successive differences show. */
function orderSeen(
  differences: readonly { readonly count: number; readonly difference: number }[],
  dimension: number,
): string {
  const [before, last] = differences.filter(({ difference }) => Number.isFinite(difference)).slice(-2);
  if (last === undefined || !(last.difference > 0)) return '';
  const order =
    (dimension * Math.log(before.difference / last.difference)) / Math.log(last.count / before.count);
  return order > 0 && order < 10 ? `, observed order ${order.toFixed(1)}` : '';
}

function nodalValues(
  form: ScatteredForm,
  { discretization, u }: NodalSolution,
  points: Float64Array,
  free: readonly number[],
): Record<string, Float64Array> {
  const field = new NodalField(form, discretization, points, free);
  field.take(u);
  const count = points.length / form.space.length;
  return Object.fromEntries(
    form.problem.fields.map(({ name }, f) => [
      name,
      Float64Array.from({ length: count }, (_, i) => field.value(i, f)),
    ]),
  );
}

/** The unknowns at other nodes. */
function interpolate(form: ScatteredForm, from: NodalSolution, to: Discretization): Float64Array {
  const s = form.states.length;
  const values = nodalValues(form, from, to.positions.slice(0, to.carriers * to.dimension), []);
  const u = new Float64Array(to.count * s);
  form.states.forEach(({ field }, state) => {
    values[form.problem.fields[field].name].forEach((value, i) => {
      u[i * s + state] = value;
    });
  });
  return u;
}
