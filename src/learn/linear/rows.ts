import { ProblemError } from '../../errors.ts';

/**
 * How many numbers each sample has.
 *
 * @throws ProblemError where targets and samples do not fit each other, a number is not finite, or a class is none
 */
export function requireRows(
  points: ArrayLike<number>,
  targets: ArrayLike<number>,
  { classes }: { readonly classes?: number } = {},
): number {
  const dimension = points.length / targets.length;
  if (targets.length === 0 || !Number.isInteger(dimension) || dimension === 0)
    throw new ProblemError(`${points.length} numbers are no ${targets.length} samples`, {
      path: 'points',
      hint: 'give a row of equal length for every target',
    });
  for (let i = 0; i < points.length; i++)
    if (!Number.isFinite(points[i]))
      throw new ProblemError(`${points[i]} is no value`, {
        path: `points[${Math.floor(i / dimension)}][${i % dimension}]`,
      });
  for (let n = 0; n < targets.length; n++) {
    if (!Number.isFinite(targets[n]))
      throw new ProblemError(`${targets[n]} is no value`, { path: `targets[${n}]` });
    if (classes !== undefined && !(Number.isInteger(targets[n]) && targets[n] >= 0 && targets[n] < classes))
      throw new ProblemError(`${targets[n]} is no class`, {
        path: `labels[${n}]`,
        hint: `classes are 0 to ${classes - 1}`,
      });
  }
  return dimension;
}
