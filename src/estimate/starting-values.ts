import { ProblemError } from '../errors.ts';
import type { Problem } from '../problem/problem.ts';
import { randomGenerator } from '../random/generator.ts';

/** Values of unknowns by name. */
export type UnknownValues = Readonly<Record<string, number>>;

/**
 * The problem with other starting values of its unknowns.
 *
 * @throws ProblemError for a name that is no unknown, and a value outside its bounds
 */
export function withStart(problem: Problem, start: UnknownValues): Problem {
  for (const [name, value] of Object.entries(start)) {
    const unknown = problem.unknowns.find((u) => u.name === name);
    if (unknown === undefined)
      throw new ProblemError(`${name} is not an unknown of the problem`, {
        path: `start.${name}`,
        hint: `unknowns are ${problem.unknowns.map((u) => u.name).join(', ')}`,
      });
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = unknown;
    if (!(Number.isFinite(value) && value >= min && value <= max))
      throw new ProblemError(`${value} is no starting value of ${name}`, {
        path: `start.${name}`,
        hint: `give a number between ${min} and ${max}`,
      });
  }
  const unknowns = problem.unknowns.map((u) => ({ ...u, initial: start[u.name] ?? u.initial }));
  const { definition } = problem;
  // A solution is stored with its definition: both have to start from the same values.
  const declared = Object.fromEntries(
    Object.entries(definition.unknowns ?? {}).map(([name, unknown]) => [
      name,
      { ...unknown, initial: start[name] ?? unknown.initial },
    ]),
  );
  return { ...problem, unknowns, definition: { ...definition, unknowns: declared } };
}

/** The starting values that a problem declares. */
export function declaredStart(problem: Problem): Record<string, number> {
  return Object.fromEntries(problem.unknowns.map(({ name, initial }) => [name, initial]));
}

/**
 * Starting values around the declared ones: each a factor drawn log-uniformly from [1/spread, spread] away, on either
 * side where it may change its sign, and within the bounds.
 */
export function scatteredStarts(
  problem: Problem,
  { count, spread, seed }: { readonly count: number; readonly spread: number; readonly seed: number },
): Record<string, number>[] {
  const random = randomGenerator(seed);
  return Array.from({ length: count }, () =>
    Object.fromEntries(
      problem.unknowns.map(({ name, initial, scale, min, max }) => {
        const factor = spread ** (2 * random.uniform() - 1);
        const sign = random.uniform() < 0.5 && !(min !== undefined && min >= 0) ? -1 : 1;
        const size = initial === 0 ? (scale ?? 1) : initial;
        const low = min ?? Number.NEGATIVE_INFINITY;
        return [name, Math.min(max ?? Number.POSITIVE_INFINITY, Math.max(low, sign * factor * size))];
      }),
    ),
  );
}
