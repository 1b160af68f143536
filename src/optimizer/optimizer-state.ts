import { ProblemError } from '../errors.ts';
import type { OptimizerState } from './optimizer.ts';

/**
 * Reads a stored state field by field, checking that it belongs to the optimiser that asks.
 * @throws ProblemError when the state is another optimiser's, or a field is missing or of another length.
 */
export class StateReader {
  private readonly state: OptimizerState;

  constructor(state: OptimizerState, name: string) {
    if (state.name !== name) {
      throw new ProblemError(`the stored state is of optimizer "${state.name}", not "${name}"`, {
        path: 'state',
        hint: `go on with "${state.name}", or start "${name}" from the parameters alone`,
      });
    }
    this.state = state;
  }

  has(key: string): boolean {
    return key in this.state.vectors || key in this.state.numbers;
  }

  number(key: string): number {
    const value = this.state.numbers[key];
    if (value === undefined)
      throw new ProblemError(`the stored state lacks "${key}"`, { path: 'state.numbers' });
    return value;
  }

  /** A copy of the vector, checked to have `length` entries. */
  vector(key: string, length: number): Float64Array {
    const value = this.state.vectors[key];
    if (value === undefined)
      throw new ProblemError(`the stored state lacks "${key}"`, { path: 'state.vectors' });
    if (value.length !== length) {
      throw new ProblemError(`"${key}" has ${value.length} entries where ${length} are needed`, {
        path: 'state.vectors',
        hint: 'the state must come from a run with the same parameters and options',
      });
    }
    return value.slice();
  }

  /** The vector, or undefined where the state holds none. */
  optionalVector(key: string, length: number): Float64Array | undefined {
    return key in this.state.vectors ? this.vector(key, length) : undefined;
  }
}

/** @throws ProblemError unless `accepts(value)`; `range` says in words what is accepted. */
export function checkOption(
  optimizer: string,
  option: string,
  value: number,
  accepts: (value: number) => boolean,
  range: string,
): void {
  if (!accepts(value)) {
    throw new ProblemError(`${option} is ${value}`, {
      path: `${optimizer} options`,
      hint: `it must be ${range}`,
    });
  }
}

/** @throws ProblemError unless `value` is one of the choices. */
export function checkChoice(
  optimizer: string,
  option: string,
  value: string,
  choices: readonly string[],
): void {
  if (!choices.includes(value)) {
    const hint = `it must be one of ${choices.join(', ')}`;
    throw new ProblemError(`${option} is "${value}"`, { path: `${optimizer} options`, hint });
  }
}
