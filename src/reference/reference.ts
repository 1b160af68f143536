import { NotSupportedError, ProblemError, SolveError } from '../errors.ts';
import { requireInputsGiven } from '../problem/given-inputs.ts';
import type { Problem } from '../problem/problem.ts';
import { characteristicsReference } from './characteristics/characteristics-reference.ts';
import { boxEvolutionReference } from './chebyshev/box-evolution-reference.ts';
import { boxReference, requireDetermined } from './chebyshev/box-reference.ts';
import { unsteadyFlowReference } from './chebyshev/unsteady-flow-reference.ts';
import { boundaryValueReference } from './collocation/boundary-value-reference.ts';
import { ellipticReference } from './collocation/elliptic-reference.ts';
import { evolutionReference } from './collocation/evolution-reference.ts';
import { ExplicitForm, highestOrder } from './explicit-form.ts';
import { flowReference, isSteadyFlow } from './finite-elements/flow-reference.ts';
import { foldedReference, needsFolding } from './folded-segments.ts';
import { fourierReference } from './fourier/fourier-reference.ts';
import { mirrorReference } from './fourier/mirror-reference.ts';
import { waveReference } from './fourier/wave-reference.ts';
import { initialPlace } from './initial-state.ts';
import { initialValueReference } from './initial-value-reference.ts';
import { holdsIntegrals } from './integral/integral-form.ts';
import { integralReference } from './integral/integral-reference.ts';
import { hasJumpingCoefficients } from './jumping-coefficients.ts';
import { fundamentalPart, unfolded } from './mirror-symmetry.ts';
import {
  type AvailableReference,
  deadlineAfter,
  type ReferenceOptions,
  type ReferenceResult,
} from './reference-result.ts';
import { needsScatteredNodes, scatteredReference } from './scattered/scattered-reference.ts';
import { inOriginalTime, reversed, runsBackward } from './time-reversal.ts';

/**
 * Solves a problem by a classical method: initial value problems by Dormand–Prince 8 or Rodas, boundary value
 * problems by piecewise polynomial collocation, linear transport by characteristics, evolution equations periodic in space by Fourier modes and
 * exponential time differencing, waves of varying speed between mirrors by sines and cosines, others in one space coordinate by splines and the method of lines, in two and
 * three on Chebyshev grids, flows among them, boundary value problems on boxes by Chebyshev collocation, those on any other shape
 * by finite differences on scattered nodes, steady flows in the plane by finite elements. Where there is no such solution the result says why.
 *
 * @throws ProblemError for values of unknowns that are missing, not finite or not among the unknowns, and for an
 * operator problem
 */
export async function reference(problem: Problem, options: ReferenceOptions = {}): Promise<ReferenceResult> {
  requireInputsGiven(problem, 'a reference');
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
    const solvers = isSteadyFlow(problem) ? [flowReference, scatteredReference] : [scatteredReference];
    return firstOf(solvers, problem, p, options.target ?? 1e-7, deadline);
  }
  if (needsFolding(problem))
    return foldedReference(problem, (folded) =>
      folded.time === null
        ? boundaryValueReference(folded, p, options.target ?? 1e-10, deadline)
        : evolutionReference(folded, p, options.target ?? 1e-7, deadline),
    );
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
  if (problem.time !== null) return evolution(problem, p, options.target ?? 1e-7, deadline);
  return boundaryValues(problem, p, options.target ?? 1e-9, deadline);
}

/** The share of the time that is left to others where waves between mirrors do not do. */
const mirrorLeaves = 0.25;

/** Of the time that is left for a flow, what others than polynomials of the whole box keep. */
const polynomialShare = 0.6;

type Solver = (problem: Problem, p: Float64Array, target: number, deadline: number) => AvailableReference;

