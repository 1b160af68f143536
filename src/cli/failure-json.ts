import { AnsatzError, ProblemError } from '../errors.ts';
import type { Problem } from '../problem/index.ts';

/**
 * Runs what ends with one JSON object on stdout; where it fails instead, the object says why and holds no numbers
 * that could be taken for an answer. Bad input is told on stderr alone.
 */
export async function failingInJson<T>(
  json: boolean,
  { name }: Pick<Problem, 'name'>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (json && error instanceof AnsatzError && !(error instanceof ProblemError))
      process.stdout.write(`${JSON.stringify({ problem: name, errors: null, reason: error.message })}\n`);
    throw error;
  }
}
