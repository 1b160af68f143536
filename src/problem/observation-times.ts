/** When observations were made: reporting delays, spans over which they accumulate, order of the dates. */
import { ProblemError } from '../errors.ts';
import { assertInside } from './membership.ts';
import type { Problem } from './problem.ts';
import type { Table } from './table.ts';

export interface TimesDefinition {
  readonly delay: number;
  /** Span of time over which each value accumulates. */
  readonly over: number | undefined;
  /** Whether a date stands for one observation, so that the same date twice is an error. */
  readonly dated: boolean;
  /** Column of the dates. */
  readonly column: string;
}

/** Rounding of dates written in decimals, over their size. */
const rounding = 1e-9;

/**
 * The places (N, d) of the rows of a table, shifted by the delay, and those where their spans begin.
 *
 * @param positions  one column of values for each coordinate
 * @throws ProblemError for dates that are out of order or repeated, spans that overlap, and what lies outside
 * the domain
 */
export function placeRows(
  table: Table,
  positions: readonly Float64Array[],
  domain: Pick<Problem, 'coordinates' | 'space'>,
  time: number | null,
  { delay, over, dated, column }: TimesDefinition,
): { points: number[][]; before: number[][] | undefined } {
  const { coordinates } = domain;
  if (time !== null && coordinates.length === 1 && (dated || over !== undefined))
    checkOrder(table, positions[time], column, over);
  const points: number[][] = [];
  const before: number[][] = [];
  for (let i = 0; i < table.rows.length; i++) {
    const written = positions.map((values) => values[i]);
    const point = written.map((value, k) => (k === time && delay !== 0 ? value - delay : value));
    if (delay === 0 || time === null) assertInside(point, domain, table.place(i));
    else {
      const { name, low, high } = coordinates[time];
      const slack = rounding * Math.max(Math.abs(low), Math.abs(high));
      if (!(point[time] >= low - slack && point[time] <= high + slack))
        throw new ProblemError(
          `with the delay of ${delay} the row at ${name} = ${written[time]} is observed at ${point[time]}, outside the domain`,
          {
            path: table.place(i),
            hint: `${name} runs from ${low} to ${high}: widen the domain, or leave the row out`,
          },
        );
      point[time] = Math.min(high, Math.max(low, point[time]));
      assertInside(point, domain, table.place(i));
    }
    points.push(point);
    if (over === undefined || time === null) continue;
    const { name, low, high } = coordinates[time];
    const begin = point[time] - over;
    if (!(begin >= low - rounding * Math.max(Math.abs(low), Math.abs(high), over)))
      throw new ProblemError(
        `the span of ${over} that ends at ${name} = ${point[time]} begins at ${begin}, before the domain`,
        {
          path: table.place(i),
          hint: `${name} begins at ${low}: let the domain begin at ${begin} or before, or leave the row out`,
        },
      );
    before.push(point.map((value, k) => (k === time ? Math.max(low, begin) : value)));
  }
  return { points, before: over === undefined ? undefined : before };
}

function checkOrder(table: Table, times: Float64Array, column: string, over: number | undefined): void {
  for (let i = 1; i < times.length; i++) {
    const step = times[i] - times[i - 1];
    const path = `${table.place(i)}.${column}`;
    if (step === 0)
      throw new ProblemError(`${times[i]} stands twice in column \`${column}\``, {
        path,
        hint: 'one row for each date: add up what belongs together, or correct the date',
      });
    if (step < 0)
      throw new ProblemError(`${times[i]} comes after ${times[i - 1]} in column \`${column}\``, {
        path,
        hint: 'dates must ascend: correct the date, or sort the rows',
      });
    if (over !== undefined && step < over * (1 - rounding))
      throw new ProblemError(`the spans of ${over} that end at ${times[i - 1]} and ${times[i]} overlap`, {
        path,
        hint: `rows must lie ${over} apart at least; is \`over\` right?`,
      });
  }
}
