import { NotSupportedError, ProblemError, SolveError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import { boundaryValueReference } from './collocation/boundary-value-reference.ts';
import { ellipticReference } from './collocation/elliptic-reference.ts';
import { evolutionReference } from './collocation/evolution-reference.ts';
import { ExplicitForm } from './explicit-form.ts';
import { initialPlace } from './initial-state.ts';
import { initialValueReference } from './initial-value-reference.ts';
import { holdsIntegrals } from './integral/integral-form.ts';
import { integralReference } from './integral/integral-reference.ts';
import {
  type AvailableReference,
  deadlineAfter,
  type ReferenceOptions,
  type ReferenceResult,
} from './reference-result.ts';
import { needsScatteredNodes, scatteredReference } from './scattered/scattered-reference.ts';

/**
 * Solves a problem by a classical method: initial value problems by Dormand–Prince 8 or Rodas, boundary value
 * problems by piecewise polynomial collocation, partial differential equations in one space coordinate and
 * time by the method of lines, elliptic ones in two coordinates by Chebyshev collocation, those on any other
 * shape by finite differences on scattered nodes. Where there is no such solution the result says why.
 *
 * @throws ProblemError for values of unknowns that are missing, not finite or not among the unknowns
 */
export async function reference(problem: Problem, options: ReferenceOptions = {}): Promise<ReferenceResult> {
  const p = unknownValues(problem, options.unknowns ?? {});
  if (p === undefined) {
    const names = problem.unknowns.map(({ name }) => name).join(', ');
    return {
      available: false,
      reason: `the problem has unknowns (${names}); a reference needs their values`,
    };
  }
  const unknownField = problem.fields.find((field) => field.unknown);
  if (unknownField !== undefined) {
    return { available: false, reason: `field ${unknownField.name} is found from data and has no equation` };
  }
  try {
    return solveClassically(problem, p, options);
  } catch (error) {
    if (error instanceof NotSupportedError || error instanceof SolveError) {
      return { available: false, reason: error.message };
    }
    throw error;
  }
}

function solveClassically(problem: Problem, p: Float64Array, options: ReferenceOptions): AvailableReference {
  const deadline = deadlineAfter(options.timeLimit ?? 20);
  if (holdsIntegrals(problem)) return integralReference(problem, p, options.target ?? 1e-10, deadline);
  if (needsScatteredNodes(problem)) {
    return scatteredReference(problem, p, options.target ?? 1e-7, deadline);
  }
  if (problem.coordinates.length === 1) {
    const target = options.target ?? 1e-10;
    const integrated = integratedReference(problem, p, target, deadline);
    if ('available' in integrated) return integrated;
    try {
      return boundaryValueReference(problem, p, target, deadline);
    } catch (error) {
      // Where integration failed for a reason of its own, that reason says more.
      throw integrated.failure ?? error;
    }
  }
  if (problem.coordinates.length === 2 && problem.time !== null) {
    return evolutionReference(problem, p, options.target ?? 1e-7, deadline);
  }
  if (problem.coordinates.length === 2) {
    return ellipticReference(problem, p, options.target ?? 1e-9, deadline);
  }
  throw new NotSupportedError(
    `there is no classical solver here for ${problem.coordinates.length} coordinates${problem.time === null ? '' : ', time among them'}`,
  );
}

/** The solution by integration from initial conditions, or why there is none (nothing: no such conditions). */
function integratedReference(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference | { readonly failure: Error | undefined } {
  try {
    const form = new ExplicitForm(problem);
    const place = initialPlace(problem, form);
    if (place === undefined) return { failure: undefined };
    return initialValueReference(problem, form, place, p, target, deadline);
  } catch (error) {
    if (error instanceof NotSupportedError || error instanceof SolveError) return { failure: error };
    throw error;
  }
}

/** Values in the order of the problem's unknowns; undefined where none is given though some are needed. */
function unknownValues(problem: Problem, given: Readonly<Record<string, number>>): Float64Array | undefined {
  const names = problem.unknowns.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new ProblemError(`${name} is not an unknown of the problem`, {
      path: `unknowns.${name}`,
      hint: names.length === 0 ? 'the problem has none' : `unknowns are ${names.join(', ')}`,
    });
  }
  if (names.length > 0 && Object.keys(given).length === 0) return undefined;
  return Float64Array.from(names, (name) => {
    const value = given[name];
    if (!Number.isFinite(value)) {
      throw new ProblemError(`${value} is no value for the unknown ${name}`, { path: `unknowns.${name}` });
    }
    return value;
  });
}
