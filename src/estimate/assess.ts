/** What a solution is worth: errors against something independent, and intervals for what was estimated. */
import { AnsatzError } from '../errors.ts';
import { type AvailableReference, reference } from '../reference/index.ts';
import type { FieldError } from '../solve/error-norms.ts';
import { acceptedResidual } from '../solve/random-features/held-out-residual.ts';
import type { Solution } from '../solve/solution.ts';
import { intervalsOfFit } from './fit-intervals.ts';
import type { Estimate } from './intervals.ts';
import { gaussNewtonIntervals, type ShootingResult, shoot } from './shoot.ts';

export interface AssessedError extends FieldError {
  readonly against: 'exact' | 'reference';
  /** Of a reference: how it was found. */
  readonly method?: string;
  /** Of a reference: its own estimate of its relative L2 error. */
  readonly referenceError?: number;
}

/** An estimate with its interval; the bounds are null where no interval could be found. */
export interface AssessedEstimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number;
}

export interface Assessment {
  /** By field; null where there is nothing to compare with. */
  readonly errors: Readonly<Record<string, AssessedError>> | null;
  /** Why there are no errors. */
  readonly reason: string | undefined;
  readonly reference: AvailableReference | undefined;
  readonly parameters: Readonly<Record<string, AssessedEstimate>>;
  readonly derived: Readonly<Record<string, AssessedEstimate>>;
  /** Sum of squares of the classical trajectory at the estimates, over all observations. */
  readonly sumOfSquares: number | undefined;
  /** Classical least squares by shooting, where the problem allows it. */
  readonly shooting: ShootingResult | undefined;
  readonly notes: readonly string[];
  /** Why the solution is no usable answer; undefined where nothing speaks against it. */
  readonly unusable: string | undefined;
}

export interface AssessOptions {
  /** Seconds the classical reference may take; default 20. */
  readonly referenceTimeLimit?: number;
}

const level = 0.95;

/** Runs what may be impossible for a problem; the reason is kept as a note. */
function attempt<T>(run: () => T, notes: string[], subject: string): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof AnsatzError)) throw error;
    notes.push(`${subject}: ${error.message}`);
    return undefined;
  }
}

async function errorsOf(
  solution: Solution,
  classical: AvailableReference | undefined,
): Promise<Record<string, AssessedError> | null> {
  const { problem } = solution;
  const exact = problem.exact.size === 0 ? {} : solution.compare('exact');
  const others = classical === undefined ? {} : solution.compare(classical);
  const entries = problem.fields.flatMap(({ name, accumulated }): [string, AssessedError][] => {
    if (accumulated === true) return [];
    if (exact[name] !== undefined) return [[name, { ...exact[name], against: 'exact' }]];
    if (others[name] === undefined || classical === undefined) return [];
    const { errorEstimate, method } = classical;
    // No more digits are claimed than the reference has.
    const relativeL2 = Math.max(others[name].relativeL2, errorEstimate);
    return [
      [name, { ...others[name], relativeL2, against: 'reference', method, referenceError: errorEstimate }],
    ];
  });
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** A field off by this share of its size is not known … */
const unusableError = 0.2;
/** … unless its error is below this share of the size it was expected to have, as for a field that is zero. */
const negligibleShare = 0.02;

function unusableReason(solution: Solution, errors: Assessment['errors']): string | undefined {
  const wrong = Object.entries(errors ?? {}).filter(
    ([name, { relativeL2, maximum }]) =>
      !(relativeL2 < unusableError) &&
      !(maximum < negligibleShare * solution.scaling.fields.get(name)!.scale),
  );
  const { heldOutResidual = 0 } = solution.run;
  if (errors === null && solution.problem.observations.length === 0 && heldOutResidual > unusableError)
    return `at points not trained on a residual of ${(100 * heldOutResidual).toPrecision(2)}% of its largest term is left, and there is nothing to compare with; more time, points or a larger network may help, unless there is no solution on the whole domain`;
  if (wrong.length === 0) return undefined;
  const faults = wrong.map(
    ([name, { relativeL2 }]) => `${name} is off by ${(100 * relativeL2).toPrecision(3)}% of its size`,
  );
  return `${faults.join(', ')}; more time, points or a larger network may help`;
}

/**
 * Compares a solution with the exact solution where there is one, else with a classical reference; finds
 * intervals of the estimates and the classical fit beside them.
 */
export async function assess(solution: Solution, options: AssessOptions = {}): Promise<Assessment> {
  const { problem, unknowns } = solution;
  const notes: string[] = [];
  const inverse = problem.unknowns.length > 0 && problem.observations.length > 0;
  const scattered = inverse ? intervalsOfFit(solution, level) : undefined;
  const shootable = inverse && scattered === undefined && problem.coordinates.length === 1;
  const classicalIntervals = shootable
    ? attempt(() => gaussNewtonIntervals(problem, unknowns, { level }), notes, 'no intervals')
    : undefined;
  const shooting = shootable
    ? attempt(() => shoot(problem, { level, start: unknowns }), notes, 'no classical fit')
    : undefined;
  if (inverse && !shootable && scattered === undefined)
    notes.push(
      'no intervals: they are found by shooting, for ordinary differential equations, or where random features hold the solution and its conditions determine it',
    );
  const intervals = scattered ?? classicalIntervals;
  const assessed = (
    value: number,
    estimate: Pick<Estimate, 'low' | 'high'> | undefined,
  ): AssessedEstimate => ({
    value,
    low: estimate?.low ?? null,
    high: estimate?.high ?? null,
    level,
  });
  const parameters = Object.fromEntries(
    Object.entries(unknowns).map(([name, value]) => [name, assessed(value, intervals?.estimates[name])]),
  );
  const derived = Object.fromEntries(
    Object.entries(solution.derived).map(([name, value]) => [
      name,
      assessed(value, intervals?.derived[name]),
    ]),
  );

  const { heldOutResidual, settings } = solution.run;
  if (heldOutResidual !== undefined && heldOutResidual > acceptedResidual)
    notes.push(
      `at points not trained on a residual of ${heldOutResidual.toExponential(0)} of its largest term is left${settings.optimizerReason === 'asked for' ? '; lm may do better' : ''}`,
    );

  const allExact = problem.fields.every(
    ({ name, accumulated }) => accumulated === true || problem.exact.has(name),
  );
  const classical = allExact
    ? undefined
    : await reference(problem, { unknowns, timeLimit: options.referenceTimeLimit });
  const available = classical?.available === true ? classical : undefined;
  const errors = await errorsOf(solution, available);
  const reason = classical?.available === false ? classical.reason : undefined;
  return {
    errors,
    reason: errors === null ? (reason ?? 'there is nothing to compare with') : undefined,
    reference: available,
    parameters,
    derived,
    sumOfSquares: classicalIntervals?.sumOfSquares,
    shooting,
    notes,
    unusable: unusableReason(solution, errors),
  };
}
