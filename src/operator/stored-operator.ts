/** A trained operator as plain data, to be kept. */
import type { ProblemDefinition } from '../problem/index.ts';
import { encode } from '../solve/stored-format.ts';
import type { OperatorParts } from './operator-parts.ts';
import type { OperatorError, OperatorRun } from './operator-run.ts';
import type { StoredValue } from './stored-block.ts';

export const format = 'ansatz-operator';
export const version = 1;

/** JSON: vectors are `{ "float64": base64 of little-endian doubles }`, so that nothing is lost. */
export interface StoredOperator {
  readonly format: typeof format;
  readonly version: typeof version;
  readonly problem: ProblemDefinition;
  readonly run: OperatorRun;
  readonly errors: Readonly<Record<string, OperatorError>> | null;
  readonly reason?: string;
  readonly ranges: readonly unknown[];
  readonly model: unknown;
}

function encoded(value: StoredValue | undefined): unknown {
  if (value instanceof Float64Array) return { float64: encode(value) };
  if (Array.isArray(value)) return value.map(encoded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, encoded(inner as StoredValue)]),
  );
}

export function storedOperator({
  problem,
  model,
  run,
  errors,
  reason,
  ranges,
}: OperatorParts): StoredOperator {
  return {
    format,
    version,
    problem: problem.definition,
    run,
    errors,
    ...(reason === undefined ? {} : { reason }),
    ranges: ranges.map((range) => encoded(range as unknown as StoredValue)),
    model: encoded(model.store()),
  };
}
