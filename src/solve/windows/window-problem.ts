/**
 * Time marching: the interval of time cut into windows, each a problem of its own that starts from the end of the one
 * before (Krishnapriyan et al., NeurIPS 2021, "sequence-to-sequence"; Penwarden et al., J. Comput. Phys. 493, 2023).
 */
import { NotSupportedError, ProblemError } from '../../errors.ts';
import { column, field } from '../../expression/build.ts';
import type { FieldNode } from '../../expression/expression.ts';
import { placedLeaves } from '../../expression/place.ts';
import { fieldLeaves } from '../../problem/implied-value.ts';
import type { Condition, PlaneCondition, Problem } from '../../problem/index.ts';
import { startOfTime } from '../time-direction.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const path = 'solve.windows';

export function atStart(condition: Condition, { coordinates, time }: Problem): boolean {
  return (
    condition.kind === 'planes' &&
    condition.planes.every((p) => p.coordinate === time && p.value === coordinates[p.coordinate].low)
  );
}

/** Highest order of a time derivative of a field in the equations. */
export function timeOrder({ equations, time }: Problem, name: string): number {
  const leaves = fieldLeaves(equations.flatMap(({ left, right }) => [left, right]));
  return Math.max(
    0,
    ...leaves.map((leaf) =>
      leaf.name === name && leaf.at === undefined && time !== null ? leaf.order[time] : 0,
    ),
  );
}

/** @throws ProblemError for a problem that cannot be solved window after window, with the reason. */
export function assertMarchable(problem: Problem): void {
  const { time, fields, conditions, observations, unknowns } = problem;
  if (time === null)
    throw new ProblemError('windows of time need a time coordinate', {
      path,
      hint: 'name one t, or say with `time` which one is time',
    });
  const { name, low } = problem.coordinates[time];
  if (observations.length > 0 || unknowns.length > 0 || fields.some((f) => f.unknown))
    throw new NotSupportedError('data and unknowns belong to all of time: inverse problems have no windows', {
      path,
      hint: 'leave `windows` out',
    });
  const fixed = fields.find((f) => !f.of.includes(time));
  if (fixed !== undefined)
    throw new NotSupportedError(
      `\`${fixed.name}\` does not depend on ${name} and would differ between windows`,
      {
        path,
        hint: 'leave `windows` out',
      },
    );
  const reaching = problem.equations.find(({ left, right }) =>
    placedLeaves([left, right]).some((leaf) => leaf.at[time] !== null),
  );
  if (reaching !== undefined)
    throw new NotSupportedError(
      `the integral over ${name} in ${reaching.path} reaches back beyond the window that is solved`,
      { path, hint: 'leave `windows` out' },
    );
  const start = conditions.filter((condition) => atStart(condition, problem));
  if (start.length === 0 || startOfTime(problem) !== -1)
    throw new ProblemError(`windows need initial conditions on ${name} = ${low}`, { path });
  for (const condition of conditions) {
    const bound =
      condition.kind === 'points' ||
      (condition.kind === 'periodic'
        ? condition.coordinate === time
        : condition.kind === 'planes' &&
          !atStart(condition, problem) &&
          condition.planes.some((p) => p.coordinate === time));
    if (bound)
      throw new NotSupportedError(
        `windows start from conditions on ${name} = ${low}; ${condition.path} (${condition.text}) holds elsewhere in time`,
        { path, hint: 'leave `windows` out' },
      );
  }
  if (fields.every((f) => timeOrder(problem, f.name) === 0))
    throw new ProblemError(
      `no equation holds a derivative along ${name}: nothing goes on from window to window`,
      {
        path,
      },
    );
}

/** Equal intervals of time. */
export function timeWindows({ coordinates, time }: Problem, count: number): Interval[] {
  const { low, high } = coordinates[time!];
  const at = (k: number): number => (k === count ? high : low + ((high - low) * k) / count);
  return Array.from({ length: count }, (_, k) => ({ low: at(k), high: at(k + 1) }));
}

/** Fields and time derivatives that a window takes from the end of the one before: those below the highest order. */
export function carriedLeaves(problem: Problem): FieldNode[] {
  const time = problem.time!;
  return problem.fields.flatMap(({ name, of }) =>
    Array.from({ length: timeOrder(problem, name) }, (_, k) =>
      field(
        name,
        problem.coordinates.map((_, i) => (i === time ? k : 0)),
        of,
      ),
    ),
  ) as FieldNode[];
}

/** The column that holds what a carried field or derivative is at the end of the window before. */
export function carriedColumn({ name, order }: FieldNode): string {
  return `before:${name}:${order.join(',')}`;
}

/**
 * The problem in one window. After the first one its initial conditions say that fields, and their time derivatives
 * below the highest order, equal the columns `carriedColumn`, which the residual system has to be given.
 */
export function windowProblem(problem: Problem, { low, high }: Interval, first: boolean): Problem {
  const time = problem.time!;
  const coordinates = problem.coordinates.map((c, i) => (i === time ? { ...c, low, high } : c));
  if (first) return { ...problem, coordinates };
  const initial = problem.conditions.filter((condition) => atStart(condition, problem)) as PlaneCondition[];
  const leaves = carriedLeaves(problem);
  const carried = leaves.map(
    (leaf, i): PlaneCondition => ({
      // What stands for several conditions keeps their names together.
      ...initial[Math.min(i, initial.length - 1)],
      planes: [{ coordinate: time, value: low, outward: -1 }],
      left: leaf,
      right: column(carriedColumn(leaf)),
      // What is carried is known at points alone.
      hard: false,
      weight: Math.max(...initial.map(({ weight }) => weight)),
    }),
  );
  const position = problem.conditions.indexOf(initial[0]);
  const conditions = problem.conditions.flatMap((condition, i): Condition[] => {
    if (i === position) return carried;
    return initial.includes(condition as PlaneCondition) ? [] : [condition];
  });
  return { ...problem, coordinates, conditions };
}
