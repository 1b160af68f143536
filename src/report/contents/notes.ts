/** What a reader has to know before trusting the numbers of a report. */
import type { Assessment } from '../../solve/assess.ts';
import type { Solution } from '../../solve/solution.ts';
import { formatLevel, formatNumber } from '../number-format.ts';
import type { Note } from '../report-data.ts';

/** Relative L² error above which a solution is called inaccurate. */
const inaccurate = 1e-2;

/** Relative difference of sums of squares from which on one fit counts as the better one. */
const betterFit = 0.01;

const warning = (text: string): Note => ({ kind: 'warning', text });
const note = (text: string): Note => ({ kind: 'note', text });

function errorNotes({ problem }: Solution, { errors }: Assessment): Note[] {
  return problem.fields.flatMap(({ name }) => {
    const error = errors?.[name];
    if (error === undefined) return [];
    const { relativeL2, referenceError } = error;
    if (!Number.isFinite(relativeL2))
      return [warning(`The error of ${name} is not a number: a value to compare with does not exist.`)];
    if (relativeL2 > inaccurate)
      return [
        warning(
          `The relative L² error of ${name} is ${formatNumber(relativeL2, 2)}, above ${formatNumber(inaccurate)}: take its values with caution.`,
        ),
      ];
    if (referenceError !== undefined && relativeL2 <= referenceError)
      return [
        note(
          `The error of ${name} is below what the reference can tell; the reference's own error is stated.`,
        ),
      ];
    return [];
  });
}

function intervalNotes({ unknowns }: Solution, { shooting }: Assessment): Note[] {
  if (shooting === undefined) return [];
  const outside = Object.entries(unknowns).flatMap(([name, value]) => {
    const classical = shooting.estimates[name];
    if (classical === undefined || (value >= classical.low && value <= classical.high)) return [];
    return [
      warning(
        `The network's ${name} = ${formatNumber(value)} lies outside the ${formatLevel(shooting.level)} interval of the classical fit, ${formatNumber(classical.low)} to ${formatNumber(classical.high)}.`,
      ),
    ];
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
  if (sumOfSquares !== undefined && shooting !== undefined) {
    if (sumOfSquares > (1 + betterFit) * shooting.sumOfSquares)
      notes.push(
        note(
          'The classical fit has the smaller sum of squares: where the two estimates differ, it is the better one.',
        ),
      );
    if (shooting.sumOfSquares > (1 + betterFit) * sumOfSquares)
      notes.push(
        note(
          "The network's estimates have the smaller sum of squares: the classical fit ended in another minimum.",
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
    problem.observations.some(({ noise, weight }) => noise !== undefined || weight !== 1)
  )
    notes.push(note('Sums of squares count each observation by its stated noise and weight.'));
  return notes;
}

function runNotes({ run }: Solution): Note[] {
  if (run.stopped === 'interrupted') return [warning('The training was interrupted.')];
  if (run.stopped === 'time-limit') return [note('The training ended at its time limit.')];
  return [];
}

function dataNotes({ problem }: Solution): Note[] {
  if (problem.coordinates.length === 1 || problem.observations.length === 0) return [];
  const count = problem.observations.reduce((sum, observation) => sum + observation.count, 0);
  return [
    note(
      `The surfaces do not show the data (${formatNumber(count, 7)} observation${count === 1 ? '' : 's'}).`,
    ),
  ];
}

/** Warnings first. */
export function notesOf(solution: Solution, assessment: Assessment): Note[] {
  const notes = [
    ...errorNotes(solution, assessment),
    ...intervalNotes(solution, assessment),
    ...fitNotes(solution, assessment),
    ...runNotes(solution),
    ...dataNotes(solution),
    ...assessment.notes.map((text) => note(`${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`)),
  ];
  return [...notes.filter(({ kind }) => kind === 'warning'), ...notes.filter(({ kind }) => kind === 'note')];
}
