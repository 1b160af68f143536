/** Operator data on disk. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { InterruptedError, ProblemError } from '../errors.ts';
import {
  decodeOperatorData,
  encodeOperatorData,
  makeOperatorData,
  type OperatorData,
  type OperatorDataOptions,
} from '../operator/index.ts';
import type { Problem } from '../problem/index.ts';

/** @throws ProblemError where there is no such file, or it is not one of operator data */
export function readOperatorData(file: string): OperatorData {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new ProblemError(`the file cannot be read: ${(error as Error).message}`, { path: file });
  }
  return decodeOperatorData(bytes, file);
}

/** Writes the file whole or not at all. */
export function writeOperatorData(file: string, data: OperatorData): void {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, encodeOperatorData(data));
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * A data set that is kept in a file: read where it is finished, gone on with where it is not, made where there is
 * none. An interrupted run leaves what it has found in the file.
 *
 * @throws ProblemError where the file is of another problem, seed or number of points
 */
export async function operatorDataInFile(
  problem: Problem,
  file: string,
  options: Omit<OperatorDataOptions, 'resume' | 'onPart'> = {},
): Promise<OperatorData> {
  const resume = existsSync(file) ? readOperatorData(file) : undefined;
  try {
    return await makeOperatorData(problem, {
      ...options,
      resume,
      onPart: (part) => writeOperatorData(file, part),
    });
  } catch (error) {
    if (error instanceof InterruptedError)
      throw new InterruptedError(`${error.message}; ${file} holds what was found, the same command goes on`);
    throw error;
  }
}
