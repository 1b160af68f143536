/** Where in a problem an error was found, and what would be right. */
export interface ErrorPlace {
  /** Path inside the problem, e.g. `equations[1]`, `data[0].rows[3].day`. */
  readonly path?: string;
  /** Column in the text at `path`, counted from 1. */
  readonly column?: number;
  /** What would be right, as a sentence or a suggestion. */
  readonly hint?: string;
}

/** Base class of every error that the library throws on purpose. */
export class AnsatzError extends Error {
  override name = 'AnsatzError';
}

/** The problem, its data or an option is not well formed. The command line exits with code 2. */
export class ProblemError extends AnsatzError {
  override name = 'ProblemError';
  readonly path: string | undefined;
  readonly column: number | undefined;
  readonly hint: string | undefined;
  /** What is wrong, without place and hint. */
  readonly reason: string;

  constructor(reason: string, place: ErrorPlace = {}) {
    const where = place.path === undefined ? '' : place.path;
    const column = place.column === undefined ? '' : `${where === '' ? '' : ', '}column ${place.column}`;
    const prefix = where === '' && column === '' ? '' : `${where}${column}: `;
    super(`${prefix}${reason}${place.hint === undefined ? '' : `; ${place.hint}`}`);
    this.reason = reason;
    this.path = place.path;
    this.column = place.column;
    this.hint = place.hint;
  }
}

/** Asked for something that is well formed but that this version cannot do. */
export class NotSupportedError extends ProblemError {
  override name = 'NotSupportedError';
}

/** A solver ran and did not reach a usable answer. The command line exits with code 1. */
export class SolveError extends AnsatzError {
  override name = 'SolveError';
}

/** A run was interrupted from outside (an aborted signal). */
export class InterruptedError extends SolveError {
  override name = 'InterruptedError';
}