function evolution(problem: Problem, p: Float64Array, target: number, deadline: number): AvailableReference {
  if (runsBackward(problem))
    return inOriginalTime(problem, evolution(reversed(problem), p, target, deadline));
  const space = problem.coordinates.length - 1;
  if (space > 1) {
    // A part is solved the faster the smaller it is.
    const part = fundamentalPart(problem);
    const found = onBox(part.problem, p, target, deadline);
    return { ...found, evaluate: unfolded(part, found.evaluate) };
  }
  return onBox(problem, p, target, deadline);
}

function onBox(problem: Problem, p: Float64Array, target: number, deadline: number): AvailableReference {
  const space = problem.coordinates.length - 1;
  const general = space === 1 ? evolutionReference : boxEvolutionReference;
  const periodic = new Set(problem.conditions.flatMap((c) => (c.kind === 'periodic' ? [c.coordinate] : [])));
  const rates = problem.equations.flatMap(({ left, right }) => [left, right]);
  const algebraic = problem.fields.some(({ name }) => highestOrder(rates, name, problem.time!) === 0);
  if (periodic.size === 0 && space > 1 && algebraic)
    return unsteadyFlowReference(problem, p, target, deadline);
  if (periodic.size === 0 && space > 1) {
    const end = Math.max(performance.now(), deadline - mirrorLeaves * (deadline - performance.now()));
    const mirrored: Solver = (...[of, at, wanted]) => mirrorReference(of, at, wanted, end);
    const waves: Solver = (...[of, at, wanted]) => waveReference(of, at, wanted, end);
    const others: Solver = (...of) => transportOr(general, ...of);
    return firstOf([mirrored, waves, others], problem, p, target, deadline);
  }
  if (periodic.size < space) return transportOr(general, problem, p, target, deadline);
  return firstOf([fourierReference, general], problem, p, target, deadline);
}

/** By characteristics, where there are some; any solution by them is better than one that smears kinks. */
function transportOr(
  general: Solver,
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  try {
    return characteristicsReference(problem, p, target, deadline);
  } catch (error) {
    if (error instanceof NotSupportedError || error instanceof SolveError)
      return general(problem, p, target, deadline);
    throw error;
  }
}

function boundaryValues(
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  const elliptic: Solver = (...of) => {
    const found = ellipticReference(...of);
    requireDetermined(problem, p);
    return found;
  };
  const dimension = problem.coordinates.length;
  // Polynomials of the whole box are best where the flow is smooth, and soon tell; corners of a lid are not.
  const polynomials: Solver = (of, values, to, until) =>
    boxReference(of, values, to, until - polynomialShare * (until - performance.now()));
  const onGrids = isSteadyFlow(problem)
    ? [polynomials, flowReference]
    : dimension === 2
      ? [elliptic, boxReference]
      : [boxReference];
  // Across a jump nodes lose less than polynomials of the whole box.
  const solvers =
    dimension <= 3 && hasJumpingCoefficients(problem) ? [scatteredReference, ...onGrids] : onGrids;
  return firstOf(solvers, problem, p, target, deadline);
}

/** The first solution that is as good as wanted; failing that, the best. */
function firstOf(
  solvers: readonly Solver[],
  problem: Problem,
  p: Float64Array,
  target: number,
  deadline: number,
): AvailableReference {
  let best: AvailableReference | undefined;
  const failures: Error[] = [];
  for (const solver of solvers) {
    if (best !== undefined && performance.now() > deadline - 500) break;
    try {
      const found = solver(problem, p, target, deadline);
      if (best === undefined || found.errorEstimate < best.errorEstimate) best = found;
      if (best.errorEstimate <= 10 * target) break;
    } catch (error) {
      if (!(error instanceof NotSupportedError || error instanceof SolveError)) throw error;
      failures.push(error);
    }
  }
  if (best !== undefined) return best;
  if (failures.length === 1) throw failures[0];
  const reasons = [...new Set(failures.map(({ message }) => message))].join('; ');
  if (failures.every((error) => error instanceof NotSupportedError)) throw new NotSupportedError(reasons);
  throw new SolveError(reasons);
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
