/** The two ways in which a box is written. */
import { ProblemError } from '../errors.ts';
import type { Interval } from './primitive.ts';

const increasing = ({ low, high }: Interval): boolean => low < high;

/**
 * A box from its lowest and its highest corner, `[[x0, y0], [x1, y1]]`, or from an interval for each coordinate,
 * `[[x0, x1], [y0, y1]]`: whichever has increasing intervals. In the plane both may, as in `[[0, 1], [2, 3]]`; the lists
 * are corners then.
 *
 * @throws ProblemError where neither reading gives a box
 */
export function readBox(lists: readonly (readonly number[])[], path: string): Interval[] {
  const bad = (reason: string): never => {
    throw new ProblemError(reason, {
      path,
      hint: 'a box is its lowest and its highest corner [[x0, y0], [x1, y1]], or one increasing interval per coordinate [[x0, x1], [y0, y1]]',
    });
  };
  const length = lists[0].length;
  const odd = lists.findIndex((numbers) => numbers.length !== length);
  if (odd >= 0) bad(`its lists have ${length} and ${lists[odd].length} numbers`);
  const corners = lists.length === 2 ? lists[0].map((low, i) => ({ low, high: lists[1][i] })) : undefined;
  const intervals = length === 2 ? lists.map(([low, high]) => ({ low, high })) : undefined;
  const read = [corners, intervals].find((reading) => reading?.every(increasing));
  if (read !== undefined) return read;
  if (corners === undefined && intervals === undefined)
    bad(`${lists.length} lists of ${length} numbers are neither two corners nor intervals`);
  const empty = (intervals ?? corners)!.find((interval) => !increasing(interval))!;
  return bad(`the interval from ${empty.low} to ${empty.high} is empty`);
}
