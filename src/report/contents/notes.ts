/** What a reader has to know before trusting the numbers of a report. */

import type { Assessment } from '../../estimate/assess.ts';
import type { ShootingResult } from '../../estimate/index.ts';
import { statedDeviation } from '../../problem/noise.ts';
import type { Solution } from '../../solve/solution.ts';
import { formatEstimate, formatLevel, formatNumber } from '../number-format.ts';
import type { Note } from '../report-data.ts';

/** Relative L² error above which a solution is called inaccurate. */
const inaccurate = 1e-2;

/** Relative difference of sums of squares from which on one fit counts as the better one. */
const betterFit = 0.01;

const warning = (text: string): Note => ({ kind: 'warning', text });
const note = (text: string): Note => ({ kind: 'note', text });

function errorNotes({ problem }: Solution, { errors }: Assessment): Note[] {
  const rows = problem.fields.flatMap(({ name }) => {
    const error = errors?.[name];
    return error === undefined ? [] : [{ name, ...error }];
  });
  const named = (list: typeof rows): string => list.map(({ name }) => name).join(', ');
  const absent = rows.filter(({ relativeL2 }) => !Number.isFinite(relativeL2));
  const large = rows.filter(({ relativeL2 }) => Number.isFinite(relativeL2) && relativeL2 > inaccurate);
  const bounded = rows.filter(
    ({ relativeL2, referenceError }) => referenceError !== undefined && relativeL2 <= referenceError,
  );
  const notes: Note[] = [];
  if (absent.length > 0)
    notes.push(warning(`No error of ${named(absent)}: a value to compare with is not finite somewhere.`));
  if (large.length > 0) {
    const values = large.map(({ name, relativeL2 }) => `${formatNumber(relativeL2, 2)} in ${name}`);
    notes.push(
      warning(
        `The relative L² error is above ${formatNumber(inaccurate)}: ${values.join(', ')}. Take the values with caution.`,
      ),
    );
  }
  if (bounded.length > 0)
    notes.push(
      note(
        `The error of ${named(bounded)} is below what the reference can tell: the reference’s own error is stated in its place.`,
      ),
    );
  return notes;
}

/** Relative distance from the classical estimate within which an estimate is as good as the same. */
const sameEstimate = 1e-3;

function outsideNote(
  name: string,
  value: number,
  classical: ShootingResult['estimates'][string],
  level: number,
): Note {
  const distance = Math.abs(value - classical.value);
  if (distance <= sameEstimate * Math.abs(classical.value))
    return note(
      `The network’s ${name} differs from the classical fit by ${formatNumber(distance, 2)}. That is little, but more than the classical interval, which is narrow because the data hold hardly any noise.`,
    );
  return warning(
    `The network’s ${name} = ${formatNumber(value)} lies outside the ${formatLevel(level)} interval of the classical fit, ${formatEstimate(classical)}.`,
  );
}

function intervalNotes({ unknowns }: Solution, { shooting }: Assessment): Note[] {
  if (shooting === undefined) return [];
  const outside = Object.entries(unknowns).flatMap(([name, value]) => {
    const classical = shooting.estimates[name];
    if (classical === undefined || (value >= classical.low && value <= classical.high)) return [];
    return [outsideNote(name, value, classical, shooting.level)];
  });
  const open = Object.entries(shooting.estimates).flatMap(([name, { standardError }]) =>
    Number.isFinite(standardError) ? [] : [warning(`The data do not determine ${name}.`)],
  );
  return [
    ...outside,
    ...open,
    ...shooting.atBounds.map((name) =>
      warning(`The classical fit of ${name} ended at a bound, of which its interval knows nothing.`),
    ),
    ...(shooting.stopped === 'iterations'
      ? [warning('The classical fit ended at its limit of iterations before it converged.')]
      : []),
  ];
}

function fitNotes({ problem }: Solution, { sumOfSquares, shooting, parameters }: Assessment): Note[] {
  const notes: Note[] = [];
  const leastSquares = problem.observations.every(({ noise }) => noise.distribution === 'gaussian');
  if (sumOfSquares !== undefined && shooting !== undefined && leastSquares) {
    if (sumOfSquares > (1 + betterFit) * shooting.sumOfSquares)
      notes.push(
        note(
          'The classical fit has the smaller sum of squares: where the two estimates differ, it is the better one.',
        ),
      );
    if (shooting.sumOfSquares > (1 + betterFit) * sumOfSquares)
      notes.push(
        note(
          'The network’s estimates have the smaller sum of squares: the classical fit ended in another minimum.',
        ),
      );
  }
  if (Object.values(parameters).some(({ low }) => low !== null))
    notes.push(
      note(
        'The intervals hold for independent errors and a model that is right. What another noise model or other fixed initial values would change is not in them.',
      ),
    );
  if (
    sumOfSquares !== undefined &&
    problem.observations.some(({ noise, weight }) => statedDeviation(noise) !== undefined || weight !== 1)
  )
    notes.push(note('Sums of squares count each observation by its stated noise and weight.'));
  return notes;
}

function runNotes({ run }: Solution): Note[] {
  if (run.stopped === 'interrupted') return [warning('The training was interrupted.')];
  if (run.stopped === 'time-limit') return [note('The training ended at its time limit.')];
  return [];
}

function dataNotes({ problem }: Solution, marked: boolean): Note[] {
  if (marked || problem.coordinates.length === 1 || problem.observations.length === 0) return [];
  const count = problem.observations.reduce((sum, observation) => sum + observation.count, 0);
  return [
    note(
      `The surfaces do not show the data (${formatNumber(count, 7)} observation${count === 1 ? '' : 's'}).`,
    ),
  ];
}

/**
 * Warnings first.
 *
 * @param marked  whether the surfaces show where observations were made
 */
export function notesOf(solution: Solution, assessment: Assessment, marked = false): Note[] {
  const notes = [
    ...errorNotes(solution, assessment),
    ...intervalNotes(solution, assessment),
    ...fitNotes(solution, assessment),
    ...runNotes(solution),
    ...dataNotes(solution, marked),
    ...assessment.notes.map((text) => note(`${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`)),
  ];
  return [...notes.filter(({ kind }) => kind === 'warning'), ...notes.filter(({ kind }) => kind === 'note')];
}
